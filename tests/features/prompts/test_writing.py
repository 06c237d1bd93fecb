"""Writing: a prompt always comes; a language model is asked once for a question, within the day's budget."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import pytest
from pydantic import SecretStr

from pixelstudio.core.errors import Invalid
from pixelstudio.features.prompts.briefs import Brief
from pixelstudio.features.prompts.writing import drafted, propose
from pixelstudio.net.client import Client
from pixelstudio.providers.openai.chat import ChatWriter
from tests.factories import a_studio, a_user

MUG = Brief("a red ceramic mug", style="studio")


@pytest.fixture
async def studio(database, clock, stand_in):
    """A studio whose prompts the stand-in writes. Nothing is drawn."""
    client = Client()
    writer = ChatWriter(client, base_url=stand_in.base_url, model="gpt-5-mini", key=SecretStr("canary-key-77"), timeout_s=5.0)
    yield replace(a_studio(database, clock, cast("Any", None)), writer=writer)
    await client.close()


pytestmark = pytest.mark.enable_socket


async def draft_of(studio, brief):
    async with studio.db.reader() as reader:
        return await drafted(reader, brief)


async def test_the_same_question_is_paid_for_once_by_each(studio, stand_in):
    ines, bob = await a_user(studio.db), await a_user(studio.db, "bob")

    first, again = [await propose(studio, MUG, by=ines) for _ in range(2)]

    assert first == again
    assert (first.words.prompt, first.words.steps, first.words.written_by) == ("written optimizedPrompt", 7, "gpt-5-mini")
    assert len(stand_in.charges()) == 1
    await propose(studio, MUG, by=bob)
    await propose(studio, replace(MUG, colour="teal"), by=ines)
    assert len(stand_in.charges()) == 3


@pytest.mark.parametrize("step", [{"fault": "throttled"}, {"fault": "garbage_json"}, {"code": "refusal"}, {"fault": "reset_before"}])
async def test_when_the_model_fails_the_templates_write(studio, stand_in, step):
    ines = await a_user(studio.db)
    stand_in.script(step)

    proposal = await propose(studio, MUG, by=ines)

    assert proposal.words == await draft_of(studio, MUG)
    assert "did not answer" in proposal.note
    assert (await propose(studio, MUG, by=ines)).words.written_by == "gpt-5-mini"


async def test_beyond_the_budget_of_a_day_nobody_is_asked(studio, stand_in, clock):
    poor = replace(studio, settings=studio.settings.model_copy(update={"prompt_llm_tokens_per_day": 400}))
    ines = await a_user(studio.db)
    briefs = [replace(MUG, colour=colour) for colour in ("teal", "coral", "ochre", "ivory")]

    written = [(await propose(poor, brief, by=ines)).words.written_by for brief in briefs[:3]]
    assert written == ["gpt-5-mini", "gpt-5-mini", "templates"]
    assert (await propose(poor, briefs[0], by=ines)).words.written_by == "gpt-5-mini"  # kept from before: it costs nothing
    clock.advance(86_401)
    assert (await propose(poor, briefs[3], by=ines)).words.written_by == "gpt-5-mini"
    assert len(stand_in.charges()) == 3


async def test_what_cannot_be_used_of_an_answer_is_the_templates(studio, stand_in):
    stand_in.script({"code": "odd"})
    draft = await draft_of(studio, MUG)

    words = (await propose(studio, MUG, by=await a_user(studio.db))).words

    assert words.prompt == "written optimizedPrompt"
    assert (words.negative_prompt, words.guidance_scale, words.steps) == (draft.negative_prompt, draft.guidance_scale, draft.steps)


async def test_without_a_model_the_templates_write_and_nobody_is_asked(studio, stand_in):
    alone = replace(studio, writer=None)

    proposal = await propose(alone, MUG, by=await a_user(studio.db))

    assert (proposal.words, proposal.note) == (await draft_of(studio, MUG), "")
    assert stand_in.requests() == []


async def test_a_brief_that_cannot_be_meant_costs_nothing(studio, stand_in):
    with pytest.raises(Invalid):
        await propose(studio, Brief(" "), by=await a_user(studio.db))

    assert stand_in.requests() == []
