"""The controls of the components page, alive: they can be pressed, opened and chosen."""

from __future__ import annotations

import reflex as rx

from pixelstudio.ui.components.button import busy_button, button, icon_button, link_button
from pixelstudio.ui.components.choice import Segment, chip, chips, filter_chip, segments, tab, tab_links, tab_panel, tabs, tick, toggle
from pixelstudio.ui.components.dialog import CLOSES, dialog, opens, question, sheet
from pixelstudio.ui.components.field import area, field, pick, search, select
from pixelstudio.ui.components.icon import icon
from pixelstudio.ui.components.menu import menu, menu_action, menu_choice, menu_line, menu_link
from pixelstudio.ui.workbench.parts import example, row
from pixelstudio.ui.workbench.workbench_state import WorkbenchState

_TABS = (("pictures", "Pictures"), ("sets", "Sets"), ("trash", "Trash"))
_SIZES = (Segment("portrait", "Portrait", "smartphone"), Segment("square", "Square"), Segment("wide", "Wide", "monitor"))
_OPTIONS = ("Cut paper", "Silk", "Bloom")


def buttons(mode: str) -> rx.Component:
    """Looks, sizes, states."""
    return example(
        mode,
        "Buttons",
        "One accent per view.",
        row(
            button("Generate", look="main-act"),
            button("Remix"),
            button("Follow", look="line"),
            button("Clear", look="quiet"),
            button("Delete", look="bad"),
            link_button("A link", href="/components"),
        ),
        row(
            button("Focus", look="main-act", extra="fx"),
            busy_button("Publish", is_busy=rx.Var.create(value=True), busy_words="Publishing"),
            button("Not yet", disabled=True),
            button("Not yet", look="main-act", disabled=True),
            button(icon("heart"), "248", aria_pressed="true", aria_label="Liked, 248"),
            button("Small", extra="sm"),
            button("Large", extra="lg"),
        ),
        row(icon_button("share-2", "Share"), icon_button("download", "Download", look="plain"), icon_button("heart", "Like", look="glass")),
    )


def fields(mode: str) -> rx.Component:
    """Text, choices, what is wrong."""
    return example(
        mode,
        "Fields",
        "A label above, what is wrong beneath.",
        rx.el.div(
            field("Handle", f"handle-{mode}", "3 to 20 letters or digits", default_value="ines"),
            field("Email", f"email-{mode}", default_value="ines@", aria_invalid=True),
            select("Model", f"model-{mode}", *_options()),
            field("Not now", f"off-{mode}", disabled=True, default_value="Set by the studio"),
            area("Words", f"words-{mode}", "As many lines as it takes"),
            class_name="two",
        ),
        search("Search my pictures"),
        row(pick("Style", f"style-{mode}", *_options())),
    )


def choices(mode: str) -> rx.Component:
    """Tabs, segments, chips, switches, ticks."""
    return example(
        mode,
        "Choices",
        "Native controls, so keys and forms work by themselves.",
        tabs(
            "Kinds",
            *(
                tab(word, f"{name}-{mode}", is_chosen=WorkbenchState.tab == name, on_click=WorkbenchState.choose_tab(name))
                for name, word in _TABS
            ),
        ),
        *(rx.cond(WorkbenchState.tab == name, tab_panel(f"{name}-{mode}", rx.el.p(f"{word} hang here."))) for name, word in _TABS),
        tab_links(f"Addresses, {mode}", ("Here", "/components", True), ("Library", "/library", False)),
        segments("Shape", f"shape-{mode}", _SIZES, WorkbenchState.size, on_change=WorkbenchState.choose_size),
        chips(
            "Looks",
            chip("All", is_pressed=WorkbenchState.is_pressed, on_click=WorkbenchState.press),
            chip("Cut paper", is_pressed=False),
            chip("Silk", is_pressed=False, disabled=True),
            filter_chip("Bloom", "Remove filter: Bloom"),
        ),
        row(
            toggle(
                "Public", words="Anyone with the link can see it", checked=WorkbenchState.is_public, on_change=WorkbenchState.set_public
            ),
            toggle("Not yet", disabled=True),
            tick("Keep the seed", default_checked=True),
            tick("Send me a copy"),
        ),
    )


def floating(mode: str) -> rx.Component:
    """Menu, dialogs, notices, the palette."""
    names = {kind: f"{kind}-{mode}" for kind in ("menu", "question", "dialog", "sheet")}
    return example(
        mode,
        "Floating",
        "The browser's own popovers and dialogs; on a phone they rise from the bottom edge.",
        row(
            _menu(names["menu"]),
            button("Question", custom_attrs=opens(names["question"])),
            button("Dialog", custom_attrs=opens(names["dialog"])),
            button("Sheet", custom_attrs=opens(names["sheet"])),
        ),
        row(
            *(
                button(word, look="line", on_click=WorkbenchState.say(kind))
                for kind, word in (("done", "Tell"), ("undo", "Tell with Undo"), ("error", "Refuse"))
            )
        ),
        question(
            names["question"],
            "Move 3 pictures to the trash",
            "They stay there for 30 days.",
            button("Move to trash", look="bad", custom_attrs=CLOSES),
        ),
        dialog(names["dialog"], "Rename this set", field("Name", f"name-{mode}"), button("Save", look="main-act", custom_attrs=CLOSES)),
        sheet(names["sheet"], "Filters", select("Model", f"filter-{mode}", *_options()), tick("Favourites only")),
    )


def _menu(name: str) -> rx.Component:
    return menu(
        name,
        "Picture",
        menu_action("Remix", "repeat-2", key="r"),
        menu_link("Library", "images", "/library"),
        menu_line(),
        menu_choice("Newest first", is_chosen=True),
        menu_choice("Oldest first", is_chosen=False),
        menu_line(),
        menu_action("Move to trash", "trash-2", is_bad=True),
    )


def _options() -> list[rx.Component]:
    return [rx.el.option(word, value=word) for word in _OPTIONS]
