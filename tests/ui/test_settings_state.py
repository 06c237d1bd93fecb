"""/settings: what is changed of an account without a password, and what it says when it cannot be."""

from __future__ import annotations

import asyncio

import pytest

from pixelstudio.features.accounts.preferences import preferences_of
from pixelstudio.features.accounts.sessions import actor_for
from pixelstudio.features.credits.ledger import grant
from pixelstudio.features.credits.statement import PAGE
from pixelstudio.ui.library.library_state import LibraryState
from pixelstudio.ui.settings.devices import device_of, is_in_hand
from pixelstudio.ui.settings.settings_state import SettingsState
from pixelstudio.ui.visitor import Visitor
from tests.factories import a_cookie, a_guest, a_user
from tests.ui.driving import Tab


async def opened(tab):
    await tab.start(SettingsState, "follow")
    await tab.wait_until(SettingsState, lambda page: page.is_loaded)
    return await tab.look(SettingsState)


async def test_the_page_shows_ones_own_account(open_studio, database):
    ines = await a_user(database)

    async with Tab(await a_cookie(database, ines.id), "/settings") as tab:
        page = await opened(tab)

        assert (page.profile.handle, page.profile.email, page.balance) == ("ines", "ines@example.org", "You have 5 credits.")
        assert [line.what for line in page.lines] == ["A gift to begin with"]
        assert [device.is_this for device in page.devices] == [True, False]
        assert ines.session_digest not in tab.said()


@pytest.mark.parametrize("who", ["nobody", "guest"])
async def test_it_is_for_members(open_studio, database, who):
    cookie = (await a_guest(database)).cookie if who == "guest" else ""

    async with Tab(cookie, "/settings") as tab:
        await tab.send(SettingsState, "follow")
        await tab.send(SettingsState, "save_profile", form={"display_name": "x"})

        assert "/login?next=/settings" in tab.said()
        assert not (await tab.look(SettingsState)).is_loaded


async def test_a_profile_is_saved_and_a_fault_stands_beside_its_field(open_studio, database):
    ines = await a_user(database)

    async with Tab(await a_cookie(database, ines.id), "/settings") as tab:
        await opened(tab)
        await tab.send(SettingsState, "save_profile", form={"display_name": "Ines", "handle": "No!", "bio": ""})
        page = await tab.look(SettingsState)
        assert (page.fault_field, page.profile.display_name) == ("handle", "")
        assert page.fault_sentence.startswith("Choose a handle")

        await tab.send(SettingsState, "save_profile", form={"display_name": "Ines", "handle": "vale", "bio": "Paper."})
        page = await tab.look(SettingsState)
        assert (page.fault_field, page.profile.handle, page.profile.handle_rests != "") == ("", "vale", True)
        assert (await tab.look(Visitor)).handle == "vale"


async def test_defaults_offer_the_sizes_of_the_model_and_are_kept(open_studio, database):
    ines = await a_user(database)

    async with Tab(await a_cookie(database, ines.id), "/settings") as tab:
        assert (await opened(tab)).defaults.sizes == []
        await tab.send(SettingsState, "choose_model", model="sketch-silk")
        assert "1024x1280" in {size.value for size in (await tab.look(SettingsState)).defaults.sizes}
        await tab.send(
            SettingsState, "save_defaults", form={"model": "sketch-silk", "size": "1024x1280", "images": "x", "visibility": "public"}
        )
        assert (await tab.look(SettingsState)).fault_field == "images"
        await tab.send(
            SettingsState, "save_defaults", form={"model": "sketch-silk", "size": "1024x1280", "images": "2", "visibility": "public"}
        )

    async with database.reader() as reader:
        chosen = await preferences_of(reader, ines.id)
    assert (chosen.model, chosen.size, chosen.images, chosen.visibility) == ("sketch-silk", "1024x1280", 2, "public")


async def test_signing_a_device_out_closes_its_open_page_within_a_second(open_studio, database):
    ines = await a_user(database)
    here, there = await a_cookie(database, ines.id), await a_cookie(database, ines.id)

    async with Tab(here, "/settings") as mine, Tab(there, "/library") as other:
        page = await opened(mine)
        following = await other.start(LibraryState, "follow")
        await other.wait_until(LibraryState, lambda page: page.is_loaded)
        for device in page.devices:
            if not device.is_this:
                await mine.send(SettingsState, "sign_out", session_id=device.id)
        async with asyncio.timeout(1):
            await following

        assert "/login" in other.said()
        assert len((await mine.look(SettingsState)).devices) == 1
    async with database.reader() as reader:
        assert (await actor_for(reader, here), await actor_for(reader, there)) == (await actor_for(reader, here), None)


async def test_the_statement_goes_on_where_it_ended(open_studio, database):
    ines = await a_user(database)
    async with database.transaction() as tx:
        for n in range(PAGE + 3):
            await grant(tx, ines.id, 1, key=f"test:{n}")

    async with Tab(await a_cookie(database, ines.id), "/settings") as tab:
        assert (len((await opened(tab)).lines), (await tab.look(SettingsState)).has_more) == (PAGE, True)
        await tab.send(SettingsState, "load_more")
        page = await tab.look(SettingsState)
        assert (len(page.lines), page.has_more, page.lines[-1].left) == (PAGE + 4, False, "5")


AGENTS = [
    ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox on Linux", False),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile Safari/604.1", "Safari on an iPhone", True),
    ("Mozilla/5.0 (Linux; Android 14) Chrome/128.0 Mobile Safari/537.36", "Chrome on Android", True),
    ("Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/128.0 Safari/537.36 Edg/128.0", "Edge on Windows", False),
    ("curl/8.5", "Some other program", False),
    ("", "Some other program", False),
]


@pytest.mark.parametrize(("agent", "words", "hand"), AGENTS)
def test_devices_are_named_in_words(agent, words, hand):
    assert (device_of(agent), is_in_hand(agent)) == (words, hand)
