"""What downloads carry: Content Credentials, and who signs them."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import BaseSettings


class Downloads(BaseSettings, title="Downloads"):
    content_credentials: bool = Field(
        default=False, description="Put Content Credentials (C2PA) into downloads, and read them on /verify; needs the extra c2pa."
    )
    content_credentials_certificate: str = Field(
        "",
        description="PEM file that signs them: the certificate, whatever stands above it, and its key without a password; empty: self-made.",
    )
