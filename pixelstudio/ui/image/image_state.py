"""The state of /image/{id}: one picture, its recipe, and what its owner does with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import reflex as rx

from pixelstudio.features.images import pictures
from pixelstudio.ui.create.create_state import CreateState
from pixelstudio.ui.image.views import Facts, facts_of
from pixelstudio.ui.library.library_state import LibraryState
from pixelstudio.ui.live import Live
from pixelstudio.ui.pictures import PictureView, picture_view
from pixelstudio.ui.session import guarded

if TYPE_CHECKING:
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.images.views import ImageView
    from pixelstudio.studio import Studio


class ImageState(Live, rx.State):
    """One picture as this visitor may see it; somebody else's private one is the same as none."""

    picture: PictureView | None = None
    facts: Facts = Facts()
    is_loaded: bool = False
    is_mine: bool = False
    is_public: bool = False
    title: str = "Picture · Pixel Studio"
    """Of the browser's tab."""

    _members_only: ClassVar[bool] = False

    @guarded("anyone")
    async def begin(self, _studio: Studio, _actor: Actor | None) -> Any:
        """Forget the picture shown before: its wall must not light another one."""
        if self.picture and self.picture.id != self._asked():
            self.picture, self.is_loaded = None, False

    @guarded("member", public=bool)
    async def set_public(self, studio: Studio, actor: Actor, *, public: bool) -> Any:
        """Show the picture to everybody with its link, or to nobody else."""
        async with studio.db.transaction() as tx:
            image = await pictures.set_visibility(tx, self._asked(), "public" if public else "private", by=actor)
        self._show(studio, image)

    @guarded("member")
    async def delete(self, studio: Studio, actor: Actor) -> Any:
        """Take the picture away, for good; also from this page and the walls this tab has seen, shown again before they are loaded."""
        image_id = self._asked()
        async with studio.db.transaction() as tx:
            await pictures.delete(tx, image_id, by=actor)
        self.picture, self.is_loaded = None, False
        (await self.get_state(LibraryState))._forget({image_id})  # noqa: SLF001  # a public method of a state would be open to browsers
        (await self.get_state(CreateState))._forget(image_id)  # noqa: SLF001  # as above
        return rx.redirect("/library")

    async def _snapshot(self, studio: Studio, actor: Actor | None) -> None:
        image_id = self._asked()
        async with studio.db.reader() as reader:
            found = await pictures.images_by_id(reader, actor, [image_id])
        self.picture = None
        if image_id in found:
            self._show(studio, found[image_id])
        self.is_loaded = True

    def _show(self, studio: Studio, image: ImageView) -> None:
        model = next((model for model in studio.providers.models() if model.id == image.model), None)
        self.picture = picture_view(image)
        self.facts = facts_of(image, model, studio.clock.now())
        self.title = f"{self.facts.title} · Pixel Studio"
        self.is_mine, self.is_public = image.is_mine, image.visibility == "public"

    def _asked(self) -> str:
        """The id in the address; whoever sends it chose it."""
        return self.router.url.path.rstrip("/").rsplit("/", 1)[-1]
