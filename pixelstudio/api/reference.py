"""The reference of the API: its OpenAPI document, and the same as a page for people, made from the document at the first look."""

from __future__ import annotations

import html
import json
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Response
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse, JSONResponse

from pixelstudio.api import generate, prompt, tokens
from pixelstudio.api.problems import ProblemRoute

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

router = APIRouter(prefix="/api", route_class=ProblemRoute, include_in_schema=False)

VERSION: Final = "1"
ROUTERS: Final = (tokens.router, prompt.router, generate.router)
_METHODS: Final = ("get", "post", "put", "patch", "delete")
_ABOUT: Final = (
    "Make pictures from words. Sign in and send the access token, or a key made under Settings, as `Authorization: Bearer`. "
    "Refusals have `code`, `sentence`, `field` and `status`; what is not yours is answered as if it were not there."
)
_PROBLEM: Final = {
    "title": "Problem",
    "type": "object",
    "required": ["code", "sentence", "field", "status"],
    "properties": {
        "code": {"type": "string"},
        "sentence": {"type": "string"},
        "field": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "status": {"type": "integer"},
    },
}
_REFUSALS: Final = {
    "401": "Nobody is signed in, or the token is not valid any more",
    "402": "Not enough credits",
    "404": "There is none, or it is not yours",
    "422": "Something in the request has to change; `field` says what",
    "429": "Too many; `Retry-After` says when to come back",
}


@router.get("/openapi.json")
async def get_openapi_document() -> Response:
    """The document."""
    return JSONResponse(document(), headers={"Cache-Control": "public, max-age=300"})


@router.get("/docs")
async def get_docs() -> Response:
    """The page."""
    return HTMLResponse(page(), headers={"Cache-Control": "public, max-age=300"})


@cache
def document() -> dict[str, Any]:
    """OpenAPI 3.1 of every route that programs may count on."""
    routes = [route for one in ROUTERS for route in one.routes]
    told: dict[str, Any] = get_openapi(title="Pixel Studio API", version=VERSION, description=_ABOUT, routes=routes)
    schemas = told["components"]["schemas"]
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas["Problem"] = _PROBLEM
    bearer = {"type": "http", "scheme": "bearer", "description": "An access token, or a key made under Settings."}
    told["components"]["securitySchemes"] = {"bearer": bearer}
    for path, _, operation in operations(told):
        is_door = path.startswith("/api/auth/")
        operation["security"] = [] if is_door else [{"bearer": []}]
        refused = [status for status in _REFUSALS if not (is_door and status in {"402", "404"})]
        operation["responses"].update({status: _refusal(status) for status in refused})
    return told


def operations(told: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, method and operation of everything in a document."""
    for path, item in told["paths"].items():
        for method in _METHODS:
            if method in item:
                yield path, method, item[method]


def _refusal(status: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": _REFUSALS[status], "content": {"application/json": {"schema": schema}}}


@cache
def page() -> str:
    """The document for people: every address with what it takes and answers, and a line for the shell that tries it."""
    told = document()
    found = list(operations(told))
    nav = "".join(
        f'<li><a href="#{_anchor(method, path)}"><b>{method.upper()}</b> {html.escape(path)}</a></li>' for path, method, _ in found
    )
    parts = "".join(_operation(told, path, method, operation) for path, method, operation in found)
    about = html.escape(_ABOUT).replace("`", "")
    return (
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>API · Pixel Studio</title><style>{_STYLE}</style></head><body><main><header><p><a href='/'>Pixel Studio</a></p>"
        f"<h1>API</h1><p>{about}</p><p><a href='/api/openapi.json'>OpenAPI document</a></p>"
        f'<nav aria-label="Addresses"><ul>{nav}</ul></nav></header>{parts}</main></body></html>'
    )


def _operation(told: Mapping[str, Any], path: str, method: str, operation: Mapping[str, Any]) -> str:
    asked = _schema(told, operation.get("requestBody", {}))
    answer = next((_schema(told, value) for key, value in operation["responses"].items() if key.startswith("2")), None)
    body = _fields(told, "It takes", asked) if asked else ""
    said = _fields(told, "It answers", answer) if answer else ""
    words = html.escape(operation.get("description", "")).replace("`", "")
    return (
        f'<section id="{_anchor(method, path)}"><h2>{html.escape(operation["summary"])}</h2>'
        f"<p class='address'><b>{method.upper()}</b> {html.escape(path)}</p><p>{words}</p>"
        f"<pre tabindex='0' aria-label='Try it'>{html.escape(_line(path, method, operation, asked))}</pre>{body}{said}</section>"
    )


def _fields(told: Mapping[str, Any], title: str, schema: Mapping[str, Any]) -> str:
    rows = "".join(
        f"<tr><th scope='row'>{html.escape(name)}{'' if name in schema.get('required', ()) else '<i> optional</i>'}</th>"
        f"<td>{html.escape(_kind(told, field))}</td><td>{html.escape(str(field.get('description', ''))).replace('`', '')}</td></tr>"
        for name, field in schema.get("properties", {}).items()
    )
    head = "<thead><tr><th scope='col'>Field</th><th scope='col'>Kind</th><th scope='col'>Meaning</th></tr></thead>"
    return f"<h3>{title}</h3><div class='scroll' tabindex='0'><table>{head}<tbody>{rows}</tbody></table></div>"


def _kind(told: Mapping[str, Any], field: Mapping[str, Any]) -> str:
    """A schema in a few words."""
    if "$ref" in field:
        inner = told["components"]["schemas"][field["$ref"].rpartition("/")[2]]
        return "{ " + ", ".join(f"{name}: {_kind(told, part)}" for name, part in inner.get("properties", {}).items()) + " }"
    if "anyOf" in field:
        return " or ".join(_kind(told, part) for part in field["anyOf"])
    if "enum" in field:
        return " | ".join(map(str, field["enum"]))
    if field.get("type") == "array":
        return f"list of {_kind(told, field['items'])}"
    bounds = [f"{word} {field[key]}" for key, word in (("minimum", "from"), ("maximum", "to")) if key in field]
    longest = [f"up to {field['maxLength']:,} characters"] if "maxLength" in field else []
    return " ".join([str(field.get("type", "object")), *bounds, *longest])


def _line(path: str, method: str, operation: Mapping[str, Any], asked: Mapping[str, Any] | None) -> str:
    """What to type to try it."""
    parts = [f"curl http://localhost:3000{path}"]
    if operation["security"]:
        parts.append('-H "Authorization: Bearer $KEY"')
    if asked:
        required = {name: _sample(asked["properties"][name]) for name in asked.get("required", ())}
        parts.append(f"--json '{json.dumps(required)}'")
    elif method == "post":
        parts.append("-X POST")
    return " \\\n  ".join(parts)


def _sample(field: Mapping[str, Any]) -> object:
    return field.get("examples", ["..."])[0]


def _schema(told: Mapping[str, Any], holder: Mapping[str, Any]) -> Mapping[str, Any] | None:
    schema = holder.get("content", {}).get("application/json", {}).get("schema", {})
    name = schema.get("$ref", "").rpartition("/")[2]
    return told["components"]["schemas"].get(name) if name else None


def _anchor(method: str, path: str) -> str:
    return "-".join([method, *(part.strip("{}") for part in path.split("/") if part)])


_STYLE: Final = """
:root{color-scheme:dark light;--bg:oklch(.16 .006 270);--raised:oklch(.21 .006 270);--line:oklch(.3 .006 270);--text:oklch(.96 0 0);
--muted:oklch(.74 .006 270);--accent:oklch(.76 .14 285)}
@media(prefers-color-scheme:light){:root{--bg:oklch(.985 0 0);--raised:oklch(.955 .003 270);--line:oklch(.88 .004 270);
--text:oklch(.2 0 0);--muted:oklch(.46 .006 270);--accent:oklch(.48 .2 285)}}
*{box-sizing:border-box}html{scroll-behavior:smooth}@media(prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0;background:var(--bg);color:var(--text);font:15px/1.55 Inter,system-ui,sans-serif}
main{max-width:860px;margin:0 auto;padding:32px 16px 96px}a{color:var(--accent)}h1{font-size:34px;margin:8px 0}
h2{font-size:20px;margin:0 0 4px}h3{font-size:14px;color:var(--muted);margin:24px 0 8px;font-weight:500}
nav ul{list-style:none;padding:0;margin:24px 0 0;display:grid;gap:2px}nav a{display:block;padding:8px 0;text-decoration:none;
overflow-wrap:anywhere;font:13px/1.5 ui-monospace,monospace}nav b,.address b{display:inline-block;min-width:48px;color:var(--muted)}
section{border-top:1px solid var(--line);padding:40px 0 8px;margin-top:40px;scroll-margin-top:8px}
.address{font:13px/1.5 ui-monospace,monospace;overflow-wrap:anywhere;margin:0 0 12px}
pre{background:var(--raised);border-radius:8px;padding:16px;overflow-x:auto;font:13px/1.6 ui-monospace,monospace}
.scroll{overflow-x:auto}table{width:100%;border-collapse:collapse;font-size:14px}thead{position:absolute;clip-path:inset(50%)}
th,td{text-align:left;vertical-align:top;padding:8px 16px 8px 0;border-top:1px solid var(--line)}
th{font:13px/1.6 ui-monospace,monospace;white-space:nowrap}th i{color:var(--muted);font-style:normal}td{min-width:160px;color:var(--muted)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
""".replace("\n", "")
