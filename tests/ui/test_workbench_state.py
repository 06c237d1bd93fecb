"""The components page's examples: alive for the maintainer, dead to everybody else."""

from __future__ import annotations

from pixelstudio.features.accounts.claiming import claim, issue_claim_token
from pixelstudio.ui.workbench.workbench_state import WorkbenchState
from tests.factories import a_cookie, a_user
from tests.ui.driving import tab_of


async def test_the_maintainer_finds_everything_alive(open_studio):
    keeper = await a_user(open_studio.db, "keeper")
    async with open_studio.db.transaction() as tx:
        await claim(tx, await issue_claim_token(tx) or "", by=keeper)

    async with tab_of(await a_cookie(open_studio.db, keeper.id), "/components") as tab:
        for handler, sent in (
            ("begin", {}),
            ("choose_tab", {"tab": "sets"}),
            ("choose_size", {"size": "wide"}),
            ("set_public", {"public": True}),
            ("press", {}),
            ("say", {"example": "undo"}),
        ):
            await tab.send(WorkbenchState, handler, **sent)
        seen = await tab.look(WorkbenchState)
        undone = seen.notice.action
        await tab.send(WorkbenchState, "take_back")
        after = await tab.look(WorkbenchState)

    assert (seen.is_open, seen.title) == (True, "Components · Pixel Studio")
    assert (seen.tab, seen.size, seen.is_public, seen.is_pressed, undone) == ("sets", "wide", True, False, "Undo")
    assert after.notice.sentence == "They are back."


async def test_nobody_else_finds_the_page(open_studio):
    ines = await a_user(open_studio.db, "ines")
    for cookie in ("", await a_cookie(open_studio.db, ines.id)):
        async with tab_of(cookie, "/components") as tab:
            await tab.send(WorkbenchState, "begin")
            await tab.send(WorkbenchState, "press")
            seen = await tab.look(WorkbenchState)

        assert (seen.is_open, seen.title, seen.is_pressed) == (False, "Nothing here · Pixel Studio", True)
