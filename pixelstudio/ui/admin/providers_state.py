"""The state of the providers on /admin: whoever draws here, and how each is when it is asked; sent to the maintainer alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import reflex as rx

from pixelstudio.features.operations.providers import ask_after, providers_of
from pixelstudio.ui.session import Notices, guarded

if TYPE_CHECKING:
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.operations.providers import Wellbeing
    from pixelstudio.studio import Studio


@dataclass(frozen=True, slots=True)
class ProviderLine:
    """One provider. `verdict` is "" until it was asked."""

    name: str
    models: str
    verdict: str = ""
    said: str = ""
    mend: str = ""
    is_asked: bool = False
    """Whether an answer is waited for."""


class ProvidersState(Notices, rx.State):
    """Whoever draws here, in the order their models are shown."""

    providers: list[ProviderLine] = []  # noqa: RUF012  # Reflex copies defaults per state

    @guarded("anyone")
    async def list_providers(self, studio: Studio, actor: Actor | None) -> Any:
        """Show them to a maintainer. Nobody is asked anything yet."""
        self.providers = []
        if actor is not None and actor.is_maintainer:
            self.providers = [ProviderLine(one.name, _models(len(one.models))) for one in providers_of(studio)]

    @guarded("maintainer", provider=str)
    async def ask(self, studio: Studio, actor: Actor, *, provider: str) -> Any:
        """Ask one of them how it is, which costs nothing."""
        self._say(provider, is_asked=True)
        yield
        told = await ask_after(studio, provider, by=actor)
        self._say(provider, verdict=told.verdict, said=told.said, mend=_mend(told))

    def _say(self, provider: str, *, is_asked: bool = False, **said: str) -> None:
        self.providers = [replace(one, is_asked=is_asked, **said) if one.name == provider else one for one in self.providers]


def _models(count: int) -> str:
    return "1 model" if count == 1 else f"{count} models"


def _mend(told: Wellbeing) -> str:
    return f"{told.mend[0].upper()}{told.mend[1:]}." if told.mend else ""
