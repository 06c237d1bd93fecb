"""The server: where it listens, what people type to reach it, and how much one address may ask of it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings

from pixelstudio.core.limits import API_GENERATIONS_PER_MINUTE, REQUESTS_PER_SECOND, SOCKETS_PER_ADDRESS


class Server(BaseSettings, title="The server"):
    host: str = Field("0.0.0.0", description="Address the server listens on. Phones on the same network reach 0.0.0.0.")  # noqa: S104
    port: int = Field(3000, ge=1, le=65_535, description="Port the server listens on.")
    public_url: str = Field(
        "", description="The address people type when it is not this machine's own, such as https://studio.example.org."
    )
    trusted_proxy_hops: int = Field(
        0, ge=0, le=8, description="How many reverse proxies in front of the server may be believed about addresses."
    )
    requests_per_second: float = Field(
        REQUESTS_PER_SECOND, ge=10, le=100_000, description="Requests one address may make a second, over time; 30 times as many at once."
    )
    sockets_per_address: int = Field(
        SOCKETS_PER_ADDRESS, ge=5, le=100_000, description="Open pages one address may have; a school behind one router is one address."
    )
    rate_limit_requests_per_minute: int = Field(
        API_GENERATIONS_PER_MINUTE, ge=1, le=100_000, description="Generations one address may ask the API for in a minute."
    )
    drain_s: Annotated[
        float,
        Field(ge=0, le=300, description="Seconds a server goes on answering after SIGTERM while /readyz says no, for a balancer in front."),
    ] = 0.0

    @field_validator("public_url")
    @classmethod
    def _is_an_origin(cls, value: str) -> str:
        origin = value.rstrip("/")
        if origin and (not origin.startswith(("http://", "https://")) or "/" in origin.split("://", 1)[1]):
            msg = "must be an origin such as https://studio.example.org, without a path"
            raise ValueError(msg)
        return origin
