"""Bytes in each of their forms."""

from __future__ import annotations

import gzip

import pytest

from pixelstudio.core.encoded import PAGES_KEPT, Encoded, encoded_page, takes


@pytest.mark.parametrize(
    ("header", "is_taken"),
    [("gzip", True), ("br, GZIP", True), ("gzip;q=0.1", True), ("gzip; q=0", False), ("gzip;q=0.0", False), ("", False), ("xgzip", False)],
)
def test_gzip_is_sent_to_whoever_takes_it(header, is_taken):
    assert takes(header, "gzip") == is_taken


def test_both_forms_hold_the_same_and_have_validators_of_their_own():
    encoded = Encoded.of(b"a" * 900)

    (packed, packed_headers), (plain, plain_headers) = encoded.form_for("gzip"), encoded.form_for("")

    assert gzip.decompress(packed) == plain == b"a" * 900
    assert packed_headers["ETag"] != plain_headers["ETag"]
    assert packed_headers["Vary"] == plain_headers["Vary"] == "Accept-Encoding"


def test_brotli_is_sent_to_whoever_takes_it_where_somebody_made_it_smaller():
    encoded = Encoded.of(b"a" * 900, b"br")

    (brotli, headers), (packed, _) = encoded.form_for("gzip, br"), encoded.form_for("gzip, br;q=0")

    assert (brotli, headers["Content-Encoding"], headers["Vary"]) == (b"br", "br", "Accept-Encoding")
    assert len({encoded.form_for(header)[1]["ETag"] for header in ("br", "gzip", "")}) == 3
    assert gzip.decompress(packed) == b"a" * 900
    assert Encoded.of(b"a" * 900, b"a" * 900).form_for("br, gzip")[1]["Content-Encoding"] == "gzip"


def test_whoever_takes_only_what_gains_nothing_is_sent_it_plain_and_others_are_not_sent_that():
    encoded = Encoded.of(b"no longer than its frame", b"br")

    (plain, headers), (brotli, _) = encoded.form_for("gzip"), encoded.form_for("br")

    assert (plain, "Content-Encoding" in headers, headers["Vary"]) == (b"no longer than its frame", False, "Accept-Encoding")
    assert brotli == b"br"


def test_what_packing_makes_no_smaller_is_sent_as_it_is():
    assert Encoded.of(b"x").form_for("gzip")[0] == b"x"


def test_a_page_is_packed_once_and_only_so_many_are_kept():
    first = encoded_page("kept page")

    assert encoded_page("kept page") is first
    for number in range(PAGES_KEPT):
        encoded_page(f"page {number}")
    assert encoded_page.cache_info().currsize <= PAGES_KEPT
    assert encoded_page("kept page") is not first
