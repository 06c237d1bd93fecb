"""The stand-in as tests use it: a process of its own, its script, and what it remembers."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class StandIn:
    """A running stand-in. `script` says how the next calls go; `requests` and `charges` what came of them."""

    process: subprocess.Popen[str]
    base: str

    @classmethod
    def start(cls, pace_s: float = 0.0) -> StandIn:
        """Start on a free port and wait until it listens."""
        command = [sys.executable, "-m", "tests.standin", "--port", "0", "--pace", str(pace_s), "--quiet"]
        process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        return cls(process, process.stdout.readline().strip())

    @property
    def base_url(self) -> str:
        """What a studio is given as OPENAI_BASE_URL."""
        return f"{self.base}/v1"

    def script(self, *steps: dict[str, Any]) -> None:
        """Play these steps, one a request, then answer properly again."""
        self._ask("POST", "/__script", list(steps))

    def always(self, **step: Any) -> None:
        """Treat every request like this from now on."""
        self._ask("POST", "/__script", step)

    def requests(self, *show: str) -> list[dict[str, Any]]:
        """All requests so far; secret headers only when named in `show`."""
        return self._ask("GET", "/__requests?" + "&".join(f"show={name}" for name in show))

    def wait_for_request(self, timeout_s: float = 5.0) -> None:
        """Return when the first request has been read; blocks, so ask from a thread."""
        ends_at = time.monotonic() + timeout_s
        while not self.requests():
            assert time.monotonic() < ends_at, "nobody asked"
            time.sleep(0.02)

    def wait_for_charge(self, timeout_s: float = 30.0) -> None:
        """Return when the first drawing has been begun; blocks, so ask from a thread."""
        ends_at = time.monotonic() + timeout_s
        while not self.charges():
            assert time.monotonic() < ends_at, "nothing was begun"
            time.sleep(0.02)

    def charges(self) -> list[dict[str, Any]]:
        """All calls for which a real provider would want money."""
        return self._ask("GET", "/__charges")

    def clear(self) -> None:
        """Forget the script and everything that happened."""
        self._ask("POST", "/__clear")

    def stop(self) -> None:
        """End the process."""
        self.process.terminate()
        self.process.communicate(timeout=10)

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(urllib.request.Request(self.base + path, data, method=method), timeout=10) as answer:
            return json.loads(answer.read())
