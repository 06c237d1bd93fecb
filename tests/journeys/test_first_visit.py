"""What a first visit fetches, weighed: of what `make bench B=visit` bounds, this no machine can blur."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import httpx
import pytest

from tests.serving import TRUST

if TYPE_CHECKING:
    from tests.serving import Served

pytestmark = pytest.mark.slow

KB: Final = 1_000
MOST: Final = {".js": 170 * KB, ".css": 15 * KB}
"""Of scripts 200 KB are allowed. It is less, and what would bring in the parts of other pages shall be noticed."""


@pytest.mark.parametrize("path", ["/", "/create", "/library"])
def test_a_first_visit_fetches_little(house: Served, path: str) -> None:
    with httpx.Client(base_url=house.url, headers={"Accept-Encoding": "br"}, trust_env=False, verify=TRUST) as client:
        named = set(re.findall(r'(?:href|src)="(/[^"]+\.(?:js|css))"', client.get(path).text))
        weights = {name: int(client.head(name).headers["content-length"]) for name in named}

    weighed = {kind: sum(weight for name, weight in weights.items() if name.endswith(kind)) for kind in MOST}

    assert all(0 < weighed[kind] <= most for kind, most in MOST.items()), weighed
