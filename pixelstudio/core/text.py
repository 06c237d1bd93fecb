"""What people type: in one normal form, without control characters, direction tricks and what nobody sees; its words, of one and of many."""

from __future__ import annotations

import re
import unicodedata

from pixelstudio.core.errors import Invalid

# Bidirectional overrides and isolates let a text pretend to be another one. So does what nobody sees: one such sign makes another word of a
# blocked one, or of somebody's name. Tags stay in the flags that are made of them.
_CONTROL = r"\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff"
_BIDI = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_UNSEEN = r"\u00ad\u034f\u115f\u1160\u180e\u200b\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f"
_GONE = re.compile(rf"(\U0001f3f4[\U000e0020-\U000e007f]+)|[{_CONTROL}{_BIDI}{_UNSEEN}]")
# Joiners and variation selectors are part of emoji and of many scripts, never of a word in Latin, Greek or Cyrillic letters.
_IN_A_WORD = re.compile(r"(?<=[0-9A-Za-z\u00c0-\u052f])[\u200c\u200d\ufe00-\ufe0f]+(?=[0-9A-Za-z\u00c0-\u052f])")
_SEEN = re.compile(r"[^\s\u200c\u200d\u2800\ufe00-\ufe0f]")
_LINE_END = re.compile(r"\r\n?|[\u2028\u2029\x85]")
_BLANKS = re.compile(r"\s+")
_WORD = re.compile(r"[^\W_]+")


def clean_text(text: str) -> str:
    """Several lines, NFC, without control, surrogate, bidi and invisible characters; ends trimmed. "" when there is nothing to see."""
    seen = unicodedata.normalize("NFC", _GONE.sub(r"\1", _LINE_END.sub("\n", text)))
    return _IN_A_WORD.sub("", seen).strip() if _SEEN.search(seen) else ""


def clean_line(text: str) -> str:
    """One line: `clean_text` with every run of white space made one blank."""
    return _BLANKS.sub(" ", clean_text(text))


def within(text: str, most: int, what: str, *, code: str, field: str) -> str:
    """The text itself when it has at most `most` characters. Raises `Invalid` saying what has them ("A title has") and by how much to shorten."""
    if len(text) > most:
        raise Invalid(f"{what} at most {most:,} characters. Shorten by {len(text) - most:,}.", code=code, field=field)
    return text


def clip(text: str, length: int) -> str:
    """At most `length` characters, cut at a word where one is near, with an ellipsis when something was cut."""
    if len(text) <= length:
        return text
    word_end = text.rfind(" ", 0, length)  # a blank right where the ellipsis goes ends a word too
    return text[: word_end if word_end > length // 2 else length - 1].rstrip() + "…"


def words_of(text: str) -> list[str]:
    """The words of a text as they are searched: accents and case folded, signs gone, in their order."""
    folded = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return _WORD.findall(folded.casefold())


def forms(word: str) -> tuple[str, ...]:
    """As it stands, and what it may be the plural of."""
    endings = (("ies", "y"), ("ves", "f"), ("s", ""), ("es", ""), ("n", ""), ("e", ""), ("x", ""))
    return (word, *(word[: -len(ending)] + instead for ending, instead in endings if word.endswith(ending) and len(word) > len(ending) + 2))


def plural(word: str) -> str:
    """A noun of regular English, of many."""
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{word[:-1]}ies"
    if word.endswith("f"):
        return f"{word[:-1]}ves"
    return f"{word}es" if word.endswith(("s", "x", "z", "ch", "sh")) else f"{word}s"
