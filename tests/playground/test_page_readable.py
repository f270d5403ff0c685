"""Readable for everybody and at any size: contrast in both themes, widths, focus; and a workspace with very much or nothing in it."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from playground import LocalSlack, messages
from playground.web import page_app
from tests.playground.browsing import BROWSER, again, chromium, go, messages_of, page, type_and_send
from tests.playground.page_demo import Demo, demo
from tests.playground.test_page_browser import ALL_BLOCKS

__all__ = ["chromium", "demo", "page"]
pytestmark = BROWSER

PALE = (Path(__file__).parent / "pale.js").read_text()
WIDE = """() => [...document.querySelectorAll('#app *, #dialogs *')]
  .filter((node) => node.checkVisibility() && !node.closest('pre, .table-wrap, svg, .hidden, #sidebar'))
  .filter((node) => node.getBoundingClientRect().right > innerWidth + 1)
  .map((node) => `${node.tagName}.${node.className}`)"""


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_all_words_stand_out_from_their_ground(page: Page, demo: Demo, theme: str) -> None:
    await page.emulate_media(reduced_motion="reduce")  # else a colour is met on its way
    await page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
    messages.post(demo.slack, demo.slack.state.channels["C_PAY"], demo.slack.bot_user, "All blocks", bot=True, blocks=ALL_BLOCKS)
    assert await page.evaluate(PALE) == []
    for name in ("team-payments", "acme-success"):
        await go(page, name)
        assert await page.evaluate(PALE) == []
    await go(page, "product-weekly")
    await type_and_send(page, "/release status")
    await type_and_send(page, "<https://example.com> @Pia Marsh @here `code` #team-mobile")
    await expect(messages_of(page, "12 open releases")).to_have_count(1)
    await page.get_by_role("switch", name="Developer").click()
    await page.locator(".call summary").first.click()
    assert await page.evaluate(PALE) == []
    await page.get_by_role("button", name="Move date").click()
    form = page.get_by_role("dialog", name="Move Billing revamp")
    await form.get_by_role("button", name="Move").click()
    await expect(form.get_by_role("alert")).to_be_visible()
    assert await page.evaluate(PALE) == []


@pytest.mark.parametrize("width", [320, 375, 768, 1024, 1440])
async def test_nothing_runs_out_of_the_window(page: Page, demo: Demo, width: int) -> None:
    long = "W" * 300
    room = demo.slack.channel("C_WIDE", name="n" * 80, members=["U_PM"], topic=long)
    messages.post(
        demo.slack,
        room,
        demo.slack.bot_user,
        long,
        bot=True,
        blocks=[*ALL_BLOCKS, {"type": "header", "text": {"type": "plain_text", "text": long[:150]}}],
    )
    messages.post(demo.slack, room, "U_PM", f"`{long}` https://example.com/{long}", blocks=[])
    await page.set_viewport_size({"width": width, "height": 700})
    await page.goto(f"{demo.slack.url}/#C_WIDE")
    await again(page)
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    assert await page.evaluate(WIDE) == []
    await page.get_by_role("switch", name="Developer").click()
    await go_narrow(page, "product-weekly")
    await page.get_by_role("button", name="Move date").click()
    await page.get_by_role("dialog").wait_for()
    assert await page.evaluate(WIDE) == []


async def go_narrow(page: Page, name: str) -> None:
    drawer = page.get_by_role("button", name="Channels", exact=True)
    if await drawer.is_visible():
        await drawer.click()
    await go(page, name)


async def test_a_thousand_people_and_a_thousand_messages_are_no_burden(page: Page, demo: Demo) -> None:
    for number in range(1000):
        demo.slack.member(f"U_{number:04}", name=f"Worker {number:04}", title="one of many")
    room = demo.slack.channel("C_ALL", name="all-hands", members=["U_PM", *(f"U_{number:04}" for number in range(1000))])
    for number in range(1000):
        messages.post(demo.slack, room, f"U_{number:04}", f"Hello from {number:04}", blocks=messages.rich_text(demo.slack, "Hello"))
    await again(page)
    await go(page, "all-hands")
    await page.locator("#composer textarea").press_sequentially("@worker 09")
    await expect(page.get_by_role("option", name="Worker 09")).to_have_count(8)
    await page.keyboard.press("Escape")
    await page.locator("#composer textarea").fill("")
    await page.get_by_role("button", name="Switch person").click()
    await page.keyboard.press("End")
    await expect(page.get_by_role("menuitemradio", name="Worker 0999")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#who")).to_have_text("You are the one of many.")


async def test_a_workspace_with_nothing_in_it_says_so(chromium: Browser) -> None:
    empty = LocalSlack(seed=3)
    empty.server.routes += page_app(empty)
    await empty.start()
    tab = await chromium.new_page()
    await tab.goto(empty.url)
    await expect(tab.locator("#messages")).to_contain_text("Nobody is in this workspace yet.")
    empty.member("U_ONE", name="First Person")
    await tab.reload()
    await expect(tab.locator("#home")).to_contain_text("Nothing here yet")
    await expect(tab.locator("#sidebar")).to_contain_text("Direct messages")
    empty.channel("C_ONE", name="silent", members=["U_ONE"], bot=False)
    await tab.locator("#sidebar .place", has_text="silent").click()
    await expect(tab.locator("#messages")).to_contain_text("#silent starts here.")
    await tab.close()
    await empty.stop()
