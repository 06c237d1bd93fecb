"""The reference: a document that tells every route a program may count on, and a page made from it."""

from __future__ import annotations

import re

from pixelstudio.api.app import make_api
from pixelstudio.api.reference import ROUTERS, document, operations, page
from tests.api.serving import a_browser


def test_the_document_tells_every_route_of_the_api_and_no_other():
    told = {(path, method) for path, method, _ in operations(document())}

    assert told == {(route.path, method.lower()) for router in ROUTERS for route in router.routes for method in route.methods}  # pyright: ignore[reportAttributeAccessIssue]  # all are APIRoutes
    assert ("/api/generate/{generation_id}/cancel", "post") in told
    assert make_api().openapi_url is None


def test_every_text_that_is_sent_has_a_bound_and_every_operation_its_words():
    schemas = document()["components"]["schemas"]
    sent = {"Login", "Register", "Refresh", "PromptRequest", "GenerationAsked", "GenerationSettings"}

    assert sent <= set(schemas)
    for name in sent:
        for field, shape in schemas[name]["properties"].items():
            kinds = shape.get("anyOf", [shape])
            assert all("maxLength" in kind or "enum" in kind for kind in kinds if kind.get("type") == "string"), (name, field)
        assert schemas[name]["additionalProperties"] is False
    for path, _, operation in operations(document()):
        assert operation["summary"], path
        assert operation["description"].endswith("."), path
        assert "Problem" in str(operation["responses"]["422"])


def test_the_names_are_those_of_the_product_brief():
    fields = {name: set(schema.get("properties", ())) for name, schema in document()["components"]["schemas"].items()}

    assert {"description", "category", "style", "additionalContext"} <= fields["PromptRequest"]
    assert fields["PromptResponse"] == {"optimizedPrompt", "negativePrompt", "suggestedSettings"}
    assert fields["SuggestedSettings"] == {"guidance_scale", "num_inference_steps"}
    assert fields["GenerationSettings"] == {"style", "num_images", "resolution", "guidance_scale", "seed"}
    assert fields["Generation"] == {"id", "status", "images", "error", "processingTime"}


async def test_document_and_page_are_for_everybody_and_need_nothing_from_elsewhere(address):
    async with a_browser(address) as stranger:
        answers = [await stranger.get(f"/api/{path}") for path in ("openapi.json", "docs")]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json()["openapi"].startswith("3.1")
    assert not re.findall(r"<script|<link|src=|@import|url\(", page())
    anchors = set(re.findall(r'href="#([^"]+)"', page()))
    assert anchors == set(re.findall(r'<section id="([^"]+)"', page())) != set()
