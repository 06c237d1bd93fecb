"""The guard: who reaches a handler, with which arguments, and what is said when it fails."""

from __future__ import annotations

import logging
import math
from types import SimpleNamespace
from typing import Any, Literal

import pytest
import reflex as rx
import structlog

from pixelstudio.core.errors import Conflict
from pixelstudio.core.ids import secret_digest
from pixelstudio.core.log import set_up_logging
from pixelstudio.features.accounts.sessions import sign_out
from pixelstudio.ui import session
from pixelstudio.ui.arguments import INTEGER_MAX
from pixelstudio.ui.notices import OUR_FAULT, OUT_OF_STEP
from pixelstudio.ui.session import Notices, guarded, safe_path
from tests.factories import a_cookie, a_user
from tests.ui.driving import Tab


class Bench(Notices, rx.State):
    """A page with one handler of each sort."""

    seen: list[str] = []  # noqa: RUF012  # a state var: Reflex copies it
    step: int = 0

    @guarded("anyone", number=int, word=str, look=Literal["paper", "bloom"])
    async def take(self, studio: Any, actor: Any, *, number: int, word: str = "", look: str = "paper") -> None:
        self.seen = [*self.seen, f"{actor and actor.handle}:{number}:{word}:{look}"]

    @guarded("member")
    async def members_only(self, _studio: Any, actor: Any) -> Any:
        self.seen = [*self.seen, actor.handle]

    @guarded("maintainer")
    async def maintain(self, _studio: Any, actor: Any) -> None:
        self.seen = [*self.seen, "maintained"]

    @guarded("anyone")
    async def in_steps(self, _studio: Any, actor: Any) -> Any:
        self.step = 1
        yield rx.redirect("/library")
        self.step = 2

    @guarded("member", background=True)
    async def behind(self, _studio: Any, actor: Any) -> None:
        async with self:
            self.seen = [*self.seen, f"behind {actor.handle}"]

    @guarded("anyone", word=str)
    async def refuse(self, _studio: Any, _actor: Any, *, word: str) -> None:
        raise Conflict("Somebody was first.", code="taken")

    @guarded("anyone", background=True, word=str)
    async def break_behind(self, _studio: Any, _actor: Any, *, word: str) -> None:
        raise RuntimeError("boom")

    @guarded("anyone", word=str)
    async def break_down(self, _studio: Any, _actor: Any, *, word: str) -> None:
        raise RuntimeError("boom")


@pytest.fixture(autouse=True)
def seam(database):
    session.install(SimpleNamespace(db=database))  # pyright: ignore[reportArgumentType]
    yield
    session.uninstall()


@pytest.fixture
def set_up_products_log():
    """The product's log instead of the library's, until the test ends; to be called in the test, whose streams are its own."""
    yield set_up_logging
    structlog.reset_defaults()
    logging.basicConfig(force=True)


@pytest.fixture
async def ines(database):
    return await a_user(database, "ines")


async def test_anyone_may_call_what_is_for_anyone_and_a_member_is_known(database, ines):
    async with Tab() as stranger, Tab(await a_cookie(database, ines.id)) as member:
        await stranger.send(Bench, "take", number=1)
        await member.send(Bench, "take", number=2, word="x", look="bloom")

        assert (await stranger.look(Bench)).seen == ["None:1::paper"]
        assert (await member.look(Bench)).seen == ["ines:2:x:bloom"]


async def test_a_stranger_is_sent_to_sign_in_and_back(database):
    async with Tab(path="/image/a b") as tab:
        [event] = await tab.send(Bench, "members_only")

        assert event.payload["path"] == "/login?next=/image/a%20b"
        assert (await tab.look(Bench)).seen == []


async def test_a_stranger_is_turned_away_from_a_background_handler_too(database):
    async with Tab() as tab:
        [event] = await tab.send(Bench, "behind")

        assert event.payload["path"].startswith("/login")


async def test_a_session_that_ended_opens_nothing_on_the_same_socket(database, ines):
    cookie = await a_cookie(database, ines.id)
    async with Tab(cookie) as tab:
        await tab.send(Bench, "members_only")
        async with database.transaction() as tx:
            await sign_out(tx, secret_digest(cookie))
        await tab.send(Bench, "members_only")

        assert (await tab.look(Bench)).seen == ["ines"]


async def test_a_member_is_no_maintainer(database, ines):
    async with Tab(await a_cookie(database, ines.id)) as tab:
        await tab.send(Bench, "maintain")

        state = await tab.look(Bench)
        assert (state.seen, state.notice.code) == ([], "not_allowed")


@pytest.mark.parametrize(
    "sent",
    [
        {}, {"number": "1"}, {"number": True}, {"number": 1.0}, {"number": math.nan}, {"number": math.inf}, {"number": None}, {"number": [1]},
        {"number": 1, "word": 5}, {"number": 1, "extra": 1}, {"number": 1, "actor": "ines"}, {"number": 1, "self": 1}, {"number": 1, "look": "neon"},
        {"number": INTEGER_MAX + 1}, {"number": 1, "word": "x" * 9_000}, {"number": 1, "word": "\ud800"}, {"number": 1, "word": {"a": [1, {}]}},
    ],
)  # fmt: skip
async def test_arguments_of_the_wrong_shape_reach_no_handler(database, sent):
    async with Tab() as tab:
        await tab.send(Bench, "take", **sent)

        state = await tab.look(Bench)
        assert (state.seen, state.notice.sentence, state.notice.code) == ([], OUT_OF_STEP, "invalid_arguments")


async def test_a_refusal_becomes_its_sentence_and_can_be_dismissed(database):
    async with Tab() as tab:
        await tab.send(Bench, "refuse", word="secret")
        notice = (await tab.look(Bench)).notice
        await tab.send(Bench, "dismiss_notice")

        assert (notice.kind, notice.sentence, notice.code) == ("error", "Somebody was first.", "taken")
        assert (await tab.look(Bench)).notice is None


@pytest.mark.parametrize("handler", ["break_down", "break_behind"])
async def test_a_breakdown_is_our_fault_and_what_was_sent_stays_out_of_the_log(database, handler, set_up_products_log, capfd, caplog):
    set_up_products_log()
    caplog.set_level(logging.DEBUG)
    async with Tab() as tab:
        await tab.send(Bench, handler, word="hunter2-canary")

        assert (await tab.look(Bench)).notice.sentence == OUR_FAULT
    written = capfd.readouterr()
    assert "handler.failed" in written.out + written.err
    assert "hunter2-canary" not in written.out + written.err + caplog.text


async def test_a_handler_may_answer_in_steps(database):
    async with Tab() as tab:
        events = await tab.send(Bench, "in_steps")

        deltas = [vars_ for update in tab.updates for vars_ in update.delta.values() if "step_rx_state_" in vars_]
        assert [event.payload["path"] for event in events] == ["/library"]
        assert [vars_["step_rx_state_"] for vars_ in deltas] == [1, 2]


@pytest.mark.parametrize(
    "path", ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "", "/a\nb", "/" + "x" * 600]
)
def test_a_path_that_leads_away_becomes_the_front_page(path):
    assert safe_path(path) == "/"


def test_a_page_binds_arguments_by_name():
    spec: Any = Bench.take(3, "x")

    assert [str(name) for name, _ in spec.args] == ["number", "word"]


def test_a_handler_that_does_not_take_what_it_declares_stops_the_import():
    async def forgets(self, studio, actor): ...

    with pytest.raises(TypeError, match="number"):
        guarded("anyone", number=int)(forgets)


def test_a_handler_everybody_would_have_to_wait_for_stops_the_import():
    def blocks(self, studio, actor): ...

    with pytest.raises(TypeError, match="async"):
        guarded("anyone")(blocks)


async def test_what_one_member_holds_is_counted_by_account_and_a_visitor_by_none(database, ines):
    cookies = [await a_cookie(database, ines.id) for _ in range(2)]

    assert [await session.holder_of(cookie) for cookie in (*cookies, "", "forged")] == [ines.id, ines.id, None, None]
