"""Feeds, the sitemap, oEmbed and structured data: well formed whatever people write, and only what everybody may see."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest

from tests.api.pages import SHELLS, read
from tests.api.serving import a_browser, served
from tests.factories import a_post, a_user, an_image

NASTY = "</script><img src=x onerror=alert(1)> & \"quotes\" ]]> 'é' \u2028 end"


def parsed(text: str) -> Any:
    return ET.fromstring(text)  # noqa: S314  # our own answer: that it can be read is what is tested


@pytest.fixture
async def visitor(studio):
    async with served(studio, SHELLS) as address, a_browser(address) as asking:
        yield asking


@pytest.fixture
async def world(studio):
    ines = await a_user(studio.db, "ines")
    shown = await a_post(studio, ines, prompt="boat", title=NASTY, description=NASTY, alt=NASTY, tags="sea")
    hidden = [await an_image(studio, ines), await a_post(studio, ines, showing="link"), await a_post(studio, ines, showing="private")]
    return shown, hidden


async def test_a_persons_feed_is_well_formed_and_holds_what_everybody_sees(visitor, world):
    shown, hidden = world
    answer = await visitor.get("/u/INES/feed.xml")

    channel = parsed(answer.text).find("channel")
    assert answer.headers["content-type"].startswith("application/rss+xml")
    (item,) = channel.findall("item")
    assert item.findtext("title").startswith("</script><img")
    assert item.findtext("link").endswith(f"/image/{shown}")
    assert not any(image_id in answer.text for image_id in hidden)
    assert (await visitor.get("/u/nobody/feed.xml")).status_code == 404


async def test_the_sitemap_names_what_everybody_sees(visitor, world):
    shown, _ = world
    urls = [url.text for url in parsed((await visitor.get("/sitemap.xml")).text).iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]

    assert [url.split("/", 3)[3] for url in urls] == ["", "explore", "u/ines", f"image/{shown}"]


async def test_oembed_tells_of_what_is_shown_and_of_nothing_else(visitor, world):
    shown, hidden = world
    said = (await visitor.get("/api/oembed", params={"url": f"https://x.example/image/{shown}", "maxwidth": 600})).json()

    assert (said["type"], said["author_name"], said["url"].rsplit("/", 2)[1:]) == ("photo", "ines", [shown, "512"])
    for image_id in (hidden[0], hidden[2], "x"):
        assert (await visitor.get("/api/oembed", params={"url": f"https://x.example/image/{image_id}"})).status_code == 404
    for url in ("", "javascript:alert(1)", "\x00", "http://[", "https://x.example/u/ines"):
        assert (await visitor.get("/api/oembed", params={"url": url})).status_code in {404, 422}


async def test_structured_data_of_a_picture_ends_no_element(visitor, world):
    shown, hidden = world
    page = (await visitor.get(f"/image/{shown}")).text

    (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    facts = json.loads(data)
    assert facts["name"].startswith("</script>")
    assert (facts["keywords"], facts["creator"]["name"]) == (["sea"], "ines")
    assert read(page).meta["og:title"].startswith("</script><img")
    assert "onerror" not in {name for _, names in read(page).elements for name in names}
    link_only = (await visitor.get(f"/image/{hidden[1]}")).text
    assert "ld+json" not in link_only


async def test_a_person_has_a_page_with_their_feed_and_nobody_has_none(visitor, world):
    page = await visitor.get("/u/ines")

    assert (page.status_code, read(page.text).meta["og:title"]) == (200, "ines")
    assert "application/rss+xml" in page.text
    assert (await visitor.get("/u/nobody")).status_code == 404


async def test_what_is_no_address_of_the_gallery_is_refused_kindly(visitor):
    for path in ("explore?before=nonsense", "search?before=%00", "explore?limit=x", "search?q=a&before=bmFuIGE"):
        assert (await visitor.get(f"/api/gallery/{path}")).status_code == 422
    for query in ("q=%00%ff%22(%27", "q=by:%22", "sort=%00&period=x&only=../x,,%00", "limit=-5", "limit=99999"):
        assert (await visitor.get(f"/api/gallery/search?{query}")).status_code == 200
