"""Proofs: what guests without an account think of pictures, heard by whoever made the collection, and by nobody else."""

from __future__ import annotations

import json

import pytest

from pixelstudio.core import limits
from pixelstudio.core.errors import Conflict, Invalid, NotFound, TooMany
from pixelstudio.features.belongings.export import exported
from pixelstudio.features.gallery.collections import CollectionForm, create, set_collected
from pixelstudio.features.gallery.events import ProofGiven
from pixelstudio.features.gallery.links import LinkForm, make_link, revoke_link
from pixelstudio.features.gallery.proofs import Opinion, give, proofs_by, proofs_in
from pixelstudio.features.notifications.inbox import inbox_of
from pixelstudio.features.wording.blocked import block_word
from tests.factories import a_maintainer, a_post, a_user, an_image, done


@pytest.fixture
async def proofing(studio):
    """Who asks for opinions, the collection, a picture in it, and the link."""
    ines = await a_user(studio.db, "ines")
    image_id = await an_image(studio, ines)
    collection_id = await done(studio, create, CollectionForm(title="Coast"), by=ines)
    await done(studio, set_collected, collection_id, image_id, True, by=ines)
    link = await done(studio, make_link, collection_id, LinkForm(is_proofing=True, shows_private=True), by=ines)
    return ines, collection_id, image_id, link


async def told(studio, by, collection_id):
    async with studio.db.reader() as reader:
        return [(one.guest, one.is_loved, one.verdict, one.words) for one in await proofs_in(reader, by, collection_id)]


async def test_an_opinion_takes_the_place_of_the_one_before_and_its_owner_hears_each(studio, proofing, bus):
    ines, collection_id, image_id, link = proofing
    with bus.subscribe(f"user:{ines.id}") as heard:
        for opinion in (Opinion(is_loved=True), Opinion(is_loved=True, verdict="changes", words=" Warmer,  please. ")):
            await done(studio, give, link.secret, image_id, "Anna Berg", opinion)
        await done(studio, give, link.secret, image_id, "anna berg", Opinion(verdict="approved"))
        await done(studio, give, link.secret, image_id, "Tom", Opinion(is_loved=True))
        assert [event.image_id for event in heard.take() if isinstance(event, ProofGiven)] == [image_id] * 4

    assert sorted(await told(studio, ines, collection_id)) == [("Tom", True, "", ""), ("anna berg", False, "approved", "")]
    async with studio.db.reader() as reader:
        assert [one.guest for one in await proofs_by(reader, link.secret, "ANNA berg")] == ["anna berg"]
        lines = (await inbox_of(reader, ines)).items
    assert sorted((line.kind, line.about_id, line.words) for line in lines) == [
        ("proof", collection_id, "Anna Berg: Coast"),
        ("proof", collection_id, "Tom: Coast"),
    ]


async def test_nobody_is_heard_by_a_link_that_only_shows_is_revoked_or_shows_another_picture(studio, proofing):
    ines, collection_id, image_id, link = proofing
    plain = await done(studio, make_link, collection_id, LinkForm(shows_private=True), by=ines)
    without = await done(studio, make_link, collection_id, LinkForm(is_proofing=True), by=ines)
    elsewhere = await a_post(studio, ines)

    for secret, asked in (
        (plain.secret, image_id),
        (without.secret, image_id),
        (link.secret, elsewhere),
        (link.secret, "x"),
        ("", image_id),
    ):
        with pytest.raises(NotFound):
            await done(studio, give, secret, asked, "Anna", Opinion())
    await done(studio, revoke_link, link.view.id, by=ines)
    with pytest.raises(NotFound):
        await done(studio, give, link.secret, image_id, "Anna", Opinion())
    assert await told(studio, ines, collection_id) == []


async def test_words_and_names_have_bounds_and_are_moderated(studio, proofing):
    _, _, image_id, link = proofing
    await done(studio, block_word, "shoddy", by=await a_maintainer(studio.db))

    for guest, opinion, field in (
        (" ", Opinion(), "guest"),
        ("...", Opinion(), "guest"),
        ("x" * (limits.PROOF_NAME_MAX + 1), Opinion(), "guest"),
        ("Mr Shoddy", Opinion(), "guest"),
        ("Anna", Opinion(words="How shoddy"), "words"),
        ("Anna", Opinion(words="x" * (limits.PROOF_WORDS_MAX + 1)), "words"),
        ("Anna", Opinion(verdict="rejected"), "verdict"),
    ):
        with pytest.raises(Invalid) as refused:
            await done(studio, give, link.secret, image_id, guest, opinion)
        assert refused.value.field == field


async def test_so_many_opinions_a_minute_and_so_many_guests_a_link(studio, proofing, monkeypatch):
    _, _, image_id, link = proofing
    monkeypatch.setattr(limits, "PROOF_NAMES_MAX", 1)
    await done(studio, give, link.secret, image_id, "Anna", Opinion())
    with pytest.raises(Conflict):
        await done(studio, give, link.secret, image_id, "Tom", Opinion())

    monkeypatch.setattr(limits, "PROOFS_PER_MINUTE", 1)
    with pytest.raises(TooMany):
        await done(studio, give, link.secret, image_id, "Anna", Opinion())


async def test_a_stranger_reads_none_of_it(studio, proofing):
    _, collection_id, image_id, link = proofing
    omar = await a_user(studio.db, "omar")
    await done(studio, give, link.secret, image_id, "Anna", Opinion(words="Only for her"))

    assert await told(studio, omar, collection_id) == []
    async with studio.db.reader() as reader:
        assert await proofs_by(reader, link.secret, "Tom") == []


async def test_whoever_asked_takes_all_opinions_along_in_their_export_and_nobody_else_does(studio, proofing):
    ines, _, image_id, link = proofing
    await done(studio, give, link.secret, image_id, "Anna", Opinion(is_loved=True, words="Warmer"))
    await done(studio, give, link.secret, image_id, "Tom", Opinion(verdict="approved"))
    omar = await a_user(studio.db, "omar")

    async def opinions(by):
        files = {file.name: b"".join([piece async for piece in file.pieces]) async for file in exported(studio, by)}
        return json.loads(files["opinions.json"])

    assert await opinions(omar) == []
    told = {one["guest"]: one for one in await opinions(ines)}
    assert (told["Anna"]["is_loved"], told["Anna"]["words"], told["Anna"]["collection"]) == (True, "Warmer", "Coast")
    assert (told["Tom"]["verdict"], told["Tom"]["image_id"]) == ("approved", image_id)
    assert link.secret not in json.dumps(told)
