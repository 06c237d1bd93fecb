"""A picture to go by: one's own only, for models that take one, and never dropped silently."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from pixelstudio.core.errors import Invalid, NotFound
from pixelstudio.features.generation.requests import checked
from pixelstudio.features.generation.retries import retry
from pixelstudio.features.generation.standing import set_of
from pixelstudio.features.generation.tables import GenerationRow
from pixelstudio.features.images.pictures import delete
from tests.contracts.providers import BY_NAME, wanted_at
from tests.factories import a_request, a_studio, a_user, an_image
from tests.paying import asked, ended


def _picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (200, 90, 60)).save(out, "WEBP")
    return out.getvalue()


@pytest.fixture
async def house(database, clock, children, stand_in):
    """A studio whose provider is a web UI, and its first model."""
    async with BY_NAME["a1111"].opened(wanted_at(stand_in)) as provider:
        yield a_studio(database, clock, children, provider), provider.models[0].id


async def test_an_own_picture_reaches_the_provider_with_what_else_was_chosen(house, clock, stand_in):
    studio, model = house
    ines = await a_user(studio.db)
    own = await an_image(studio, ines, renditions=_picture())

    view = await ended(studio, ines, clock, model=model, reference=own, strength=0.3, steps=9, guidance=4.5)

    (sent,) = [request["json"] for request in stand_in.requests() if request["path"].endswith("img2img")]
    assert (sent["denoising_strength"], sent["steps"], sent["cfg_scale"]) == (0.3, 9, 4.5)
    assert [slot.state for slot in view.slots] == ["done"]


@pytest.mark.parametrize("is_public", [False, True])
async def test_somebody_elses_picture_is_as_if_it_were_not_there(house, is_public):
    studio, model = house
    theirs = await an_image(studio, await a_user(studio.db, "omar"), is_public=is_public)
    ines = await a_user(studio.db)

    with pytest.raises(NotFound):
        await asked(studio, ines, model=model, reference=theirs)


async def test_what_was_thrown_away_meanwhile_is_said_and_not_drawn_without(house, clock, stand_in):
    studio, model = house
    ines = await a_user(studio.db)
    own = await an_image(studio, ines, renditions=_picture())
    stand_in.clear()

    view = await asked(studio, ines, model=model, reference=own)
    async with studio.db.transaction() as tx:
        await delete(tx, own, by=ines)
    await ended(studio, ines, clock, model=model)  # the one before ends first

    async with studio.db.reader() as reader:
        first = await set_of(reader, studio, ines, view.id)
    assert "thrown away" in first.slots[0].sentence
    assert not [request for request in stand_in.requests() if request["path"].endswith("img2img")]


async def test_asking_again_asks_for_the_same(house, clock, stand_in):
    studio, model = house
    ines = await a_user(studio.db)
    own = await an_image(studio, ines, renditions=_picture())
    stand_in.script({"fault": "invalid"})

    failed = await ended(studio, ines, clock, model=model, reference=own, strength=0.3, steps=9)
    async with studio.db.transaction() as tx:
        again = await retry(tx, studio, failed.id, 0, by=ines)

    assert (again.count, again.model) == (1, model)
    row = await _row(studio, again.id)
    assert (row.reference_id, row.strength, row.steps) == (own, 0.3, 9)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"steps": 0}, "steps"),
        ({"steps": True}, "steps"),
        ({"guidance": float("nan")}, "guidance"),
        ({"guidance": 99.0}, "guidance"),
        ({"strength": 1.5}, "strength"),
    ],
)
async def test_numbers_out_of_range_are_refused_by_field(house, changes, field):
    studio, model = house

    with pytest.raises(Invalid) as refusal:
        checked(a_request(model=model, width=1024, height=1024, **changes), studio.providers)

    assert refusal.value.field == field


async def test_a_model_that_draws_from_words_alone_says_so(studio):
    ines = await a_user(studio.db)
    own = await an_image(studio, ines)

    with pytest.raises(Invalid, match="words alone") as refusal:
        await asked(studio, ines, model="sketch-paper", width=256, height=256, reference=own)

    assert refusal.value.field == "reference"


async def _row(studio, generation_id):
    async with studio.db.reader() as reader:
        return await reader.get(GenerationRow, generation_id)
