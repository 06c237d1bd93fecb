"""What pages carry in their heads: stylesheets, the one font that is needed at once, icons, and the small scripts."""

from __future__ import annotations

from typing import Final

import reflex as rx
from reflex_base.utils.imports import ImportVar
from reflex_base.vars.base import VarData

LANGUAGE: Final = "en-GB"

# What every page wears. In this order: a later sheet may refine an earlier one.
STYLESHEETS: Final = (
    "app.css",
    "styles/shell.css",
    "styles/pictures.css",
    "styles/controls.css",
    "styles/composer.css",
    "styles/feedback.css",
    "styles/library.css",
    "styles/pages.css",
    "styles/motion.css",
)

# Before any script asks for it: where the browser lets nothing be kept, it is kept as long as the page is open.
_KEPT: Final = """const kept = () => Object.create({
    getItem(name) { return Object.hasOwn(this, name) ? this[name] : null; },
    setItem(name, value) { this[name] = String(value); },
    removeItem(name) { delete this[name]; },
});
for (const name of ['localStorage', 'sessionStorage']) {
    try { window[name].length; } catch { Object.defineProperty(window, name, { value: kept() }); }
}
"""

# Before anything is painted: how wide the rail was left, and whether the composer's options were left open. In the page itself, because
# the first paint would wait for a file.
_LEFT: Final = """const { dataset } = document.documentElement;
dataset.rail = localStorage.getItem('rail') || 'wide';
if (localStorage.getItem('options') === 'open') dataset.options = '';
"""


def sheets(*names: str) -> rx.Component:
    """Nothing to be seen: brings sheets of `styles/` along that few pages wear. The build puts them into the heads of those pages, behind
    the sheets of all, and a navigation waits for them. Among themselves they come in no order: where two meet, the closer rule wins.
    """
    imported = [ImportVar(tag=f"$/public/styles/{name}.css") for name in names]
    return rx.fragment(rx.Var("null", _var_data=VarData(imports={"": imported}))) if names else rx.fragment()


def head_components() -> list[rx.Component]:
    """The elements for `rx.App(head_components=...)`. What is written into the pages runs by its hash, the rest are files of our own."""
    return [
        rx.el.meta(name="viewport", content="width=device-width, initial-scale=1, viewport-fit=cover"),
        rx.el.meta(name="color-scheme", content="light dark"),
        rx.el.meta(name="theme-color", content="#fbfaf7", custom_attrs={"media": "(prefers-color-scheme: light)"}),
        rx.el.meta(name="theme-color", content="#0c0d10", custom_attrs={"media": "(prefers-color-scheme: dark)"}),
        rx.el.link(
            rel="preload",
            href="/fonts/instrument-sans-latin.woff2",
            custom_attrs={"as": "font", "type": "font/woff2", "crossOrigin": "anonymous"},
        ),
        rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml"),
        rx.el.link(rel="icon", href="/favicon.ico", sizes="32x32"),
        rx.el.link(rel="apple-touch-icon", href="/apple-touch-icon.png"),
        rx.el.script(custom_attrs={"dangerouslySetInnerHTML": {"__html": f"{{{_KEPT}{_LEFT}}}"}}),
        # Not deferred: the pages' own scripts would wait for these, which come last. The first one answers presses by itself, before
        # anything else does: a browser would fetch it behind all modules.
        rx.el.script(src="/studio.js", async_=True, custom_attrs={"fetchPriority": "high"}),
        *(rx.el.script(src=f"/{name}.js", async_=True) for name in ("forms", "floating")),
    ]
