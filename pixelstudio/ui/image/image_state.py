"""The state of /image/{id}: one picture, its recipe, what leads on from it, and what its owner does with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final

import reflex as rx

from pixelstudio.core.events import Event
from pixelstudio.features.gallery.lineage import lineage_of, tuning_for
from pixelstudio.features.gallery.remixes import remix_in
from pixelstudio.features.generation.events import PictureDrawn, SlotEnded
from pixelstudio.features.generation.overlays import overlay_of
from pixelstudio.features.generation.standing import set_of
from pixelstudio.features.generation.views import Tuning
from pixelstudio.features.images import curation, pictures
from pixelstudio.features.images.events import ImageDeleted, ImageFavourited, ImageRated, ImageRestored, ImageVisibilityChanged
from pixelstudio.features.images.neighbours import neighbours_of
from pixelstudio.features.images.ratings import is_veiled
from pixelstudio.ui.image.views import Beside, Facts, beside_of, facts_of
from pixelstudio.ui.library.library_state import LibraryState
from pixelstudio.ui.live import Live
from pixelstudio.ui.notices import NoticeView
from pixelstudio.ui.pictures import PictureView, picture_view
from pixelstudio.ui.session import guarded, safe_path
from pixelstudio.ui.throwing import thrown_away

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Reader
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.images.views import ImageView
    from pixelstudio.imaging.overlay import Overlay
    from pixelstudio.studio import Studio

NO_TITLE: Final = "Picture · Pixel Studio"
_HEEDED: Final = (PictureDrawn, ImageDeleted, ImageRestored, ImageVisibilityChanged, ImageFavourited, ImageRated)


class ImageState(Live, rx.State):
    """One picture as this visitor may see it; somebody else's private one is the same as none."""

    picture: PictureView | None = None
    facts: Facts = Facts()
    beside: Beside = Beside()
    is_loaded: bool = False
    is_member: bool = False
    """Whether the visitor has a library to go back to."""
    is_mine: bool = False
    is_public: bool = False
    is_favourite: bool = False
    is_in_trash: bool = False
    """It was put there on this very page: it stays in sight until the page is left, so that this can be undone."""
    veil: str = ""
    """The rating of a picture this visitor does not come across unasked; of the picture nothing is sent until they ask for it."""
    title: str = NO_TITLE
    """Of the browser's tab."""

    _lifted: str = ""
    _overlaid: str = ""
    """The set that is this picture with something over it, while its end is waited for; then the picture."""

    _members_only: ClassVar[bool] = False

    @guarded("anyone")
    async def begin(self, studio: Studio, actor: Actor | None) -> Any:
        """From one picture to the next at once: its wall must not light another one, nor stay dark in between."""
        if self.picture and (self.is_in_trash or self.picture.id != self._asked()):
            self.is_in_trash, self.notice = False, None
            await self._snapshot(studio, actor)

    @guarded("member")
    async def lift_veil(self, studio: Studio, actor: Actor) -> Any:
        """Show this one picture all the same."""
        self._lifted = self._asked()
        await self._snapshot(studio, actor)

    @guarded("member", favourite=bool)
    async def set_favourite(self, studio: Studio, actor: Actor, *, favourite: bool) -> Any:
        """Put the picture among the favourites, or take it out."""
        async with studio.db.transaction() as tx:
            await curation.set_favourite(tx, self._asked(), favourite, by=actor)
        self.is_favourite = favourite

    @guarded("member")
    async def move_to_trash(self, studio: Studio, actor: Actor) -> Any:
        """Put the picture into the trash; also off the walls this tab has seen, which are shown again before they are loaded."""
        image_id = self._asked()
        async with studio.db.transaction() as tx:
            said = await thrown_away(tx, image_id, by=actor)
        self.is_in_trash = True
        self.notice = NoticeView("note", said, "trashed", action="Undo")
        (await self.get_state(LibraryState))._forget({image_id})  # noqa: SLF001  # a public method of a state would be open to browsers

    @guarded("member")
    async def undo(self, studio: Studio, actor: Actor) -> Any:
        """Take the picture back from the trash, as visible as it was."""
        async with studio.db.transaction() as tx:
            await curation.restore(tx, self._asked(), by=actor)
        self.is_in_trash, self.notice = False, None
        await self._snapshot(studio, actor)

    @guarded("member")
    async def act_on_notice(self, _studio: Studio, _actor: Actor) -> Any:
        """What the button of the notice does: take the picture back, or go to the new one."""
        if self.notice is None or self.notice.code != "overlaid":
            return ImageState.undo
        self.notice = None
        return rx.redirect(f"/image{safe_path(f'/{self._overlaid}')}")

    def _expect(self, generation_id: str) -> None:
        self._overlaid = generation_id
        self.notice = NoticeView("note", "The new picture is being made. This one stays as it is.", "overlay_asked")

    async def _tell_of_overlay(self, studio: Studio, actor: Actor, event: Event) -> None:
        """Say what became of the picture with something over it."""
        if isinstance(event, PictureDrawn) and event.generation_id == self._overlaid:
            self._overlaid = event.image_id
            self.notice = NoticeView("note", "The new picture hangs beside this one.", "overlaid", action="Open")
        elif isinstance(event, SlotEnded) and event.generation_id == self._overlaid:
            async with studio.db.reader() as reader:
                view = await set_of(reader, studio, actor, event.generation_id)
            self._overlaid = ""
            self.notice = NoticeView("error", view.slots[0].sentence, "overlay_failed")

    async def _snapshot(self, studio: Studio, actor: Actor | None) -> None:
        image_id = self._asked()
        async with studio.db.reader() as reader:
            image = (await pictures.images_by_id(reader, actor, [image_id])).get(image_id)
            is_hidden = image is not None and self._lifted != image_id and is_veiled(image, actor)
            self.veil = image.rating if image and is_hidden else ""
            image = None if is_hidden else image
            overlay = await overlay_of(reader, image.generation_id) if image else None
            tuning = await tuning_for(reader, actor, image) if image else Tuning()
            beside = await self._beside(reader, studio, actor, image) if image else Beside()
        self.is_member = actor is not None and not actor.is_guest
        if image:
            self._show(studio, image, tuning, beside, overlay)
        elif not self.is_in_trash:
            self.picture, self.facts, self.beside, self.title = None, Facts(), Beside(), NO_TITLE
            self.is_mine = self.is_public = self.is_favourite = False
        self.is_loaded = True

    async def _apply(self, studio: Studio, actor: Actor, events: Sequence[Event]) -> None:
        for event in events:
            await self._tell_of_overlay(studio, actor, event)
        if any(isinstance(event, _HEEDED) for event in events):
            await self._snapshot(studio, actor)

    async def _beside(self, reader: Reader, studio: Studio, actor: Actor | None, image: ImageView) -> Beside:
        """What leads on from the picture, and what it changed of the one it was made from."""
        lineage = await lineage_of(reader, actor, image)
        changed = await remix_in(reader, actor, lineage, image, studio.providers)
        return beside_of(await neighbours_of(reader, actor, image), lineage, image, changed)

    def _show(self, studio: Studio, image: ImageView, tuning: Tuning, beside: Beside, overlay: Overlay | None) -> None:
        """Show the picture as it is now. What has not changed is not sent again."""
        model = next((model for model in studio.providers.models() if model.id == image.model), None)
        facts = facts_of(image, tuning, model, overlay)
        for name, value in (("picture", picture_view(image)), ("facts", facts), ("beside", beside)):
            if getattr(self, name) != value:
                setattr(self, name, value)
        self.title = f"{facts.title} · Pixel Studio"
        self.is_mine, self.is_public = image.is_mine and self.is_member, image.visibility == "public"
        self.is_favourite, self.is_in_trash = image.is_favourite, False

    def _asked(self) -> str:
        """The id in the address; whoever sends it chose it."""
        return self.router.url.path.rstrip("/").rsplit("/", 1)[-1]
