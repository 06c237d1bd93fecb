"""Hostile pictures from a provider that was paid: refused in words, given back, and the server neither grows nor keeps a scrap."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from pixelstudio.features.credits.ledger import Balance
from pixelstudio.imaging.children import ChildPool
from tests.factories import a_user
from tests.faults.house import files_in, memory_mb, the_studio_at, until_ended, url_of
from tests.imaging.corpus import CORPUS, TAKEN
from tests.paying import PRICE, a_paid_studio, asked, balance, ended
from tests.serving import a_server

if TYPE_CHECKING:
    from pixelstudio.studio import Studio
    from tests.standin.process import StandIn

GROWTH_MAX_MB = 50
UNUSABLE = "OpenAI sent a picture that cannot be used. It is not asked again by itself. Nothing was charged."


async def codes_by_prompt(studio: Studio) -> dict[str, str]:
    """Why pictures were given up."""
    question = """SELECT g.prompt, a.error_code FROM generation g JOIN q_job j ON j.batch_id=g.id AND j.state=6
        JOIN q_attempt a ON a.job_id=j.id AND a.attempt=j.attempt"""
    async with studio.db.reader() as reader:
        rows: list[Any] = list((await reader.exec(text(question))).all())
    return {prompt: str(code) for prompt, code in rows}


@pytest.mark.slow
async def test_the_corpus_as_paid_results_gets_its_verdicts_and_leaves_nothing(tmp_path: Path, stand_in: StandIn) -> None:
    """Let `_refusals_told` pass `Invalid` on and every bomb is paid for three times; decode in the server and it grows by gigabytes."""
    scraps = tmp_path / "scraps"
    scraps.mkdir()
    settings = {"OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": stand_in.base_url, "TMPDIR": str(scraps)}
    with a_server(tmp_path, **settings) as server:
        assert server.process is not None
        async with the_studio_at(url_of(server), stand_in) as studio:
            ines = await a_user(studio.db, credits=500)
            await until_ended(studio, ines, await asked(studio, ines))
            before_mb, purse, asked_before = memory_mb(server.process.pid), await balance(studio, ines), len(stand_in.requests())
            stand_in.script(*({"when": f"[{name}]", "picture": name, "partial_picture": name} for name in CORPUS))

            views = {name: await asked(studio, ines, prompt=f"[{name}]") for name in CORPUS}
            slots = {name: (await until_ended(studio, ines, view, 90)).slots[0] for name, view in views.items()}

            taken = [name for name, specimen in CORPUS.items() if specimen.verdict == TAKEN]
            codes = await codes_by_prompt(studio)
            assert {name: codes.get(f"[{name}]", TAKEN) for name in CORPUS} == {name: s.verdict for name, s in CORPUS.items()}
            assert {slot.sentence for slot in slots.values() if slot.state == "failed"} == {UNUSABLE}
            assert [name for name, slot in slots.items() if slot.state == "done"] == taken
            assert await balance(studio, ines) == Balance(purse.available - PRICE * len(taken), 0)
        assert len(stand_in.requests()) - asked_before == len(CORPUS)
        assert memory_mb(server.process.pid) - before_mb < GROWTH_MAX_MB
        assert files_in(scraps) == set()
        assert not [name for name in files_in(Path(server.environment["DATA_DIR"]) / "objects") if name.endswith(".part")]
        assert "Traceback" not in server.log


async def test_a_picture_that_takes_too_much_costs_a_child_its_life_and_nobody_a_credit(database, clock, stand_in):
    """Without RLIMIT_AS in `confine` it is simply drawn; with `ChildLimit` unknown to `ingest` it would be asked for again."""
    children = ChildPool(1, memory_mb=500, preload=())
    ines = await a_user(database, credits=20)
    async with a_paid_studio(database, clock, children, stand_in) as studio:
        await children.warm()
        before = set(children.memory_mb())
        stand_in.script({"picture": "png just within the bounds", "partials": 0})

        view = await ended(studio, ines, clock)
        again = await ended(studio, ines, clock, count=1)

    await children.close()
    assert view.slots[0].sentence == UNUSABLE
    assert again.slots[0].state == "done"
    assert before - set(children.memory_mb())
    assert len(stand_in.requests()) == 2
