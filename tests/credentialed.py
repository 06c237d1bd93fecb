"""The package behind Content Credentials, lent to a test from an environment of its own: ours has to do without it."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pixelstudio.imaging import child_handle
from pixelstudio.imaging.certificates import certified, self_made
from tools import apart

if TYPE_CHECKING:
    import pytest

    from pixelstudio.imaging.credentials import Credentials


def lend_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this process and children that are started from now on find it. For pools of the test's own: a lent child is not handed on."""
    (packages,) = apart.python("c2pa").parent.parent.glob("lib/python*/site-packages")
    monkeypatch.setattr(sys, "path", [*sys.path, str(packages)])
    monkeypatch.setattr(child_handle, "_PROGRAM", f"import sys; sys.path.append({str(packages)!r}); {child_handle._PROGRAM}")


def some_credentials() -> Credentials:
    """Those of a studio that made its certificate just now."""
    from pixelstudio.imaging.credentials import Credentials

    return Credentials(certified(self_made(datetime.now(UTC))))
