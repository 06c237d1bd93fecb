"""The icons: one set (lucide, ISC licence), each a stroke drawn in a 24 px square, set inline so that none arrives late."""

from __future__ import annotations

from typing import Final, Literal

import reflex as rx

IconName = Literal[
    "arrow-left",
    "check",
    "circle-check",
    "circle-user-round",
    "circle-x",
    "clock",
    "coins",
    "copy",
    "download",
    "globe",
    "image",
    "image-off",
    "images",
    "info",
    "key-round",
    "lock",
    "log-out",
    "minus",
    "monitor",
    "moon",
    "plus",
    "repeat-2",
    "shuffle",
    "sliders-horizontal",
    "sun",
    "trash-2",
    "unplug",
    "wand-sparkles",
    "x",
]

_STROKES: Final[dict[IconName, tuple[str, ...]]] = {
    "arrow-left": (
        "M12 19l-7-7 7-7",
        "M19 12H5",
    ),
    "check": ("M20 6 9 17l-5-5",),
    "circle-check": (
        "M2 12a10 10 0 1 0 20 0a10 10 0 1 0 -20 0",
        "M16 9l-5.5 5.5L8 12",
    ),
    "circle-user-round": (
        "M17.925 20.056a6 6 0 0 0-11.851.001",
        "M8 11a4 4 0 1 0 8 0a4 4 0 1 0 -8 0",
        "M2 12a10 10 0 1 0 20 0a10 10 0 1 0 -20 0",
    ),
    "circle-x": (
        "M2 12a10 10 0 1 0 20 0a10 10 0 1 0 -20 0",
        "M15 9l-6 6",
        "M9 9l6 6",
    ),
    "clock": (
        "M2 12a10 10 0 1 0 20 0a10 10 0 1 0 -20 0",
        "M12 6v6l4 2",
    ),
    "coins": (
        "M13.744 17.736a6 6 0 1 1-7.48-7.48",
        "M15 6h1v4",
        "M6.134 14.768l.866-.5 2 3.464",
        "M10 8a6 6 0 1 0 12 0a6 6 0 1 0 -12 0",
    ),
    "copy": (
        "M10 8h10a2 2 0 0 1 2 2v10a2 2 0 0 1 -2 2h-10a2 2 0 0 1 -2 -2v-10a2 2 0 0 1 2 -2z",
        "M4 16c-1.1 0-2-.9-2-2V4c0-1.1.9-2 2-2h10c1.1 0 2 .9 2 2",
    ),
    "download": (
        "M12 15V3",
        "M21 15v4a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-4",
        "M7 10l5 5 5-5",
    ),
    "globe": (
        "M2 12a10 10 0 1 0 20 0a10 10 0 1 0 -20 0",
        "M12 2a14.5 14.5 0 0 0 0 20 14.5 14.5 0 0 0 0-20",
        "M2 12h20",
    ),
    "image": (
        "M5 3h14a2 2 0 0 1 2 2v14a2 2 0 0 1 -2 2h-14a2 2 0 0 1 -2 -2v-14a2 2 0 0 1 2 -2z",
        "M7 9a2 2 0 1 0 4 0a2 2 0 1 0 -4 0",
        "M21 15l-3.086-3.086a2 2 0 0 0-2.828 0L6 21",
    ),
    "image-off": (
        "M2 2L22 22",
        "M10.41 10.41a2 2 0 1 1-2.83-2.83",
        "M13.5 13.5L6 21",
        "M18 12L21 15",
        "M3.59 3.59A1.99 1.99 0 0 0 3 5v14a2 2 0 0 0 2 2h14c.55 0 1.052-.22 1.41-.59",
        "M21 15V5a2 2 0 0 0-2-2H9",
    ),
    "images": (
        "M22 11l-1.296-1.296a2.4 2.4 0 0 0-3.408 0L11 16",
        "M4 8a2 2 0 0 0-2 2v10a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2",
        "M12 7a1 1 0 1 0 2 0a1 1 0 1 0 -2 0",
        "M10 2h10a2 2 0 0 1 2 2v10a2 2 0 0 1 -2 2h-10a2 2 0 0 1 -2 -2v-10a2 2 0 0 1 2 -2z",
    ),
    "info": (
        "M2 12a10 10 0 1 0 20 0a10 10 0 1 0 -20 0",
        "M12 16v-4",
        "M12 8h.01",
    ),
    "key-round": (
        "M2.586 17.414A2 2 0 0 0 2 18.828V21a1 1 0 0 0 1 1h3a1 1 0 0 0 1-1v-1a1 1 0 0 1 1-1h1a1 1 0 0 0 1-1v-1a1 1 0 0 1 1-1h.172a2 2 0 0 0 1.414-.586l.814-.814a6.5 6.5 0 1 0-4-4z",
        "M16 7.5a0.5 0.5 0 1 0 1 0a0.5 0.5 0 1 0 -1 0",
    ),
    "lock": (
        "M5 11h14a2 2 0 0 1 2 2v7a2 2 0 0 1 -2 2h-14a2 2 0 0 1 -2 -2v-7a2 2 0 0 1 2 -2z",
        "M7 11V7a5 5 0 0 1 10 0v4",
    ),
    "log-out": (
        "M16 17l5-5-5-5",
        "M21 12H9",
        "M9 21H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2h4",
    ),
    "minus": ("M5 12h14",),
    "monitor": (
        "M4 3h16a2 2 0 0 1 2 2v10a2 2 0 0 1 -2 2h-16a2 2 0 0 1 -2 -2v-10a2 2 0 0 1 2 -2z",
        "M8 21L16 21",
        "M12 17L12 21",
    ),
    "moon": ("M20.985 12.486a9 9 0 1 1-9.473-9.472c.405-.022.617.46.402.803a6 6 0 0 0 8.268 8.268c.344-.215.825-.004.803.401",),
    "plus": (
        "M5 12h14",
        "M12 5v14",
    ),
    "repeat-2": (
        "M2 9l3-3 3 3",
        "M13 18H7a2 2 0 0 1-2-2V6",
        "M22 15l-3 3-3-3",
        "M11 6h6a2 2 0 0 1 2 2v10",
    ),
    "shuffle": (
        "M18 14l4 4-4 4",
        "M18 2l4 4-4 4",
        "M2 18h1.973a4 4 0 0 0 3.3-1.7l5.454-8.6a4 4 0 0 1 3.3-1.7H22",
        "M2 6h1.972a4 4 0 0 1 3.6 2.2",
        "M22 18h-6.041a4 4 0 0 1-3.3-1.8l-.359-.45",
    ),
    "sliders-horizontal": (
        "M10 5H3",
        "M12 19H3",
        "M14 3v4",
        "M16 17v4",
        "M21 12h-9",
        "M21 19h-5",
        "M21 5h-7",
        "M8 10v4",
        "M8 12H3",
    ),
    "sun": (
        "M8 12a4 4 0 1 0 8 0a4 4 0 1 0 -8 0",
        "M12 2v2",
        "M12 20v2",
        "M4.93 4.93l1.41 1.41",
        "M17.66 17.66l1.41 1.41",
        "M2 12h2",
        "M20 12h2",
        "M6.34 17.66l-1.41 1.41",
        "M19.07 4.93l-1.41 1.41",
    ),
    "trash-2": (
        "M10 11v6",
        "M14 11v6",
        "M19 6v14a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2V6",
        "M3 6h18",
        "M8 6V4a2 2 0 0 1 2-2h4a2 2 0 0 1 2 2v2",
    ),
    "unplug": (
        "M19 5l3-3",
        "M2 22l3-3",
        "M6.3 20.3a2.4 2.4 0 0 0 3.4 0L12 18l-6-6-2.3 2.3a2.4 2.4 0 0 0 0 3.4Z",
        "M7.5 13.5 10 11",
        "M10.5 16.5 13 14",
        "M12 6l6 6 2.3-2.3a2.4 2.4 0 0 0 0-3.4l-2.6-2.6a2.4 2.4 0 0 0-3.4 0Z",
    ),
    "wand-sparkles": (
        "M21.64 3.64l-1.28-1.28a1.21 1.21 0 0 0-1.72 0L2.36 18.64a1.21 1.21 0 0 0 0 1.72l1.28 1.28a1.2 1.2 0 0 0 1.72 0L21.64 5.36a1.2 1.2 0 0 0 0-1.72",
        "M14 7l3 3",
        "M5 6v4",
        "M19 14v4",
        "M10 2v2",
        "M7 8H3",
        "M21 16h-4",
        "M11 3H9",
    ),
    "x": (
        "M18 6 6 18",
        "M6 6l12 12",
    ),
}


def icon(name: IconName, *, small: bool = False) -> rx.Component:
    """A decorative icon; the control it stands in carries the name."""
    return rx.el.svg(
        rx.el.path(d="".join(_STROKES[name])),
        class_name="icon sm" if small else "icon",
        view_box="0 0 24 24",
        custom_attrs={"aria-hidden": "true"},
    )
