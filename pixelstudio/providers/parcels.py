"""Pictures that are left somewhere to be fetched: waiting until they are there, and getting them through the one safe door."""

from __future__ import annotations

import asyncio
import base64
from typing import TYPE_CHECKING, Final, TypeVar

from pixelstudio.core.log import get_logger
from pixelstudio.net.errors import AnswerUnfit, NetError
from pixelstudio.net.fetch import Fetcher, NotAllowed, NotFetched
from pixelstudio.providers.answers import unusable
from pixelstudio.providers.errors import Spent, Unavailable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

Ended = TypeVar("Ended")

ASK_FIRST_S: Final = 0.25
ASK_SELDOM_S: Final = 5.0
_MEDIA_TYPES: Final = ((b"\x89PNG", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"RIFF", "image/webp"))
_GONE: Final = frozenset({"status_403", "status_404", "status_410"})


async def until_ended(ended: Callable[[], Awaitable[Ended | None]], maker: str, within_s: float) -> Ended:
    """Ask, ever more seldom, until there is an end, and give it. Raises `Unavailable` when there is none by then: it can be asked again."""
    pause_s, ends_at = ASK_FIRST_S, asyncio.get_running_loop().time() + within_s
    while (end := await ended()) is None:
        if asyncio.get_running_loop().time() + pause_s > ends_at:
            raise Unavailable(f"{maker} is still drawing.", code="not_drawn_yet")
        await asyncio.sleep(pause_s)
        pause_s = min(pause_s * 1.5, ASK_SELDOM_S)
    return end


async def fetched(fetcher: Fetcher, maker: str, addresses: Sequence[str], wanted: int, within: Sequence[str] = ()) -> list[bytes]:
    """The pictures at these addresses, in order. Too many are left out; too few, or none that may be fetched, is `Spent`.

    Raises `Unavailable` when fetching failed and may succeed later: the pictures are still there.
    """
    if len(addresses) < wanted:
        raise unusable(maker, "too_few_pictures")
    if len(addresses) > wanted:
        get_logger().warning("provider.too_many_pictures", maker=maker, wanted=wanted, came=len(addresses))
    return [await _fetched(fetcher, maker, address, within) for address in addresses[:wanted]]


async def _fetched(fetcher: Fetcher, maker: str, address: str, within: Sequence[str]) -> bytes:
    try:
        return await fetcher.fetch(address, within=within)
    except NotAllowed as error:
        raise unusable(maker, str(error.fields.get("reason"))) from error
    except NotFetched as error:
        if error.fields.get("reason") in _GONE:
            raise gone(maker) from error
        raise Unavailable(f"{maker} does not hand out the picture at the moment.", code="picture_not_fetched", **error.fields) from error
    except AnswerUnfit as error:
        raise unusable(maker, str(error.fields.get("reason"))) from error
    except NetError as error:
        raise Unavailable(f"{maker} does not hand out the picture at the moment.", code="picture_not_fetched", **error.fields) from error


def gone(maker: str) -> Spent:
    """It was drawn and paid for, and nobody fetched it while it was kept."""
    return Spent(f"{maker} has drawn this picture and does not keep it any more.", code="provider_result_gone")


def data_address(picture: bytes | None) -> str | None:
    """A picture to go by, written into an address; None for none."""
    if picture is None:
        return None
    media_type = next((name for begins, name in _MEDIA_TYPES if picture.startswith(begins)), "application/octet-stream")
    return f"data:{media_type};base64,{base64.b64encode(picture).decode()}"
