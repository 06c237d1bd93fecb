"""Kinds of value: whatever is a key, an address a key is sent to, or a secret of webhooks says so by its type, and is looked at as one."""

from __future__ import annotations

import re
from typing import Annotated, Final, TypeAlias
from urllib.parse import urlsplit

from pydantic import AfterValidator, SecretStr

from pixelstudio.core.hosts import is_near

_SECRET: Final = re.compile(r"whsec_(?:[A-Za-z0-9+/]{4}){8,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")


def _key(value: SecretStr) -> SecretStr:
    key = value.get_secret_value().strip()
    if not all("!" <= character <= "~" for character in key):
        msg = "must be one word of plain characters, as it was given out"
        raise ValueError(msg)
    return SecretStr(key)


def _base_url(value: str) -> str:
    url = urlsplit(value.rstrip("/"))
    if value and (url.scheme not in {"http", "https"} or not url.hostname or "@" in url.netloc or url.query or url.fragment):
        msg = "must be an address such as https://api.example.org/v1, without a name, a password or a query"
        raise ValueError(msg)
    if url.scheme == "http" and not is_near(url.hostname or ""):
        msg = "must begin with https://: over http the key and the prompts could be read on the way"
        raise ValueError(msg)
    return value.rstrip("/")


def _webhook_secrets(value: SecretStr) -> SecretStr:
    secrets = [secret.strip() for secret in value.get_secret_value().split(",") if secret.strip()]
    if len(secrets) > 2 or not all(_SECRET.fullmatch(secret) for secret in secrets):
        msg = "must be whsec_ and base64 of at least 24 bytes, or two of these separated by a comma"
        raise ValueError(msg)
    return SecretStr(",".join(secrets))


Key: TypeAlias = Annotated[SecretStr, AfterValidator(_key)]
BaseUrl: TypeAlias = Annotated[str, AfterValidator(_base_url)]
WebhookSecrets: TypeAlias = Annotated[SecretStr, AfterValidator(_webhook_secrets)]
"""None, one, or two while it is changed."""
