"""The hostile corpus against ingest and previews: the recorded verdict, whoever sent it."""

import zlib

import pytest

from pixelstudio.imaging import previews
from pixelstudio.imaging.children import ChildPool
from pixelstudio.imaging.ingest import ingest
from pixelstudio.imaging.previews import preview_of
from pixelstudio.imaging.refusal import Refused
from tests.imaging.corpus import CORPUS, MEGABYTE, TAKEN, zeros_deflated
from tests.imaging.pictures import RECIPE

pytestmark = pytest.mark.slow


@pytest.fixture
async def pool():
    opened = ChildPool(1)
    yield opened
    await opened.close()


def test_the_bombs_would_go_off():
    assert zlib.decompress(zeros_deflated(3 * MEGABYTE)) == bytes(3 * MEGABYTE)
    assert len(zeros_deflated(676 * MEGABYTE)) < MEGABYTE


async def test_every_specimen_gets_its_verdict_and_only_pixels_are_kept(pool):
    """Take out a check of `decoding._check` and the bombs get another verdict, after gigabytes; keep the tail and EICAR stays."""
    verdicts, kept = {}, []
    for name, specimen in CORPUS.items():
        data = specimen.make()
        try:
            taken = await ingest(pool, data, RECIPE)
        except Refused as refusal:
            verdicts[name] = refusal.code
        else:
            verdicts[name] = TAKEN
            if specimen.foreign:
                assert specimen.foreign in data, name
                kept += [name for file in (taken.original, *taken.renditions.values()) if specimen.foreign in file.data]

    assert verdicts == {name: specimen.verdict for name, specimen in CORPUS.items()}
    assert kept == []


async def test_every_specimen_on_its_way_is_a_clean_preview_or_none(pool, monkeypatch):
    monkeypatch.setattr(previews, "WALL_S", 60.0)  # the largest that is taken needs a second or two of a core
    for name, specimen in CORPUS.items():
        preview = await preview_of(pool, specimen.make())

        assert (preview is not None) == (specimen.verdict == TAKEN), name
        assert preview is None or (preview[:4] == b"RIFF" and (specimen.foreign or b"RIFX") not in preview), name
