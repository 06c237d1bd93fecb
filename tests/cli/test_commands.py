"""The commands, as processes: what they print, and how they end."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import psutil
import pytest

from pixelstudio.cli.main import main
from pixelstudio.db.engine import DatabaseUnusable, check_sqlite_version
from tests.nursery import ended
from tests.serving import ROOT, TRUST, a_client, a_server, free_port, register

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]

IDLE_MAX_BYTES = 200 * 1024 * 1024


def quickly(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """The same as `command` from where its imports end, for what comes after a first time."""
    return ended(main, list(arguments), environment={**os.environ, "DATA_DIR": str(folder), **settings})


def command(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """As people start it."""
    environment = {**os.environ, "DATA_DIR": str(folder), **settings}
    return subprocess.run(
        [sys.executable, "-m", "pixelstudio", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_faults_of_the_settings_are_listed_all_at_once(tmp_path):
    refused = command(tmp_path, "serve", PORT="0", LOG_LEVEL="loud", PUBLIC_URL="studio/x")

    assert refused.returncode == 1
    assert all(name in refused.stderr for name in ("PORT", "LOG_LEVEL", "PUBLIC_URL"))
    assert "Traceback" not in refused.stderr


def test_an_old_sqlite_stops_the_start_with_a_sentence():
    with pytest.raises(DatabaseUnusable, match=r"3\.34\.1 is too old.*3\.35"):
        check_sqlite_version((3, 34, 1))


def test_migrating_twice_is_the_same_as_once(tmp_path):
    assert [run(tmp_path, "migrate").returncode for run in (command, quickly)] == [0, 0]
    assert (tmp_path / "pixelstudio.db").exists()


def test_an_unreachable_database_is_said_in_a_sentence(tmp_path):
    refused = quickly(tmp_path, "migrate", DATABASE_URL="postgresql://nobody:secret-canary@127.0.0.1:1/none")

    assert refused.returncode == 1
    assert "DATABASE_URL" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert "secret-canary" not in refused.stderr + refused.stdout


def test_a_claim_link_works_once_for_a_member_and_then_there_are_no_more(tmp_path):
    with a_server(tmp_path / "served", "--no-worker") as server, a_client(server) as client:
        assert server.log.count("/claim?token=") == 1
        register(client, "ines")
        data = tmp_path / "served" / "data"
        first, second = (run(data, "claim").stdout.strip().partition("token=")[2] for run in (command, quickly))

        assert client.post("/auth/claim", data={"token": first}).status_code != 200
        assert client.post("/auth/claim", data={"token": second}).status_code == 200
        assert client.post("/auth/claim", data={"token": second}).status_code != 200
        refused = quickly(data, "claim")
        assert (refused.returncode, refused.stdout) == (1, "")
        server.stop()
        server.start()
        assert server.log.count("/claim?token=") == 1


def test_a_link_for_a_forgotten_password_is_printed_on_the_machine_and_works_once(tmp_path):
    with a_server(tmp_path / "served", "--no-worker") as server, a_client(server) as client:
        register(client, "ines")
        data = tmp_path / "served" / "data"
        refused = quickly(data, "password", "nobody")
        first, second = (quickly(data, "password", "@Ines").stdout.strip().partition("/reset#")[2] for _ in range(2))

        assert (refused.returncode, refused.stdout, refused.stderr) == (1, "", "Nobody here has this handle.\n")
        assert client.post("/auth/reset", data={"token": first, "password": "another password"}).status_code == 404
        assert client.post("/auth/reset", data={"token": second, "password": "another password"}).status_code == 200
        assert client.post("/auth/reset", data={"token": second, "password": "another password"}).status_code == 404


def test_an_idle_server_is_small_and_sigterm_ends_it_in_time(tmp_path):
    with a_server(tmp_path, module="pixelstudio") as server, a_client(server) as client:
        for path in ("/", "/create", "/library", "/login"):
            client.get(path)
        assert server.process is not None
        assert psutil.Process(server.process.pid).memory_info().rss <= IDLE_MAX_BYTES

        started = time.monotonic()
        status = server.stop()

        assert status in {0, -signal.SIGTERM}
        assert time.monotonic() - started < 8
        assert "Traceback" not in server.log
        assert "Pixel Studio is open: http://localhost:" in server.log


def test_a_taken_port_is_said_in_a_sentence(tmp_path):
    with socket.create_server(("0.0.0.0", free_port())) as somebody:
        port = somebody.getsockname()[1]
        refused = command(tmp_path, "serve", "--port", str(port))

    assert refused.returncode == 1
    assert f"{port}" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_serving_loads_nothing_it_may_never_need():
    code = "import sys, pixelstudio.pixelstudio; print(*({'cv2', 'alembic', 'PIL'} & sys.modules.keys()))"

    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=60, capture_output=True, text=True).stdout == "\n"


def test_told_to_stop_a_server_first_says_that_it_is_going(tmp_path):
    with a_server(tmp_path, "--no-worker", DRAIN_S="2") as server, a_client(server) as client:
        assert server.process is not None
        assert client.get("/readyz").status_code == 200

        server.process.send_signal(signal.SIGTERM)
        time.sleep(0.3)

        going = client.get("/readyz")
        assert (going.status_code, going.json()["code"]) == (503, "draining")
        assert client.get("/healthz").status_code == 200
        assert client.get("/login").status_code == 200
        started = time.monotonic()
        assert server.process.wait(timeout=15) in {0, -signal.SIGTERM}
        assert time.monotonic() - started < 8


def test_the_api_is_served_alone_without_building_a_page(tmp_path):
    with (
        a_server(tmp_path, "--no-ui", module="pixelstudio") as server,
        httpx.Client(base_url=server.url, trust_env=False, verify=TRUST, timeout=30) as program,
    ):
        pair = program.post("/api/auth/register", json={"email": "ines@example.org", "handle": "ines", "password": "correct horse battery"})
        bearer = {"Authorization": f"Bearer {pair.json()['accessToken']}"}
        asked = {"description": "a red mug", "settings": {"resolution": "512x512"}}
        drawn = program.post("/api/generate", json=asked, headers={**bearer, "Prefer": "wait"})

        assert (pair.status_code, drawn.status_code, drawn.json()["status"]) == (201, 200, "completed")
        assert program.get(drawn.json()["images"][0], headers=bearer).content.startswith(b"\x89PNG")
        assert program.get("/api/docs").status_code == 200
        assert (program.get("/create").status_code, program.get("/create").json()["code"]) == (404, "not_found")
        keys = server.folder / "data" / "keys"
        assert sorted(path.name for path in keys.iterdir()) == ["recipes.key", "tokens.key"]
