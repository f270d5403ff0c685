"""Installing it in a real browser: its pages, Slack's page and the cookie between them."""

import pytest
from playwright.async_api import Browser

from tests.handlers.installing import installable
from tests.playground.browsing import BROWSER, chromium

pytestmark = BROWSER
__all__ = ["chromium"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("width", [375, 1440])
async def test_cancel_think_it_over_and_allow(database_url: str, chromium: Browser, width: int) -> None:
    async with installable(database_url) as world:
        context = await chromium.new_context(viewport={"width": width, "height": 700})
        tab, faults = await context.new_page(), list[str]()
        tab.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        await tab.goto(f"http://127.0.0.1:{world.app.port}/slack/install")
        for decision, title in (("Cancel", "Nothing was installed"), ("Allow", "Tendon is in Local")):
            await tab.get_by_label("You are").select_option(label="Olga Prod, in Local")
            assert await tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
            await tab.get_by_role("button", name=decision).click()
            assert await tab.title() == title
            if decision == "Cancel":
                await tab.get_by_role("link", name="Begin again").click()
        assert [cookie for cookie in await context.cookies() if cookie.get("name") == "tendon-install"] == []
        await context.close()
        assert faults == []
        await world.settle()
        assert len(world.dms("U_OPS")) == 1
