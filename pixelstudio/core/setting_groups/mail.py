"""Mail: the server it goes by, and whom it is from."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings

_SENDER: Final = re.compile(r"(?:[^<>\x00-\x1f\"]{1,80} <[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)")


class Mail(BaseSettings, title="Mail"):
    smtp_url: SecretStr = Field(
        SecretStr(""),
        description="Server that sends mail, such as smtps://user:password@mail.example.org; empty: no mail is sent.",
    )
    mail_from: str = Field(
        "",
        max_length=200,
        description="Whom mail is from, such as Pixel Studio <studio@example.org>; empty: studio at the host of PUBLIC_URL.",
    )

    @field_validator("smtp_url")
    @classmethod
    def _is_a_mail_server(cls, value: SecretStr) -> SecretStr:
        url = urlsplit(value.get_secret_value().strip())
        is_one = url.scheme in {"smtp", "smtps"} and bool(url.hostname) and not (url.path.strip("/") or url.query or url.fragment)
        if value.get_secret_value().strip() and not (is_one and bool(url.username) == bool(url.password)):
            msg = "must be an address such as smtps://user:password@mail.example.org:465, or smtp://mail.example.org"
            raise ValueError(msg)
        return SecretStr(value.get_secret_value().strip())

    @field_validator("mail_from")
    @classmethod
    def _is_a_sender(cls, value: str) -> str:
        if value and not _SENDER.fullmatch(value):
            msg = "must be an address such as studio@example.org, or Pixel Studio <studio@example.org>"
            raise ValueError(msg)
        return value
