"""Metrics: `/metrics`, for this machine or whoever has the token. For everybody else there is nothing at this address."""

from __future__ import annotations

import hmac
import ipaddress
from typing import TYPE_CHECKING, Final, cast

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.routing import Match
from starlette.types import Scope

from pixelstudio.api.exposition import Standing, Work, registry_of
from pixelstudio.api.identity import address_of, studio_of
from pixelstudio.api.problems import ProblemRoute
from pixelstudio.features.generation.forecasts import hit_rates
from pixelstudio.jobs.lanes import standing

if TYPE_CHECKING:
    from pixelstudio.api.readiness import Readiness
    from pixelstudio.core.settings import Settings

_BEARER: Final = "bearer "


class ReadersRoute(ProblemRoute):
    """A route that is there for those who may read it. To everybody else it does not answer, so whatever says that nothing is there does."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """As any route, for a reader."""
        found, child = super().matches(scope)
        return (found, child) if found is not Match.NONE and may_read(Request(scope)) else (Match.NONE, {})


router = APIRouter(route_class=ReadersRoute)


@router.get("/metrics")
async def get_metrics(request: Request) -> Response:
    """Everything that is measured, as Prometheus reads it."""
    studio, readiness = studio_of(request), cast("Readiness", request.app.state.readiness)
    async with studio.db.reader() as reader:
        lanes, forecasts = await standing(reader), await hit_rates(reader)
    registry = registry_of(Standing(lanes, forecasts, readiness.lag.worst_ms), Work(studio.meter))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


def may_read(request: Request) -> bool:
    """Whether this request comes from the machine itself, or with the token of the settings."""
    settings = studio_of(request).settings
    return _has_token(request, settings) or _is_from_here(request, settings)


def _has_token(request: Request, settings: Settings) -> bool:
    token, said = settings.metrics_token.get_secret_value(), request.headers.get("authorization", "")
    is_bearer = said[: len(_BEARER)].lower() == _BEARER
    return bool(token) and is_bearer and hmac.compare_digest(said[len(_BEARER) :].strip().encode(), token.encode())


def _is_from_here(request: Request, settings: Settings) -> bool:
    """From loopback, to loopback. Where people come by a name, a proxy on this machine stands in front: unless it is trusted to say who is
    really there, everybody seems to come from here, and then nobody does.
    """
    hides_people = bool(settings.public_url) and not settings.trusted_proxy_hops
    return not hides_people and _is_loopback(address_of(request)) and _is_loopback(request.url.hostname or "")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
