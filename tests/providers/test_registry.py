"""Looking models up, and refusing to start with a muddle."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pixelstudio.imaging.children import ChildPool
from pixelstudio.providers.errors import Misconfigured
from pixelstudio.providers.registry import Registry, UnknownModel
from pixelstudio.providers.sketch.catalogue import MODELS
from pixelstudio.providers.sketch.provider import SketchProvider


class _Other(SketchProvider):
    """A second provider with rows of its own."""

    name = "other"


def _other(*models):
    provider = _Other(ChildPool())
    provider.models = models
    return provider


def _other_row(**changes):
    return replace(MODELS[0], **{"id": "other-one", "provider": "other", **changes})


def test_every_model_is_found_by_its_id_with_whoever_draws_it():
    sketch = SketchProvider(ChildPool())
    registry = Registry([sketch])

    assert registry.models() == MODELS
    for model in MODELS:
        assert registry.model(model.id) is model
        assert registry.provider_of(model.id) is sketch


def test_an_unknown_model_is_a_fault_of_the_model_field_and_does_not_repeat_the_name():
    registry = Registry([SketchProvider(ChildPool())])

    with pytest.raises(UnknownModel) as refusal:
        registry.model("x" * 5000)

    assert (refusal.value.field, refusal.value.code, refusal.value.status) == ("model", "unknown_model", 422)
    assert "xxx" not in f"{refusal.value} {refusal.value.fields}"


def test_models_of_two_providers_stand_side_by_side_and_lanes_are_gathered():
    registry = Registry([SketchProvider(ChildPool()), _other(_other_row(lane="other", lane_concurrency=7))])

    assert registry.provider_of("other-one").name == "other"
    assert {lane: terms.concurrency for lane, terms in registry.lanes.items()} == {"sketch": 2, "other": 7}


def test_what_our_own_code_draws_is_no_ai():
    sketch = SketchProvider(ChildPool())

    assert not Registry([sketch]).has_ai
    assert Registry([sketch, _other(_other_row(lane="other", is_drawn_here=False))]).has_ai


def test_one_id_claimed_twice_stops_the_start():
    with pytest.raises(Misconfigured, match="not set up"):
        Registry([SketchProvider(ChildPool()), _other(_other_row(id=MODELS[0].id))])


def test_a_row_that_names_another_provider_stops_the_start():
    with pytest.raises(Misconfigured):
        Registry([_other(_other_row(provider="sketch"))])


def test_one_lane_with_two_widths_stops_the_start():
    with pytest.raises(Misconfigured) as refusal:
        Registry([SketchProvider(ChildPool()), _other(_other_row(lane_concurrency=9))])

    assert refusal.value.code == "lane_declared_twice"
