"""What the composer sends: the form's texts become a request, and a request or a picture becomes what the form begins with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from typing_extensions import TypedDict

from pixelstudio.core.errors import Invalid
from pixelstudio.core.limits import PROMPT_MAX, SEED_MAX
from pixelstudio.features.generation.requests import GenerationRequest
from pixelstudio.features.images.pictures import images_by_id
from pixelstudio.ui.create.views import Recipe

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Reader
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.generation.views import SetView
    from pixelstudio.features.images.views import ImageView

_WHOLE: Final = re.compile(r"[0-9]{1,10}")
_SIZE: Final = re.compile(r"([0-9]{1,5})x([0-9]{1,5})")


class ComposerForm(TypedDict, total=False):
    """The form as the browser sends it: texts, and nothing for a field that is switched off."""

    prompt: str
    negative_prompt: str
    model: str
    size: str
    images: str
    seed: str


def asked(form: ComposerForm) -> GenerationRequest:
    """The request a form stands for. Raises `Invalid` where a text is no number; what a number may be, the feature says."""
    width, height = _size(form.get("size", ""))
    return GenerationRequest(
        prompt=form.get("prompt", ""),
        negative_prompt=form.get("negative_prompt", ""),
        model=form.get("model", ""),
        width=width,
        height=height,
        count=_images(form.get("images", "")),
        seed=_seed(form.get("seed", "")),
    )


def recipe_of_form(form: ComposerForm, key: str) -> Recipe:
    """What was sent, so that the composer still shows it when the page is opened again."""
    return Recipe(
        key=key,
        prompt=form.get("prompt", ""),
        negative_prompt=form.get("negative_prompt", ""),
        model=form.get("model", ""),
        size=form.get("size", ""),
        seed=form.get("seed", ""),
        images=form.get("images", ""),
    )


def recipe_of_set(view: SetView) -> Recipe:
    """The composer as it was when `view` was asked for, ready for new seeds."""
    return Recipe(
        key=f"set:{view.id}",
        prompt=view.prompt,
        negative_prompt=view.negative_prompt,
        model=view.model,
        size=f"{view.width}x{view.height}",
        images=str(len(view.slots)),
    )


def recipe_of_image(image: ImageView) -> Recipe:
    """The recipe of one picture, with its seed: sent unchanged it draws the same picture."""
    return Recipe(
        key=f"image:{image.id}",
        prompt=image.prompt,
        negative_prompt=image.negative_prompt,
        model=image.model,
        size=f"{image.width}x{image.height}",
        seed=str(image.seed),
        images="1",
    )


async def recipe_of_address(reader: Reader, query: Mapping[str, str], by: Actor) -> Recipe | None:
    """What the address asks the composer to begin with: a picture's recipe (`from`), or a sentence (`prompt`)."""
    image_id, prompt = query.get("from", ""), query.get("prompt", "")[:PROMPT_MAX]
    if image_id:
        found = (await images_by_id(reader, by, [image_id])).get(image_id)
        return recipe_of_image(found) if found else None
    return Recipe(key=f"prompt:{prompt}", prompt=prompt) if prompt else None


def _size(text: str) -> tuple[int, int]:
    found = _SIZE.fullmatch(text)
    if not found:
        raise Invalid("Choose a size.", code="size_missing", field="size")
    return int(found[1]), int(found[2])


def _images(text: str) -> int:
    if not _WHOLE.fullmatch(text.strip()):
        raise Invalid("Say how many pictures, as a whole number.", code="count_invalid", field="count")
    return int(text)


def _seed(text: str) -> int | None:
    words = text.strip()
    if not words:
        return None
    if not _WHOLE.fullmatch(words):
        raise Invalid(f"A seed is a whole number from 0 to {SEED_MAX}. Leave it empty for a random one.", code="seed_invalid", field="seed")
    return int(words)
