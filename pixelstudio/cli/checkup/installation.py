"""The installation itself: settings and where they came from, the front end, the address, the proxies in front."""

from __future__ import annotations

import http.client
import json
import os
import socket
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import urlsplit

from pydantic import SecretStr

from pixelstudio.cli.build import IS_INSTALLED, front_end_standing
from pixelstudio.cli.checkup.finding import Finding, look, ok, wrong
from pixelstudio.core.settings import Settings, source_of
from pixelstudio.core.text import clean_line

if TYPE_CHECKING:
    from collections.abc import Iterator

_EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}  # noqa: S104  where to ask a server that listens everywhere
_PATIENCE_S: Final = 3.0


def settings_findings(settings: Settings) -> list[Finding]:
    """Every setting with its source; a secret only as set or not set."""
    found = [ok("setting", f"{name.upper()} = {_shown(getattr(settings, name))} ({source_of(settings, name)})") for name in _names()]
    if settings.failpoint:
        found.append(wrong("setting", "FAILPOINT is set: the process will kill itself.", "unset FAILPOINT, it is for tests only"))
    return found


def _names() -> list[str]:
    return list(Settings.model_fields)


def _shown(value: object) -> str:
    if isinstance(value, SecretStr):
        return "set" if value.get_secret_value() else "not set"
    return clean_line(str(value)) or "empty"


def front_end_findings() -> list[Finding]:
    """Whether there are pages to serve."""
    match front_end_standing():
        case "built":
            return [ok("pages", "The pages are built" + (" and came with the wheel." if IS_INSTALLED else " from this very code."))]
        case "stale":
            return [look("pages", "The code has moved on since the pages were built.", "`serve` builds them anew at its next start")]
        case "missing" if IS_INSTALLED:
            return [wrong("pages", "The wheel came without pages.", "build it with `make dist` and install it again")]
        case "missing":
            return [look("pages", "The pages are not built yet.", "`serve` builds them, in about half a minute")]


def owner_findings(settings: Settings) -> list[Finding]:
    """Whether somebody else's data would be looked at as root, who would leave files there that the studio cannot open."""
    folder = settings.data_dir
    if os.geteuid() or not folder.exists() or not folder.stat().st_uid:
        return []
    mend = f"run it as the user who owns {folder}, number {folder.stat().st_uid}"
    return [look("user", "You are root and the data is not: database, queue, ledger and picture folder were left alone.", mend)]


def address_findings(settings: Settings) -> list[Finding]:
    """Whether people can come by the address they are told, and by which port."""
    return [_port_finding(settings), *_public_findings(settings)]


def _port_finding(settings: Settings) -> Finding:
    match _who_listens(_EVERYWHERE.get(settings.host, settings.host), settings.port):
        case "a studio":
            return ok("port", f"A studio answers on port {settings.port}.")
        case "somebody":
            return wrong("port", f"Something else listens on port {settings.port}.", "end it, or set PORT to another one")
        case "nobody":
            return _may_listen(settings)


def _who_listens(host: str, port: int) -> Literal["a studio", "somebody", "nobody"]:
    connection = http.client.HTTPConnection(host, port, timeout=_PATIENCE_S)
    try:
        connection.request("GET", "/healthz")
        is_ours = json.loads(connection.getresponse().read(1_000)) == {"ok": True}
    except ConnectionRefusedError:
        return "nobody"
    except (OSError, ValueError, http.client.HTTPException):
        return "somebody"
    finally:
        connection.close()
    return "a studio" if is_ours else "somebody"


def _may_listen(settings: Settings) -> Finding:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        socket.create_server((settings.host, settings.port), family=family).close()
    except OSError as error:
        said = f"Port {settings.port} at {settings.host} cannot be used: {error.strerror}."
        return wrong("port", said, "set HOST to an address of this machine and PORT to a free one from 1024 on")
    return ok("port", f"Port {settings.port} is free; no studio is running there now.")


def _public_findings(settings: Settings) -> Iterator[Finding]:
    hops, public = settings.trusted_proxy_hops, urlsplit(settings.public_url)
    if not public.hostname:
        mend = "set PUBLIC_URL to the address people type, such as https://studio.example.org"
        if hops:
            yield look("address", "Proxies are trusted, but no PUBLIC_URL says by which name people come.", mend)
        elif settings.smtp_url.get_secret_value():
            where = settings.effective_public_url
            yield look(
                "address",
                f"Letters are sent, but without PUBLIC_URL the links in them lead to {where}, which opens on this machine only.",
                mend,
            )
        else:
            yield ok("address", "People come by this machine's addresses and localhost; no other name is answered.")
    elif public.scheme == "https" and not hops:
        mend = "set TRUSTED_PROXY_HOPS=1 when one proxy ends https in front of this server"
        yield look("address", f"{settings.public_url} is https, but no proxy is trusted: sign-in cookies stay without their lock.", mend)
    elif public.scheme == "http" and "." in public.hostname and not public.hostname.endswith((".local", ".lan", ".localhost")):
        mend = "put a proxy with https in front and set PUBLIC_URL to its address"
        yield look("address", f"{settings.public_url} sends passwords in the clear.", mend)
    else:
        yield ok("address", f"People come by {settings.public_url}.")
    if hops and settings.host in _EVERYWHERE:
        mend = "set HOST=127.0.0.1, or let only the proxy reach the port"
        yield look("proxies", f"{hops} believed, and whoever reaches port {settings.port} directly is believed as well.", mend)
    else:
        yield ok("proxies", f"{hops} believed about visitors' addresses.")
