"""The doctor: a line for everything, the mend beside what is wrong, status 1 then, and never a secret."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
import threading
from base64 import b64encode
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from pixelstudio.bootstrap.opening import open_studio
from pixelstudio.cli.checkup import installation, records, workshop
from pixelstudio.cli.doctor import findings
from pixelstudio.cli.main import main
from pixelstudio.core.clock import FrozenClock
from pixelstudio.core.settings import Settings, load_settings
from pixelstudio.db.migrate import migrate
from pixelstudio.features.generation.forecasts import HitRate
from pixelstudio.gateways.mail.smtp import smtp_mailer
from pixelstudio.imaging.children import ChildPool
from pixelstudio.jobs.lanes import LaneStanding
from pixelstudio.net.client import Client
from pixelstudio.providers.contract import Health
from pixelstudio.providers.openai.catalogue import OFFERS
from pixelstudio.providers.openai.provider import Account, OpenAIImages
from pixelstudio.providers.sketch.provider import SketchProvider
from tests.gateways.mailbox import a_mailbox
from tests.nursery import ROOT, ended
from tests.serving import a_client, a_server, free_port, register

if TYPE_CHECKING:
    from pathlib import Path

    from pixelstudio.cli.checkup.finding import Finding
    from pixelstudio.providers.openai.catalogue import Offer

pytestmark = pytest.mark.enable_socket

CANARY = "canary-7f3a"


def the_doctor(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """From where its imports end."""
    return ended(main, ["doctor", *arguments], environment=surroundings(folder, **settings), within_s=90)


def the_doctor_by_its_command(folder: Path) -> subprocess.CompletedProcess[str]:
    """As people start it."""
    command = [sys.executable, "-m", "pixelstudio", "doctor"]
    return subprocess.run(command, cwd=ROOT, env=surroundings(folder), capture_output=True, text=True, check=False, timeout=90)


def surroundings(folder: Path, **settings: str) -> dict[str, str]:
    return {**os.environ, "DATA_DIR": str(folder), "PORT": str(free_port()), **settings}


def told(report: subprocess.CompletedProcess[str]) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for finding in json.loads(report.stdout)["findings"]:
        found.setdefault(finding["about"], []).append((finding["verdict"], finding["said"]))
    return found


def a_configuration(folder: Path, **values: object) -> Settings:
    return load_settings(_env_file=None, data_dir=folder, port=free_port(), **values)


async def migrated(folder: Path) -> Settings:
    settings = a_configuration(folder)
    folder.mkdir(exist_ok=True)
    await migrate(settings.effective_database_url)
    return settings


@pytest.mark.slow
def test_before_the_first_start_nothing_is_wrong_and_nothing_is_made(tmp_path):
    report = the_doctor_by_its_command(tmp_path / "data")

    assert report.returncode == 0, report.stdout
    assert "There is no database yet." in report.stdout
    assert {line.split()[0] for line in report.stdout.splitlines()} == {"ok", "look"}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_while_the_studio_serves_everything_is_looked_at_and_well(tmp_path):
    with a_server(tmp_path) as server, a_client(server) as client:
        register(client, "ines")
        report = the_doctor(tmp_path / "data", "--json", PORT=str(server.port))

        found = told(report)
        assert report.returncode == 0, report.stdout
        assert {"setting", "pages", "port", "address", "proxies", "database", "schema", "claim", "queue", "ledger", "disk"} <= found.keys()
        assert found["port"] == [("ok", f"A studio answers on port {server.port}.")]
        assert ("ok", "The file is sound (quick_check).") in found["database"]
        assert found["ledger"][0][1].startswith("1 entry adds up: 5 credits free, 0 held")
        assert found["storage"] == [("ok", "A picture can be stored, read and deleted.")]
        assert found["children"][0][1].startswith("A 256 px sketch was drawn and decoded")
        assert client.get("/readyz").status_code == 200


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [(), ("--json",)])
def test_no_secret_is_ever_said(tmp_path, arguments):
    signing = f"whsec_{b64encode((CANARY * 3).encode()).decode()}"
    names = [name.upper() for name, field in Settings.model_fields.items() if field.annotation is SecretStr]
    secrets = {name: signing if name.endswith("WEBHOOK_SECRET") else CANARY for name in names}
    assert len(secrets) >= 3
    secrets["SMTP_URL"] = f"smtp://{CANARY}:{CANARY}@127.0.0.1:1"
    secrets["DATABASE_URL"] = f"postgresql://{CANARY}:{CANARY}@127.0.0.1:1/{CANARY}"
    secrets["REDIS_URL"] = f"redis://{CANARY}:{CANARY}@127.0.0.1:1"

    report = the_doctor(tmp_path, *arguments, **secrets)

    assert report.returncode == 1
    assert "The database does not answer." in report.stdout
    assert "OPENAI_API_KEY = set (environment)" in report.stdout
    assert not any(secret in report.stdout + report.stderr for secret in (CANARY, signing))


@pytest.mark.slow
def test_settings_that_do_not_stand_are_findings_without_their_values(tmp_path):
    report = the_doctor(tmp_path, "--json", LOG_LEVEL=CANARY, OPENAI_API_KEY=f"{CANARY} {CANARY}")

    assert report.returncode == 1
    assert [verdict for verdict, _ in told(report)["setting"]] == ["wrong", "wrong"]
    assert CANARY not in report.stdout + report.stderr


async def test_an_empty_database_wants_migrating(tmp_path):
    sqlite3.connect(tmp_path / "pixelstudio.db").execute("CREATE TABLE something (id)").connection.close()

    found = await records.record_findings(a_configuration(tmp_path))

    assert [(finding.verdict, finding.about) for finding in found if finding.verdict != "ok"] == [("wrong", "schema")]
    assert "python -m pixelstudio migrate" in found[-1].mend


async def test_a_database_of_another_release_is_wrong(tmp_path):
    settings = await migrated(tmp_path)
    with sqlite3.connect(tmp_path / "pixelstudio.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()

    assert "of a newer release" in (await records.record_findings(settings))[-1].said


async def test_a_damaged_file_is_wrong(tmp_path):
    settings = await migrated(tmp_path)
    path = tmp_path / "pixelstudio.db"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode=DELETE")
    page = connection.execute("SELECT rootpage FROM sqlite_master WHERE name='ix_credit_entry_account_id_id'").fetchone()[0]
    size = connection.execute("PRAGMA page_size").fetchone()[0]
    connection.close()
    damaged = bytearray(path.read_bytes())
    damaged[(page - 1) * size : page * size] = b"\xff" * size
    path.write_bytes(damaged)

    assert any(finding.verdict == "wrong" for finding in await records.record_findings(settings))


async def test_either_database_is_named_and_found_in_order(database_url, tmp_path):
    found = await records.record_findings(a_configuration(tmp_path, database_url=SecretStr(database_url)))

    assert found[0].line.startswith(f"ok     database   {'SQLite' if database_url.startswith('sqlite') else 'PostgreSQL '}")
    assert {finding.about for finding in found} >= {"schema", "claim", "queue", "ledger"}
    assert all(finding.verdict != "wrong" for finding in found)


async def test_a_folder_that_takes_no_picture_is_wrong(tmp_path):
    (tmp_path / "objects").write_text("a file where the folder should be")

    found = await workshop.workshop_findings(a_configuration(tmp_path), may_write=True)

    assert [finding.about for finding in found if finding.verdict == "wrong"] == ["storage"]


@pytest.mark.parametrize(("free", "verdict"), [(2 * 1024**3, "ok"), (500 * 1024**2, "look"), (50 * 1024**2, "wrong")])
def test_a_disk_that_fills_is_said_in_time(tmp_path, monkeypatch, free, verdict):
    monkeypatch.setattr("shutil.disk_usage", lambda _path: type("Usage", (), {"free": free})())

    assert workshop.room_finding(tmp_path / "not" / "yet").verdict == verdict


def an_account(base_url: str, **changes: object) -> Account:
    return Account(**{"provider": "openai", "maker": "OpenAI", "base_url": base_url, "key": SecretStr(f"sk-{CANARY}"), **changes})


async def what_is_said_of(account: Account, *offers: Offer) -> Finding:
    client = Client()
    try:
        return await workshop._provider(OpenAIImages(client, account, offers or OFFERS))
    finally:
        await client.close()


@pytest.mark.parametrize(
    ("fault", "verdict", "said"),
    [
        ({}, "ok", "It answers this studio in 0."),
        ({"fault": "unauthorised"}, "wrong", "The key is refused."),
        ({"fault": "forbidden"}, "look", "The key may not list models; whether it may draw was not asked"),
        ({"fault": "silent"}, "wrong", "OpenAI did not answer within 1 seconds."),
        ({"delay_s": 5.0}, "wrong", "OpenAI did not answer within 1 seconds."),
        ({"fault": "reset_before"}, "wrong", "OpenAI was reached and broke off."),
        ({"fault": "html"}, "wrong", "What answers at the address set for OpenAI does not speak its protocol."),
        ({"fault": "redirect"}, "wrong", "The address set for OpenAI does not speak its protocol."),
        ({"fault": "server_error"}, "wrong", "OpenAI had a fault of its own."),
        ({"fault": "insufficient_quota"}, "wrong", "This studio has no money left at OpenAI"),
        ({"fault": "throttled"}, "wrong", "OpenAI is very busy at the moment."),
        ({"fault": "not_found"}, "ok", "It answers this studio in 0."),
        ({"count": 2}, "wrong", "It does not offer gpt-image-2."),
    ],
    ids=lambda value: "-".join(map(str, value.values())) if isinstance(value, dict) else "",
)
async def test_a_provider_is_asked_for_nothing_that_costs_and_what_it_says_is_said_with_its_mend(stand_in, fault, verdict, said):
    """Ask `/images/generations` instead and the last line fails; without the short `within_s` a silent provider holds the doctor up."""
    if fault:
        stand_in.script({**fault, "when": "check"})

    finding = await what_is_said_of(an_account(stand_in.base_url, check_within_s=1.0))

    assert (finding.verdict, bool(finding.mend)) == (verdict, verdict != "ok")
    assert said in finding.said
    assert CANARY not in finding.line
    assert [(request["method"], request["path"]) for request in stand_in.requests()] == [("GET", "/v1/models")]
    assert stand_in.charges() == []


async def test_a_provider_without_a_way_to_it_is_not_reached():
    finding = await what_is_said_of(an_account(f"http://127.0.0.1:{free_port()}/v1"))

    assert (finding.verdict, finding.said) == ("wrong", f"openai: {len(OFFERS)} models. OpenAI could not be reached.")
    assert "way out" in finding.mend


async def test_a_provider_that_takes_its_time_is_worth_a_look():
    class Slow(SketchProvider):
        async def check(self):
            return Health(seconds=4.2)

    finding = await workshop._provider(Slow(ChildPool()))

    assert (finding.verdict, "after 4.2 seconds" in finding.said) == ("look", True)


async def test_the_sketches_ask_nobody():
    assert (await workshop._provider(SketchProvider(ChildPool()))).said.endswith("models. Drawn here.")


class Stranger(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"another program")

    def log_message(self, format, *args):  # noqa: A002  its own signature
        pass


def test_a_port_of_another_program_is_wrong(tmp_path):
    with HTTPServer(("127.0.0.1", 0), Stranger) as other:
        threading.Thread(target=other.handle_request, daemon=True).start()
        settings = a_configuration(tmp_path).model_copy(update={"port": other.server_port})

        assert installation.address_findings(settings)[0].said == f"Something else listens on port {other.server_port}."


def test_an_address_of_another_machine_is_wrong(tmp_path):
    assert installation.address_findings(a_configuration(tmp_path, host="192.0.2.1"))[0].verdict == "wrong"


@pytest.mark.parametrize(
    ("values", "verdicts"),
    [
        ({}, ["ok", "ok"]),
        ({"public_url": "https://studio.example.org"}, ["look", "ok"]),
        ({"public_url": "https://studio.example.org", "trusted_proxy_hops": 1}, ["ok", "look"]),
        ({"public_url": "https://studio.example.org", "trusted_proxy_hops": 1, "host": "127.0.0.1"}, ["ok", "ok"]),
        ({"public_url": "http://studio.example.org"}, ["look", "ok"]),
        ({"public_url": "http://studio.local"}, ["ok", "ok"]),
        ({"trusted_proxy_hops": 1, "host": "127.0.0.1"}, ["look", "ok"]),
        ({"smtp_url": "smtp://mail.example.org"}, ["look", "ok"]),
        ({"smtp_url": "smtp://mail.example.org", "public_url": "http://studio.local"}, ["ok", "ok"]),
    ],
)
def test_address_and_proxies_fit_each_other(tmp_path, values, verdicts):
    assert [finding.verdict for finding in installation.address_findings(a_configuration(tmp_path, **values))[1:]] == verdicts


@pytest.mark.parametrize(
    ("lane", "verdict"),
    [
        (LaneStanding("sketch", 2, 0, 0, 0, 0, 0, 0.0), "ok"),
        (LaneStanding("sketch", 2, 5, 0, 2, 0, 0, 400.0), "ok"),
        (LaneStanding("sketch", 2, 5, 0, 0, 0, 0, 400.0), "wrong"),
        (LaneStanding("sketch", 2, 0, 0, 1, 1, 0, 0.0), "wrong"),
        (LaneStanding("openai", 2, 0, 0, 0, 0, 3, 0.0), "look"),
    ],
)
def test_a_lane_is_judged_by_who_waits_and_who_is_silent(lane, verdict):
    assert records._lane(lane).verdict == verdict


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can look at what belongs to somebody else")
async def test_root_leaves_somebody_elses_data_alone(tmp_path):
    settings = await migrated(tmp_path)
    os.chown(tmp_path, 12_345, 12_345)
    before = sorted(path.name for path in tmp_path.iterdir())

    found = await findings(settings)

    assert [finding.about for finding in found if finding.about in {"user", "database", "storage"}] == ["user"]
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_the_source_of_a_setting_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PORT", raising=False)  # make exports it
    (tmp_path / ".env").write_text("PORT=4000\n")
    monkeypatch.setenv("HOST", "127.0.0.1")

    lines = [finding.said for finding in installation.settings_findings(load_settings(_env_file=".env"))]

    assert "PORT = 4000 (.env)" in lines
    assert "HOST = 127.0.0.1 (environment)" in lines
    assert "DRAIN_S = 0.0 (default)" in lines


def test_nobody_listens_on_a_free_port(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        settings = a_configuration(tmp_path, host="127.0.0.1").model_copy(update={"port": probe.getsockname()[1]})

    assert installation.address_findings(settings)[0].verdict == "ok"


@pytest.mark.parametrize(("later", "verdict"), [(2, "ok"), (10, "look")])
def test_forecasts_that_were_too_short_are_said(later: int, verdict: str):
    finding = records._forecast(HitRate("sketch", sooner=10, within=10 - later // 2, later=later))

    assert finding.verdict == verdict
    assert f"{later} later." in finding.said


@pytest.mark.parametrize(
    ("fault", "verdict", "said"),
    [
        ({}, "ok", "lets this studio in, and takes mail from Pixel Studio <studio@example.org>."),
        ({"MAIL": "550 not you"}, "wrong", "It says: 550 not you"),
        ({"greeting": ""}, "wrong", "is not reached, or does not let this studio in."),
    ],
)
async def test_the_mail_server_is_asked_as_far_as_a_letter_and_sends_none(tmp_path, fault, verdict, said):
    async with a_mailbox() as box:
        box.faults = fault
        settings = box.set_into(a_configuration(tmp_path))
        finding = await workshop.mail_finding(smtp_mailer(settings, FrozenClock()), settings.mail_from)

        assert (finding.verdict, bool(finding.mend), box.letters) == (verdict, verdict == "wrong", [])
        assert said in finding.said


@pytest.mark.parametrize(("place", "verdict"), [("redis.sock", "ok"), ("nobody.sock", "look")])
async def test_the_shared_cache_is_asked_whether_it_answers(tmp_path, redis_server, place, verdict):
    url = SecretStr(f"unix://{redis_server.unix_socket_path.with_name(place)}")
    settings = a_configuration(tmp_path).model_copy(update={"redis_url": url})
    await migrate(settings.effective_database_url)
    async with open_studio(settings) as studio:
        finding = await workshop.cache_finding(studio)

    assert (finding.verdict, bool(finding.mend)) == (verdict, verdict == "look")


async def test_without_a_mail_server_that_is_said():
    assert (await workshop.mail_finding(None, "")).said.startswith("No mail is sent: SMTP_URL is empty.")
