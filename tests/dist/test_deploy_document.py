"""What docs/how-to/deploy.md tells people to type does what it says."""

from __future__ import annotations

import re
import shlex
import sqlite3
import subprocess

from pixelstudio.cli.main import _parser
from pixelstudio.core.settings import Settings
from pixelstudio.db.migrate import migrate
from tests.serving import ROOT

TEXT = (ROOT / "docs" / "how-to" / "deploy.md").read_text()


async def test_the_backup_is_whole_while_somebody_holds_the_database_open(tmp_path):
    await migrate(f"sqlite:///{tmp_path}/pixelstudio.db")
    line = next(line for line in TEXT.splitlines() if "VACUUM INTO" in line)
    writing = sqlite3.connect(tmp_path / "pixelstudio.db")
    writing.execute("PRAGMA journal_mode=WAL")
    writing.execute("INSERT INTO q_lane(id, max_inflight) VALUES ('kept', 1)")
    writing.commit()
    writing.execute("INSERT INTO q_lane(id, max_inflight) VALUES ('under way', 1)")

    words = [word.replace("/var/lib/pixelstudio", str(tmp_path)).replace("/backup", f"{tmp_path}/backup") for word in shlex.split(line)]
    (tmp_path / "backup").mkdir()
    subprocess.run(words, check=True, timeout=60)  # noqa: ASYNC221  nobody else uses this loop

    writing.close()
    copy = sqlite3.connect(tmp_path / "backup" / "pixelstudio.db")
    assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert copy.execute("SELECT id FROM q_lane").fetchall() == [("kept",)]
    copy.close()


def test_every_setting_and_command_it_names_exists():
    named = set(re.findall(r"\b([A-Z]+(?:_[A-Z]+)+)\b(?==|`)", TEXT))
    typed = set(re.findall(r"^(?:docker exec studio )?pixelstudio (\w+)", TEXT, re.MULTILINE))
    known = {command for action in _parser()._actions if action.choices for command in action.choices}

    assert named >= {"PUBLIC_URL", "TRUSTED_PROXY_HOPS", "DRAIN_S", "DATA_DIR", "DATABASE_URL"}
    assert {name.lower() for name in named} <= set(Settings.model_fields)
    assert {"serve", "worker", "doctor"} <= typed <= known
