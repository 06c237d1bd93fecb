"""Every model this studio offers, and who draws it."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from pixelstudio.core.errors import Invalid
from pixelstudio.providers.errors import Misconfigured

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pixelstudio.providers.contract import ImageModel, LaneTerms, Provider


class UnknownModel(Invalid):
    """No provider here offers this model. What was sent instead is not logged: it may be anything."""

    default_code = "unknown_model"

    def __init__(self) -> None:
        super().__init__("This model is not offered here. Choose another one.", field="model")


class Registry:
    """Looks models up by id. Built once at start; two providers claiming one id or one lane two ways stop the start."""

    def __init__(self, providers: Iterable[Provider]) -> None:
        self._owners: dict[str, tuple[ImageModel, Provider]] = {}
        lanes: dict[str, LaneTerms] = {}
        for provider in providers:
            for model in provider.models:
                if model.id in self._owners or model.provider != provider.name:
                    raise Misconfigured(code="model_claimed_twice", model=model.id, provider=provider.name)
                if lanes.setdefault(model.lane, model.lane_terms) != model.lane_terms:
                    raise Misconfigured(code="lane_declared_twice", lane=model.lane)
                self._owners[model.id] = (model, provider)
        self.lanes = MappingProxyType(lanes)
        """Lane id -> what its account allows."""

    def models(self) -> tuple[ImageModel, ...]:
        """All of them, in the order to show; the first is the default."""
        return tuple(model for model, _ in self._owners.values())

    def titles(self) -> dict[str, str]:
        """Model id -> what people call it."""
        return {model.id: model.title for model in self.models()}

    @property
    def has_ai(self) -> bool:
        """Whether anything is offered besides sketches, which our own code draws."""
        return any(not model.is_drawn_here for model in self.models())

    def model(self, model_id: str) -> ImageModel:
        """One model, or `UnknownModel`."""
        return self._entry(model_id)[0]

    def provider_of(self, model_id: str) -> Provider:
        """Whoever draws this model, or `UnknownModel`."""
        return self._entry(model_id)[1]

    def _entry(self, model_id: str) -> tuple[ImageModel, Provider]:
        try:
            return self._owners[model_id]
        except KeyError:
            raise UnknownModel from None
