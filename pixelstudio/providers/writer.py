"""The contract of a writer: a language model that is asked one question and answers with JSON of an agreed shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: the rules it goes by, the question itself, and the JSON schema of the answer with its name."""

    instructions: str
    text: str
    schema_name: str
    schema: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Written:
    """An answer, as foreign as any other, and the tokens it cost; estimated when the endpoint did not say."""

    answer: Mapping[str, Any]
    tokens: int


class Writer(Protocol):
    """Somebody who writes. `name` is shown to people, `model` tells apart what was written by different ones."""

    name: str
    model: str

    async def write(self, question: Question) -> Written:
        """Ask once. Raises `ProviderError`; what was asked may have been charged all the same."""
        ...
