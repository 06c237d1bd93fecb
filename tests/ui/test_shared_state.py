"""/shared/{secret}: opened by whoever has the link, and what a guest thinks; nothing when the link leads nowhere."""

from __future__ import annotations

from pixelstudio.core.ids import new_secret
from pixelstudio.features.gallery.collections import CollectionForm, create, set_collected
from pixelstudio.features.gallery.links import LinkForm, make_link, revoke_link
from pixelstudio.ui.collections.shared_state import SharedState
from tests.factories import a_user, an_image, done
from tests.ui.driving import Tab


async def a_link(studio, by, **form):
    image_id = await an_image(studio, by)
    collection_id = await done(studio, create, CollectionForm(title="Coast"), by=by)
    await done(studio, set_collected, collection_id, image_id, True, by=by)
    return image_id, await done(studio, make_link, collection_id, LinkForm(shows_private=True, **form), by=by)


async def test_a_guest_says_who_they_are_and_what_they_think_and_finds_it_again(open_studio, database):
    image_id, link = await a_link(open_studio, await a_user(database), is_proofing=True)
    sent = {"image_id": image_id, "loved": True, "verdict": "changes", "words": "<b>Warmer</b>"}

    async with Tab("", f"/shared/{link.secret}") as tab:
        await tab.send(SharedState, "begin")
        assert (await tab.look(SharedState)).shared.title == "Coast"
        await tab.send(SharedState, "judge", **sent)
        assert (await tab.look(SharedState)).notice.field == "guest"
        await tab.send(SharedState, "say_who", name="x" * 41)
        assert (await tab.look(SharedState)).notice.field == "guest"
        await tab.send(SharedState, "say_who", name=" Anna ")
        await tab.send(SharedState, "judge", **sent)
        assert (await tab.look(SharedState)).notice is None
    async with Tab("", f"/shared/{link.secret}") as later:
        await later.send(SharedState, "say_who", name="anna")
        [(found, proof)] = (await later.look(SharedState)).proofs.items()
        assert (found, proof.is_loved, proof.verdict, proof.words) == (image_id, True, "changes", "<b>Warmer</b>")
        await later.send(SharedState, "say_who", name="Tom")
        assert (await later.look(SharedState)).proofs == {}


async def test_a_link_that_only_shows_takes_no_opinion_and_one_that_leads_nowhere_says_nothing(open_studio, database):
    ines = await a_user(database)
    image_id, link = await a_link(open_studio, ines)
    _, revoked = await a_link(open_studio, ines, is_proofing=True)
    await done(open_studio, revoke_link, revoked.view.id, by=ines)
    sent = {"image_id": image_id, "loved": True, "verdict": "", "words": ""}

    async with Tab("", f"/shared/{link.secret}") as tab:
        await tab.send(SharedState, "say_who", name="Anna")
        await tab.send(SharedState, "judge", **sent)
        assert (await tab.look(SharedState)).notice.code == "not_found"
    said = set()
    for secret in (revoked.secret, new_secret(), "x"):
        async with Tab("", f"/shared/{secret}") as tab:
            await tab.send(SharedState, "begin")
            page = await tab.look(SharedState)
            assert (page.is_loaded, page.source, page.shared.title) == (True, "", "")
            await tab.send(SharedState, "say_who", name="Anna")
            said.add(tab.said().replace(tab.token, "").replace(f"/shared/{secret}", ""))
    assert len(said) == 1
