"""/create: what is asked for is on the page at once, and stays true."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select, update
from sqlmodel import col

from pixelstudio.core.ids import JobId
from pixelstudio.features.accounts.preferences import Preferences, prefer
from pixelstudio.features.credits.ledger import grant, hold
from pixelstudio.features.generation import generations
from pixelstudio.features.generation.generations import job_of_slot
from pixelstudio.features.generation.retries import retry_set
from pixelstudio.features.generation.standing import sets_of
from pixelstudio.features.generation.tables import GenerationRow, GenerationSlotRow
from pixelstudio.features.images.curation import forget, restore, set_favourite, set_visibility_of, throw_away
from pixelstudio.jobs.claim import Lane
from pixelstudio.jobs.endings import end_held
from pixelstudio.jobs.job import JobState
from pixelstudio.jobs.kind import Failed
from pixelstudio.jobs.rings import JobMoved
from pixelstudio.jobs.tables import JobRow
from pixelstudio.providers.sketch.catalogue import SQUARE
from pixelstudio.providers.sketch.provider import SketchProvider
from pixelstudio.ui import session
from pixelstudio.ui.create.create_state import CreateState
from pixelstudio.ui.create.steps import Steps
from pixelstudio.ui.create.views import ASKED_AGAIN
from tests.factories import PricedSketch, a_cookie, a_request, a_set, a_studio, a_user, an_image
from tests.jobs.floor import take
from tests.ui.driving import Tab

FORM = {"prompt": "a quiet house", "model": "sketch-paper", "size": "1024x1280", "images": "3", "seed": "7"}


@pytest.fixture
async def ines(database):
    return await a_user(database)


@pytest.fixture
async def cookie(database, ines):
    return await a_cookie(database, ines.id)


async def grant_to(database, by, amount: int) -> None:
    async with database.transaction() as tx:
        await grant(tx, by.id, amount, key="more")


async def sets_written(database) -> int:
    async with database.reader() as reader:
        return (await reader.exec(select(func.count()).select_from(GenerationRow))).scalar_one()


async def ended_sets(studio, by, count: int) -> None:
    """So many sets that are on the page when it is opened."""
    for _ in range(count):
        async with studio.db.transaction() as tx:
            view = await generations.submit(tx, studio, a_request(), by=by)
        async with studio.db.transaction() as tx:
            await generations.cancel(tx, studio, view.id, by=by)


async def being_drawn(studio, generation_id, by) -> JobId:
    """The job of the first slot, as if a runner had taken it."""
    async with studio.db.transaction() as tx:
        job_id = await job_of_slot(tx, by, generation_id, 0)
        await tx.exec(update(JobRow).where(col(JobRow.id) == job_id).values(state=int(JobState.RUNNING)))
    studio.progress.begin(job_id, generation_id, by.id)
    return job_id


async def test_the_composer_offers_the_models_with_sizes_and_price(open_studio, cookie):
    async with Tab(cookie, "/create") as tab:
        await tab.send(CreateState, "begin")

        page = await tab.look(CreateState)
        assert [model.id for model in page.models] == [model.id for model in open_studio.providers.models()]
        assert page.chosen.id == page.models[0].id
        assert page.chosen.sizes
        assert (page.price, page.has_ai) == ("Free", False)


async def test_the_composer_begins_with_what_a_person_prefers(open_studio, database, ines, cookie):
    async with database.transaction() as tx:
        await prefer(tx, Preferences("sketch-silk", "1344x768", 2), open_studio.providers, by=ines)
    async with Tab(cookie, "/create") as tab:
        await tab.send(CreateState, "begin")

        page = await tab.look(CreateState)
        assert (page.chosen.id, page.size, page.recipe.images) == ("sketch-silk", "1344x768", "2")


async def test_what_a_person_leaves_to_the_studio_begins_as_they_asked_for_it_last(open_studio, database, clock, ines, cookie):
    picture = await an_image(open_studio, ines)
    clock.advance(60)
    async with database.transaction() as tx:
        await generations.submit(tx, open_studio, a_request(model="sketch-silk", count=2), by=ines)
    clock.advance(60)

    async with Tab(cookie, "/create") as tab, Tab(cookie, "/create") as later:
        await tab.send(CreateState, "begin")
        await tab.send(CreateState, "vary", image_id=picture, kind="subtle")
        await later.send(CreateState, "begin")
        begun = [await one.look(CreateState) for one in (tab, later)]

    assert [(page.chosen.id, page.recipe.images, page.amount) for page in begun] == [("sketch-silk", "2", "2 pictures")] * 2


async def test_a_size_that_is_offered_to_nobody_is_not_begun_with(open_studio, database, ines, cookie):
    async with database.transaction() as tx:
        await generations.submit(tx, open_studio, a_request(model="sketch-silk", width=640, height=512), by=ines)

    async with Tab(cookie, "/create") as tab:
        await tab.send(CreateState, "begin")
        page = await tab.look(CreateState)

    assert (page.chosen.id, page.size) == ("sketch-silk", "1024x1280")


async def test_what_is_chosen_in_the_settings_stands_before_what_was_asked_for_last(open_studio, database, ines, cookie):
    async with database.transaction() as tx:
        await generations.submit(tx, open_studio, a_request(model="sketch-silk", count=2), by=ines)
        await prefer(tx, Preferences("sketch-orbs", "", 3), open_studio.providers, by=ines)

    async with Tab(cookie, "/create") as tab:
        await tab.send(CreateState, "begin")
        page = await tab.look(CreateState)

    assert (page.chosen.id, page.recipe.images) == ("sketch-orbs", "3")


async def test_one_may_go_by_ones_own_pictures_but_for_those_in_the_trash(open_studio, database, ines, cookie):
    marc = await a_user(database, "marc")
    await an_image(open_studio, marc, is_public=True)
    kept, thrown = [await an_image(open_studio, ines, original=f"original {n}".encode()) for n in range(2)]
    async with database.transaction() as tx:
        await throw_away(tx, [thrown], by=ines)
    async with Tab(cookie, "/create") as tab:
        await tab.send(CreateState, "begin")

        assert [choice.id for choice in (await tab.look(CreateState)).references] == [kept]


async def test_the_wait_is_told_once_enough_is_known(open_studio, database, ines, cookie):
    async with database.transaction() as tx:
        view = await generations.submit(tx, open_studio, a_request(count=4, width=1024, height=1280), by=ines)
    async with Tab(cookie, "/create") as tab:
        await tab.send(CreateState, "begin")
        assert (await tab.look(CreateState)).wait == ""

        async with database.transaction() as tx:
            drawn = {"state": int(JobState.DONE), "started": 100.0, "finished": 102.0}
            await tx.exec(update(JobRow).where(col(JobRow.batch_id) == view.id).values(drawn))
        await tab.send(CreateState, "choose_model", model="sketch-silk")
        await tab.send(CreateState, "choose_size", size="1024x1280")
        assert (await tab.look(CreateState)).wait == "4 s"
        await tab.send(CreateState, "choose_size", size="1024x1024")
        assert (await tab.look(CreateState)).wait == ""


async def test_the_wait_that_was_told_stands_until_it_is_wrong_or_something_is_under_way(open_studio, database, ines, cookie):
    async with database.transaction() as tx:
        view = await generations.submit(tx, open_studio, a_request(count=4, width=1024, height=1280), by=ines)

    async def took(*seconds: float) -> None:
        async with database.transaction() as tx:
            found = await tx.exec(select(col(JobRow.id)).where(col(JobRow.batch_id) == view.id))
            for job, lasted in zip([row[0] for row in found], seconds, strict=True):
                drawn = {"state": int(JobState.DONE), "started": 100.0, "finished": 100.0 + lasted}
                await tx.exec(update(JobRow).where(col(JobRow.id) == job).values(drawn))
        await tab.send(CreateState, "choose_model", model="sketch-paper")

    async with Tab(cookie, "/create") as tab:
        await tab.send(CreateState, "begin")
        await tab.send(CreateState, "choose_size", size="1024x1280")
        told = []
        for seconds in ((20, 20, 20, 20), (2, 2, 4, 4), (1, 1, 3, 3)):
            await took(*seconds)
            told.append((await tab.look(CreateState)).wait)
        assert told == ["40 s", "4–8 s", "4–8 s"]

        await tab.send(CreateState, "generate", form=FORM)
        page = await tab.look(CreateState)
        assert (page.is_under_way, page.wait) == (True, "2–6 s")


async def test_what_is_asked_for_is_on_the_page_with_its_answer(open_studio, cookie):
    async with Tab(cookie, "/create") as tab:
        await tab.send(CreateState, "begin")
        await tab.send(CreateState, "generate", form=FORM)

        page = await tab.look(CreateState)
        assert [(card.title, card.progress, card.is_open) for card in page.current] == [("a quiet house", "0 of 3 done, 3 in line", True)]
        assert [slot.state for slot in page.current[0].slots] == ["waiting"] * 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"prompt": ""},
        {"prompt": "x" * 3_501},
        {"images": "0"},
        {"images": "11"},
        {"seed": "NaN"},
        {"model": "no-such-model"},
        {"size": "1x1"},
        {"negative_prompt": "people"},
    ],
    ids=lambda wrong: str(wrong)[:30],
)
async def test_a_wrong_wish_is_answered_by_a_sentence_and_writes_nothing(open_studio, database, cookie, wrong):
    async with Tab(cookie, "/create") as tab:
        await tab.send(CreateState, "begin")
        await tab.send(CreateState, "generate", form={**FORM, **wrong})

        page = await tab.look(CreateState)
        assert page.notice.kind == "error"
        assert page.notice.sentence.endswith(".")
        assert page.current == []
    assert await sets_written(database) == 0


async def test_a_stranger_is_sent_to_sign_in_and_nothing_is_written(open_studio, database):
    async with Tab("", "/create") as tab:
        events = await tab.send(CreateState, "generate", form=FORM)

        assert "/login" in repr(events)
    assert await sets_written(database) == 0


async def test_opening_the_page_again_shows_what_is_under_way(open_studio, database, ines, cookie):
    async with database.transaction() as tx:
        await generations.submit(tx, open_studio, a_request(count=2), by=ines)

    async with Tab(cookie, "/create") as tab:
        await tab.start(CreateState, "follow")
        await tab.wait_until(CreateState, lambda page: page.is_loaded)

        page = await tab.look(CreateState)
        assert [card.progress for card in page.current] == ["0 of 2 done, 2 in line"]
        assert page.earlier == []


async def test_cancelling_from_the_page_ends_the_set_and_says_that_nothing_was_charged(open_studio, cookie):
    async with Tab(cookie, "/create") as tab:
        await tab.send(CreateState, "begin")
        await tab.send(CreateState, "generate", form=FORM)
        card = (await tab.look(CreateState)).current[0]
        await tab.send(CreateState, "cancel", generation_id=card.id)

        card = (await tab.look(CreateState)).current[0]
        assert card.progress == "0 of 3 done, 3 cancelled"
        assert card.reasons == ["Nothing was charged."]


async def test_another_persons_set_can_neither_be_cancelled_nor_reused(open_studio, database, ines):
    async with database.transaction() as tx:
        view = await generations.submit(tx, open_studio, a_request(prompt="hers alone"), by=ines)
    bob = await a_user(database, "bob")

    async with Tab(await a_cookie(database, bob.id), "/create") as tab:
        await tab.send(CreateState, "begin")
        for handler in ("cancel", "reuse"):
            await tab.send(CreateState, handler, generation_id=view.id)

            assert (await tab.look(CreateState)).notice.code == "not_found"
        assert "hers alone" not in tab.said()


async def test_a_step_reaches_a_page_of_sixty_pictures_in_less_than_two_kilobytes(open_studio, database, ines, cookie):
    async with database.transaction() as tx:
        view, *_ = [await generations.submit(tx, open_studio, a_request(count=10), by=ines) for _ in range(6)]
    async with Tab(cookie, "/create") as tab:
        await tab.start(CreateState, "follow")
        await tab.wait_until(CreateState, lambda page: page.is_loaded)
        job_id = await being_drawn(open_studio, view.id, ines)
        open_studio.progress.update(job_id, 1, 12, b"preview")
        await tab.wait_until(Steps, lambda _: "n=1" in tab.said())
        seen = len(tab.updates)

        open_studio.progress.update(job_id, 2, 12, b"preview")
        await tab.wait_until(Steps, lambda _: "n=2" in tab.said())

        sent = tab.updates[seen:]
        assert sum(len(card.slots) for card in (await tab.look(CreateState)).current) == 60
        assert len(repr(sent)) < 2_048
        assert {state.rsplit(".", 1)[-1] for update in sent for state in update.delta} == {Steps.get_name()}
        step = (await tab.look(Steps)).now[f"{view.id}:0"]
        assert step.preview == f"/media/live/{view.id}/0?n=2"


async def test_what_becomes_of_one_picture_is_sent_in_less_than_two_kilobytes(open_studio, database, ines, cookie):
    await ended_sets(open_studio, ines, 6)
    async with Tab(cookie, "/create") as tab:
        await tab.start(CreateState, "follow")
        await tab.wait_until(CreateState, lambda page: page.is_loaded)
        await tab.send(CreateState, "begin")
        await tab.send(CreateState, "generate", form={**FORM, "images": "4"})
        generation_id = (await tab.look(CreateState)).current[0].id
        seen = len(tab.updates)

        await being_drawn(open_studio, generation_id, ines)
        open_studio.bus.publish(JobMoved(job_id=0, batch_id=generation_id, audience=ines.id))
        await tab.wait_until(CreateState, lambda page: page.current[0].slots[0].state == "drawing")

        sent = [update for update in tab.updates[seen:] if "drawing" in repr(update)]
        assert sent
        assert max(len(repr(update)) for update in sent) < 2_048


async def test_a_heart_is_sent_without_the_pictures(open_studio, database, ines, cookie):
    image_id = await an_image(open_studio, ines)
    async with Tab(cookie, "/create") as tab:
        await tab.start(CreateState, "follow")
        await tab.wait_until(CreateState, lambda page: page.is_loaded)
        seen = len(tab.updates)
        for is_favourite, shown in ((True, {image_id: True}), (False, {})):
            async with database.transaction() as tx:
                await set_favourite(tx, image_id, favourite=is_favourite, by=ines)
            await tab.wait_until(CreateState, lambda page, shown=shown: page.favourites == shown)

        assert all(len(repr(update)) < 500 for update in tab.updates[seen:])


async def a_drawn_set(studio, by, count: int = 1) -> tuple[str, list[str]]:
    """An ended set and its pictures."""
    generation_id, asked_at = await a_set(studio, by, count)
    pictures = [str(await an_image(studio, by, asked=(generation_id, asked_at), slot=slot)) for slot in range(count)]
    async with studio.db.transaction() as tx:
        for slot, image_id in enumerate(pictures):
            tx.add(GenerationSlotRow(generation_id=generation_id, slot=slot, job_id=slot + 1, seed=7, image_id=image_id, outcome="done"))
    return generation_id, pictures


async def test_a_set_says_how_many_of_its_pictures_are_in_the_trash_until_they_are_gone_for_good(open_studio, database, ines, cookie):
    _, pictures = await a_drawn_set(open_studio, ines, 4)
    async with Tab(cookie, "/create") as tab:
        await tab.start(CreateState, "follow")
        await tab.wait_until(CreateState, lambda page: page.is_loaded)
        for command, chosen, thrown, shown in (
            (throw_away, pictures[:2], "2 in the trash", [", 1 of 2", ", 2 of 2"]),
            (restore, pictures[:1], "1 in the trash", [", 1 of 3", ", 2 of 3", ", 3 of 3"]),
            (forget, pictures[1:2], "", [", 1 of 3", ", 2 of 3", ", 3 of 3"]),
        ):
            async with database.transaction() as tx:
                await command(tx, chosen, by=ines)
            await tab.wait_until(CreateState, lambda page, thrown=thrown: page.earlier[0].thrown == thrown)
            assert [slot.nth for slot in (await tab.look(CreateState)).earlier[0].slots] == shown


async def test_what_is_published_elsewhere_is_known_here(open_studio, database, ines, cookie):
    _, (image_id,) = await a_drawn_set(open_studio, ines)
    async with Tab(cookie, "/create") as tab:
        await tab.start(CreateState, "follow")
        await tab.wait_until(CreateState, lambda page: page.is_loaded)
        assert [slot.is_public for slot in (await tab.look(CreateState)).earlier[0].slots] == [False]
        for visibility in ("public", "private"):
            async with database.transaction() as tx:
                await set_visibility_of(tx, image_id, visibility, by=ines)
            is_public = visibility == "public"
            await tab.wait_until(CreateState, lambda page, is_public=is_public: page.earlier[0].slots[0].is_public is is_public)


async def test_a_set_that_ended_goes_down_when_another_is_asked_for_and_nothing_older_is_sent_again(open_studio, ines, cookie):
    await ended_sets(open_studio, ines, 1)
    async with Tab(cookie, "/create") as tab:
        await tab.start(CreateState, "follow")
        await tab.wait_until(CreateState, lambda page: page.is_loaded)
        await tab.send(CreateState, "begin")
        await tab.send(CreateState, "generate", form=FORM)
        first = (await tab.look(CreateState)).current[0].id
        await tab.send(CreateState, "cancel", generation_id=first)
        seen = len(tab.updates)

        await tab.send(CreateState, "generate", form=FORM)

        page = await tab.look(CreateState)
        assert [card.is_open for card in page.current] == [True]
        assert [card.id for card in page.lately] == [first]
        assert len(page.earlier) == 1
        assert "earlier" not in repr(tab.updates[seen:])


async def test_late_news_of_what_went_down_brings_it_back_to_the_top_only_when_it_moves(open_studio, database, ines, cookie):
    async with Tab(cookie, "/create") as tab:
        await tab.start(CreateState, "follow")
        await tab.wait_until(CreateState, lambda page: page.is_loaded)
        await tab.send(CreateState, "begin")
        await tab.send(CreateState, "generate", form=FORM)
        first = (await tab.look(CreateState)).current[0].id
        await tab.send(CreateState, "cancel", generation_id=first)
        await tab.send(CreateState, "generate", form={**FORM, "seed": "8"})
        second = (await tab.look(CreateState)).current[0].id

        open_studio.bus.publish(JobMoved(job_id=JobId(1), batch_id=first, audience=ines.id))
        async with database.transaction() as tx:
            await generations.cancel(tx, open_studio, second, ines)
        await tab.wait_until(CreateState, lambda page: not page.current[0].is_open)

        page = await tab.look(CreateState)
        assert ([card.id for card in page.current], [card.id for card in page.lately]) == ([second], [first])


async def test_a_deleted_picture_leaves_the_page(open_studio, database, ines, cookie):
    from pixelstudio.features.images.pictures import delete

    image_id = await an_image(open_studio, ines)
    async with Tab(cookie, "/create") as tab:
        await tab.start(CreateState, "follow")
        await tab.wait_until(CreateState, lambda page: page.is_loaded)
        async with database.transaction() as tx:
            await delete(tx, image_id, by=ines)
        await tab.wait_until(CreateState, lambda page: page.is_loaded)

        assert image_id not in repr((await tab.look(CreateState)).earlier)


async def test_a_kept_seed_is_the_one_of_the_set_that_was_asked_for(open_studio, ines, cookie):
    async with Tab(cookie, "/create") as tab:
        await tab.send(CreateState, "begin")
        await tab.send(CreateState, "generate", form={**FORM, "seed": "", "keeps_seed": "on"})
        kept, told = (page := await tab.look(CreateState)).seed, page.notice
        await tab.send(CreateState, "generate", form={**FORM, "seed": kept, "keeps_seed": "on"})
        page = await tab.look(CreateState)
        assert (told, page.notice.code) == (None, "same_again")
        assert kept.isdecimal()
        assert page.seed == kept
        async with open_studio.db.reader() as reader:
            asked_for = await sets_of(reader, open_studio, ines, limit=2)
        assert [str(view.seed) for view in asked_for] == [kept, kept]
        assert not any("seed" in card.facts for card in page.current)  # it stands in the recipe of each picture

        await tab.send(CreateState, "generate", form={**FORM, "prompt": "another", "seed": kept, "keeps_seed": "on"})
        assert (await tab.look(CreateState)).notice is None
        await tab.send(CreateState, "generate", form={**FORM, "seed": ""})
        assert (await tab.look(CreateState)).seed == ""


async def test_variations_are_sets_of_their_own(open_studio, database, ines, cookie):
    image_id = await an_image(open_studio, ines)
    async with Tab(cookie, "/create") as tab:
        await tab.send(CreateState, "begin")
        for kind, sets, said in (
            ("subtle", 1, "Drawing four more."),
            ("one", 2, "Drawing one more."),
            ("strong", 3, "Drawing four in another style: Autumn."),
            ("looks", 6, "Drawing it by Bloom, Horizon and Arches."),
        ):
            await tab.send(CreateState, "vary", image_id=image_id, kind=kind)
            page = await tab.look(CreateState)
            assert len(page.current) == sets
            assert page.notice.sentence == said

        await tab.send(CreateState, "vary", image_id=image_id, kind="upscale")
        assert (await tab.look(CreateState)).notice.code == "invalid_arguments"


async def test_that_variations_are_being_drawn_is_said_until_they_are_drawn(open_studio, database, ines, cookie):
    image_id = await an_image(open_studio, ines)
    async with Tab(cookie, "/create") as tab:
        await tab.start(CreateState, "follow")
        await tab.wait_until(CreateState, lambda page: page.is_loaded)
        await tab.send(CreateState, "begin")
        await tab.send(CreateState, "vary", image_id=image_id, kind="one")
        varied = (await tab.look(CreateState)).current[0].id
        async with database.transaction() as tx:
            other = await generations.submit(tx, open_studio, a_request(), by=ines)
            await generations.cancel(tx, open_studio, other.id, by=ines)
        await tab.wait_until(CreateState, lambda page: any(not card.is_open for card in page.current))
        assert (await tab.look(CreateState)).notice.code == "varied"

        async with database.transaction() as tx:
            await generations.cancel(tx, open_studio, varied, by=ines)
        await tab.wait_until(CreateState, lambda page: page.notice is None)


async def test_what_costs_something_is_put_into_the_composer_before_it_is_varied(database, clock, children, ines, cookie):
    priced = a_studio(database, clock, children, PricedSketch(children))
    session.install(priced)
    image_id = await an_image(priced, ines)
    async with Tab(cookie, "/create") as tab:
        await tab.send(CreateState, "vary", image_id=image_id, kind="subtle")
        page = await tab.look(CreateState)
        assert (page.current, page.price, page.seed) == ([], "8 credits", "")
        assert "price" in page.notice.sentence
    session.uninstall()


async def test_recipes_of_pictures_and_files_fill_the_composer(open_studio, database, ines, cookie):
    image_id = await an_image(open_studio, ines, prompt="a red lighthouse, winter light, snow and ice, muted colours")
    said = {"prompt": "a boat", "negative_prompt": "", "model": "gone", "size": "640x480", "seed": "-1", "steps": "28", "guidance": "inf"}
    async with Tab(cookie, "/create") as tab:
        await tab.send(CreateState, "begin")
        await tab.send(CreateState, "reuse_picture", image_id=image_id)
        page = await tab.look(CreateState)
        assert (page.recipe.prompt, page.recipe.style, page.size, page.seed) == ("a red lighthouse", "winter", "256x256", "7")

        await tab.send(CreateState, "reuse_file", said=said)
        page = await tab.look(CreateState)
        assert (page.recipe.prompt, page.chosen.id, page.size, page.seed) == ("a boat", page.models[0].id, "640x480", "")
        assert (page.recipe.steps, page.recipe.guidance) == ("28", "")
        assert "not offered here" in page.notice.sentence


async def test_places_in_line_move_when_others_do(open_studio, database, ines, cookie):
    bob = await a_user(database, "bob")
    async with database.transaction() as tx:
        before = await generations.submit(tx, open_studio, a_request(), by=bob)
        await generations.submit(tx, open_studio, a_request(), by=ines)
    async with Tab(cookie, "/create") as tab:
        await tab.start(CreateState, "follow")
        await tab.wait_until(CreateState, lambda page: page.is_loaded)
        assert (await tab.look(CreateState)).current[0].slots[0].title == "2nd in line"
        async with database.transaction() as tx:
            await generations.cancel(tx, open_studio, before.id, by=bob)

        await tab.wait_until(CreateState, lambda page: page.current[0].slots[0].title == "Next in line")


async def test_the_price_follows_the_number_of_pictures(database, clock, children, cookie):
    session.install(a_studio(database, clock, children, PricedSketch(children)))
    async with Tab(cookie, "/create") as tab:
        await tab.send(CreateState, "begin")
        await tab.send(CreateState, "choose_count", count=3)
        page = await tab.look(CreateState)
        assert (page.amount, page.price) == ("3 pictures", "6 credits")

        await tab.send(CreateState, "choose_count", count=0)
        page = await tab.look(CreateState)
        assert (page.amount, page.price) == ("1 picture", "2 credits")
    session.uninstall()


class TwoSketches(SketchProvider):
    """A look that draws any size for nothing, and one that draws squares alone and wants so much for each."""

    def __init__(self, children, price_credits=0):
        super().__init__(children)
        paper, bloom = type(self).models[:2]
        self.models = (paper, replace(bloom, sizes=(SQUARE,), any_size=False, price_credits=price_credits))


@pytest.fixture
def two_sketches(database, clock, children):
    def installed(price_credits=0):
        session.install(a_studio(database, clock, children, TwoSketches(children, price_credits)))

    yield installed
    session.uninstall()


@pytest.mark.parametrize("is_heard", [True, False], ids=["the choice is heard", "the server is a new one"])
async def test_whoever_presses_before_a_new_models_sizes_are_shown_gets_the_size_that_is_shown_then(
    two_sketches, database, cookie, is_heard
):
    two_sketches()
    async with Tab(cookie, "/create") as tab:
        await tab.send(CreateState, "begin")
        if is_heard:
            await tab.send(CreateState, "choose_model", model="sketch-bloom")
        await tab.send(CreateState, "generate", form={**FORM, "shown": "sketch-paper", "model": "sketch-bloom"})

        page = await tab.look(CreateState)
        assert page.notice is None
        assert (page.chosen.id, page.size, page.recipe.size) == ("sketch-bloom", "1024x1024", "1024x1024")
        async with database.reader() as reader:
            assert (await reader.exec(select(col(GenerationRow.width), col(GenerationRow.height)))).all() == [(1024, 1024)]


async def test_a_size_that_stood_among_those_of_its_model_is_never_changed_unsaid(two_sketches, database, cookie):
    two_sketches()
    async with Tab(cookie, "/create") as tab:
        await tab.send(CreateState, "begin")
        await tab.send(CreateState, "choose_model", model="sketch-bloom")
        await tab.send(CreateState, "generate", form={**FORM, "shown": "sketch-bloom", "model": "sketch-bloom"})

        assert (await tab.look(CreateState)).notice.code == "size_not_offered"
        assert await sets_written(database) == 0


async def test_a_price_that_was_not_shown_yet_is_not_charged(two_sketches, database, cookie):
    two_sketches(price_credits=1)
    early = {**FORM, "shown": "sketch-paper", "model": "sketch-bloom"}
    async with Tab(cookie, "/create") as tab:
        await tab.send(CreateState, "begin")
        await tab.send(CreateState, "choose_model", model="sketch-bloom")
        await tab.send(CreateState, "generate", form=early)

        page = await tab.look(CreateState)
        assert (page.notice.code, page.price) == ("price_changed", "4 credits")
        assert await sets_written(database) == 0

        await tab.send(CreateState, "generate", form={**early, "shown": "sketch-bloom", "size": page.size})
        assert await sets_written(database) == 1


async def test_whoever_saw_a_higher_price_gets_the_lower_one(two_sketches, database, cookie):
    two_sketches(price_credits=2)
    async with Tab(cookie, "/create") as tab:
        await tab.send(CreateState, "begin")
        await tab.send(CreateState, "generate", form={**FORM, "shown": "sketch-bloom"})

        assert await sets_written(database) == 1


async def of_nothing(studio, by, *, is_called_off=True) -> str:
    """A set of three of which two failed; the third was called off, or is in line."""
    async with studio.db.transaction() as tx:
        view = await generations.submit(tx, studio, a_request(count=3), by=by)
    for job in await take(studio.db, wanted=2, lane=Lane("sketch", 8)):
        await end_held(studio.db, job, studio.kinds, Failed("refused", "The provider refused this prompt."))
    if is_called_off:
        async with studio.db.transaction() as tx:
            await generations.cancel(tx, studio, view.id, by=by)
    return view.id


async def test_what_a_set_misses_is_drawn_by_one_press_for_the_price_that_is_shown(database, clock, children, ines, cookie):
    studio = a_studio(database, clock, children, PricedSketch(children))
    session.install(studio)
    await grant_to(database, ines, 10)
    generation_id = await of_nothing(studio, ines)

    async with Tab(cookie, "/create") as tab, Tab(cookie, "/create") as other:
        for one in (tab, other):
            await one.start(CreateState, "follow")
            await one.wait_until(CreateState, lambda page: page.is_loaded)
        [card] = (await tab.look(CreateState)).earlier
        assert (card.missing, card.missing_price) == ("Draw all 3 again", "6 credits")

        for _ in range(2):  # a double click
            await tab.send(CreateState, "draw_missing", generation_id=generation_id)

        page = await tab.look(CreateState)
        assert ([len(card.slots) for card in page.current], page.notice) == ([3], None)
        for one in (tab, other):
            await one.wait_until(CreateState, lambda page: len(page.current) == 1 and not page.earlier)  # it takes the other's place
    async with Tab(cookie, "/create") as anew:
        await anew.start(CreateState, "follow")
        await anew.wait_until(CreateState, lambda page: page.is_loaded)
        page = await anew.look(CreateState)
        assert (len(page.current), page.earlier) == (1, [])
    assert await sets_written(database) == 2
    session.uninstall()


async def test_a_set_of_which_something_is_still_to_come_stays_beside_the_one_in_its_stead(open_studio, ines, cookie):
    generation_id = await of_nothing(open_studio, ines, is_called_off=False)

    async with Tab(cookie, "/create") as tab:
        await tab.start(CreateState, "follow")
        await tab.wait_until(CreateState, lambda page: page.is_loaded)
        async with open_studio.db.transaction() as tx:
            await retry_set(tx, open_studio, generation_id, by=ines)

        await tab.wait_until(CreateState, lambda page: len(page.current) == 2 and page.current[1].reasons[-1:] == [ASKED_AGAIN])
        assert (await tab.look(CreateState)).current[1].id == generation_id


async def test_without_the_credits_what_is_missing_stays_to_be_asked_for(database, clock, children, ines, cookie):
    studio = a_studio(database, clock, children, PricedSketch(children))
    session.install(studio)
    await grant_to(database, ines, 1)
    generation_id = await of_nothing(studio, ines)
    async with database.transaction() as tx:
        await hold(tx, ines.id, 2, keys=["elsewhere"])

    async with Tab(cookie, "/create") as tab:
        await tab.start(CreateState, "follow")
        await tab.wait_until(CreateState, lambda page: page.is_loaded)
        await tab.send(CreateState, "draw_missing", generation_id=generation_id)

        page = await tab.look(CreateState)
        assert page.notice.sentence.startswith("This costs 6 credits and you have 4.")
        assert (page.current, page.earlier[0].missing) == ([], "Draw all 3 again")
    session.uninstall()
