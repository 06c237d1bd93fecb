"""`Remixing`: what there is to know of what stands in the composer, while one types.

How it differs from the picture it is made from, whether the very same picture is there already, and whether another look suits it better.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import reflex as rx

from pixelstudio.core.limits import PROMPT_MAX
from pixelstudio.features.gallery.lineage import tuning_for
from pixelstudio.features.gallery.remixes import making_of, remix
from pixelstudio.features.generation.generations import repeated
from pixelstudio.features.generation.suiting import better_suited
from pixelstudio.features.generation.trial import models_to_try
from pixelstudio.features.images.pictures import images_by_id
from pixelstudio.ui import formats
from pixelstudio.ui.create.composer import ComposerForm, asked, making_of_form
from pixelstudio.ui.prompts.remixes import RemixView, remix_view
from pixelstudio.ui.session import Notices, guarded

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Reader
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.providers.registry import Registry
    from pixelstudio.studio import Studio

TITLE_MAX: Final = 60


@dataclass(frozen=True, slots=True)
class ParentView:
    """The picture it is made from; without an id there is none, or none this person may see."""

    id: str = ""
    title: str = ""
    says: str = ""


@dataclass(frozen=True, slots=True)
class RepeatView:
    """That pictures asked for are there already, and what it costs to have them drawn all the same; empty where none is."""

    says: str = ""
    anew: str = ""
    is_all: bool = False
    """Whether nothing of the price is charged."""


@dataclass(frozen=True, slots=True)
class SuitedView:
    """A sketch model that draws what the words name, where the chosen one does not; empty where it does."""

    id: str = ""
    says: str = ""
    act: str = ""


class Remixing(Notices, rx.State):
    """Looked up anew each time: whoever may no longer see the picture is no longer shown what differs from it.

    What cannot be drawn yet is no fault while one types: the page tells of it when it is sent, and not what is noticed here.
    """

    parent: ParentView = ParentView()
    change: RemixView = RemixView()
    repeat: RepeatView = RepeatView()
    suited: SuitedView = SuitedView()

    @guarded("member", form=ComposerForm)
    async def consider(self, studio: Studio, actor: Actor, *, form: ComposerForm) -> Any:
        """Look at what stands in the composer."""
        await self._look(studio, actor, form)

    @guarded("member", prompt=str, model=str)
    async def suit(self, studio: Studio, _actor: Actor, *, prompt: str, model: str) -> Any:
        """Look whether another sketch model draws what the words name. Apart from `consider`, whose answer is about a picture."""
        self.suited = suited_view(studio.providers, prompt[:PROMPT_MAX], model)

    @guarded("member")
    async def let_go(self, _studio: Studio, _actor: Actor) -> Any:
        """Go on without the picture: what is drawn is made from nothing."""
        self.parent, self.change = ParentView(), RemixView()

    async def _begin(self, studio: Studio, by: Actor, form: ComposerForm) -> None:
        """Begin with what was put into the composer; whether that is there already is asked by the page, once it stands there."""
        self.repeat, self.suited = RepeatView(), SuitedView()
        async with studio.db.reader() as reader:
            await self._compare(reader, studio, by, form)

    async def _look(self, studio: Studio, by: Actor, form: ComposerForm) -> None:
        self.repeat = RepeatView()
        async with studio.db.reader() as reader:
            await self._compare(reader, studio, by, form)
            if form.get("seed", "").strip():
                request = asked(form)
                price = studio.providers.model(request.model).price_of(request.count)
                self.repeat = repeat_view(await repeated(reader, studio, request, by), request.count, price)

    async def _compare(self, reader: Reader, studio: Studio, by: Actor, form: ComposerForm) -> None:
        parent_id = form.get("parent", "")
        image = (await images_by_id(reader, by, [parent_id])).get(parent_id) if parent_id else None
        if image is None:
            self.parent, self.change = ParentView(), RemixView()
            return
        models = {model.id: model for model in studio.providers.models()}
        before = making_of(image, await tuning_for(reader, by, image), models.get(image.model))
        self.parent = ParentView(image.id, formats.clipped(image.prompt, TITLE_MAX), "From your picture" if image.is_mine else "Remix of")
        self.change = remix_view(remix(before, making_of_form(form, models)), in_short=True)


def suited_view(registry: Registry, prompt: str, model_id: str) -> SuitedView:
    """What is said when the words name what another sketch model draws. Models that draw anything are left to themselves."""
    sketches = models_to_try(registry)
    chosen = next((model for model in sketches if model.id == model_id), None)
    better = better_suited(prompt, chosen, sketches) if chosen else None
    return SuitedView(better.id, f"{better.title} draws {better.subjects}.", f"Choose {better.title}") if better else SuitedView()


def repeat_view(known: int, count: int, price_credits: int) -> RepeatView:
    """What is said when so many of the pictures asked for are there already."""
    if not known:
        return RepeatView()
    price = formats.price(price_credits)
    if known < count:
        return RepeatView(f"You have {known} of these {count} pictures. They come again at no charge.", f"Draw all anew for {price}")
    if count == 1:
        return RepeatView("You have this very picture. It comes again at no charge.", f"Draw it anew for {price}", is_all=True)
    return RepeatView("You have these very pictures. They come again at no charge.", f"Draw them anew for {price}", is_all=True)
