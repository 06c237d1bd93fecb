"""/admin/webhooks: searched and replayed by the maintainer, a missing page for everybody else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pixelstudio.features.accounts.claiming import claim, issue_claim_token
from pixelstudio.features.webhooks.intake import receive
from pixelstudio.features.webhooks.log import WORRYING
from pixelstudio.providers.deliveries import NotGenuine, Told
from pixelstudio.ui.admin.admin_state import AdminState
from pixelstudio.ui.admin.webhooks_state import MISSING, WebhooksState
from tests.factories import a_cookie, a_user
from tests.ui.driving import tab_of


class Reader:
    """Believes what begins with its own name."""

    async def read(self, brought):
        if not brought.body.startswith(b"genuine"):
            raise NotGenuine("This was not signed.", code="signature_wrong")
        name = brought.body.decode().split()[1]
        return Told(f"d-{name}", name, is_end=True, status="succeeded")


@pytest.fixture
async def keeper(open_studio):
    account = await a_user(open_studio.db, "keeper")
    async with open_studio.db.transaction() as tx:
        await claim(tx, await issue_claim_token(tx) or "", by=account)
    return account


@pytest.fixture
async def brought(open_studio):
    studio = replace(open_studio, readers={"replicate": Reader(), "fal": Reader()})
    for provider, body in (("replicate", b"genuine p1"), ("fal", b"genuine f1"), ("fal", b"genuine f1")):
        await receive(studio, provider, {}, body)
    for _ in range(WORRYING):
        with pytest.raises(NotGenuine):
            await receive(studio, "fal", {}, b"forged")


async def test_the_maintainer_searches_and_replays(open_studio, keeper, brought):
    async with tab_of(await a_cookie(open_studio.db, keeper.id), "/admin/webhooks") as tab:
        await tab.send(WebhooksState, "begin")
        page = await tab.look(WebhooksState)
        assert page.title == "Webhooks · Pixel Studio"
        assert {(card.provider, card.drawing, card.again) for card in page.deliveries} == {
            ("replicate", "p1", ""),
            ("fal", "f1", "brought 2 times"),
        }
        (refusal,) = page.refusals
        assert refusal.sentence.startswith("fal: 3 webhooks were refused within the hour: the signature does not fit.")

        await tab.send(WebhooksState, "search", form={"q": "p1"})
        (card,) = (await tab.look(WebhooksState)).deliveries
        assert card.provider == "replicate"

        await tab.send(WebhooksState, "replay", delivery=card.id)
        assert (await tab.look(WebhooksState)).notice.sentence == "Replayed. No job waited for it."
        await tab.send(WebhooksState, "replay", delivery="nothing")
        assert (await tab.look(WebhooksState)).notice.kind == "error"


async def test_what_is_refused_again_and_again_is_an_alert_of_the_first_page(open_studio, keeper, brought):
    async with tab_of(await a_cookie(open_studio.db, keeper.id), "/admin") as tab:
        await tab.start(AdminState, "follow")
        await tab.wait_until(AdminState, lambda page: page.is_open)

        (alert,) = [alert for alert in (await tab.look(AdminState)).alerts if alert.key == "fal:webhook"]

        assert alert.sentence.startswith("3 webhooks were refused within the hour")


async def test_for_everybody_else_the_page_is_not_there(open_studio, brought):
    stranger = await a_user(open_studio.db, "stranger")
    async with tab_of(await a_cookie(open_studio.db, stranger.id), "/admin/webhooks") as tab:
        await tab.send(WebhooksState, "begin")
        for handler, sent in (("search", {"form": {"q": ""}}), ("replay", {"delivery": "x"})):
            await tab.send(WebhooksState, handler, **sent)
        page = await tab.look(WebhooksState)

        assert (page.is_open, page.title, page.deliveries, page.refusals) == (False, MISSING, [], [])
