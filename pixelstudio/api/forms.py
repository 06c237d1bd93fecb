"""Small forms: fields from a plain post or JSON, the address to go on to, and whether a script or a browser is answered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import parse_qsl

from pixelstudio.core.errors import Invalid

if TYPE_CHECKING:
    from fastapi import Request

HOME: Final = "/create"
_FIELDS_MAX: Final = 20
_PATH_MAX: Final = 512


async def fields_of(request: Request) -> Mapping[str, str]:
    """The text fields of a form or a JSON object; raises `Invalid` for any other body. The edge bounds its size."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = await request.body()
    try:
        match kind:
            case "application/json":
                return _texts(json.loads(body))
            case "application/x-www-form-urlencoded":
                return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_FIELDS_MAX, errors="strict"))
            case "" if not body:
                return {}
            case _:
                pass
    except (ValueError, RecursionError) as error:
        raise _not_a_form() from error
    raise _not_a_form()


def wants_json(request: Request) -> bool:
    """Whether a script asks; a browser's own post is answered with a redirect."""
    return "application/json" in request.headers.get("accept", "").lower()


def safe_next(path: str) -> str:
    """`path` when it stays on this site, else the first page of a member. An address people click on is not to be believed."""
    stays = path.startswith("/") and not path.startswith("//") and "\\" not in path
    return path if stays and path.isascii() and path.isprintable() and " " not in path and len(path) <= _PATH_MAX else HOME


def _texts(value: object) -> Mapping[str, str]:
    if not isinstance(value, dict):
        raise _not_a_form()
    texts = {str(name): text for name, text in cast("dict[Any, Any]", value).items() if isinstance(text, str)}
    "".join(chain(*texts.items())).encode()  # half a sign, which only JSON can bring, is no text; no database and no hash takes it
    return texts


def _not_a_form() -> Invalid:
    return Invalid("The form could not be read. Reload the page and try again.", code="form_unreadable")
