"""`make seed-large`: fill an empty studio with a thousand people and a million pictures, rows alone, the same every time; N=10000 makes fewer.

For measuring lists and for looking at a full gallery. A handful of drawings stands for all: bytes are not what is measured. What is counted
of pictures and people, and their heat, is what the product would have written.
"""

from __future__ import annotations

import asyncio
import base64
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from sqlalchemy import func, select

from pixelstudio.core.clock import FrozenClock, SystemClock
from pixelstudio.core.events import Bus
from pixelstudio.core.settings import Settings, load_settings
from pixelstudio.core.text import words_of
from pixelstudio.db.engine import Database
from pixelstudio.db.migrate import migrate
from pixelstudio.features.accounts.passwords import hashed
from pixelstudio.features.accounts.tables import AccountRow
from pixelstudio.features.gallery.heat import COMMENTED, LIKED, PERIODS, PUBLISHED, heat_of
from pixelstudio.features.gallery.signs import Fields, signs_from
from pixelstudio.features.generation.styles import STYLES
from pixelstudio.imaging.fingerprints import as_column, bands_of
from pixelstudio.imaging.looks import COLOURS, LAYOUT, SIDE
from pixelstudio.providers.sketch.catalogue import MODELS
from pixelstudio.storage.local import LocalStorage
from tools.seed.__main__ import KEPT
from tools.seed.bulk import filling
from tools.seed.company import WORDS
from tools.seed.drawings import workshop
from tools.seed.people import PASSWORD
from tools.seed.prompts import LIGHTS, THINGS
from tools.seed.world import Site, plan, portraits_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from pixelstudio.features.images.pictures import Portrait
    from tools.seed.bulk import Bulk

PICTURES: Final = 1_000_000
PEOPLE: Final = 1_000
FOLLOWED_BY_ONE: Final = 500
"""Of the second person, for whoever wants to see a full feed."""
LIKES_EACH: Final = 5
IN_A_SET: Final = 4
NOW: Final = datetime(2026, 11, 28, tzinfo=UTC)
_DAYS: Final = 365
_DRAWN: Final = 6
_SEED: Final = 20261128
_PRIVATE: Final = 0.1
_VOCABULARY: Final = 4_000
_TAGS: Final = 300
_MOODS: Final = 2_000
_US: Final = 1_000_000
TABLES: Final = ("account", "generation", "image", "post", "post_look", "post_tag", "post_like", "comment", "follow", "creator")


def main() -> int:
    """Fill the studio of this folder's settings; the exit status."""
    started, pictures = time.monotonic(), int(sys.argv[1]) if sys.argv[1:] else PICTURES
    if not asyncio.run(fill(load_settings(), pictures)):
        sys.stderr.write("Somebody lives here already. Set DATA_DIR to an empty folder, or DATABASE_URL to an empty database.\n")
        return 1
    print(f"{min(PEOPLE, pictures):,} people, {pictures:,} pictures, in {time.monotonic() - started:.0f} s.")
    print(f"Sign in as {email_of(0)} with the password: {PASSWORD}")
    return 0


def email_of(person: int) -> str:
    """Goes nowhere: the domain is reserved."""
    return f"person{person:04}@example.org"


async def fill(settings: Settings, pictures: int) -> bool:
    """Fill an empty studio; False when somebody lives there, and then nothing is changed."""
    await migrate(settings.effective_database_url)
    clock = FrozenClock(SystemClock().now())
    db = await Database.open(settings.effective_database_url, clock, Bus())
    children = workshop(settings.child_processes)
    try:
        async with db.reader() as reader:
            if (await reader.exec(select(func.count()).select_from(AccountRow))).scalar_one():
                return False
        site = Site(clock, db, children, LocalStorage(settings.data_dir / "objects"), KEPT)
        portraits = await portraits_of(site, [drawing for one in plan() for drawing in one.drawings][:_DRAWN], clock.now())
    finally:
        await children.close()
        await db.close()
    world = _World(pictures, portraits, await hashed(PASSWORD))
    with filling(settings.effective_database_url, TABLES) as bulk:
        world.write(bulk)
    return True


@dataclass(frozen=True, slots=True)
class _Likes:
    """Who likes which post and when, by post and person."""

    post: NDArray[np.int64]
    person: NDArray[np.int64]
    at: NDArray[np.int64]


class _World:
    """Everything as arrays, a picture or a like each; times in microseconds since 1970."""

    def __init__(self, pictures: int, portraits: list[Portrait], password_hash: str) -> None:
        self.portraits, self.password_hash = portraits, password_hash
        self.dice = np.random.default_rng(_SEED)
        self.people = _ids(self.dice, min(PEOPLE, pictures))
        self.now = int(NOW.timestamp()) * _US
        self.images = _ids(self.dice, pictures)
        self.sets = _ids(self.dice, -(-pictures // IN_A_SET))
        busy = 1 / (np.arange(len(self.people)) + 8.0)
        self.set_owner = self.dice.choice(len(self.people), len(self.sets), p=busy / busy.sum())
        self.owner = np.repeat(self.set_owner, IN_A_SET)[:pictures]
        self.at = np.sort(self.dice.integers(self.now - _DAYS * 86_400 * _US, self.now - 3_600 * _US, pictures))
        self.posted = np.flatnonzero(self.dice.random(pictures) >= _PRIVATE)
        self.model = self.dice.integers(0, len(MODELS), len(self.sets))
        self.style = self.dice.integers(0, len(STYLES) * 2, len(self.sets))
        self.vocabulary = _vocabulary(_VOCABULARY)
        self.thing = self.dice.integers(0, 4, len(self.sets))
        self.light = self.dice.integers(0, len(LIGHTS), len(self.sets))
        self.said = _zipf(self.dice, _VOCABULARY, (len(self.sets), 4))
        self.likes = self._liked(pictures * LIKES_EACH)
        self.comment_post = np.sort(_popular(self.dice, len(self.posted), pictures))
        self.comment_at = self._after(self.comment_post)
        self.commenter = self.dice.integers(0, len(self.people), pictures)

    def write(self, bulk: Bulk) -> None:
        """All rows, those first that others refer to."""
        columns = ("id", "email", "handle", "password_hash", "is_maintainer", "created_at", "display_name")
        began = _moments(np.array([self.now - (_DAYS + 1) * 86_400 * _US]))[0]
        people = ((i, email_of(n), f"person{n:04}", self.password_hash, False, began, f"Person {n}") for n, i in enumerate(self.people))
        bulk.fill("account", columns, people)
        self._write_sets(bulk)
        self._write_images(bulk)
        self._write_posts(bulk)
        likes = self.likes
        rows = zip(_picked(self.images, self.posted[likes.post]), _picked(self.people, likes.person), _moments_of(likes.at), strict=True)
        bulk.fill("post_like", ("image_id", "liker_id", "created_at"), rows)
        self._write_comments(bulk)
        self._write_follows(bulk)

    def _liked(self, count: int) -> _Likes:
        """Unequal among posts, none twice."""
        people, wanted = len(self.people), min(count, len(self.posted) * len(self.people) // 3)
        keys = np.zeros(0, np.int64)
        while len(keys) < wanted:
            more = _popular(self.dice, len(self.posted), wanted) * people + self.dice.integers(0, people, wanted)
            keys = np.unique(np.concatenate([keys, more]))
        keys = np.sort(self.dice.choice(keys, wanted, replace=False, shuffle=False))
        post = keys // people
        return _Likes(post, keys % people, self._after(post))

    def _after(self, post: NDArray[np.int64]) -> NDArray[np.int64]:
        """Moments between the publishing of each post and now, sooner rather than later."""
        published = self.at[self.posted[post]]
        return published + ((self.now - published) * self.dice.random(len(post)) ** 3).astype(np.int64)

    def _prompt(self, of_set: int) -> tuple[str, str]:
        things = THINGS[MODELS[self.model[of_set]].id]
        title = f"{things[self.thing[of_set] % len(things)]} {self.vocabulary[self.said[of_set, 0]]}"
        return title, f"{title} {LIGHTS[self.light[of_set]]}, {' '.join(self.vocabulary[word] for word in self.said[of_set, 1:])}"

    def _write_sets(self, bulk: Bulk) -> None:
        columns = [
            "id",
            "account_id",
            "prompt",
            "negative_prompt",
            "model",
            "style",
            "seed",
            "width",
            "height",
            "count",
            "price_credits_each",
            "created_at",
            "ended_at",
        ]
        moments = _moments(self.at[::IN_A_SET])
        rows = (
            (self.sets[n], self.people[self.set_owner[n]], *self._asked(n), n, 512, 512, IN_A_SET, 0, moments[n], moments[n])
            for n in range(len(self.sets))
        )
        bulk.fill("generation", columns, rows)

    def _asked(self, of_set: int) -> tuple[str, str, str, str]:
        return self._prompt(of_set)[1], "", MODELS[self.model[of_set]].id, self._style(of_set)

    def _style(self, of_set: int) -> str:
        return STYLES[self.style[of_set]].id if self.style[of_set] < len(STYLES) else ""

    def _write_images(self, bulk: Bulk) -> None:
        shown = np.zeros(len(self.images), bool)
        shown[self.posted] = True
        self.looks = _looks(self.dice, len(self.images))
        bits = self.dice.integers(0, 2**64, len(self.images), np.uint64)
        files = [portrait.renditions["512"] for portrait in self.portraits]
        blurs = [base64.b64encode(portrait.thumbhash).decode() for portrait in self.portraits]
        columns = [
            "id",
            "owner_id",
            "generation_id",
            "slot",
            "model",
            "prompt",
            "negative_prompt",
            "seed",
            "width",
            "height",
            "visibility",
            "digest",
            "size_bytes",
            "media_type",
            "thumbhash",
            "spill",
            "fingerprint",
            "look",
            "band_0",
            "band_1",
            "band_2",
            "band_3",
            "created_at",
        ]

        def rows() -> Iterator[tuple[Any, ...]]:
            for n, (moment, of) in enumerate(zip(_moments_of(self.at), bits.tolist(), strict=True)):
                made, file, at = n // IN_A_SET, files[n % len(files)], n % len(files)
                seen = (
                    "public" if shown[n] else "private",
                    file.digest,
                    file.size_bytes,
                    file.media_type,
                    blurs[at],
                    self.portraits[at].spill,
                )
                drawn = (n % IN_A_SET, MODELS[self.model[made]].id, self._prompt(made)[1], "", n, file.width, file.height)
                looks = (as_column(of), self.looks[n], *bands_of(of), moment)
                yield (self.images[n], self.people[self.owner[n]], self.sets[made], *drawn, *seen, *looks)

        bulk.fill("image", columns, rows())

    def _write_posts(self, bulk: Bulk) -> None:
        tags = _tags(self.dice, len(self.posted))
        likes = np.bincount(self.likes.post, minlength=len(self.posted))
        comments = np.bincount(self.comment_post, minlength=len(self.posted))
        heats = np.stack([self._heat(period) for period in PERIODS], axis=-1).tolist()
        columns = [
            "number",
            "image_id",
            "account_id",
            "title",
            "description",
            "alt",
            "model",
            "style",
            "is_listed",
            "published_at",
            "likes",
            "comments",
        ]
        columns += [*(f"heat_{period}" for period in PERIODS), "words"]

        def rows() -> Iterator[tuple[Any, ...]]:
            files = [portrait.renditions["512"] for portrait in self.portraits]
            days = self.at[self.posted].astype("datetime64[us]").astype("datetime64[D]").tolist()
            counted = zip(self.posted.tolist(), _moments_of(self.at[self.posted]), likes.tolist(), comments.tolist(), heats, strict=True)
            for n, (image, moment, liked, commented, heat) in enumerate(counted):
                made = image // IN_A_SET
                title, prompt = self._prompt(made)
                owner, model, style = self.people[self.owner[image]], MODELS[self.model[made]].id, self._style(made)
                file = files[image % len(files)]
                fields = Fields(n + 1, owner, model, style, tags[n], days[n], image, file.width, file.height)
                words = signs_from(fields, [*words_of(prompt), *tags[n]], self.looks[image])
                yield (n + 1, self.images[image], owner, title, "", prompt, model, style, True, moment, liked, commented, *heat, words)

        bulk.fill("post", columns, rows())
        looks = ((n + 1, self.images[image], self.looks[image]) for n, image in enumerate(self.posted.tolist()))
        bulk.fill("post_look", ("number", "image_id", "look"), looks)
        named = ((self.images[image], tag) for image, some in zip(self.posted.tolist(), tags, strict=True) for tag in some)
        bulk.fill("post_tag", ("image_id", "tag"), named)

    def _heat(self, period: str) -> NDArray[np.float64]:
        """What `counts.warm` would have written, one after the other."""
        began, half = heat_of(1, datetime(1970, 1, 1, tzinfo=UTC), period), heat_of(1, NOW, period)
        a_microsecond = (half - began) / self.now
        happened = [(self.at[self.posted], PUBLISHED), (self.likes.at, LIKED), (self.comment_at, COMMENTED)]
        post = np.concatenate([np.arange(len(self.posted)), self.likes.post, self.comment_post])
        heat = np.concatenate([began + at * a_microsecond + np.log2(weight) for at, weight in happened])
        order = np.argsort(post, kind="stable")
        return np.logaddexp2.reduceat(heat[order], np.searchsorted(post[order], np.arange(len(self.posted))))

    def _write_comments(self, bulk: Bulk) -> None:
        ids, moments = _ids(self.dice, len(self.comment_post)), _moments(self.comment_at)
        answers = self.dice.random(len(ids)) < 0.3
        parents: list[str | None] = []
        counted: dict[str, int] = {}
        last, root = -1, ""
        for n, post in enumerate(self.comment_post.tolist()):
            parent = root if post == last and answers[n] else None
            parents.append(parent)
            if parent:
                counted[parent] = counted.get(parent, 0) + 1
            else:
                last, root = post, ids[n]
        columns = ("id", "image_id", "writer_id", "parent_id", "words", "likes", "answers", "created_at")
        pictures = _picked(self.images, self.posted[self.comment_post])
        rows = (
            (ids[n], image, self.people[who], parents[n], WORDS[n % len(WORDS)], 0, counted.get(ids[n], 0), moments[n])
            for n, (image, who) in enumerate(zip(pictures, self.commenter.tolist(), strict=True))
        )
        bulk.fill("comment", columns, rows)

    def _write_follows(self, bulk: Bulk) -> None:
        people = len(self.people)
        many = [min(people - 1, FOLLOWED_BY_ONE if n == 1 else int(k)) for n, k in enumerate(self.dice.integers(2, 60, people))]
        pairs = [(n, int(other)) for n, k in enumerate(many) for other in self.dice.permutation(people)[: k + 1] if other != n]
        moment = _moments(np.array([self.now - 86_400 * _US]))[0]
        rows = ((self.people[one], self.people[other], moment) for one, other in pairs)
        bulk.fill("follow", ("follower_id", "followed_id", "created_at"), rows)
        following, followers = (np.bincount([pair[at] for pair in pairs], minlength=people).tolist() for at in (0, 1))
        likes = np.bincount(self.owner[self.posted[self.likes.post]], minlength=people).tolist()
        bulk.fill("creator", ("account_id", "followers", "following", "likes"), zip(self.people, followers, following, likes, strict=True))


def _ids(dice: np.random.Generator, count: int) -> list[str]:
    bits = dice.bytes(16 * count)
    return [base64.b32encode(bits[at : at + 16]).decode()[:26].lower() for at in range(0, len(bits), 16)]


def _picked(things: list[str], at: NDArray[np.int64]) -> Iterator[str]:
    return (things[place] for place in at.tolist())


def _moments(at: NDArray[np.int64]) -> list[str]:
    """As both databases read them."""
    return list(_moments_of(at))


def _moments_of(at: NDArray[np.int64]) -> Iterator[str]:
    for start in range(0, len(at), 100_000):
        for moment in np.datetime_as_string(at[start : start + 100_000].astype("datetime64[us]")).tolist():
            yield moment.replace("T", " ")


def _zipf(dice: np.random.Generator, count: int, shape: tuple[int, ...]) -> NDArray[np.int64]:
    weights = 1 / (np.arange(count) + 2.0)
    return dice.choice(count, shape, p=weights / weights.sum())


def _popular(dice: np.random.Generator, posts: int, count: int) -> NDArray[np.int64]:
    """Places of posts, a few of them very often, whatever their age."""
    drawn = (posts * dice.random(count) ** 2).astype(np.int64)
    return (drawn * 7_919 + 13) % posts


def _vocabulary(count: int) -> list[str]:
    """Words nobody knows, said easily."""
    first, second, third = (
        ("b", "d", "f", "k", "l", "m", "n", "r", "s", "t"),
        ("a", "e", "i", "o"),
        ("lar", "mi", "nov", "rel", "sun", "tav", "zil", "po", "qua", "dre"),
    )
    return [
        f"{one}{two}{three}{second[n // 400 % 4]}{first[n // 1_600 % 10]}"
        for n in range(count)
        for one, two, three in [(first[n % 10], second[n // 10 % 4], third[n // 40 % 10])]
    ]


def _tags(dice: np.random.Generator, posts: int) -> list[tuple[str, ...]]:
    drawn, counts = _zipf(dice, _TAGS, (posts, 4)), dice.integers(0, 5, posts).tolist()
    return [tuple(dict.fromkeys(f"tag{tag}" for tag in row[:count])) for row, count in zip(drawn.tolist(), counts, strict=True)]


def _looks(dice: np.random.Generator, count: int) -> list[bytes]:
    """Layouts and colours around a few thousand moods."""
    moods = dice.integers(20, 236, (_MOODS, COLOURS, 3))
    moods[..., 1:] = (moods[..., 1:] - 128) // 3 + 128
    found: list[bytes] = []
    for start in range(0, count, 50_000):
        size = min(50_000, count - start)
        own = np.clip(moods[dice.integers(0, _MOODS, size)] + dice.integers(-12, 13, (size, COLOURS, 3)), 0, 255)
        lie = dice.integers(0, COLOURS, (size, SIDE * SIDE))
        layout = np.take_along_axis(own, lie[..., None], axis=1).reshape(size, LAYOUT)
        shares = np.broadcast_to(np.array([110, 60, 40, 25, 20]), (size, COLOURS))[..., None]
        rows = np.concatenate([layout, np.concatenate([own, shares], axis=-1).reshape(size, -1)], axis=1).astype(np.uint8)
        found += [row.tobytes() for row in rows]
    return found


if __name__ == "__main__":
    sys.exit(main())
