"""The first minute of somebody who was sent a link: the tour runs to its end by itself, on a wide screen and on a phone.

TENDON_SCREENSHOTS names a folder for pictures of each step.
"""

import os
from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import Browser, Page, expect

from tests.playground.browsing import BROWSER, become, chromium, go, messages_of, type_and_send
from tests.playground.run import Running, playground

PICTURES = os.environ.get("TENDON_SCREENSHOTS")
SLOW = 60_000  # milliseconds; a busy machine
__all__ = ["chromium"]
pytestmark = BROWSER
Motion = Literal["no-preference", "reduce"]
PLAN = Path(__file__).parent / "plan"


class Visitor:
    """Somebody at the page, who makes a picture of each step."""

    def __init__(self, page: Page, name: str) -> None:
        self.page, self.name, self.steps = page, name, 0
        self.faults: list[str] = []
        page.set_default_timeout(SLOW)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda said: self.faults.append(said.text) if said.type == "error" else None)

    async def arrives(self, run: Running) -> None:
        await self.page.goto(run.url)
        await self.page.wait_for_selector("body.ready")
        await expect(self.page.locator("#tour .try")).to_have_count(3, timeout=SLOW)
        await self.picture("arrives")

    async def tries(self, id: str) -> None:
        """Presses one of the tour's buttons; it runs by itself until it is ticked off."""
        folded = self.page.locator("#tour.folded #tour-fold")
        if await folded.count():
            await folded.click()
        await self.page.locator(f"[data-try={id}]").click()
        await expect(self.page.locator("body.touring")).to_have_count(0, timeout=SLOW)
        await self.picture(id)
        assert await self.page.locator("#toasts .toast").count() == 0, await self.page.locator("#toasts").inner_text()
        await expect(self.page.locator(f".try-done [data-try={id}]")).to_have_count(1)

    async def picture(self, step: str) -> None:
        self.steps += 1
        if PICTURES:
            Path(PICTURES).mkdir(parents=True, exist_ok=True)
            await self.page.wait_for_timeout(400)
            await self.page.screenshot(path=f"{PICTURES}/{self.name}-{self.steps}-{step}.png")

    async def reads(self, words: str) -> None:
        await expect(self.page.locator("#app")).to_contain_text(words, timeout=SLOW)


@pytest.mark.parametrize(("name", "width", "height", "motion"), [("wide", 1440, 900, "no-preference"), ("phone", 375, 760, "reduce")])
async def test_the_first_minute(chromium: Browser, name: str, width: int, height: int, motion: Motion) -> None:
    """At the pace of a reader, and without the movement where somebody wants none."""
    async with playground() as run:
        await run.line()
        window = {"width": width, "height": height}
        context = await chromium.new_context(viewport=window, reduced_motion=motion, locale="en-GB", timezone_id="Asia/Tokyo")
        visitor = Visitor(await context.new_page(), name)
        await visitor.arrives(run)
        await expect(visitor.page.locator("#who")).to_have_text("You are the payments product manager.")
        await visitor.reads("All teams, week")
        await visitor.tries("status")
        await visitor.reads("12 open releases: 2 late, 3 at risk, 6 on track, 1 without a day.")
        await visitor.tries("feedback")
        await visitor.reads("Logged as F-21 for Globex. You will hear here when it ships.")
        await visitor.tries("slip")
        await visitor.reads("Billing revamp moves to")
        digests = await visitor.page.locator("#messages .message", has_text="All teams, week").count()
        await visitor.tries("other-side")
        await visitor.reads("Platform asks you for a signature check in the app")
        await visitor.tries("monday")
        await visitor.reads("Billing revamp, which F-21 waits for, moves to")
        await visitor.reads("Hear of it: Paul Lind (owner), Mona Lake, Sam Hill and 2 others.")
        await visitor.reads("Use your own plan")
        await visitor.picture("monday-later")
        if name == "wide":  # a phone shows the thread alone
            await go(visitor.page, "product-weekly")
            await expect(visitor.page.locator("#messages .message", has_text="All teams, week")).to_have_count(digests + 1, timeout=SLOW)
        await visitor.tries("own-plan")
        form = visitor.page.get_by_role("dialog", name="Import releases")
        await form.get_by_label("Or cells, copied from a spreadsheet").fill("Release\tDate\nKite\t12 May 2027\nHeron\t2 June 2027")
        await form.get_by_role("button", name="Read").click()
        form = visitor.page.get_by_role("dialog", name="Import releases")
        await expect(form.get_by_role("button", name="Import 2")).to_be_visible(timeout=SLOW)
        await visitor.picture("own-plan-read")
        await form.get_by_role("button", name="Import 2").click()
        await expect(form).to_contain_text("2 rows are coming in.", timeout=SLOW)
        await form.get_by_role("button", name="Close").first.click()
        if name == "wide":
            await go(visitor.page, "Tendon")
            await visitor.page.get_by_role("tab", name="Messages").click()
            await expect(messages_of(visitor.page, "The import is done: 2 releases")).to_have_count(1, timeout=SLOW)
        await visitor.picture("own-plan-there")
        await context.close()
        assert visitor.faults == []


async def test_a_list_is_shared_and_the_other_side_answers_an_ask(chromium: Browser) -> None:
    """What the tour leaves out: Share, and a button that rewrites a card for everybody."""
    async with playground() as run:
        await run.line()
        await run.line()
        context = await chromium.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
        visitor = Visitor(await context.new_page(), "share")
        page = visitor.page
        await visitor.arrives(run)
        await type_and_send(page, "/release status late")
        await messages_of(page, "2 late open releases").get_by_role("button", name="Share to channel").click()
        form = page.get_by_role("dialog", name="Share to channel")
        await expect(form).to_contain_text("This goes to #product-weekly")
        await form.get_by_role("button", name="Post").click()
        await expect(messages_of(page, "shared by Pia Marsh")).to_have_count(1)
        await become(page, "Mona Lake")
        await expect(messages_of(page, "2 late open releases")).to_have_count(1)
        await expect(messages_of(page, "2 late open releases")).to_contain_text("shared by Pia Marsh")
        await go(page, "team-mobile")
        card = messages_of(page, "D-4 Platform asks Mobile")
        await card.get_by_role("button", name="Accept").click()
        await expect(card).to_contain_text("Accepted by @Mona Lake")
        await expect(card.get_by_role("button", name="Accept")).to_have_count(0)
        await visitor.picture("accepted")
        await context.close()
        assert visitor.faults == []


async def test_the_first_minute_with_a_plan(chromium: Browser) -> None:
    """The same things, with a release of the plan; the panel says what was taken, and why something was not."""
    async with playground("--plan", str(PLAN)) as run:
        await run.line()
        window = {"width": 1440, "height": 900}
        context = await chromium.new_context(viewport=window, reduced_motion="reduce", locale="en-GB", timezone_id="Asia/Tokyo")
        visitor = Visitor(await context.new_page(), "plan")
        await visitor.arrives(run)
        await visitor.reads("Your plan is here: 12 rows taken, 1 skipped.")
        await visitor.page.get_by_text("Why", exact=True).click()
        await visitor.reads("which is not in items.csv (row 4)")
        await visitor.reads('"Legal" owns nothing; 1 row waits for it')
        await visitor.picture("why")
        await visitor.tries("status")
        await visitor.reads("1 open release")
        await visitor.tries("feedback")
        await visitor.reads("Logged as F-1 for Globex.")
        await visitor.tries("slip")
        await visitor.reads("2.2 moves to")
        await visitor.tries("other-side")
        await visitor.reads("asks you for a review of the upgrade notes")
        await visitor.tries("monday")
        await visitor.reads("Use your own plan")
        await context.close()
        assert visitor.faults == []
