"""Keys of stored bytes."""

from pixelstudio.storage.keys import digest_of, is_digest


def test_the_key_of_nothing_is_the_sha256_of_nothing():
    assert digest_of(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_a_key_with_a_line_break_is_none():
    assert is_digest("0" * 64)
    assert not is_digest("0" * 64 + "\n")
