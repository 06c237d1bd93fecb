"""What every provider promises, run against each of them."""

from __future__ import annotations

import io
from contextlib import aclosing

import pytest
from PIL import Image
from pydantic import SecretStr

from pixelstudio.core import limits
from pixelstudio.core.errors import Invalid
from pixelstudio.imaging.children import ChildPool
from pixelstudio.net.client import Client
from pixelstudio.providers.contract import DrawRequest, Handle, Provider
from pixelstudio.providers.errors import ProviderError
from pixelstudio.providers.openai.catalogue import OFFERS
from pixelstudio.providers.openai.provider import Account, OpenAIImages
from pixelstudio.providers.sketch.provider import SketchProvider
from tests.courier import Courier


@pytest.fixture(params=["sketch", "openai", "courier"])
async def provider(request):
    if request.param == "sketch":
        children = ChildPool(size=1, urgent_size=0)
        yield SketchProvider(children)
        await children.close()
    elif request.param == "courier":  # the tests' own, so that what they prove of it holds for others
        children = ChildPool(size=1, urgent_size=0)
        yield Courier(children, delivery="stream", idempotency="key")
        await children.close()
    else:
        client = Client()
        base_url = request.getfixturevalue("stand_in").base_url
        yield OpenAIImages(client, Account(provider="openai", maker="OpenAI", base_url=base_url, key=SecretStr("sk-test")), OFFERS)
        await client.close()


def _request(provider: Provider, **changes):
    model = provider.models[0]
    side = 256 if model.any_size else 1024
    values = {"prompt": "a small boat", "negative_prompt": "", "seed": 4, "width": side, "height": side}
    return DrawRequest(model.id, **{**values, **changes})


async def test_rows_speak_for_this_provider_and_keep_within_the_bounds(provider):
    assert provider.models
    for model in provider.models:
        assert model.provider == provider.name
        assert model.title
        assert model.price_credits >= 0
        assert model.price_of(3) == 3 * model.price_credits
        assert 1 <= model.images_per_call <= model.max_images <= limits.IMAGES_MAX
        assert model.prompt_max <= limits.PROMPT_MAX
        assert model.lane_concurrency >= 1
        assert model.supports_negative_prompt or model.why_no_negative_prompt.endswith(".")
        assert model.supports_seed or model.why_no_seed.endswith(".")


async def test_every_size_offered_has_words_and_is_drawn(provider):
    for model in provider.models:
        assert model.sizes
        for size in model.sizes:
            assert size.label
            assert model.draws(size.width, size.height)
            assert all(limits.SIDE_MIN <= side <= limits.SIDE_MAX for side in (size.width, size.height))


async def test_a_picture_comes_with_its_steps_and_then_as_a_file_of_the_right_size(provider):
    width, height, _ = provider.models[0].sizes[-1]
    handle = await provider.submit(_request(provider, width=width, height=height))

    steps = [step async for step in provider.progress(handle)]
    standing = await provider.poll(handle)
    (data,) = await provider.fetch(handle)

    assert [step.step for step in steps] == sorted({step.step for step in steps})
    assert all(1 <= step.step <= step.steps for step in steps)
    assert standing == "done"
    assert Image.open(io.BytesIO(data)).size == (width, height)


async def test_fetch_waits_for_the_picture_when_nobody_listened(provider):
    handle = await provider.submit(_request(provider))

    pictures = await provider.fetch(handle)

    assert len(pictures) == 1


async def test_the_same_seed_gives_the_same_file_where_seeds_are_supported(provider):
    one, other = [await provider.fetch(await provider.submit(_request(provider))) for _ in range(2)]

    assert one == other or not provider.models[0].supports_seed


async def test_a_cancelled_drawing_ends_without_a_picture(provider):
    handle = await provider.submit(_request(provider, width=1024, height=1024))

    seen = 0
    async for _ in provider.progress(handle):
        seen += 1
        await provider.cancel(handle)

    assert seen == 1
    assert await provider.poll(handle) == "cancelled"
    with pytest.raises(ProviderError):
        await provider.fetch(handle)


async def test_cancelling_twice_or_something_unknown_is_harmless(provider):
    handle = await provider.submit(_request(provider))
    unknown = Handle(provider.name, provider.models[0].id, "nobody")

    for target in (handle, handle, unknown):
        await provider.cancel(target)

    assert await provider.poll(unknown) == "lost"


async def test_a_drawing_nobody_knows_is_tried_again_only_where_it_was_not_paid(provider):
    with pytest.raises(ProviderError) as failure:
        await provider.fetch(Handle(provider.name, provider.models[0].id, "nobody"))

    assert failure.value.may_retry is provider.models[0].is_drawn_here


async def test_turning_away_in_the_middle_gives_the_drawing_up_and_the_next_one_works(provider):
    handle = await provider.submit(_request(provider, width=1024, height=1024))
    async with aclosing(provider.progress(handle)) as steps:
        await anext(steps)

    assert await provider.poll(handle) != "done"
    assert await provider.fetch(await provider.submit(_request(provider)))


async def test_asking_after_its_health_costs_nothing(provider, request):
    health = await provider.check()

    assert health.not_offered == ()
    if not provider.models[0].is_drawn_here:
        assert request.getfixturevalue("stand_in").charges() == []


async def test_what_a_model_cannot_do_is_refused_and_not_dropped(provider):
    for change in ({"width": limits.SIDE_MAX + 1}, {"prompt": "x" * (limits.PROMPT_MAX + 1)}):
        with pytest.raises(Invalid):
            await provider.submit(_request(provider, **change))
