"""`make pictures`: takes the README's pictures anew, from the made-up company in a real browser."""

import asyncio
import shutil
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from playwright.async_api import Locator, Page, async_playwright

from tests.playground.run import playground

LARGEST = 150_000  # bytes
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Album:
    def __init__(self, page: Page, folder: Path) -> None:
        self.page, self.folder = page, folder

    async def keep(self, name: str, part: Locator) -> None:
        path = self.folder / f"{name}.png"
        await self.page.mouse.move(2, 2)
        await self.page.wait_for_timeout(500)
        await part.screenshot(path=path)
        if path.stat().st_size > LARGEST:
            raise SystemExit(f"{path} has {path.stat().st_size:,} bytes, more than {LARGEST:,}.")

    def message(self, words: str) -> Locator:
        return self.page.locator("#messages .message", has_text=words).last

    async def go(self, channel: str) -> None:
        await self.page.locator("#sidebar .place", has_text=channel).click()
        await self.page.wait_for_timeout(300)

    async def wait_until(self, day: date, time: str) -> None:
        """Move the workspace's clock, as its panel does."""
        token = await self.page.locator("meta[name=page-token]").get_attribute("content")
        moved = {"as": "U0PIA", "local": f"{day.isoformat()}T{time}"}
        await self.page.request.post("/page/do/clock", data=moved, headers={"X-Page-Token": token or ""})
        await self.page.wait_for_timeout(3000)

    async def become(self, name: str) -> None:
        await self.page.locator("#switch-person").click()
        await self.page.get_by_role("menuitemradio", name=name).or_(self.page.get_by_role("menuitem", name=name)).first.click()
        await self.page.wait_for_timeout(500)

    async def types(self, line: str) -> None:
        await self.page.locator("#composer [contenteditable], #composer textarea").first.fill(line)
        await self.page.keyboard.press("Enter")
        await self.page.wait_for_timeout(1500)

    async def runs(self, id: str) -> None:
        await self.page.locator(f"[data-try={id}]").click()
        await self.page.locator(f".try-done [data-try={id}]").wait_for()


async def take(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    async with playground() as run, async_playwright() as playwright:
        await run.line()
        await run.line()
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        context = await browser.new_context(base_url=run.url, viewport={"width": 1440, "height": 900}, color_scheme="light", locale="en-GB")
        page = await context.new_page()
        page.set_default_timeout(60_000)
        await page.goto(run.url)
        await page.locator("#tour .try").first.wait_for()
        await everything(Album(page, folder))
        await browser.close()


async def everything(album: Album) -> None:
    page = album.page
    await page.set_viewport_size({"width": 1440, "height": 1000})  # the longest message and the longest form in full
    await page.wait_for_timeout(500)
    await album.keep("digest", album.message("All teams, week"))
    await page.set_viewport_size({"width": 1440, "height": 900})
    await album.go("team-platform")
    await album.keep("escalation", album.message("gets every webhook twice"))
    await album.go("team-mobile")
    await album.keep("dependency", album.message("asks Mobile: a signature check"))
    await album.runs("status")
    await album.keep("status", page.locator("#main"))
    await album.go("team-payments")
    row = album.message("Globex")
    await row.hover()
    await row.locator(".tool-more").click()
    await page.get_by_role("menuitem", name="Log customer feedback").click()
    await page.get_by_text("Product area").wait_for()
    await page.set_viewport_size({"width": 1440, "height": 1000})
    await album.keep("feedback-form", page.locator(".dialog"))
    await page.set_viewport_size({"width": 1440, "height": 900})
    await page.keyboard.press("Escape")
    await album.runs("feedback")
    await album.keep("feedback-reply", page.locator("#thread"))
    await album.go("team-payments")
    await album.become("Sam Hill")
    await album.types("/release Billing revamp")
    await album.keep("may-be-said", album.message("You may say"))
    await album.become("Olga Prodan")
    await page.locator("#sidebar .place", has_text="Tendon").click()
    await page.get_by_text("Set-up,").first.wait_for()
    await page.get_by_role("button", name="All steps").first.click()
    await page.get_by_text("Messages", exact=True).click()
    await page.get_by_text("Who may change what").first.wait_for()
    await page.set_viewport_size({"width": 1440, "height": 1000})
    await album.keep("set-up", album.message("Set-up,"))
    await page.set_viewport_size({"width": 1440, "height": 900})
    await album.become("Pia Marsh")
    today = datetime.now(UTC).date()
    await album.wait_until(today + timedelta(days=(3 - today.weekday()) % 7 + 14), "10:01")
    await page.locator("#sidebar .place", has_text="Tendon").click()
    await page.get_by_text("Messages", exact=True).click()
    await album.keep("weekly-question", album.message("so you are asked each"))
    await album.go("team-payments")
    await album.types("/customer-feedback link F-21 to Billing revamp")
    await album.types("/release ship Billing revamp")
    await album.wait_until(today + timedelta(days=(3 - today.weekday()) % 7 + 15), "10:01")
    said = page.locator("#messages .message", has_text="Globex again")
    await said.filter(has=page.locator(".thread-link")).first.locator(".thread-link").click()
    await page.get_by_text("It is out:").last.wait_for()
    await album.keep("feedback-loop", page.locator("#thread"))


if __name__ == "__main__":
    asyncio.run(take(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/pictures")))
