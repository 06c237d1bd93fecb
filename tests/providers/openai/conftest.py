"""An adapter that asks the stand-in, and requests for it."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from pixelstudio.net.client import Client
from pixelstudio.providers.openai.catalogue import OFFERS
from pixelstudio.providers.openai.provider import Account, OpenAIImages


@pytest.fixture
async def client():
    opened = Client()
    yield opened
    await opened.close()


@pytest.fixture
def account(stand_in) -> Account:
    return Account(provider="openai", maker="OpenAI", base_url=stand_in.base_url, key=SecretStr("canary-key-77"))


@pytest.fixture
def provider(client, account) -> OpenAIImages:
    return OpenAIImages(client, account, OFFERS)
