"""How providers are, for maintainers: asked one by one, free of charge, and told with what mends it. The judgements: tests/cli/test_doctor."""

from __future__ import annotations

from pathlib import Path

import pytest

from pixelstudio.core.errors import NotFound
from pixelstudio.features.operations.providers import ask_after, providers_of, wellbeing_of
from pixelstudio.imaging.children import ChildPool
from pixelstudio.providers.contract import Health
from pixelstudio.providers.errors import Misconfigured
from pixelstudio.providers.local.catalogue import UNSEEN, row_of
from pixelstudio.providers.local.provider import LocalModel
from tests.factories import a_maintainer, a_user

UNUSABLE = (
    "local_package_missing",
    "local_python_unusable",
    "local_model_missing",
    "local_model_not_one",
    "local_model_unknown_kind",
    "local_model_without_weights",
    "local_model_pickled",
    "local_model_broken",
)


class Local(LocalModel):
    """A model on this machine whose check says what it is told to."""

    def __init__(self, said: Health | Exception):
        row = row_of(UNSEEN, slug="model", title="Local model", price_credits=0, timeout_s=60.0)
        super().__init__(ChildPool(1, urgent_size=0), Path("nowhere"), row)
        self._said = said

    async def check(self) -> Health:
        if isinstance(self._said, Exception):
            raise self._said
        return self._said


async def test_whoever_draws_is_listed_once_and_is_well(studio):
    keeper = await a_maintainer(studio.db)

    told = await ask_after(studio, "sketch", by=keeper)

    assert [one.name for one in providers_of(studio)] == ["sketch"]
    assert (told.provider, told.models, told.verdict, told.said, told.mend) == ("sketch", 10, "ok", "Drawn here.", "")


async def test_nobody_but_a_maintainer_may_ask_and_nobody_after_a_stranger(studio):
    keeper, stranger = await a_maintainer(studio.db), await a_user(studio.db, "stranger")

    with pytest.raises(NotFound):
        await ask_after(studio, "sketch", by=stranger)
    with pytest.raises(NotFound):
        await ask_after(studio, "nobody", by=keeper)


@pytest.mark.parametrize("code", UNUSABLE)
async def test_each_reason_why_a_local_model_cannot_draw_has_a_mend_of_its_own(code):
    told = await wellbeing_of(Local(Misconfigured("It cannot. Choose another model.", code=code)))

    assert told.verdict == "wrong"
    assert "LOCAL_MODEL" in told.mend or "safetensors" in told.mend


async def test_what_is_left_of_an_account_is_said():
    assert (await wellbeing_of(Local(Health(seconds=0.2, balance="64 credits")))).said.endswith("The account has 64 credits left.")


async def test_one_that_asks_nobody_outside_is_ready():
    assert (await wellbeing_of(Local(Health()))).said == "It is ready to draw."
