"""Structured logs: an event name plus fields, one line each, secrets never."""

from __future__ import annotations

import logging
import re
import sys
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final, cast

import structlog

if TYPE_CHECKING:
    from structlog.typing import EventDict, FilteringBoundLogger, WrappedLogger

# Names whose values never reach a log, whoever passes them by mistake.
_SECRET_NAME = re.compile(r"password|secret|token|cookie|authorization|api_?key|dsn|database_url|prompt|email", re.IGNORECASE)
# Shapes that give a secret away wherever they stand: credentials in a URL, bearer keys, the socket's client token.
_SECRET_SHAPE = re.compile(r"(://[^/\s:@]+:)[^@\s]+(@)|((?:token|sid|key|signature)=)[^&\s\"']+|\b(?:sk|whsec|r8|hf)_[A-Za-z0-9_-]{8,}")


# One variable for all fields: structlog's own, one for each, take five times as long, and every job sets them.
_ABOUT: Final = ContextVar[dict[str, object]]("about")


def speak_about(**fields: object) -> None:
    """Put these into every line that this task, or what it starts, has to say from now on."""
    _ABOUT.set(fields)


def _name_subject(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    return {**_ABOUT.get({}), **event}


def _redact_text(text: str) -> str:
    return _SECRET_SHAPE.sub(lambda m: f"{m[1] or m[3] or ''}[redacted]{m[2] or ''}", text)


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Blank out fields with secret names and secret shapes inside any text."""
    for name, value in event.items():
        if name != "event" and _SECRET_NAME.search(name):
            event[name] = "[redacted]"
        elif isinstance(value, str):
            event[name] = _redact_text(value)
    return event


class _RedactingFilter(logging.Filter):
    """The same for records of libraries that log sentences."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _redact_text(record.getMessage())
        record.args = None
        return True


class _StderrHandler(logging.Handler):
    """Writes to what is stderr now."""

    def emit(self, record: logging.LogRecord) -> None:
        sys.stderr.write(f"{self.format(record)}\n")
        sys.stderr.flush()


def set_up_logging(level: str = "info", *, as_json: bool = False) -> None:
    """Send everything to stderr in one shape. Safe to repeat."""
    numeric = logging.getLevelNamesMapping()[level.upper()]
    renderer = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    structlog.configure(
        processors=[
            _name_subject,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            redact,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(numeric),
        # Looked up at each line, like the handler below: whoever put stderr somewhere else for a while may have closed that since.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = _StderrHandler()
    handler.addFilter(_RedactingFilter())
    logging.basicConfig(level=max(numeric, logging.WARNING), handlers=[handler], force=True, format="%(levelname)s %(name)s %(message)s")


def get_logger() -> FilteringBoundLogger:
    """A logger bound to whatever the edge bound: request, job, actor and generation ids."""
    return cast("FilteringBoundLogger", structlog.get_logger())
