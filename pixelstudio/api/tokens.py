"""Signing in to the API: `/api/auth/register`, `login` and `refresh` answer with a pair of tokens. No cookie is set or read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from pixelstudio.api.identity import address_of, studio_of
from pixelstudio.api.problems import ApiRoute
from pixelstudio.core import limits
from pixelstudio.features.accounts import passwords, registration, sign_in, tokens
from pixelstudio.features.accounts.throttle import admit_registration, take_back

if TYPE_CHECKING:
    from pixelstudio.features.accounts.tokens import TokenPair

router = APIRouter(prefix="/api/auth", route_class=ApiRoute, tags=["Signing in"])

Email = Annotated[str, Field(max_length=limits.EMAIL_MAX, examples=["ines@example.org"])]
Password = Annotated[str, Field(max_length=limits.PASSWORD_MAX, json_schema_extra={"format": "password"})]


class Login(BaseModel):
    """Who signs in."""

    model_config = ConfigDict(extra="forbid")
    email: Email
    password: Password


class Register(Login):
    """Who opens an account."""

    handle: Annotated[str, Field(max_length=limits.HANDLE_MAX, examples=["ines"], description="The name others see.")]


class Refresh(BaseModel):
    """The refresh token that was given last. It is worth one new pair."""

    model_config = ConfigDict(extra="forbid")
    refreshToken: Annotated[str, Field(max_length=2_048)]  # noqa: N815  # the field's name in the API


class Tokens(BaseModel):
    """A pair of tokens. Send the first as `Authorization: Bearer ...`."""

    accessToken: str  # noqa: N815  # as above
    refreshToken: str  # noqa: N815  # as above
    tokenType: str = "Bearer"  # noqa: N815  # as above
    expiresIn: Annotated[int, Field(description="Seconds the access token is good for.")]  # noqa: N815  # as above


@router.post("/register", status_code=201, response_model=Tokens, summary="Open an account")
async def post_register(request: Request, asked: Register) -> Response:
    """Opens an account with its first credits and signs in."""
    studio = studio_of(request)
    form = registration.checked(asked.email, asked.handle, asked.password)
    async with studio.db.transaction() as tx:
        await admit_registration(tx, address_of(request))
    password_hash = await passwords.hashed(form.password)
    async with studio.db.transaction() as tx:
        account = await registration.register(tx, form, password_hash, guest=None)
        pair = await tokens.open_family(tx, studio.keys, account.id)
    return _told(pair, 201)


@router.post("/login", response_model=Tokens, summary="Sign in")
async def post_login(request: Request, asked: Login) -> Response:
    """Signs in with e-mail and password. Wrong ones are counted, here and at the pages' door together."""
    studio = studio_of(request)
    async with studio.db.transaction() as tx:
        attempt = await sign_in.begin(tx, asked.email, address_of(request))
    account_id = await sign_in.prove(attempt, asked.password)
    async with studio.db.transaction() as tx:
        await take_back(tx, attempt.admission)
        pair = await tokens.open_family(tx, studio.keys, account_id)
    return _told(pair)


@router.post("/refresh", response_model=Tokens, summary="Get the next pair of tokens")
async def post_refresh(request: Request, asked: Refresh) -> Response:
    """Gives the next pair; the token that was sent is used up. A token that comes a second time ends its whole sign-in."""
    studio = studio_of(request)
    async with studio.db.transaction() as tx:
        pair = await tokens.renew(tx, studio.keys, asked.refreshToken)
    if pair is None:
        raise tokens.TokenRefused
    return _told(pair)


def _told(pair: TokenPair, status: int = 200) -> Response:
    body: dict[str, Any] = {
        "accessToken": pair.access,
        "refreshToken": pair.refresh,
        "tokenType": "Bearer",
        "expiresIn": pair.expires_in_s,
    }
    return JSONResponse(body, status, headers={"Cache-Control": "no-store"})
