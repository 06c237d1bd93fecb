"""Changes: both texts can be read out of them, and what is the same is shown as the same."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pixelstudio.features.prompts.changes import Change, changes

words = st.text(st.sampled_from("abc ,.'-\n"), max_size=40)


def test_what_went_stands_before_what_came():
    assert changes("a red mug", "a red ceramic cup") == [Change("same", "a red"), Change("gone", " mug"), Change("new", " ceramic cup")]
    assert changes("same", "same") == [Change("same", "same")]
    assert changes("", "all new") == [Change("new", "all new")]


@given(before=words, after=words)
def test_both_texts_are_in_it(before, after):
    told = changes(before, after)

    assert "".join(change.words for change in told if change.kind != "new") == before
    assert "".join(change.words for change in told if change.kind != "gone") == after
