"""The same wish of one person from several tabs at once: it is done, and no tab is told that something broke."""

from __future__ import annotations

import asyncio

import pytest

from pixelstudio.core.errors import Conflict
from pixelstudio.features.accounts.avatars import set_avatar
from pixelstudio.features.accounts.mutes import set_mute
from pixelstudio.features.accounts.preferences import Preferences, prefer
from pixelstudio.features.digests.digests import choose_digest
from pixelstudio.features.gallery.follows import block, set_follow
from pixelstudio.features.gallery.leanings import Leanings, lean
from pixelstudio.features.notifications.inbox import choose
from pixelstudio.features.presets import presets
from pixelstudio.features.prompts.templates import TemplateForm, change_template
from pixelstudio.features.wording.blocked import block_word
from tests.factories import a_maintainer, a_user, done

TABS = 6
SETTINGS = presets.Settings("a red lighthouse", "", "sketch-silk", "", 1024, 1024, 4)


@pytest.fixture
async def keeper(studio):
    return await a_maintainer(studio.db)


async def _at_once(studio, command, *args, **more):
    return await asyncio.gather(*(done(studio, command, *args, **more) for _ in range(TABS)), return_exceptions=True)


@pytest.mark.parametrize(
    ("command", "args", "more"),
    [
        (set_avatar, (b"webp",), {}),
        (choose, ("like", False), {}),
        (choose_digest, ("daily",), {"has_mail": True}),
        (block_word, ("shoddy",), {}),
        (change_template, ("style", "studio", TemplateForm("on a plain ground, {subject}")), {}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
async def test_what_is_wished_in_several_tabs_at_once_is_done(studio, keeper, command, args, more):
    ends = await _at_once(studio, command, *args, by=keeper, **more)

    assert [end for end in ends if isinstance(end, Exception)] == []


async def test_so_is_what_is_about_somebody_or_about_models(studio, keeper):
    omar = await a_user(studio.db, "omar")

    ends = [end for about in (set_mute, set_follow, block) for end in await _at_once(studio, about, omar.id, True, by=keeper)]
    ends += await _at_once(studio, lean, Leanings(fresh=2), by=keeper)
    ends += await _at_once(studio, prefer, Preferences("sketch-silk"), studio.providers, by=keeper)

    assert [end for end in ends if isinstance(end, Exception)] == []


async def test_a_name_is_taken_once(studio, keeper):
    ends = await _at_once(studio, presets.save, "Mine", SETTINGS, by=keeper)

    assert [type(end) for end in ends if isinstance(end, Exception)] == [Conflict] * (TABS - 1)
