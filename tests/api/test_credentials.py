"""Content Credentials from end to end: a download carries them, a page does not, and the story of the downloaded file tells them."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest

from pixelstudio.bootstrap.credentials import credentials_of
from pixelstudio.bootstrap.opening import open_studio
from pixelstudio.cli.checkup.workshop import credentials_findings
from pixelstudio.core.clock import SystemClock
from pixelstudio.core.settings import load_settings
from pixelstudio.imaging.children import ChildPool
from pixelstudio.imaging.credentials import CredentialsUnusable
from pixelstudio.imaging.recipe import read
from tests.api.serving import a_browser, served
from tests.credentialed import lend_the_package, some_credentials
from tests.factories import a_cookie, a_true_image, a_user
from tests.standin.pictures import drawn


@pytest.fixture
async def credited(studio, monkeypatch):
    """The studio with credentials switched on, and children that find what reads them."""
    lend_the_package(monkeypatch)
    children = ChildPool(1, urgent_size=0)
    yield replace(studio, children=children, credentials=some_credentials())
    await children.close()


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_a_download_carries_them_and_its_story_tells_them(credited):
    ines = await a_user(credited.db)
    image_id = await a_true_image(credited, ines, drawn("a house", 64, 80, 0.5, "jpeg"))
    async with served(credited) as address, a_browser(address, await a_cookie(credited.db, ines.id)) as browser:
        shown, rendition = [await browser.get(f"/media/{image_id}/{what}") for what in ("original", "256?download=1")]
        saved = await browser.get(f"/media/{image_id}/original?download=1", headers={"Range": "bytes=0-9"})
        head = await browser.head(f"/media/{image_id}/original?download=1")
        story = (await browser.post("/api/recipes/story", content=saved.content)).json()
        plain = (await browser.post("/api/recipes/story", content=shown.content)).json()

    assert (saved.status_code, "etag" in saved.headers, saved.headers["cache-control"]) == (200, False, "private, no-store")
    assert saved.headers["content-disposition"].startswith("attachment; filename=")
    assert (head.status_code, head.content) == (200, b"")
    assert len(saved.content) > len(shown.content)
    assert read(saved.content) == read(shown.content)
    assert b"c2pa" not in shown.content + rendition.content
    assert story["credentials"] == {"standing": "ours", "signer": "Pixel Studio, self-made", "program": "Pixel Studio", "source": "rules"}
    assert (story["origin"], story["unchanged"], plain["credentials"]) == ("ours", True, None)


async def test_a_download_that_cannot_be_credited_is_the_plain_file(studio, address, monkeypatch):
    class Broken:
        def signed(self, picture: bytes) -> bytes:
            raise CredentialsUnusable("They could not be written.")

    ines = await a_user(studio.db)
    image_id = await a_true_image(studio, ines, drawn("a house", 64, 80, 0.5, "png"))
    async with served(replace(studio, credentials=Broken())) as where, a_browser(where, await a_cookie(studio.db, ines.id)) as browser:
        shown, saved = [await browser.get(f"/media/{image_id}/original{asked}") for asked in ("", "?download=1")]

    assert (saved.status_code, saved.content) == (200, shown.content)


def test_a_missing_package_and_a_missing_certificate_are_said(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "c2pa", None)
    absent = load_settings(content_credentials=True, data_dir=tmp_path)
    nowhere = load_settings(content_credentials=True, content_credentials_certificate=str(tmp_path / "nowhere.pem"))
    for settings, code in ((absent, "credentials_package_missing"), (nowhere, "credentials_certificate_missing")):
        with pytest.raises(CredentialsUnusable) as refusal:
            credentials_of(settings, SystemClock(), is_kept=False)

        (finding,) = credentials_findings(settings, SystemClock())
        assert refusal.value.code == code
        assert (finding.verdict, refusal.value.sentence in finding.said) == ("wrong", True)
        assert "make extra E=c2pa" in finding.mend
    assert list(tmp_path.iterdir()) == [], "who only looks makes nothing"
    assert credentials_findings(load_settings(), SystemClock()) == []


async def test_a_studio_starts_without_them_and_makes_its_certificate_once(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "c2pa", None)
    settings = load_settings(content_credentials=True, data_dir=tmp_path)
    made = []
    for _ in range(2):
        async with open_studio(settings) as studio:
            assert studio.credentials is None
        made.append((tmp_path / "keys" / "credentials.pem").read_bytes())

    assert made[0] == made[1]
    assert b"PRIVATE KEY" in made[0]
