"""The state of text and logos over the picture on /image/{id}: the logos there are, and asking for the new picture."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import reflex as rx
from typing_extensions import TypedDict

from pixelstudio.core.errors import Invalid
from pixelstudio.features.generation.overlays import lay_over
from pixelstudio.features.images.pictures import page_of
from pixelstudio.features.images.uploads import uploads_of
from pixelstudio.imaging.overlay import Overlay
from pixelstudio.ui import formats
from pixelstudio.ui.image.image_state import ImageState
from pixelstudio.ui.session import Notices, guarded

if TYPE_CHECKING:
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.studio import Studio

UPLOADS_SHOWN: Final = 8
PICTURES_SHOWN: Final = 16
TITLE_MAX: Final = 40
_NUMBER: Final = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,2})?")


class OverlayFields(TypedDict, total=False):
    """The form as the browser sends it: texts, and nothing for what is not chosen."""

    kind: str
    text: str
    logo: str
    place: str
    size: str
    opacity: str
    rotation: str
    colour: str


@dataclass(frozen=True, slots=True)
class LogoChoice:
    """A picture that may be the logo; `small` is shown in the list, `src` laid over the preview."""

    id: str
    title: str
    small: str
    src: str


class OverlayState(Notices, rx.State):
    """What may be laid over the picture. The choices themselves are the browser's until they are sent."""

    logos: list[LogoChoice] = []  # noqa: RUF012  # Reflex copies defaults per state
    """What was brought first, then the newest pictures."""
    chosen: str = ""
    laid: int = 0
    """Grows with each one that was taken, so that the dialog closes."""

    @guarded("member")
    async def open_overlay(self, studio: Studio, actor: Actor) -> Any:
        """Show what may be the logo."""
        await self._show(studio, actor, self.chosen)

    @guarded("member", logo=str)
    async def take_logo(self, studio: Studio, actor: Actor, *, logo: str) -> Any:
        """A logo was brought: choose it."""
        await self._show(studio, actor, logo)

    async def _show(self, studio: Studio, actor: Actor, wanted: str) -> None:
        """What may be the logo; chosen is the wanted one if it is among them."""
        self.notice = None
        async with studio.db.reader() as reader:
            brought = await uploads_of(reader, "logo", actor, UPLOADS_SHOWN)
            pictures = (await page_of(reader, actor, limit=PICTURES_SHOWN)).items
        self.logos = [
            *(
                LogoChoice(one.id, f"Your logo of {formats.size(one.width, one.height)}", *(f"/media/uploads/{one.id}",) * 2)
                for one in brought
            ),
            *(
                LogoChoice(one.id, formats.clipped(one.prompt, TITLE_MAX), f"/media/{one.id}/256", f"/media/{one.id}/1024")
                for one in pictures
            ),
        ]
        ids = [choice.id for choice in self.logos]
        self.chosen = wanted if wanted in ids else next(iter(ids), "")

    @guarded("member", form=OverlayFields)
    async def lay_over(self, studio: Studio, actor: Actor, *, form: OverlayFields) -> Any:
        """Ask for the new picture. The page says when it hangs."""
        overlay = _asked(form)
        page = await self.get_state(ImageState)
        async with studio.db.transaction() as tx:
            view = await lay_over(tx, studio, page._asked(), overlay, by=actor)  # noqa: SLF001  # a public method of a state would be open to browsers
        self.notice = None
        self.laid += 1
        page._expect(view.id)  # noqa: SLF001  # as above


def _asked(form: OverlayFields) -> Overlay:
    """The overlay a form stands for. Raises `Invalid` where a text is no number; what a number may be, `checked` says."""
    is_text = form.get("kind") != "logo"
    numbers = {name: _number(form.get(name, ""), name) for name in ("size", "opacity", "rotation")}
    return Overlay(
        form.get("text", "") if is_text else "",
        form.get("place", ""),  # pyright: ignore[reportArgumentType]  # `checked` knows the nine
        colour=form.get("colour", ""),
        logo="" if is_text else form.get("logo", ""),
        **numbers,
    )


def _number(text: str, field: str) -> float:
    if not _NUMBER.fullmatch(text):
        raise Invalid("Choose a number here.", code=f"overlay_{field}", field=field)
    return float(text)
