"""The end of letters: a page that asks, and the plain POST it sends, which mail programs send by themselves (RFC 8058). No session is asked for."""

from __future__ import annotations

from html import escape
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from pixelstudio.api.identity import studio_of
from pixelstudio.api.problems import ProblemRoute
from pixelstudio.features.digests.digests import unsubscribe
from pixelstudio.features.digests.tokens import account_of

router = APIRouter(prefix="/api", route_class=ProblemRoute, include_in_schema=False)

_NO_STORE: Final = {"Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer"}


@router.get("/unsubscribe")
async def get_unsubscribe(request: Request, token: str = "") -> HTMLResponse:
    """Ask first: programs that look at every address in a letter must not end it."""
    account_of(studio_of(request).keys, token)
    form = f'<form method="post" action="/api/unsubscribe?token={escape(token)}"><button type="submit">No more letters</button></form>'
    return _page("End these letters?", f"<p>You will be sent no more digests. Your inbox stays as it is.</p>{form}")


@router.post("/unsubscribe")
async def post_unsubscribe(request: Request, token: str = "") -> HTMLResponse:
    """End them. Safe to repeat."""
    studio = studio_of(request)
    async with studio.db.transaction() as tx:
        await unsubscribe(tx, studio.keys, token)
    return _page("No more letters", "<p>You will be sent no more digests. Your inbox has a choice for when you want them again.</p>")


def _page(title: str, body: str) -> HTMLResponse:
    page = (
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f'<meta name="robots" content="noindex"><title>{title} · Pixel Studio</title><link rel="stylesheet" href="/app.css"></head>'
        f"<body><main><p><a href='/'>Pixel Studio</a></p><h1>{title}</h1>{body}</main></body></html>"
    )
    return HTMLResponse(page, headers=_NO_STORE)
