"""What signs Content Credentials here: the certificate the settings name, or one this installation makes for itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from pixelstudio.core.keyring import kept
from pixelstudio.core.log import get_logger
from pixelstudio.imaging.credentials import Credentials, CredentialsUnusable

if TYPE_CHECKING:
    from pixelstudio.core.clock import Clock
    from pixelstudio.core.settings import Settings


def credentials_of(settings: Settings, clock: Clock, *, is_kept: bool = True) -> Credentials:
    """What puts Content Credentials into downloads. A certificate of its own is made when none is named, and kept unless told otherwise.

    Raises `CredentialsUnusable`.
    """
    from pixelstudio.imaging.certificates import certified, self_made

    try:
        pem = _certificate(settings, lambda: self_made(clock.now()), is_kept=is_kept)
    except OSError as error:
        sentence = "The certificate for Content Credentials is not there, or may not be read."
        raise CredentialsUnusable(sentence, code="credentials_certificate_missing") from error
    return Credentials(certified(pem))


def credentials_if_any(settings: Settings, clock: Clock, *, is_kept: bool) -> Credentials | None:
    """They are no reason not to start: without them a download is what it always was, and `doctor` says why."""
    if not settings.content_credentials:
        return None
    try:
        return credentials_of(settings, clock, is_kept=is_kept)
    except CredentialsUnusable as error:
        get_logger().warning("credentials.unusable", code=error.code, said=error.sentence)
        return None


def _certificate(settings: Settings, make: Callable[[], bytes], *, is_kept: bool) -> bytes:
    if settings.content_credentials_certificate:
        return Path(settings.content_credentials_certificate).read_bytes()
    return kept(settings.data_dir / "keys" / "credentials.pem", make) if is_kept else make()
