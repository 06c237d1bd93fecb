"""Settings: a default for everything, every fault named at once, secrets never shown."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from pixelstudio.core.settings import Settings, SettingsFault, load_settings


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: pytest.TempPathFactory) -> None:
    for name in ("PORT", "DATABASE_URL", "PUBLIC_URL", "DATA_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(str(tmp_path))


def test_everything_has_a_default() -> None:
    settings = load_settings()

    assert settings.port == 3000
    assert settings.effective_database_url.startswith("sqlite:///")


def test_all_faults_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "seventy")
    monkeypatch.setenv("PUBLIC_URL", "studio.example.org/path")

    with pytest.raises(SettingsFault) as fault:
        load_settings()

    assert "PORT" in str(fault.value)
    assert "PUBLIC_URL" in str(fault.value)


def test_an_unknown_database_is_refused_without_showing_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://ines:canary-word@host/db")

    with pytest.raises(SettingsFault) as fault:
        load_settings()

    assert "canary-word" not in str(fault.value)


def test_the_database_address_does_not_show_in_a_repr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://ines:canary-word@host/db")

    assert "canary-word" not in repr(load_settings())


@pytest.mark.parametrize("url", ["localhost:6379", "http://:word@cache.example.org", "redis://", "unix://"])
def test_a_cache_is_named_by_the_address_of_a_redis(url: str) -> None:
    with pytest.raises(SettingsFault, match="REDIS_URL") as refused:
        load_settings(redis_url=url)
    assert "word@cache.example.org" not in str(refused.value).replace("password@cache.example.org", "")
    for good in ("redis://:word@cache.example.org:6379/0", "rediss://cache.example.org", " unix:///run/redis.sock "):
        assert load_settings(redis_url=good).redis_url.get_secret_value() == good.strip()


def test_every_address_and_every_key_is_looked_at():
    """Somebody who adds one gives it its kind: a key with a line break in it would only fail at the provider."""
    fields = Settings.model_fields.items()
    addresses = {name for name, field in fields if field.annotation is str and name.endswith(("_base_url", "_hub_url", "_queue_url"))}
    keys = {name for name, field in fields if field.annotation is SecretStr and name.endswith(("_key", "_token", "_login"))}

    for name in addresses:
        with pytest.raises(SettingsFault, match=name.upper()):
            load_settings(**{name: "ftp://example.org"})
    for name in keys:
        with pytest.raises(SettingsFault, match=name.upper()):
            load_settings(**{name: "two words"})
    assert {"openai_base_url", "horde_base_url", "fal_queue_url"} <= addresses
    assert {"openai_api_key", "replicate_api_token", "fal_key", "a1111_login"} <= keys
