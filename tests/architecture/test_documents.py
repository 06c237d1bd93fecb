"""What is printed from the code equals the code: the map, the references, the example of settings."""

from __future__ import annotations

import re
from functools import cache

import pytest

from pixelstudio.api.generate import GenerationAsked, GenerationSettings, GenerationTaken, Price
from pixelstudio.api.prompt import PromptRequest, PromptResponse
from pixelstudio.features.prompts.templates import shipped
from tests.architecture.reading import ROOT
from tools.map import DOCUMENTS


@cache
def printed(name):
    """The document as it is printed now: once, for that reads the whole code."""
    return DOCUMENTS[name]()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_printed_document_equals_the_code(name):
    assert (ROOT / name).read_text() == printed(name), f"{name} is not what the code says any more: make map"


def test_the_references_are_not_empty():
    assert "`PORT`" in printed("docs/reference/settings.md")
    assert "`not_enough_credits` | 402" in printed("docs/reference/errors.md")
    assert "`not_allowed` | 403" in printed("docs/reference/errors.md")  # two classes have this name
    assert "`bio_too_long` | 422" in printed("docs/reference/errors.md")  # raised by a check in the name of its caller
    assert "`generation.queued`" in printed("docs/reference/events.md")
    assert "python -m pixelstudio serve [--no-worker]" in printed("docs/reference/commands.md")
    assert "db/transaction.py" not in printed("ARCHITECTURE.md")
    assert "transaction.py" in printed("ARCHITECTURE.md")


def test_every_setting_says_what_it_does():
    undescribed = re.findall(r"^\| `(\w+)` \| .* \|  \|$", printed("docs/reference/settings.md"), re.MULTILINE)

    assert undescribed == []


def test_every_decision_names_a_test_that_exists():
    decisions = sorted((ROOT / "docs" / "decisions").glob("0*.md"))

    assert [decision.name[:4] for decision in decisions] == [f"{number:04}" for number in range(1, len(decisions) + 1)]
    assert len(decisions) >= 12
    for decision in decisions:
        enforced = decision.read_text().partition("Enforced by")[2]
        named = re.findall(r"`((?:tests|pyproject)[\w/.]*)", enforced)
        assert named, f"{decision.name} names nothing that enforces it"
        assert [path for path in named if not (ROOT / path).exists()] == [], decision.name


def test_links_between_documents_lead_somewhere():
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"))
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text())
        if "://" not in target and not (page.parent / target).exists()
    ]

    assert broken == []


def test_every_provider_has_a_page_that_says_how_to_set_it_up_and_how_to_test_it():
    """What is missing is said by its name; the sketch needs nothing."""
    names = {path.parent.name for path in (ROOT / "pixelstudio" / "providers").glob("*/accounts.py")}
    guide, contributing = ((ROOT / name).read_text() for name in ("README.md", "CONTRIBUTING.md"))

    assert {"local", "a1111", "comfyui", "horde", "openai"} <= names
    for name in names:
        page = ROOT / "docs" / "how-to" / f"use-{name}.md"
        text = page.read_text() if page.exists() else ""
        assert [word for word in ("**Model", "rice", "| limit |", "**Test it") if word not in text] == [], name
        assert all(page.name in links for links in (guide, contributing)), name


def test_the_page_about_the_api_names_every_field_and_every_list():
    page = (ROOT / "docs" / "how-to" / "use-the-api.md").read_text()
    asked = {*GenerationAsked.model_fields, *(f"settings.{name}" for name in GenerationSettings.model_fields)} - {"settings"}
    answered = {*GenerationTaken.model_fields, *Price.model_fields, *PromptRequest.model_fields, *PromptResponse.model_fields}

    assert {name for name in asked | answered if f"`{name}`" not in page} == set()
    assert {name for name in shipped().wildcards if f"`__{name}__`" not in page} == set()


def test_make_help_lists_what_the_contributing_page_promises():
    targets = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))
    promised = set(re.findall(r"`make ([a-z-]+)", (ROOT / "CONTRIBUTING.md").read_text() + (ROOT / "README.md").read_text()))

    assert promised <= targets
