"""Pages that are painted before their modules begin."""

from __future__ import annotations

from pixelstudio.edge.policy import script_hashes
from pixelstudio.edge.waking import painted_first

MODULE = 'import "/assets/manifest-1.js";\nimport("/assets/entry-1.js");'
PAGE = (
    '<head><link rel="modulepreload" href="/assets/entry-1.js"/><script>theme()</script></head>'
    f'<body><main>Seen</main><script type="module" async="">{MODULE}</script><!--$?--></body>'
)


def test_modules_are_fetched_at_once_and_no_script_yet() -> None:
    page = painted_first(PAGE)

    assert '<link rel="preload" as="script" crossorigin="anonymous" href="/assets/entry-1.js"/>' in page
    assert "modulepreload" not in page
    assert 'type="module"' not in page
    assert f'<script type="text/plain">{MODULE}</script><script>' in page


def test_what_wakes_them_and_they_themselves_are_named_by_their_hashes() -> None:
    before, after = script_hashes(PAGE), script_hashes(painted_first(PAGE))

    assert before < after
    assert len(after - before) == 1


def test_a_page_without_modules_stays_as_it_is() -> None:
    page = "<head><script>theme()</script></head><body><main>Seen</main></body>"

    assert painted_first(page) == page


def test_a_page_that_modules_draw_is_not_kept_waiting() -> None:
    page = PAGE.replace("<main>Seen</main>", "")

    assert painted_first(page) == page
