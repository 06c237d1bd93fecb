"""Settings of providers: keys are words, addresses are safe to send a key to, and nothing secret is ever shown."""

from __future__ import annotations

import traceback

import pytest

from pixelstudio.core.settings import SettingsFault, load_settings

COMPATIBLE = {"openai_compatible_base_url": "http://localhost:8080/v1/", "openai_compatible_models": "flux=Flux, sd-turbo"}


@pytest.fixture(autouse=True)
def _bare_folder(monkeypatch, tmp_path) -> None:
    monkeypatch.chdir(tmp_path)


def test_no_provider_needs_a_setting() -> None:
    settings = load_settings()

    assert settings.openai_api_key.get_secret_value() == ""
    assert settings.openai_compatible_base_url == ""


def test_a_key_pasted_with_a_line_end_is_mended() -> None:
    assert load_settings(openai_api_key=" sk-abc\n").openai_api_key.get_secret_value() == "sk-abc"


@pytest.mark.parametrize("key", ["canary two words", "canary\nline", "canary-\u2603"])
def test_a_key_that_is_no_word_stops_the_start_without_being_shown(key) -> None:
    with pytest.raises(SettingsFault) as fault:
        load_settings(openai_api_key=key)

    assert "OPENAI_API_KEY" in str(fault.value)
    assert "canary" not in "".join(traceback.format_exception(fault.value))


@pytest.mark.parametrize(
    "url",
    [
        "https://gateway.example.org/v1/",
        "http://127.0.0.1:8181/v1",
        "http://localhost/v1",
        "http://192.168.1.5:8080/v1",
        "http://localai:8080",
    ],
)
def test_addresses_a_key_may_be_sent_to(url) -> None:
    assert load_settings(openai_base_url=url).openai_base_url == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "http://api.example.org/v1",
        "ftp://api.example.org",
        "api.openai.com",
        "https://me:canary@api.example.org",
        "https://api.example.org/v1?key=canary",
    ],
)
def test_addresses_a_key_may_not_be_sent_to(url) -> None:
    with pytest.raises(SettingsFault) as fault:
        load_settings(openai_base_url=url)

    assert "OPENAI_BASE_URL" in str(fault.value)
    assert "canary" not in "".join(traceback.format_exception(fault.value))


def test_an_endpoint_without_models_is_a_fault() -> None:
    with pytest.raises(SettingsFault, match="OPENAI_COMPATIBLE_MODELS"):
        load_settings(openai_compatible_base_url="http://localhost:8080/v1")


@pytest.mark.parametrize(
    "wrong",
    [
        {"openai_compatible_models": "a b"},
        {"openai_compatible_sizes": "1024"},
        {"openai_compatible_sizes": "64x64"},
        {"openai_compatible_price_credits": -1},
    ],
)
def test_wrong_rows_of_the_endpoint_are_faults(wrong) -> None:
    with pytest.raises(SettingsFault):
        load_settings(**{**COMPATIBLE, **wrong})


@pytest.mark.parametrize("url", ["smtp://mail.example.org", "smtps://canary:p%40ss@mail.example.org:465", "smtp://127.0.0.1:2525/"])
@pytest.mark.parametrize("sender", ["studio@example.org", "Pixel Studio <studio@example.org>"])
def test_a_mail_server_and_whom_mail_is_from(url, sender) -> None:
    assert load_settings(smtp_url=url, mail_from=sender).effective_mail_from == sender
    assert "canary" not in repr(load_settings(smtp_url=url))


@pytest.mark.parametrize(("public", "host"), [("", "localhost"), ("https://art.example.org", "art.example.org")])
def test_without_a_sender_mail_is_from_the_studio_at_its_address(public, host) -> None:
    assert load_settings(public_url=public).effective_mail_from == f"Pixel Studio <studio@{host}>"


@pytest.mark.parametrize(
    "wrong",
    [
        {"smtp_url": "https://mail.example.org"},
        {"smtp_url": "smtp://"},
        {"smtp_url": "smtp://canary@mail.example.org"},
        {"smtp_url": "smtp://mail.example.org/in"},
        {"smtp_url": "mail.example.org:25"},
        {"mail_from": "nobody"},
        {"mail_from": "a@b.org\nBcc: c@d.org"},
        {"mail_from": "A <a@b.org>, B <b@b.org>"},
    ],
)
def test_a_wrong_mail_server_or_sender_is_a_fault(wrong) -> None:
    with pytest.raises(SettingsFault) as fault:
        load_settings(**{"smtp_url": "smtp://mail.example.org", "mail_from": "studio@example.org", **wrong})

    assert next(iter(wrong)).upper() in str(fault.value)
    assert "canary" not in str(fault.value)
