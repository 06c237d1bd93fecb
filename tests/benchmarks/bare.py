"""A bare Reflex page: what the framework costs by itself. Built by the same toolchain from the same locked packages, served as Reflex does."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from tests.serving import ROOT, free_port

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

START_S = 60
_PAGE = """
import reflex as rx

class Counter(rx.State):
    count: int = 0

    @rx.event
    def press(self):
        self.count += 1

def index():
    return rx.el.main(
        rx.el.h1("A bare page"),
        rx.el.p("Reflex, with nothing on it but this line and one button."),
        rx.el.button("Press", on_click=Counter.press),
        rx.el.output(Counter.count),
    )

app = rx.App()
app.add_page(index, route="/", title="A bare page")
"""
_CONFIGURATION = """
import reflex as rx

config = rx.Config(
    app_name="bare",
    telemetry_enabled=False,
    show_built_with_reflex=False,
    disable_plugins=[rx.plugins.SitemapPlugin],
    api_url="{url}",
    deploy_url="{url}",
)
"""


@contextlib.asynccontextmanager
async def a_bare_page(folder: Path) -> AsyncGenerator[str]:
    """Its address while the block runs; building it takes half a minute."""
    port = free_port()
    url = f"http://localhost:{port}"
    environment = _lay_out(folder, url)
    await asyncio.to_thread(_build, folder, environment)
    server = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).parent / "granian"),
        *("--interface", "asgi", "--factory", "--workers", "1", "--port", str(port), "bare.bare:app"),
        cwd=folder,
        env=environment,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        await _answers(url)
        yield url
    finally:
        server.terminate()
        await server.wait()


def _lay_out(folder: Path, url: str) -> dict[str, str]:
    """Write the application; the environment Reflex builds and serves it in, which finds our Node and npm first."""
    (folder / "bare").mkdir(parents=True)
    (folder / "bare" / "__init__.py").touch()
    (folder / "bare" / "bare.py").write_text(_PAGE)
    (folder / "rxconfig.py").write_text(_CONFIGURATION.format(url=url))
    shutil.copytree(ROOT / "reflex.lock", folder / "reflex.lock")
    shutil.copy(ROOT / ".npmrc", folder / ".npmrc")
    return {
        **os.environ,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
        "REFLEX_USE_NPM": "1",
        "REFLEX_CHECK_LATEST_VERSION": "false",
    }


def _build(folder: Path, environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"]
    built = subprocess.run(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert built.returncode == 0, f"the bare page was not built:\n{built.stdout[-2_000:]}{built.stderr[-2_000:]}"
    # What Reflex's own production server sets for its children.
    environment |= {"__REFLEX_SKIP_COMPILE": "true", "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true", "REFLEX_ENV_MODE": "prod"}


async def _answers(url: str) -> None:
    async with asyncio.timeout(START_S), httpx.AsyncClient(trust_env=False) as client:
        while True:
            with contextlib.suppress(httpx.TransportError):
                if (await client.get(url)).status_code == 200:
                    return
            await asyncio.sleep(0.1)
