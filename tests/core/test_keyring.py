"""The keyring: made once, for its own user alone, and never replaced."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from pixelstudio.core.keyring import KEY_BYTES, Keyring, KeyUnreadable


def test_the_keys_are_made_once_for_their_own_user_alone(tmp_path):
    folder = tmp_path / "var" / "keys"

    keys = Keyring.opened(folder)

    assert Keyring.opened(folder) == keys
    assert len(keys.tokens) == len(keys.recipes) == KEY_BYTES
    assert keys.tokens != keys.recipes
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert sorted(path.name for path in folder.iterdir()) == ["recipes.key", "tokens.key"]
    assert keys.tokens.hex() not in repr(keys)


def test_several_that_start_at_once_have_the_same(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        assert len({opened.recipes for opened in pool.map(Keyring.opened, [tmp_path / "keys"] * 24)}) == 1


def test_a_file_that_is_no_key_stops_the_start(tmp_path):
    Keyring.opened(tmp_path)
    (tmp_path / "recipes.key").write_bytes(b"half")

    with pytest.raises(KeyUnreadable, match=r"recipes\.key"):
        Keyring.opened(tmp_path)
