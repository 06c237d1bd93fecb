"""The Dockerfile without Docker: what it says, what it lets in, that its health check works, and that its commands are really run."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from pixelstudio.cli.build import _INGREDIENTS
from tests.serving import ROOT, a_server, free_port
from tools.container import context, health_command, instructions

DOCKERFILE = (ROOT / "Dockerfile").read_text()
SAID = instructions(DOCKERFILE)


def said(stage: str, name: str) -> list[str]:
    return [found.text for found in SAID if found.stage == stage and found.name == name]


def test_the_image_runs_as_nobody_special_on_one_volume():
    assert said("image", "USER") == ["10001:10001"]
    assert said("image", "VOLUME") == ["/data"]
    assert said("image", "EXPOSE") == ["3000"]
    assert said("image", "ENTRYPOINT") + said("image", "CMD") == ['["pixelstudio"]', '["serve"]']
    assert any("DATA_DIR=/data" in line for line in said("image", "ENV"))


def test_the_image_takes_one_folder_from_the_build_and_installs_nothing():
    assert said("image", "COPY") == ["--from=build /opt/pixelstudio /opt/pixelstudio"]
    assert not re.search(r"\b(apt|pip|npm|node|make|gcc|curl)\b", " ".join(said("image", "RUN")))
    assert {text.partition(" ")[0] for name in ("build", "image") for text in said(name, "FROM")} == {"python:3.11-slim-bookworm"}


def test_the_build_calls_targets_that_exist():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    called = [text.split()[1] for text in said("build", "RUN") if text.startswith("make ")]

    assert called == ["dist", "install"]
    assert set(called) <= targets


def test_the_fresh_machine_runs_every_command_of_the_dockerfile():
    script = (ROOT / "tools" / "fresh_machine").read_text()
    printed = [
        subprocess.run(
            [sys.executable, ROOT / "tools" / "container.py", "commands", stage], capture_output=True, text=True, check=True
        ).stdout
        for stage in ("build", "image")
    ]

    assert "for stage in build image; do" in script
    assert 'container.py" commands $stage' in script
    assert "".join(printed).splitlines() == [found.text for found in SAID if found.name == "RUN"]
    assert "exec pixelstudio serve" in script
    assert f"--userspec={said('image', 'USER')[0]}" in script


def test_only_what_the_wheel_is_made_of_is_let_into_the_build():
    let_in = context((ROOT / ".dockerignore").read_text())
    needed = {path.partition("/")[0] for path in _INGREDIENTS} | {
        "Makefile",
        "pyproject.toml",
        "requirements",
        "tools",
        "alembic",
        "README.md",
        "LICENSE",
    }

    assert needed <= set(let_in)
    assert not {".env", ".git", "var", "build", "tests"} & set(let_in)
    assert (ROOT / ".dockerignore").read_text().splitlines()[1] == "*"


def test_continued_lines_and_comments_are_read_as_docker_reads_them():
    read = instructions("# a comment\nFROM a AS build\nRUN one \\\n    && two\n\nFROM b\nUSER 1\n")

    assert [(found.stage, found.name, found.text) for found in read] == [
        ("build", "FROM", "a AS build"),
        ("build", "RUN", "one && two"),
        ("image", "FROM", "b"),
        ("image", "USER", "1"),
    ]


@pytest.mark.slow
@pytest.mark.enable_socket
def test_the_health_check_tells_a_living_server_from_none(tmp_path):
    _, *arguments = health_command(DOCKERFILE)

    def status(port: int) -> int:
        environment = {"PORT": str(port)}
        return subprocess.run([sys.executable, *arguments], env=environment, capture_output=True, check=False, timeout=30).returncode

    with a_server(tmp_path, "--no-worker") as server:
        assert status(server.port) == 0
    assert status(free_port()) != 0
