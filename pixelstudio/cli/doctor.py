"""`doctor`: what is configured, what is wrong, and each mend, a line each. Exit status 1 when something is wrong."""

from __future__ import annotations

import argparse
import asyncio
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from pixelstudio.cli.checkup.finding import Finding, wrong
from pixelstudio.cli.main import say
from pixelstudio.core.settings import Settings, SettingsFault

if TYPE_CHECKING:
    from collections.abc import Sequence


def run(settings: Settings, options: argparse.Namespace) -> int:
    """Look at everything. Safe while the studio serves; nothing is left behind."""
    return _tell(asyncio.run(findings(settings)), options)


def run_without_settings(fault: SettingsFault, options: argparse.Namespace) -> int:
    """The settings do not stand, so nothing else can be looked at."""
    return _tell(
        [wrong("setting", said, "change it in the environment or in .env, see docs/reference/settings.md") for said in fault.faults],
        options,
    )


async def findings(settings: Settings) -> list[Finding]:
    """Everything that is known about this installation, in the order to read it."""
    from pixelstudio.cli.checkup import installation, records, workshop

    foreign = installation.owner_findings(settings)
    return [
        *installation.settings_findings(settings),
        *installation.front_end_findings(),
        *await asyncio.to_thread(installation.address_findings, settings),
        *(foreign or await records.record_findings(settings)),
        *await workshop.workshop_findings(settings, may_write=not foreign),
    ]


def _tell(found: Sequence[Finding], options: argparse.Namespace) -> int:
    is_wrong = any(finding.verdict == "wrong" for finding in found)
    if options.json:
        say(json.dumps({"ok": not is_wrong, "findings": [asdict(finding) for finding in found]}, indent=2, ensure_ascii=False))
    else:
        for finding in found:
            say(finding.line)
    return int(is_wrong)
