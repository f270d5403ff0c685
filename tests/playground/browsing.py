"""A tab in a real browser on the made-up company, and what hands do there. A module that names `page` and its fixtures can use them."""

import os
import shutil
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from tests.playground.page_demo import Demo

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
if CHROMIUM is None and os.environ.get("TENDON_REQUIRE_BROWSER"):
    raise RuntimeError("TENDON_REQUIRE_BROWSER is set, and there is no Chromium on this machine.")
BROWSER = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="NO BROWSER: install Chromium to run the page's journeys"),
]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture
async def page(chromium: Browser, demo: Demo) -> AsyncIterator[Page]:
    context = await chromium.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB", timezone_id="Asia/Tokyo")
    tab = await context.new_page()
    faults: list[str] = []
    asked: set[str] = set()
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    tab.on("request", lambda request: asked.add(request.url.split("/")[2] if "//" in request.url else "inline"))
    await arrive(tab, demo)
    yield tab
    await context.close()
    assert faults == [], "the page made no error"
    assert asked <= {demo.slack.url.split("/")[2], "inline"}, "the page asked nobody but its own machine"


async def arrive(page: Page, demo: Demo) -> None:
    await page.goto(demo.slack.url)
    await page.wait_for_selector("body.ready")


async def again(page: Page) -> None:
    await page.reload()
    await page.wait_for_selector("body.ready")


def messages_of(page: Page, words: str = "") -> Locator:
    return page.locator("#messages .message", has_text=words)


async def go(page: Page, name: str) -> None:
    await page.locator("#sidebar .place", has_text=name).click()
    await expect(page.locator("#channel-name h1")).to_have_text(name)


async def type_and_send(page: Page, text: str) -> None:
    field = page.locator("#composer textarea")
    await field.fill(text)
    await field.press("Enter")


async def open_menu(page: Page, words: str) -> None:
    row = messages_of(page, words).first
    await row.hover()
    await row.locator(".tool-more").click()


async def become(page: Page, name: str) -> None:
    await page.get_by_role("button", name="Switch person").click()
    await page.get_by_role("menuitemradio", name=name).click()
    await expect(page.locator("#switch-person")).to_be_focused()
