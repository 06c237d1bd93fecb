"""The providers on /admin: listed for the maintainer alone, and asked one by one."""

from __future__ import annotations

import pytest

from pixelstudio.providers.contract import Health
from pixelstudio.providers.errors import Misconfigured
from pixelstudio.ui.admin.providers_state import ProviderLine, ProvidersState
from tests.factories import a_cookie, a_maintainer, a_user
from tests.ui.driving import tab_of


@pytest.fixture
async def keeper(open_studio):
    return await a_maintainer(open_studio.db)


@pytest.fixture
async def tab(open_studio, keeper):
    async with tab_of(await a_cookie(open_studio.db, keeper.id), "/admin") as page:
        await page.send(ProvidersState, "list_providers")
        yield page


async def lines(tab):
    return (await tab.look(ProvidersState)).providers


async def test_nobody_is_asked_before_the_maintainer_says_so(tab):
    assert await lines(tab) == [ProviderLine("sketch", "10 models")]


async def test_what_comes_of_it_is_said_with_its_mend(tab, open_studio, monkeypatch):
    await tab.send(ProvidersState, "ask", provider="sketch")
    assert await lines(tab) == [ProviderLine("sketch", "10 models", "ok", "Drawn here.")]

    async def broken() -> Health:
        raise Misconfigured("What draws with this model, openvino-genai, is not installed.", code="local_package_missing")

    monkeypatch.setattr(open_studio.providers.provider_of("sketch-paper"), "check", broken)
    await tab.send(ProvidersState, "ask", provider="sketch")
    (line,) = await lines(tab)
    assert (line.verdict, line.is_asked) == ("wrong", False)
    assert line.mend.startswith("Install it where LOCAL_MODEL_PYTHON points")
    assert line.mend.endswith(".")


async def test_one_that_draws_nothing_here_is_not_found(tab):
    await tab.send(ProvidersState, "ask", provider="nobody")

    assert (await tab.look(ProvidersState)).notice.code == "not_found"
    assert await lines(tab) == [ProviderLine("sketch", "10 models")]


async def test_everybody_else_sees_none(open_studio, keeper):
    ines = await a_user(open_studio.db, "ines")
    for cookie in (await a_cookie(open_studio.db, ines.id), ""):
        async with tab_of(cookie, "/admin") as page:
            await page.send(ProvidersState, "list_providers")
            assert await lines(page) == []
