"""Providers, for whoever looks after the installation: each asked, free of charge, whether it would draw; and what mends it when not."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from pixelstudio.core.errors import NotFound, PixelStudioError

if TYPE_CHECKING:
    from pixelstudio.features.accounts.actor import Actor
    from pixelstudio.providers.contract import Health, Provider
    from pixelstudio.studio import Studio

Verdict: TypeAlias = Literal["ok", "look", "wrong"]
_WITHIN_S: Final = 10.0
_SLOW_S: Final = 3.0
_INSTALL_IT: Final = (
    "install it where LOCAL_MODEL_PYTHON points, or with `make extra E=local` beside the studio, see docs/how-to/use-local.md"
)
_POINT_AT_IT: Final = "let LOCAL_MODEL name the folder of a whole model that the studio's user may read, see docs/how-to/use-local.md"
_MENDS: Final[dict[str, str]] = {
    "provider_unreachable": "see that its address is right and that this machine has a way out: name service, firewall, HTTPS_PROXY",
    "provider_slow": "see the way out and its own status page; until then its pictures will be slow or fail",
    "provider_not_its_protocol": "set its address to the one its own guide names, ending in /v1",
    "model_not_offered": "have the account allowed to use them, name others in the settings, or install a newer release",
    "provider_out_of_money": "pay in at the provider, or raise the limit set there",
    "provider_throttled": "ask again in a minute; if it stays so, the account's limits there are too low",
    "local_package_missing": _INSTALL_IT,
    "local_python_unusable": "let LOCAL_MODEL_PYTHON name a Python of 3.11 or newer that the studio's user may run, or leave it empty",
    "local_model_pickled": "have it saved as .safetensors, or exported for OpenVINO",
    **dict.fromkeys(
        ("local_model_missing", "local_model_not_one", "local_model_unknown_kind", "local_model_without_weights", "local_model_broken"),
        _POINT_AT_IT,
    ),
}


@dataclass(frozen=True, slots=True)
class Wellbeing:
    """How one provider is. `look`: it works, but somebody should know. `wrong`: people will meet it. Never holds a key."""

    provider: str
    models: int
    verdict: Verdict
    said: str
    mend: str = ""


def providers_of(studio: Studio) -> list[Provider]:
    """Whoever draws here, each once, in the order their models are shown."""
    return list({model.provider: studio.providers.provider_of(model.id) for model in studio.providers.models()}.values())


async def ask_after(studio: Studio, provider: str, *, by: Actor) -> Wellbeing:
    """How a provider is, asked now. Raises `NotFound` for everybody but a maintainer, and for one that draws nothing here."""
    if not by.is_maintainer:
        raise NotFound
    asked = next((one for one in providers_of(studio) if one.name == provider), None)
    if asked is None:
        raise NotFound
    return await wellbeing_of(asked)


async def wellbeing_of(provider: Provider) -> Wellbeing:
    """Ask it, and judge what it says or that it says nothing. Takes ten seconds at most."""
    try:
        async with asyncio.timeout(_WITHIN_S):
            health = await provider.check()
    except TimeoutError:
        return _wrong(provider, f"It did not answer within {_WITHIN_S:.0f} seconds.", _MENDS["provider_slow"])
    except PixelStudioError as error:
        return _unwell(provider, error)
    return _judged(provider, health)


def _judged(provider: Provider, health: Health) -> Wellbeing:
    if health.not_offered:
        return _wrong(provider, f"It does not offer {', '.join(health.not_offered)}.", _MENDS["model_not_offered"])
    if health.seconds > _SLOW_S:
        said = f"It answered, but after {health.seconds:.1f} seconds."
        return Wellbeing(provider.name, len(provider.models), "look", said, _MENDS["provider_slow"])
    if all(model.is_drawn_here for model in provider.models):
        return Wellbeing(provider.name, len(provider.models), "ok", "Drawn here.")
    left = f" The account has {health.balance} left." if health.balance else ""
    said = f"It answers this studio in {health.seconds:.1f} s." if health.seconds else "It is ready to draw."
    return Wellbeing(provider.name, len(provider.models), "ok", f"{said}{left}")


def _unwell(provider: Provider, error: PixelStudioError) -> Wellbeing:
    match error.fields.get("status"):
        case 401:
            return _wrong(provider, "The key is refused.", "make a new key at the provider and set it here")
        case 403:
            said = "The key may not list models; whether it may draw was not asked, for that costs money."
            mend = "let the key read models at the provider, or draw one picture to be sure"
            return Wellbeing(provider.name, len(provider.models), "look", said, mend)
        case _:
            mend = _MENDS.get(error.code, "see its key and its address in the settings, and its own status page")
            return _wrong(provider, error.sentence, mend)


def _wrong(provider: Provider, said: str, mend: str) -> Wellbeing:
    return Wellbeing(provider.name, len(provider.models), "wrong", said, mend)
