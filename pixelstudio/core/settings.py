"""Every setting, typed, with a default that works on a laptop with no account anywhere; read once at start. What may be set lies in `setting_groups`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import ValidationError
from pydantic_settings import SettingsConfigDict

from pixelstudio.core.setting_groups.accounts import Accounts
from pixelstudio.core.setting_groups.downloads import Downloads
from pixelstudio.core.setting_groups.house import House
from pixelstudio.core.setting_groups.mail import Mail
from pixelstudio.core.setting_groups.openai import OpenAI
from pixelstudio.core.setting_groups.prompts import Prompts
from pixelstudio.core.setting_groups.records import Records
from pixelstudio.core.setting_groups.server import Server
from pixelstudio.core.setting_groups.watching import Watching
from pixelstudio.core.setting_groups.work import Work


class SettingsFault(Exception):
    """The settings do not stand; `faults` has every one of them, not the first, and the message lists them."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(["The settings cannot be used:", *(f"  {fault}" for fault in faults)]))
        self.faults = faults


# Pydantic takes the fields of the last one first.
class Settings(Watching, Mail, Downloads, Prompts, House, Accounts, OpenAI, Work, Records, Server):
    """What a maintainer may set, by environment variable of the same name in capitals."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_file=".env", env_file_encoding="utf-8", hide_input_in_errors=True)

    @property
    def effective_mail_from(self) -> str:
        """Whom mail is from: MAIL_FROM, or the studio at the host people type."""
        return self.mail_from or f"Pixel Studio <studio@{urlsplit(self.public_url).hostname or 'localhost'}>"

    @property
    def effective_public_url(self) -> str:
        """What addresses begin with that are written where nobody's browser says it: PUBLIC_URL, or this machine."""
        return self.public_url or f"http://localhost:{self.port}"

    @property
    def may_be_called_back(self) -> bool:
        """Whether a provider can reach this studio: by a public address over https; the stand-in also on this machine."""
        return self.public_url.startswith("https://") or (self.results_from_loopback and bool(self.public_url))


def load_settings(**overrides: object) -> Settings:
    """Read the environment and `.env`; raises `SettingsFault` with all faults listed."""
    try:
        return Settings(**overrides)  # pyright: ignore[reportArgumentType]  # keyword overrides are validated by pydantic itself
    except ValidationError as error:
        raise SettingsFault([f"{'.'.join(map(str, e['loc'])).upper() or 'SETTINGS'}: {e['msg']}" for e in error.errors()]) from error


def source_of(settings: Settings, name: str) -> Literal["default", "environment", ".env", "command line"]:
    """Where a setting's value came from."""
    if name not in settings.model_fields_set:
        return "default"
    if name in {variable.lower() for variable in os.environ}:
        return "environment"
    return ".env" if Path(".env").is_file() else "command line"


def set_process_environment(**values: str) -> None:
    """Set variables a library reads from its environment and nowhere else. Called before that library is imported."""
    os.environ.update(values)
