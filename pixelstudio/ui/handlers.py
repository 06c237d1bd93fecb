"""Which handlers a browser may call: those declared by `guarded`, and three of Reflex's own. Anything else stops the start.

Reflex registers every public method of every state, decorated or not, used by a page or not. What is registered is therefore
compared with what was declared, once, before the server listens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reflex_base.registry import RegisteredEventHandler, RegistrationContext

from pixelstudio.ui.session import DECLARATION, Declaration

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT: Final = "reflex___state____state"
BOOT: Final = f"{ROOT}.hydrate_and_load"
HYDRATE: Final = f"{ROOT}.hydrate"
LOAD: Final = f"{ROOT}.reflex___state____on_load_internal_state.on_load_internal"
BROWSER_FAILED: Final = f"{ROOT}.reflex___state____frontend_event_exception_state.handle_frontend_exception"

# Reflex's own handlers: what each is for. The browser sends the first four; the rest is only ever chained by the server itself.
FROM_BROWSERS: Final = frozenset({BOOT, HYDRATE, LOAD, BROWSER_FAILED})
FRAMEWORK: Final = FROM_BROWSERS | {
    f"{ROOT}.set_is_hydrated",
    f"{ROOT}.reflex___state____on_load_internal_state.set_is_hydrated",
    f"{ROOT}.reflex___state____update_vars_internal_state.update_vars_internal",
}


class StrayHandler(Exception):
    """A method is open to every browser though nobody declared who may call it."""


def declaration_of(registered: RegisteredEventHandler) -> Declaration | None:
    """What a registered handler declared, or None when it was never guarded."""
    found = getattr(registered.handler.fn, DECLARATION, None)
    return found if isinstance(found, Declaration) else None


def declared_handlers() -> dict[str, Declaration]:
    """Every guarded handler by its full name."""
    known = ((name, declaration_of(handler)) for name, handler in _registered().items())
    return {name: declaration for name, declaration in known if declaration}


def check_handlers() -> frozenset[str]:
    """The names a browser may call. Raises `StrayHandler` naming every one that is registered and not declared."""
    registered = _registered()
    strays = [name for name, handler in registered.items() if _is_stray(name, handler)]
    if strays:
        msg = (
            "These methods can be called by any browser, but nothing says who may: "
            f"{', '.join(sorted(strays))}. Put @guarded on them, or begin their name with an underscore."
        )
        raise StrayHandler(msg)
    mute = [
        name
        for name, handler in registered.items()
        if declaration_of(handler) and not all("notice" in state.vars for state in handler.states)
    ]
    if mute:
        msg = f"These handlers could not tell anybody that they failed: {', '.join(sorted(mute))}. Give their state the mixin Notices."
        raise StrayHandler(msg)
    # A background handler may run for as long as its page is open: a page starts it from `on_load`, which ends it too; a message may not.
    return frozenset(name for name, declaration in declared_handlers().items() if not declaration.background) | FROM_BROWSERS


def _registered() -> Mapping[str, RegisteredEventHandler]:
    return RegistrationContext.get().event_handlers


def _is_stray(name: str, registered: RegisteredEventHandler) -> bool:
    # Every state carries `setvar`; without auto setters it can reach nothing, and the socket drops it anyway.
    return name not in FRAMEWORK and not name.endswith(".setvar") and declaration_of(registered) is None
