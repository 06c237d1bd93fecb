"""Remixes: what was changed, in words, and told to those alone who are led to the parent."""

from __future__ import annotations

import pytest

from pixelstudio.features.gallery.lineage import lineage_of
from pixelstudio.features.gallery.posts import PostForm, publish
from pixelstudio.features.gallery.remixes import ChangedSetting, Making, remix, remix_in
from pixelstudio.features.images.pictures import image_for
from pixelstudio.features.prompts.changes import Change
from tests.factories import a_post, a_user, done
from tests.features.gallery.test_lineage import made_from

SETTINGS = {"Without": "", "Style": "Dusk", "Seed": "7", "Goes by": "one", "Strength": "60 %"}


def test_words_are_told_only_where_some_changed():
    assert remix(Making("a red mug", SETTINGS), Making("a red mug", SETTINGS)).words == ()
    assert remix(Making("a red mug", SETTINGS), Making("a blue mug", SETTINGS)).words == (
        Change("same", "a"),
        Change("gone", " red"),
        Change("new", " blue"),
        Change("same", " mug"),
    )


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({}, []),
        ({"Seed": "", "Style": ""}, [("Style", "Dusk", "none"), ("Seed", "7", "new")]),
        ({"Without": "people"}, [("Without", "nothing", "people")]),
        ({"Goes by": "other"}, [("Goes by", "a picture", "another picture")]),
        ({"Strength": ""}, [("Strength", "60 %", "usual")]),
        ({"Goes by": "", "Strength": ""}, [("Goes by", "a picture", "no picture")]),
    ],
)
def test_settings_are_told_as_they_were_and_as_they_are(settings, told):
    changed = remix(Making("a mug", SETTINGS), Making("a mug", {**SETTINGS, **settings})).settings

    assert changed == tuple(ChangedSetting(*one) for one in told)


async def test_what_was_changed_is_told_as_far_as_the_viewer_is_led(studio):
    ines, omar = await a_user(studio.db, "ines"), await a_user(studio.db, "omar")
    parent = await a_post(studio, ines, prompt="a red mug")
    child = await made_from(studio, parent, await a_post(studio, omar, prompt="a blue mug"), omar)

    async def told(viewer):
        async with studio.db.reader() as reader:
            image = await image_for(reader, viewer, child)
            changed = await remix_in(reader, viewer, await lineage_of(reader, viewer, image), image, studio.providers)
        return changed and [(one.kind, one.words) for one in changed.words if one.kind != "same"]

    assert [await told(viewer) for viewer in (None, ines, omar)] == [[("gone", " red"), ("new", " blue")]] * 3
    await done(studio, publish, parent, PostForm(showing="link"), by=ines)
    assert [await told(viewer) for viewer in (None, ines, omar)] == [None, [("gone", " red"), ("new", " blue")], None]
