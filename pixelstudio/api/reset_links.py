"""Links to choose another password, for a maintainer to hand to people who cannot come in.

Their own password is asked for first: a tab left open must not open every account.
"""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from pixelstudio.api.forms import fields_of
from pixelstudio.api.identity import address_of, member_of, studio_of
from pixelstudio.api.problems import ProblemRoute
from pixelstudio.core.errors import NotFound
from pixelstudio.features.accounts import confirmation
from pixelstudio.features.accounts.throttle import take_back
from pixelstudio.features.operations.reset_links import hand_out_link

router = APIRouter(prefix="/auth", route_class=ProblemRoute, include_in_schema=False)


@router.post("/reset-link")
async def post_reset_link(request: Request) -> Response:
    """Make a link for the person of a handle. It is answered this once and kept nowhere."""
    studio, fields = studio_of(request), await fields_of(request)
    async with studio.db.transaction() as tx:
        by = await member_of(tx, request)
        if not by.is_maintainer:
            raise NotFound
        attempt = await confirmation.begin(tx, address_of(request), by=by)
    await confirmation.confirmed(attempt, fields.get("own_password", ""), "own_password")
    async with studio.db.transaction() as tx:
        await take_back(tx, attempt.admission)
        link = await hand_out_link(tx, studio.settings, fields.get("handle", ""), by=by)
    sentence = "The link works once, within an hour. Hand it to nobody else."
    return JSONResponse({"ok": True, "sentence": sentence, "link": link}, headers={"Cache-Control": "no-store"})
