"""The large world: every count and every heat is what the product would have written, on both databases, and nobody's home is overwritten."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import func, select

from pixelstudio.core.settings import Settings
from pixelstudio.db.columns import metadata
from pixelstudio.features.gallery.filters import WallFilter
from pixelstudio.features.gallery.heat import COMMENTED, LIKED, PERIODS, PUBLISHED, heat_of, warmed
from pixelstudio.features.gallery.walls import wall
from tools.seed.large import fill

PICTURES = 60


@pytest.fixture
async def filled(database_url, database, tmp_path):
    settings = Settings(_env_file=None, data_dir=tmp_path, database_url=database_url)  # pyright: ignore[reportCallIssue]  # of pydantic-settings
    assert await fill(settings, PICTURES)
    assert not await fill(settings, PICTURES)
    return database


async def counted(reader, table, column):
    statement = select(metadata.tables[table].c[column], func.count()).group_by(metadata.tables[table].c[column])
    return dict(tuple(row) for row in (await reader.exec(statement)).all())


async def happened(reader, table, picture):
    rows = metadata.tables[table]
    return list((await reader.exec(select(rows.c.created_at).where(rows.c.image_id == picture))).scalars())


async def test_counts_and_heat_are_those_of_its_rows_and_its_lists_are_full(filled):
    async with filled.reader() as reader:
        posts = (await reader.exec(select(metadata.tables["post"]).order_by(metadata.tables["post"].c.number))).all()
        likes, comments = await counted(reader, "post_like", "image_id"), await counted(reader, "comment", "image_id")
        followers, creators = await counted(reader, "follow", "followed_id"), (await reader.exec(select(metadata.tables["creator"]))).all()
        answers = await counted(reader, "comment", "parent_id")
        roots = (await reader.exec(select(metadata.tables["comment"].c.id, metadata.tables["comment"].c.answers))).all()
        told = [(await happened(reader, "post_like", post.image_id), await happened(reader, "comment", post.image_id)) for post in posts]
        images = (await reader.exec(select(func.count()).select_from(metadata.tables["image"]))).scalar_one()
        looks = (await reader.exec(select(metadata.tables["post_look"].c.number))).scalars().all()
        newest = await wall(reader, None, WallFilter(sort="newest"), limit=3)
        found = await wall(reader, None, WallFilter(sort="newest", words=f"by:{newest.items[0].person.handle} {newest.items[0].title}"))

    assert images == PICTURES
    assert sorted(looks) == [post.number for post in posts]
    assert [(post.likes, post.comments) for post in posts] == [(likes.get(p.image_id, 0), comments.get(p.image_id, 0)) for p in posts]
    assert {one.account_id: one.followers for one in creators} == {one.account_id: followers.get(one.account_id, 0) for one in creators}
    assert sum(one.likes for one in creators) == sum(likes.values()) > 0
    assert all(count == answers.get(comment_id, 0) for comment_id, count in roots)
    for post, (liked, said) in zip(posts, told, strict=True):
        for period in PERIODS:
            heat = heat_of(PUBLISHED, post.published_at, period)
            for weight, moments in ((LIKED, liked), (COMMENTED, said)):
                for at in moments:
                    assert isinstance(at, datetime)
                    heat = warmed(heat, weight, at, period)
            assert getattr(post, f"heat_{period}") == pytest.approx(heat, abs=1e-6)
    assert [post.image.id for post in newest.items] == [post.image_id for post in reversed(posts[-3:])]
    assert newest.items[0].image.id in {post.image.id for post in found.items}
