"""The grammar of prompts: choices come out by the seed, names come back the same, and what is no choice stays as it was typed."""

from __future__ import annotations

import time
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixelstudio.core import limits
from pixelstudio.core.errors import Invalid
from pixelstudio.features.prompts.grammar import resolved

LISTS = {"season": ("spring", "autumn"), "colour": ("teal",)}


def all_of(text, seeds=400):
    return Counter(resolved(text, seed, LISTS) for seed in range(seeds))


@pytest.mark.parametrize(
    ("text", "outcomes"),
    [
        ("a {red|blue} door", {"a red door", "a blue door"}),
        ("a {dark {red|green}|blue} door", {"a dark red door", "a dark green door", "a blue door"}),
        ("a {|small }door", {"a door", "a smalldoor"}),
        ("in __season__", {"in spring", "in autumn"}),
        ("${c=red|blue} sky, $c sea", {"red sky, red sea", "blue sky, blue sea"}),
        (r"\{red|blue\} \$c \__season__ a\|b", {"{red|blue} $c __season__ a|b"}),
    ],
)
def test_choices_come_out_one_way_or_another(text, outcomes):
    assert set(all_of(text)) == outcomes


@pytest.mark.parametrize("text", ["a {red door", "a red} door", "{one}", "__unknown__", "$c and $5", "${c=red", "a __ b", "{}", "50% {"])
def test_what_is_no_choice_stays_as_it_was_typed(text):
    assert resolved(text, 7, LISTS) == text


def test_the_same_seed_gives_the_same_words_and_weights_tell():
    found = all_of("{3::red|blue}", 2_000)

    assert resolved("{a|b|c} __season__", 11, LISTS) == resolved("{a|b|c} __season__", 11, LISTS)
    assert found["red"] / found["blue"] == pytest.approx(3, rel=0.2)
    assert set(all_of("{0::red|1::blue}")) == {"blue"}
    assert set(all_of("{0::red|0::blue}")) == {"red", "blue"}


def test_choices_neither_go_down_nor_swell_without_end():
    deep = "{a|" * (limits.CHOICES_DEPTH_MAX + 2) + "b" + "}" * (limits.CHOICES_DEPTH_MAX + 2)
    bomb = "${a=" + "x" * 3_000 + "|" + "x" * 3_000 + "}" + "$a" * 50

    with pytest.raises(Invalid, match="deep"):
        all_of(deep)
    with pytest.raises(Invalid, match="too long"):
        resolved(bomb, 1, LISTS)


@pytest.mark.parametrize("text", ["{" * 13_000, "{" * 6_000 + "}" * 6_000])
def test_braces_without_end_are_read_once(text):
    began = time.process_time()

    assert resolved(text, 1, LISTS) == text
    assert time.process_time() - began < 1


@given(text=st.text(st.sampled_from("{}|$\\_=:ab1 "), max_size=80), seed=st.integers(0, limits.SEED_MAX))
def test_no_text_breaks_it(text, seed):
    words = resolved_or_refused(text, seed)

    assert words == resolved_or_refused(text, seed)
    assert words is not None or text.count("{") > limits.CHOICES_DEPTH_MAX


def resolved_or_refused(text, seed):
    try:
        return resolved(text, seed, LISTS)
    except Invalid:
        return None
