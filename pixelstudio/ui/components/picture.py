"""A picture on its wall: shape and blur first, then the bytes; the whole of it is one link."""

from __future__ import annotations

from typing import Any

import reflex as rx

from pixelstudio.ui.components.button import link
from pixelstudio.ui.components.elements import css


def figure(*children: Any, ratio: Any, blur: Any, class_name: Any = "pic", **props: Any) -> rx.Component:
    """The place of a picture, in its final shape."""
    return rx.el.figure(*children, class_name=class_name, custom_attrs=css(ar=ratio, background_image=blur), **props)


def source(view: Any) -> Any:
    """The address of a picture's middle rendition."""
    return f"/media/{view.id}/512"


def page_of(view: Any) -> Any:
    """The address of a picture's own page."""
    return f"/image/{view.id}"


def image(view: Any, sizes: str, *, lazy: bool = True, **props: Any) -> rx.Component:
    """The `img` of a `PictureView`. Width and height are attributes, which Reflex's own props of that name would not be."""
    return rx.el.img(
        src=source(view),
        src_set=view.srcset,
        sizes=sizes,
        alt=view.alt,
        loading="lazy" if lazy else "eager",
        decoding="async",
        custom_attrs={"width": view.width, "height": view.height, **({} if lazy else {"fetchpriority": "high"})},
        **props,
    )


def hung(view: Any, sizes: str) -> rx.Component:
    """One picture of a masonry wall, linked to its own page."""
    return rx.el.figure(
        image(view, sizes),
        link(href=page_of(view), aria_label=view.alt),
        rx.el.figcaption(rx.el.span(view.alt, class_name="clip"), class_name="over", aria_hidden=True),
        class_name="pic",
        key=view.id,
        custom_attrs=css(ar=view.ratio, rows=view.rows, background_image=view.blur),
    )
