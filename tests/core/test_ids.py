"""Public ids and secrets."""

from __future__ import annotations

import pytest

from pixelstudio.core.ids import is_id, new_id, new_secret, secret_digest


def test_ids_are_new_each_time_and_recognised() -> None:
    made = {new_id() for _ in range(1000)}

    assert len(made) == 1000
    assert all(is_id(one) for one in made)


@pytest.mark.parametrize("text", ["", "a" * 25, "a" * 27, "A" * 26, "a" * 25 + "1", "../" + "a" * 23, None, 7])
def test_what_is_not_an_id_is_not_recognised(text: object) -> None:
    assert not is_id(text)


def test_a_secret_is_kept_as_its_digest() -> None:
    secret = new_secret()

    assert len(secret) == 43
    assert secret not in secret_digest(secret)
    assert secret_digest(secret) == secret_digest(secret)
