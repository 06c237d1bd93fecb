"""What a browser may send to a handler: named arguments of declared types, checked strictly before anything runs.

Reflex coerces by annotation, and on failure warns with the raw value and calls the handler all the same. So handlers show it
`Any` and the check happens here. The values make one round through JSON text: that refuses NaN and infinities at any depth, and
pydantic's strict JSON mode then takes neither a bool for an int nor a number for a text.
"""

from __future__ import annotations

import inspect
import json
from typing import TYPE_CHECKING, Any, Final, NotRequired

import typing_extensions
from pydantic import ConfigDict, TypeAdapter, ValidationError

from pixelstudio.core.errors import Invalid
from pixelstudio.ui.notices import OUT_OF_STEP

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# No text an argument carries is longer; the features know the bounds that matter to people.
TEXT_MAX: Final = 8_000
INTEGER_MAX: Final = 2**53 - 1


class Arguments:
    """The declared arguments of one handler."""

    def __init__(self, handler: Callable[..., Any], fields: Mapping[str, Any]) -> None:
        self.names = tuple(fields)
        parameters = list(inspect.signature(handler).parameters.values())
        keyword_only = {p.name: p for p in parameters if p.kind is inspect.Parameter.KEYWORD_ONLY}
        if len(parameters) - len(keyword_only) != 3 or set(keyword_only) != set(fields):  # self, studio, actor
            msg = f"{handler.__qualname__} must take (self, studio, actor, *, {', '.join(self.names)})"
            raise TypeError(msg)
        optional = {name for name, p in keyword_only.items() if p.default is not inspect.Parameter.empty}
        made_at_run_time: Any = typing_extensions.TypedDict  # pydantic takes no other before Python 3.12
        shape = made_at_run_time("Arguments", {name: NotRequired[kind] if name in optional else kind for name, kind in fields.items()})
        shape.__pydantic_config__ = ConfigDict(extra="forbid", strict=True, str_max_length=TEXT_MAX, allow_inf_nan=False)
        self._adapter: TypeAdapter[dict[str, Any]] = TypeAdapter(shape)

    def validated(self, sent: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments with their declared types. Raises `Invalid`, which names places and never values."""
        try:
            text = json.dumps(sent, allow_nan=False)
            json.loads(text, parse_int=_exact)
            return self._adapter.validate_json(text, strict=True, extra="forbid")
        except ValidationError as fault:
            places = {str(error["loc"][0]) if error["loc"] else "json" for error in fault.errors(include_input=False, include_url=False)}
            known = sorted(places & {*self.names, "json"}) or ["unexpected"]
            raise Invalid(OUT_OF_STEP, code="invalid_arguments", places=known) from None
        except (ValueError, TypeError, RecursionError):
            raise Invalid(OUT_OF_STEP, code="invalid_arguments", places=["json"]) from None

    def signature(self) -> inspect.Signature:
        """What Reflex sees: the names, so that a page can bind them in order, and `Any`."""
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        return inspect.Signature(
            [inspect.Parameter("self", kind), *(inspect.Parameter(n, kind, default=None, annotation=Any) for n in self.names)]
        )

    def annotations(self) -> dict[str, Any]:
        """`Any` for each name: Reflex then leaves the values, and its warnings, alone."""
        return dict.fromkeys(self.names, Any)


def _exact(digits: str) -> int:
    """A whole number as a browser can hold it. A longer one comes from no page and would overflow a column."""
    number = int(digits)
    if abs(number) > INTEGER_MAX:
        raise ValueError
    return number
