"""The first day of an installation: whoever reads the log has no account yet, and ends where one looks after it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.journeys.person import Person

if TYPE_CHECKING:
    from playwright.async_api import Browser

    from tests.serving import Served

pytestmark = pytest.mark.slow


async def test_the_link_in_the_log_leads_through_an_account_to_the_page_of_operations(browser: Browser, served: Served) -> None:
    keeper = await Person.sits_down(browser, served.url)
    page = keeper.page
    (link,) = re.findall(r"(/claim\?token=\S+)", served.log)

    await keeper.opens(link)
    await expect(page.get_by_text("That takes an account. You come back here.")).to_be_visible()
    await page.get_by_role("link", name="Sign in").click()
    await expect(page.get_by_text("Sign in, and you come back to claim this installation.")).to_be_visible()
    await page.get_by_role("link", name="Create account").click()
    await expect(page.get_by_role("heading", name="Create account")).to_be_visible()
    await keeper.registers("keeper")
    await page.wait_for_url(f"{served.url}{link}")
    await page.get_by_role("button", name="Claim this installation").click()

    await page.wait_for_url(f"{served.url}/admin")
    await expect(page.get_by_role("heading", name="Operations")).to_be_visible()
    assert keeper.complaints == []
