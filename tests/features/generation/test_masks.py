"""A mask: a part of the picture to go by is drawn anew. One's own only, for that picture only, in each provider's own form."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import delete
from sqlmodel import col

from pixelstudio.core.errors import Invalid
from pixelstudio.features.generation.materials import materials_for
from pixelstudio.features.generation.reasons import SAME_UNDER_WAY
from pixelstudio.features.generation.requests import checked
from pixelstudio.features.generation.retries import retry
from pixelstudio.features.generation.standing import set_of
from pixelstudio.features.generation.tables import GenerationRow
from pixelstudio.features.images.tables import UploadRow
from tests.contracts.providers import BY_NAME, wanted_at
from tests.factories import PricedSketch, a_request, a_studio, a_true_image, a_user, an_image
from tests.features.images.test_uploads import kept
from tests.paying import asked, ended


def a_mask(size=(64, 48)):
    """White on the right half."""
    out = io.BytesIO()
    mask = Image.new("L", size)
    mask.paste(255, (size[0] // 2, 0, *size))
    mask.save(out, "PNG")
    return out.getvalue()


@pytest.fixture(params=["a1111", "openai", "comfyui"])
async def house(request, database, clock, children, stand_in):
    """A studio whose provider takes masks, that provider's name, and its first model."""
    async with BY_NAME[request.param].opened(wanted_at(stand_in)) as provider:
        model = next(model for model in provider.models if model.supports_mask)
        yield a_studio(database, clock, children, provider), request.param, model.id


async def painted(studio, by):
    """An own picture, and a mask of it."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (200, 90, 60)).save(out, "PNG")
    picture = await a_true_image(studio, by, out.getvalue())
    return picture, await kept(studio, by, a_mask(), "mask", picture)


async def row_of(studio, view):
    async with studio.db.reader() as reader:
        row = await reader.get(GenerationRow, view.id)
    assert row
    return row


async def test_a_mask_reaches_the_provider_in_its_own_form_and_the_picture_comes(house, clock, stand_in):
    """The stand-in of OpenAI refuses a mask without alpha, and one that is not as large as the picture."""
    studio, name, model = house
    ines = await a_user(studio.db, credits=10)
    picture, mask = await painted(studio, ines)
    stand_in.clear()

    view = await ended(studio, ines, clock, model=model, reference=picture, mask=mask)

    sent = stand_in.requests()
    given = await materials_for(studio, await row_of(studio, view))
    fitted = Image.open(io.BytesIO(given.mask or b""))
    assert [slot.state for slot in view.slots] == ["done"]
    assert "a part anew" in view.facts
    assert (view.tuning.reference, view.tuning.mask) == (picture, mask)
    assert fitted.size == (64, 48)
    if name == "openai":
        (request,) = [request for request in sent if request["path"].endswith("/images/edits")]
        assert ["mask", len(given.mask or b"")] in request["parts"]
        alpha = np.asarray(fitted)[..., 3]
        assert (alpha[:, :32].min(), alpha[:, 32:].max()) == (255, 0)
        return
    light = np.asarray(fitted)
    assert (fitted.mode, light[:, :32].max(), light[:, 32:].min()) == ("L", 0, 255)
    if name == "a1111":
        (request,) = [request for request in sent if request["path"].endswith("img2img")]
        assert request["json"]["mask"]
    else:
        graph = next(request["json"]["prompt"] for request in sent if request["path"].endswith("/prompt"))
        assert graph["masked"]["class_type"] == "SetLatentNoiseMask"


@pytest.fixture
async def desk(database, clock, children, stand_in):
    """A studio whose web UI takes masks, beside sketches that take none; and the web UI's first model."""
    async with BY_NAME["a1111"].opened(wanted_at(stand_in)) as provider:
        yield a_studio(database, clock, children, provider, PricedSketch(children)), provider.models[0].id


async def test_somebody_elses_mask_and_that_of_another_picture_are_refused(desk):
    studio, model = desk
    ines, omar = await a_user(studio.db), await a_user(studio.db, "omar")
    picture, mask = await painted(studio, ines)
    his, _ = await painted(studio, omar)
    other, logo = await an_image(studio, ines), await kept(studio, ines)

    for by, reference, named in ((omar, his, mask), (ines, other, mask), (ines, picture, logo), (ines, picture, "nothing")):
        with pytest.raises(Invalid) as refusal:
            await asked(studio, by, model=model, reference=reference, mask=named)
        assert (refusal.value.code, refusal.value.field) == ("mask_gone", "mask")


async def test_a_mask_without_its_picture_and_a_model_without_masks_say_why(desk):
    studio, model = desk

    for changes, code in (
        ({"model": model, "width": 1024, "height": 1024, "mask": "m"}, "mask_without_reference"),
        ({"mask": "m"}, "mask_not_supported"),
    ):
        with pytest.raises(Invalid) as refusal:
            checked(a_request(**changes), studio.providers)
        assert (refusal.value.code, refusal.value.field) == (code, "mask")


async def test_a_mask_that_is_gone_meanwhile_is_said_and_not_drawn_without(desk, clock, stand_in):
    studio, model = desk
    ines = await a_user(studio.db)
    picture, mask = await painted(studio, ines)
    stand_in.clear()

    view = await asked(studio, ines, model=model, reference=picture, mask=mask)
    async with studio.db.transaction() as tx:
        await tx.exec(delete(UploadRow).where(col(UploadRow.id) == mask))
    await ended(studio, ines, clock, model=model)  # the one before ends first

    async with studio.db.reader() as reader:
        first = await set_of(reader, studio, ines, view.id)
    assert "Paint it anew" in first.slots[0].sentence
    assert not [request for request in stand_in.requests() if request["path"].endswith("img2img")]


async def test_asking_again_asks_with_the_same_mask(desk, clock, stand_in):
    studio, model = desk
    ines = await a_user(studio.db)
    picture, mask = await painted(studio, ines)
    stand_in.script({"fault": "invalid"})

    failed = await ended(studio, ines, clock, model=model, reference=picture, mask=mask)
    async with studio.db.transaction() as tx:
        again = await retry(tx, studio, failed.id, 0, by=ines)

    assert (await row_of(studio, again)).mask_id == mask


async def test_the_same_words_and_seed_with_another_mask_are_another_picture(database, clock, children, stand_in):
    """Its model costs something and takes a seed, so that the very same wish is drawn once."""
    async with BY_NAME["a1111"].opened(wanted_at(stand_in)) as provider:
        provider.models = tuple(replace(model, price_credits=1) for model in provider.models)
        studio = a_studio(database, clock, children, provider)
        ines, model = await a_user(studio.db, credits=20), provider.models[0].id
        picture, mask = await painted(studio, ines)
        other = await kept(studio, ines, b"another mask", "mask", picture)

        wish = {"model": model, "reference": picture, "seed": 7}
        sets = [await asked(studio, ines, **wish, mask=named) for named in (mask, other, "", mask)]

    assert [view.slots[0].sentence == SAME_UNDER_WAY for view in sets] == [False, False, False, True]
