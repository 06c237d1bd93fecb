"""Changes: both texts can be read out of them, and what is the same is shown as the same."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pixelstudio.features.prompts.changes import Change, changes, shortened

words = st.text(st.sampled_from("abc ,.'-\n"), max_size=40) | st.text(st.sampled_from(",."), min_size=400, max_size=500)


def test_what_went_stands_before_what_came():
    assert changes("a red mug", "a red ceramic cup") == [Change("same", "a red"), Change("gone", " mug"), Change("new", " ceramic cup")]
    assert changes("same", "same") == [Change("same", "same")]
    assert changes("", "all new") == [Change("new", "all new")]


def test_long_runs_that_stayed_are_cut_to_what_stands_beside_a_change():
    told = changes("one two three four five six seven eight nine ten", "one two three four five six seven eight nine twelve thirteen")

    assert shortened(told, around=2) == [Change("same", " … eight nine"), Change("gone", " ten"), Change("new", " twelve thirteen")]
    assert shortened(changes("a b c d e", "a b c d e f"), around=4) == changes("a b c d e", "a b c d e f")


def test_of_a_text_that_repeats_itself_without_end_only_both_ends_are_compared():
    much = ",." * 500

    assert changes(f"a {much} b c", f"a {much} x {much} d c") == [
        Change("same", f"a {much}"),
        Change("gone", " b"),
        Change("new", f" x {much} d"),
        Change("same", " c"),
    ]
    assert changes(much, f"{much},") == [Change("same", much), Change("new", ",")]


@given(before=words, after=words)
def test_both_texts_are_in_it(before, after):
    told = changes(before, after)

    assert "".join(change.words for change in told if change.kind != "new") == before
    assert "".join(change.words for change in told if change.kind != "gone") == after
