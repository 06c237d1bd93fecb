"""The app as a whole: health, unknown addresses, and faults of ours."""

from __future__ import annotations

from dataclasses import replace

from tests.api.serving import a_browser, served
from tests.factories import a_user, an_image


async def test_an_unknown_api_address_is_a_json_404(address):
    async with a_browser(address) as browser:
        for path in ("/api/", "/api/v1/images", "/api/../secret%00"):
            for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
                answer = await browser.request(method, path)

                assert answer.status_code == 404
                assert answer.headers["content-type"] == "application/json"


async def test_health_and_readiness(studio, address):
    async with a_browser(address) as browser:
        assert (await browser.get("/healthz")).json() == {"ok": True}
        ready = (await browser.get("/readyz")).json()
        assert ready.pop("loop_lag_ms") >= 0
        assert ready == {"ok": True, "database": studio.db.dialect}


async def test_without_its_database_it_lives_and_is_not_ready(studio):
    async with served(replace(studio, db=None)) as where, a_browser(where) as browser:
        assert (await browser.get("/healthz")).status_code == 200
        assert (await browser.get("/readyz")).status_code == 503


async def test_a_fault_of_ours_is_a_calm_sentence_without_details(studio, address):
    owner = await a_user(studio.db, "owner")
    image_id = await an_image(studio, owner, is_public=True)
    studio.storage.get = None

    async with a_browser(address) as browser:
        answer = await browser.get(f"/media/{image_id}/original")

    assert answer.status_code == 500
    assert answer.json() == {
        "code": "unexpected",
        "sentence": "Something broke on our side. Nothing was charged. Try again in a moment.",
        "field": None,
        "status": 500,
    }
