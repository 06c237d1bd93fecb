"""Commissions: drawings that are begun at a provider, asked after by the name they got there, and fetched when they are done.

There is no key that would make a second request the same as the first, so a request whose answer never came, or names nothing, is
`Unanswered`. Nothing of a commission is kept here: whatever has its name can ask for it, in this process or another one.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from pixelstudio.providers.answers import Unreadable, ask, something_else
from pixelstudio.providers.capabilities import ensure_drawable
from pixelstudio.providers.contract import Handle
from pixelstudio.providers.errors import not_offered_any_more

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Collection, Mapping, Sequence

    from pixelstudio.net.client import Call, Client
    from pixelstudio.providers.answers import Answer
    from pixelstudio.providers.contract import DrawRequest, ImageModel, Progress
    from pixelstudio.providers.errors import ProviderError

OfferT = TypeVar("OfferT")
Read = TypeVar("Read")
TAKEN: Final = frozenset({200, 201, 202})
_OK: Final = frozenset({200})


class CommissionProvider(ABC, Generic[OfferT]):
    """Draws by commissions. An adapter says which call begins one, what it is called then, and what a refusal means."""

    def __init__(self, client: Client, *, name: str, maker: str, offers: Mapping[str, OfferT], models: Sequence[ImageModel]) -> None:
        """`offers` by the id of the model each stands for."""
        self._client = client
        self._maker = maker
        self._offers = offers
        self._models = {model.id: model for model in models}
        self.name = name
        self.models: tuple[ImageModel, ...] = tuple(models)

    @abstractmethod
    def _call_of(self, offer: OfferT, request: DrawRequest) -> Call:
        """The call that begins it, marked by `request.before_sending`."""

    @abstractmethod
    def _name_in(self, told: dict[str, Any]) -> str:
        """What it is called there, from the answer to that call. Raises `Unreadable`."""

    @abstractmethod
    def _refusal_of(self, answer: Answer, *, buys: bool) -> ProviderError:
        """The failure that an answer other than the one hoped for means. `buys`: whether the call may have begun one."""

    async def submit(self, request: DrawRequest) -> Handle:
        """Begin it. Not safe to repeat: each one is drawn, and charged where anything is."""
        if request.model not in self._offers:
            raise not_offered_any_more(request.model)
        ensure_drawable(self._models[request.model], request)
        answer = await ask(self._client, self._maker, self._call_of(self._offers[request.model], request), buys=True)
        if answer.status not in TAKEN:
            raise self._refusal_of(answer, buys=True)
        try:
            reference = self._name_in(answer.fields())
        except Unreadable as error:
            raise something_else(self._maker, error, buys=True) from error
        return Handle(self.name, request.model, reference, {"count": str(request.count)})

    async def progress(self, handle: Handle) -> AsyncGenerator[Progress]:
        """Nothing: whoever is asked by name tells no steps."""
        return
        yield

    async def _asked(self, call: Call, read: Callable[[dict[str, Any]], Read], accepted: Collection[int] = _OK) -> Read | None:
        """What `read` makes of the answer to a free question; None when nobody there knows the name."""
        answer = await ask(self._client, self._maker, call, buys=False)
        if answer.status == 404:
            return None
        if answer.status not in accepted:
            raise self._refusal_of(answer, buys=False)
        try:
            return read(answer.fields())
        except Unreadable as error:
            raise something_else(self._maker, error, buys=False) from error
