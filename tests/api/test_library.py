"""The library over a real socket: pages by cursor, answers the browser may keep, bounds of a file of many."""

from __future__ import annotations

import io
import zipfile

from pixelstudio.api import library
from pixelstudio.features.gallery.posts import PostForm, publish
from pixelstudio.features.images.curation import throw_away
from tests.factories import a_post, a_set, an_image, done


async def test_pages_follow_each_other_and_the_first_says_how_many_there_are(studio, ines, member, clock):
    made = []
    for _ in range(5):
        clock.advance(1)
        made.append(await an_image(studio, ines))

    first = (await member.get("/api/library?limit=3")).json()
    second = (await member.get(f"/api/library?limit=3&before={first['next']}")).json()
    oldest = (await member.get("/api/library?limit=3&sort=oldest")).json()

    assert [card["id"] for card in first["pictures"] + second["pictures"]] == made[::-1]
    assert [card["id"] for card in oldest["pictures"]] == made[:3]
    assert (first["total"], second["next"], "total" in second) == (5, "", False)
    assert first["models"] == [{"id": "sketch-paper", "title": "Cut paper"}]


async def test_pictures_of_one_set_are_told_apart_and_one_of_its_own_is_not_numbered(studio, ines, member):
    asked = await a_set(studio, ines, 4)
    second = await an_image(studio, ines, asked=asked, slot=1)
    alone = await an_image(studio, ines)

    whole = (await member.get("/api/library")).json()["pictures"]
    again = (await member.get(f"/api/library?only={second}")).json()["pictures"]

    assert {card["id"]: card.get("nth") for card in whole} == {second: "2 of 4", alone: None}
    assert [card["nth"] for card in again] == ["2 of 4"]


async def test_the_title_of_a_model_finds_what_it_drew_on_the_wall_among_the_sets_and_for_a_file(studio, ines, member):
    asked = await a_set(studio, ines, 2)
    for slot in range(2):
        await an_image(studio, ines, asked=asked, slot=slot)

    for words, count in (("CUT paper", 2), ("sketch", 0)):
        wall = (await member.get("/api/library", params={"q": words})).json()
        sets = (await member.get("/api/library/sets", params={"q": words})).json()
        packed = await member.post("/api/library/zip", data={"all": "1", "q": words, "check": "1"})
        assert (wall["total"], len(wall["pictures"]), sets["total"]) == (count, count, count // 2)
        assert packed.json().get("pictures", 0) == count


async def test_a_picture_drawn_alone_is_no_set_and_the_sets_are_counted(studio, ines, member):
    asked = await a_set(studio, ines, 2)
    for slot in range(2):
        await an_image(studio, ines, asked=asked, slot=slot)
    await an_image(studio, ines)

    shown = (await member.get("/api/library/sets")).json()

    assert [(one["id"], one["count"], one["model"]) for one in shown["sets"]] == [(asked[0], 2, "Cut paper")]
    assert shown["sets"][0]["at"] == max(card["at"] for card in shown["sets"][0]["cover"])
    assert shown["total"] == 1


async def test_a_picture_hangs_under_the_title_it_was_published_by_and_lies_in_the_trash_under_it(studio, ines, member):
    shown = await a_post(studio, ines, title="Morning at the fjord")
    private = await an_image(studio, ines)

    cards = (await member.get("/api/library")).json()["pictures"]

    assert {card["id"]: card.get("title") for card in cards} == {shown: "Morning at the fjord", private: None}
    await done(studio, throw_away, shown, by=ines)
    [thrown] = (await member.get("/api/library?view=trash")).json()["pictures"]
    assert (thrown["id"], thrown["title"]) == (shown, "Morning at the fjord")


async def test_what_has_not_changed_is_not_sent_again(studio, ines, member):
    await an_image(studio, ines)

    answer = await member.get("/api/library")
    again = await member.get("/api/library", headers={"If-None-Match": answer.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert answer.headers["cache-control"] == "private, no-cache"


async def test_a_query_of_nonsense_is_answered_and_a_foreign_cursor_refused_kindly(member):
    for query in ("view=attic&shape=%00&when=ever&who=me&favourites=x&model=%ff", "only=../x,,%00", "q=%00%ff%5C%25"):
        assert (await member.get(f"/api/library?{query}")).status_code == 200
    for query in ("before=nonsense", "limit=x"):
        assert (await member.get(f"/api/library?{query}")).status_code == 422


async def test_a_file_of_many_has_bounds(studio, ines, member, monkeypatch):
    ids = [await an_image(studio, ines, prompt=prompt) for prompt in ("../../étoile", "boat", "boat")]
    await done(studio, publish, ids[1], PostForm(title="../The fjord"), by=ines)
    everything = {"ids": ",".join(ids)}

    packed = await member.post("/api/library/zip", data=everything)
    monkeypatch.setattr(library, "ZIP_PICTURES_MAX", 2)
    too_many = await member.post("/api/library/zip", data=everything), await member.post("/api/library/zip", data={"all": "1"})
    monkeypatch.setattr(library, "ZIP_BYTES_MAX", 10)
    too_large = await member.post("/api/library/zip", data={"ids": ids[0]})
    monkeypatch.setattr(library, "ZIPS_AT_ONCE", 0)
    monkeypatch.setattr(library, "ZIP_BYTES_MAX", 10**9)
    busy = await member.post("/api/library/zip", data={"ids": ids[0]})

    assert zipfile.ZipFile(io.BytesIO(packed.content)).namelist() == ["001-etoile.png", "002-the-fjord.png", "003-boat.png"]
    assert packed.headers["content-disposition"].startswith('attachment; filename="pixel-studio-')
    assert [answer.json()["code"] for answer in (*too_many, too_large, busy)] == [
        "zip_too_many",
        "zip_too_many",
        "zip_too_large",
        "zips_busy",
    ]
    assert (busy.status_code, busy.headers["retry-after"]) == (429, "10")
