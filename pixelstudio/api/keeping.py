"""Answers a browser may keep for itself: it asks each time whether they are still true, and is told so without being sent them again."""

from __future__ import annotations

import hashlib
from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from pixelstudio.api.ranges import matches


def kept_by_browser(request: Request, body: dict[str, Any]) -> Response:
    """`body` as JSON, or 304 when the browser has it."""
    answer = JSONResponse(body)
    etag = f'"{hashlib.sha256(bytes(answer.body)).hexdigest()[:32]}"'
    headers = {"Cache-Control": "private, no-cache", "Vary": "Cookie", "ETag": etag}
    if matches(request.headers.get("if-none-match"), etag):
        return Response(status_code=304, headers=headers)
    answer.headers.update(headers)
    return answer
