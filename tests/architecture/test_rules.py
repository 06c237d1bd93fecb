"""The rules hold in the code, and each of them catches a breach when there is one."""

from __future__ import annotations

import pytest

from tests.architecture import rules
from tests.architecture.reading import ROOT, Module, modules
from tests.architecture.rules import Rule

UI = "pixelstudio/ui/create/create_state.py"
SLICE = "pixelstudio/features/generation/generations.py"


def breaches(rule: Rule, *found: Module) -> list[str]:
    return [f"{module.path}:{line} {sentence}" for module in found for line, sentence in rule(module)]


@pytest.mark.parametrize("rule", rules.PRODUCT, ids=lambda rule: rule.__name__)
def test_the_product_keeps_every_rule(rule):
    code = [*modules("pixelstudio"), Module("rxconfig.py", (ROOT / "rxconfig.py").read_text())]

    assert len(code) > 100
    assert breaches(rule, *code) == []


@pytest.mark.parametrize("rule", rules.EVERYWHERE, ids=lambda rule: rule.__name__)
def test_tests_and_tools_keep_the_rules_that_hold_everywhere(rule):
    assert breaches(rule, *modules("tests", "tools")) == []


BAD = [
    (rules.no_commit_but_one, SLICE, "async def f(tx):\n    await tx.session.commit()"),
    (rules.one_clock, SLICE, "from datetime import UTC, datetime\nnow = datetime.now(UTC)"),
    (rules.one_clock, SLICE, "import datetime\nnow = datetime.datetime.now()"),
    (rules.one_clock, SLICE, "import time\nnow = time.time()"),
    (rules.one_clock, SLICE, "from time import time"),
    (rules.one_place_for_settings, SLICE, "import os\nkey = os.environ['KEY']"),
    (rules.one_place_for_settings, SLICE, "from os import getenv"),
    (rules.broad_excepts_at_the_edges, SLICE, "try:\n    f()\nexcept Exception:\n    pass"),
    (rules.broad_excepts_at_the_edges, SLICE, "try:\n    f()\nexcept (ValueError, BaseException) as e:\n    log(e)"),
    (rules.broad_excepts_at_the_edges, SLICE, "try:\n    f()\nexcept:\n    pass"),
    (rules.a_first_line, SLICE, "x = 1"),
    (rules.a_first_line, SLICE, '"""Short."""\nx = 1'),
    (rules.nouns_not_roles, "pixelstudio/features/generation/service.py", ""),
    (rules.nouns_not_roles, "pixelstudio/core/image_utils.py", ""),
    (rules.nouns_not_roles, "pixelstudio/helpers/dates.py", ""),
    (rules.one_seam, UI, "from pixelstudio.ui import session\nstudio = session._installed[0]"),
    (rules.one_seam, UI, "from pixelstudio.ui.session import _installed"),
    (rules.one_seam, UI, "from pixelstudio.ui.session import install"),
    (rules.guarded_handlers, UI, "class A(rx.State):\n    async def steal(self): ..."),
    (rules.guarded_handlers, UI, "class A(rx.State):\n    @rx.event\n    def steal(self): ..."),
    (rules.guarded_handlers, UI, "class Mixin(rx.State, mixin=True): ...\nclass A(Mixin, rx.State):\n    def set_admin(self, on): ..."),
    (rules.guarded_handlers, UI, "from pixelstudio.ui.live import Live\nclass A(Live):\n    def steal(self): ..."),
    (rules.guarded_handlers, UI, "steal = rx.event(lambda self: None)"),
    *((rules.our_own_elements, UI, f"import reflex as rx\npage = rx.{name}") for name in (
        "button", "box", "text('x')", "heading", "toast.error('x')", "call_script('x')", "call_function('x')", "download(url='x')",
        "set_clipboard('x')", "html('<b>')", "upload()", "markdown('x')", "icon('x')", "moment()", "LocalStorage()", "Cookie()",
    )),
    (rules.our_own_elements, UI, "from reflex import toast"),
    (rules.redirects_stay, UI, "gone = rx.redirect(wanted)"),
    (rules.redirects_stay, UI, "gone = rx.redirect('//evil.example')"),
    (rules.redirects_stay, UI, "gone = rx.redirect('https://evil.example')"),
    (rules.redirects_stay, UI, "gone = rx.redirect(f'{wanted}/x')"),
    (rules.redirects_stay, UI, "gone = rx.redirect(f'/login?next={wanted}')"),
    (rules.our_own_elements, UI, "from reflex_components_radix import themes"),
    (rules.our_own_elements, UI, "from reflex.components.radix.themes import button"),
    (rules.owned_tasks, SLICE, "import asyncio\nasyncio.create_task(f())"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "path", "text"), BAD, ids=lambda value: getattr(value, "__name__", None))
def test_a_breach_is_caught(rule, path, text):
    assert breaches(rule, Module(path, text))


GOOD = [
    (rules.no_commit_but_one, "pixelstudio/db/transaction.py", "await session.commit()"),
    (rules.one_clock, SLICE, "import time\nstarted = time.monotonic()"),
    (rules.broad_excepts_at_the_edges, SLICE, "try:\n    f()\nexcept BaseException:\n    undo()\n    raise"),
    (
        rules.guarded_handlers,
        UI,
        "class A(rx.State):\n    @guarded('member')\n    async def draw(self, studio, actor): ...\n    def _help(self): ...",
    ),
    (rules.guarded_handlers, UI, "class View:\n    def sentence(self): ..."),
    (rules.our_own_elements, UI, "page = rx.el.div(rx.cond(a, b, rx.fragment()))"),
    (rules.redirects_stay, UI, "gone = rx.redirect(f'/login?next={safe_path(wanted)}')"),
    (rules.redirects_stay, UI, "gone = rx.redirect('/')"),
    (rules.owned_tasks, SLICE, "async def f(group):\n    group.create_task(g())"),
]


@pytest.mark.parametrize(("rule", "path", "text"), GOOD, ids=lambda value: getattr(value, "__name__", None))
def test_what_is_allowed_passes(rule, path, text):
    assert breaches(rule, Module(path, text)) == []


def test_every_rule_is_proved_by_a_breach():
    assert {rule for rule, _, _ in BAD} == {*rules.PRODUCT, *rules.EVERYWHERE}
