"""What the gallery tells of one picture: what it changed of the one it was made from."""

from __future__ import annotations

from pixelstudio.features.images.pictures import set_visibility
from tests.api.serving import a_browser
from tests.factories import a_cookie, a_post, a_user, done
from tests.features.gallery.test_lineage import made_from


async def test_what_a_remix_changed_is_told_to_whoever_is_led_to_its_parent(studio, address):
    ines, omar = await a_user(studio.db, "ines"), await a_user(studio.db, "omar")
    parent = await a_post(studio, ines, prompt="a red mug")
    child = await made_from(studio, parent, await a_post(studio, omar, prompt="a blue mug"), omar)
    path = f"/api/gallery/remixes/{child}"

    async with a_browser(address) as stranger, a_browser(address, await a_cookie(studio.db, ines.id)) as maker:
        told = (await stranger.get(path)).json()
        assert told["words"][1:3] == [{"kind": "gone", "words": " red"}, {"kind": "new", "words": " blue"}]
        assert told["settings"] == []
        assert (await stranger.get(f"/api/gallery/remixes/{parent}")).json() == {}

        await done(studio, set_visibility, parent, "private", by=ines)
        assert (await stranger.get(path)).json() == {}
        assert (await maker.get(path)).json() == told
