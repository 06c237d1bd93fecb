"""Problems: an error of ours as JSON with code, sentence and field; anything else as a calm sentence, told in full to the log only."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Final

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from pixelstudio.core.errors import Conflict, Invalid, NotSignedIn, PixelStudioError, TooMany, Unavailable
from pixelstudio.core.log import get_logger

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
Refusal = Callable[[Request, PixelStudioError], Response]
Explanation = Callable[[RequestValidationError], Invalid]

OUR_FAULT: Final = "Something broke on our side. Nothing was charged. Try again in a moment."
OUTAGE_S: Final = "5"
_FIELD_MAX: Final = 80
_SAID_MAX: Final = 300
OUT_OF_STEP: Final = "The request is not understood. Reload the page and try again."


def problem(error: PixelStudioError) -> JSONResponse:
    """The answer to a request that was refused."""
    field = error.field if isinstance(error, (Invalid, NotSignedIn, Conflict)) else None
    body = {"code": error.code, "sentence": error.sentence, "field": field, "status": error.status}
    return JSONResponse(body, error.status, headers=_headers(error))


def as_problem(_request: Request, error: PixelStudioError) -> Response:
    """Refuse by a problem."""
    return problem(error)


def out_of_step(_error: RequestValidationError) -> Invalid:
    """What a page is told whose request has another shape than it should: it was loaded from another release."""
    return Invalid(OUT_OF_STEP)


def misshapen(error: RequestValidationError) -> Invalid:
    """What a program is told: the first field that is wrong, and how. What was sent is not repeated."""
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"][1:])[:_FIELD_MAX]
    said = str(first["msg"]).removeprefix("Value error, ")
    return Invalid(f"{field or 'The request'}: {said[:_SAID_MAX].rstrip('.')}.", code="request_invalid", field=field or None)


def guarded_route(refuse: Refusal, explain: Explanation = out_of_step) -> type[APIRoute]:
    """The route class of a router: the one place where its requests' errors are caught."""

    class GuardedRoute(APIRoute):
        def get_route_handler(self) -> Handler:
            handle = super().get_route_handler()

            async def guarded(request: Request) -> Response:
                try:
                    return await handle(request)
                except PixelStudioError as error:
                    get_logger().info("request.refused", path=self.path, code=error.code, status=error.status, fields=error.fields)
                    return refuse(request, error)
                except RequestValidationError as error:
                    return refuse(request, explain(error))
                except HTTPException:
                    raise
                except Exception:  # noqa: BLE001  # the edge of the API: the log gets everything, the caller a sentence
                    get_logger().exception("request.failed", path=self.path)
                    return refuse(request, PixelStudioError(OUR_FAULT, code="unexpected"))

            return guarded

    return GuardedRoute


ProblemRoute = guarded_route(as_problem)
ApiRoute = guarded_route(as_problem, misshapen)


def _headers(error: PixelStudioError) -> dict[str, str]:
    headers = {"Cache-Control": "no-store"}
    if isinstance(error, TooMany):
        headers["Retry-After"] = str(max(1, round(error.retry_after_s)))
    elif isinstance(error, Unavailable):
        headers["Retry-After"] = OUTAGE_S
    return headers
