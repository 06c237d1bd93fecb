"""What the composer sends, as requests and presets; and what it begins with: the recipe of a form, a set, a picture, a preset, a file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from typing_extensions import TypedDict

from pixelstudio.core.errors import Invalid
from pixelstudio.core.limits import NEGATIVE_PROMPT_MAX, PROMPT_MAX, SEED_MAX
from pixelstudio.features.gallery.remixes import GOES_BY, MASK, PAINTED, STRENGTH, Making
from pixelstudio.features.generation.requests import GenerationRequest
from pixelstudio.features.generation.standing import own_set
from pixelstudio.features.generation.styles import STYLES, parted
from pixelstudio.features.generation.tuning import tuning_of
from pixelstudio.features.images.pictures import images_by_id
from pixelstudio.features.presets.presets import Settings
from pixelstudio.providers.contract import STRENGTH_USUAL
from pixelstudio.ui import formats
from pixelstudio.ui.create.choices import ModelChoice, Recipe

if TYPE_CHECKING:
    from pixelstudio.db.transaction import Reader
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.features.accounts.preferences import Preferences
    from pixelstudio.features.generation.views import Asked, SetView, Tuning
    from pixelstudio.features.images.views import ImageView
    from pixelstudio.features.presets.presets import PresetView
    from pixelstudio.providers.contract import ImageModel
    from pixelstudio.studio import Studio

WISHES: Final = ("from", "set", "prompt", "without")
"""What an address may ask the composer to begin with."""
_WHOLE: Final = re.compile(r"[0-9]{1,10}")
_NUMBER: Final = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4})?")
_SIZE: Final = re.compile(r"([0-9]{1,5})x([0-9]{1,5})")


class ComposerForm(TypedDict, total=False):
    """The form as the browser sends it: texts, and nothing for a field that is switched off or a box that is not ticked.

    `shown` is the model whose sizes and price stand on the page: for a moment after another was chosen, not yet that one.
    """

    shown: str
    prompt: str
    negative_prompt: str
    model: str
    style: str
    size: str
    images: str
    seed: str
    keeps_seed: str
    steps: str
    guidance: str
    reference: str
    mask: str
    strength: str
    parent: str
    anew: str


class FileRecipe(TypedDict):
    """The recipe of a dropped file, as `/api/recipes/read` gave it to the browser."""

    prompt: str
    negative_prompt: str
    model: str
    size: str
    seed: str
    steps: str
    guidance: str


def asked(form: ComposerForm) -> GenerationRequest:
    """The request a form stands for. Raises `Invalid` where a text is no number; what a number may be, the feature says."""
    width, height = _size(form.get("size", ""))
    return GenerationRequest(
        prompt=form.get("prompt", ""),
        negative_prompt=form.get("negative_prompt", ""),
        model=form.get("model", ""),
        style=form.get("style", ""),
        width=width,
        height=height,
        count=_images(form.get("images", "")),
        seed=_seed(form.get("seed", "")),
        steps=_steps(form.get("steps", "")),
        guidance=_number(form.get("guidance", ""), "guidance"),
        reference=form.get("reference", ""),
        mask=form.get("mask", ""),
        parent=form.get("parent", ""),
        anew=bool(form.get("anew")),
        strength=STRENGTH_USUAL if (strength := _number(form.get("strength", ""), "strength")) is None else strength / 100,
    )


def keeps_seed(form: ComposerForm) -> bool:
    """Whether the next set is to have the same seed."""
    return bool(form.get("keeps_seed"))


def settings_of_form(form: ComposerForm) -> Settings:
    """What a preset keeps of a form. Raises as `asked`."""
    request = asked(form)
    return Settings(
        prompt=request.prompt,
        negative_prompt=request.negative_prompt,
        model=request.model,
        style=request.style,
        width=request.width,
        height=request.height,
        count=request.count,
        seed=request.seed if keeps_seed(form) else None,
        tuning=request.tuning,
    )


def recipe_of_form(form: ComposerForm, key: str, seed: str) -> Recipe:
    """What was sent, so that the composer still shows it when the page is opened again; `seed` is the one to go on with."""
    return Recipe(
        key=key,
        prompt=form.get("prompt", ""),
        negative_prompt=form.get("negative_prompt", ""),
        model=form.get("model", ""),
        style=form.get("style", ""),
        size=form.get("size", ""),
        seed=seed,
        images=form.get("images", ""),
        steps=form.get("steps", ""),
        guidance=form.get("guidance", ""),
        reference=form.get("reference", ""),
        mask=form.get("mask", ""),
        strength=form.get("strength", ""),
        parent=form.get("parent", ""),
    )


def form_of(recipe: Recipe) -> ComposerForm:
    """The form as the browser would send it with this recipe in it."""
    names = (
        "prompt",
        "negative_prompt",
        "model",
        "style",
        "size",
        "images",
        "seed",
        "steps",
        "guidance",
        "reference",
        "mask",
        "strength",
        "parent",
    )
    return ComposerForm(**{name: getattr(recipe, name) for name in names})


def making_of_form(form: ComposerForm, models: Mapping[str, ImageModel]) -> Making:
    """How what stands in the composer would be made; nothing of it need be right yet."""
    model, size = models.get(form.get("model", "")), size_of(form.get("size", ""))
    strength = form.get("strength", "").strip()
    settings = {
        "Without": form.get("negative_prompt", "").strip(),
        "Model": model.title if model else form.get("model", ""),
        "Style": next((style.title for style in STYLES if style.id == form.get("style")), ""),
        "Size": formats.size(*size) if size else "",
        "Seed": form.get("seed", "").strip(),
        "Steps": form.get("steps", "").strip(),
        "Guidance": form.get("guidance", "").strip(),
        GOES_BY: form.get("reference", ""),
        MASK: PAINTED if form.get("mask") else "",
        STRENGTH: f"{strength} %" if strength else "",
    }
    return Making(form.get("prompt", "")[:PROMPT_MAX].strip(), settings)


def recipe_of_set(view: SetView) -> Recipe:
    """The composer as it was when `view` was asked for, ready for new seeds."""
    prompt, style = parted(view.prompt)
    recipe = Recipe(
        key=f"set:{view.id}",
        prompt=prompt,
        negative_prompt=view.negative_prompt,
        model=view.model,
        style=style.id,
        size=f"{view.width}x{view.height}",
        images=str(view.count),
        parent=view.parent,
    )
    return _tuned(recipe, view.tuning)


async def recipe_of_image(reader: Reader, image: ImageView) -> Recipe:
    """The recipe of one picture, with its seed: sent unchanged it draws the same picture.

    Of somebody else's all but the picture it went by, be that seen or not: one goes by one's own.
    """
    prompt, style = parted(image.prompt)
    tuning = await tuning_of(reader, image.generation_id)
    recipe = Recipe(
        key=f"image:{image.id}",
        prompt=prompt,
        negative_prompt=image.negative_prompt,
        model=image.model,
        style=style.id,
        size=f"{image.width}x{image.height}",
        seed=str(image.seed),
        images="1",
        parent=image.id,
    )
    return _tuned(recipe, tuning if image.is_mine else tuning.without_reference())


def recipe_of_preset(preset: PresetView) -> Recipe:
    """The settings a person has given a name."""
    kept = preset.settings
    recipe = Recipe(
        key=f"preset:{preset.id}",
        prompt=kept.prompt,
        negative_prompt=kept.negative_prompt,
        model=kept.model,
        style=kept.style,
        size=f"{kept.width}x{kept.height}",
        seed="" if kept.seed is None else str(kept.seed),
        images=str(kept.count),
    )
    return _tuned(recipe, kept.tuning)


def recipe_of_file(said: FileRecipe) -> Recipe:
    """The recipe of a file, which anybody may have written: its texts are cut to what the fields take."""
    prompt, style = parted(said["prompt"][:PROMPT_MAX])
    seed = said["seed"] if _WHOLE.fullmatch(said["seed"]) else ""
    return Recipe(
        key=f"file:{said['model']}:{said['size']}:{seed}:{hash(prompt)}",
        prompt=prompt,
        negative_prompt=said["negative_prompt"][:NEGATIVE_PROMPT_MAX],
        model=said["model"],
        style=style.id,
        size=said["size"] if _SIZE.fullmatch(said["size"]) else "",
        seed=seed,
        images="1",
        steps=said["steps"] if _WHOLE.fullmatch(said["steps"]) else "",
        guidance=said["guidance"] if _NUMBER.fullmatch(said["guidance"]) else "",
    )


def recipe_of_request(request: GenerationRequest) -> Recipe:
    """A request that is to be looked at before it is made."""
    prompt, style = parted(request.prompt)
    recipe = Recipe(
        key="request",
        prompt=prompt,
        negative_prompt=request.negative_prompt,
        model=request.model,
        style=request.style or style.id,
        size=f"{request.width}x{request.height}",
        seed="" if request.seed is None else str(request.seed),
        images=str(request.count),
        parent=request.parent,
    )
    return _tuned(recipe, request.tuning)


def recipe_of_preferences(preferred: Preferences, last: Asked | None, models: Sequence[ModelChoice]) -> Recipe:
    """What a person wants the composer to begin with; what they leave to the studio is as they asked for it last, of what is offered."""
    images = preferred.images or (last.count if last else None)
    counted = {} if images is None else {"images": str(images)}
    if preferred.model or not last:
        return Recipe(model=preferred.model, size=preferred.size, **counted)
    offered = {size.value for model in models if model.id == last.model for size in model.sizes}
    size = f"{last.width}x{last.height}"
    return Recipe(model=last.model, size=size if size in offered else "", **counted)


async def recipe_of_address(reader: Reader, studio: Studio, query: Mapping[str, str], by: Actor) -> Recipe | None:
    """What the address asks the composer to begin with: a picture's recipe (`from`), an own set's (`set`), or a sentence (`prompt`) and what
    it goes `without`.
    """
    image_id, set_id, prompt, without = (query.get(name, "") for name in WISHES)
    prompt, without = prompt[:PROMPT_MAX], without[:NEGATIVE_PROMPT_MAX]
    if set_id:
        view = await own_set(reader, studio, by, set_id)
        return recipe_of_set(view) if view else None
    if image_id:
        found = (await images_by_id(reader, by, [image_id])).get(image_id)
        return await recipe_of_image(reader, found) if found else None
    return Recipe(key=f"prompt:{prompt}:{without}", prompt=prompt, negative_prompt=without) if prompt else None


def _tuned(recipe: Recipe, tuning: Tuning) -> Recipe:
    return replace(
        recipe,
        steps="" if tuning.steps is None else str(tuning.steps),
        guidance="" if tuning.guidance is None else f"{tuning.guidance:g}",
        reference=tuning.reference,
        mask=tuning.mask,
        strength="" if tuning.strength is None else f"{tuning.strength * 100:g}",
    )


def size_of(text: str) -> tuple[int, int] | None:
    """Width and height of a size as the form sends it."""
    found = _SIZE.fullmatch(text)
    return (int(found[1]), int(found[2])) if found else None


def _size(text: str) -> tuple[int, int]:
    found = size_of(text)
    if not found:
        raise Invalid("Choose a size.", code="size_missing", field="size")
    return found


def _images(text: str) -> int:
    if not _WHOLE.fullmatch(text.strip()):
        raise Invalid("Say how many pictures, as a whole number.", code="count_invalid", field="count")
    return int(text)


def _steps(text: str) -> int | None:
    words = text.strip()
    if words and not _WHOLE.fullmatch(words):
        raise Invalid("The number of steps is a whole number. Leave it empty for the usual one.", code="steps_invalid", field="steps")
    return int(words) if words else None


def _number(text: str, field: str) -> float | None:
    words = text.strip()
    if words and not _NUMBER.fullmatch(words):
        raise Invalid("Choose a number here, or leave it empty.", code=f"{field}_invalid", field=field)
    return float(words) if words else None


def _seed(text: str) -> int | None:
    words = text.strip()
    if not words:
        return None
    if not _WHOLE.fullmatch(words):
        raise Invalid(f"A seed is a whole number from 0 to {SEED_MAX}. Leave it empty for a random one.", code="seed_invalid", field="seed")
    return int(words)
