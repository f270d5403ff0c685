"""A person in front of the page, in a real browser: every journey by what is on the screen, with mouse and with keys alone."""

import json
import os
import re
from typing import Any

from playwright.async_api import Browser, Page, expect

from playground import messages
from tests.playground.browsing import BROWSER, arrive, chromium, go, messages_of, open_menu, page, type_and_send
from tests.playground.page_demo import HOSTILE, Demo, demo

__all__ = ["chromium", "demo", "page"]
pytestmark = BROWSER


# -- the first look ---------------------------------------------------------------------------------------------------


async def test_the_first_look_says_where_and_who_one_is_with_times_in_the_person_s_zone(page: Page) -> None:
    top = page.locator(".top-words")
    await expect(top).to_have_text("A workspace on your own machine. Nothing leaves it. You are the payments product manager.")
    await expect(page.locator("#clock-words")).to_have_text("Thu 19 Nov, 10:42")
    await expect(messages_of(page, "Product, week 46").locator("time").first).to_have_text(
        "09:03"
    )  # Berlin, though the browser is in Tokyo
    await expect(page.locator("#messages .day").first).to_have_text("Mon 16 Nov 2026")
    await expect(page.get_by_role("heading", name="product-weekly")).to_be_visible()
    await expect(page.locator("#tour .try")).to_have_count(3)


async def test_a_first_visit_shows_the_channel_within_300_ms(chromium: Browser, demo: Demo) -> None:
    """The page's own thread works for less than 200 ms, however busy the machine is; on an idle one all is painted within 300."""
    idle = os.getloadavg()[0] < 1
    worked, seen = [], []
    for _ in range(6):
        context = await chromium.new_context(viewport={"width": 1440, "height": 900})  # an empty cache, a process of its own
        tab = await context.new_page()
        watch = await context.new_cdp_session(tab)
        await watch.send("Performance.enable", {"timeDomain": "threadTicks"})
        await arrive(tab, demo)
        await expect(messages_of(tab, "Product, week 46")).to_have_count(1)
        drawn, painted = await tab.evaluate(DRAWN_AND_PAINTED)
        assert drawn < painted, "no empty page is painted first"
        assert await tab.evaluate(ASKED) == ["/page/page.css", "/page/page.js"], "nothing else is fetched before the channel is seen"
        metrics = (await watch.send("Performance.getMetrics"))["metrics"]
        worked.append(next(one["value"] for one in metrics if one["name"] == "TaskDuration"))
        seen.append(painted)
        await context.close()
    assert min(worked) < 0.2, worked
    assert min(seen) < 300 or not idle, seen


DRAWN_AND_PAINTED = """async () => {
  const first = tell => new PerformanceObserver(list => tell(list.getEntries()[0])).observe({type: 'paint', buffered: true});
  const paint = await new Promise(first);
  return [performance.getEntriesByName('ready')[0].startTime, paint.startTime];
}"""
ASKED = """() => {
  const ready = performance.getEntriesByName('ready')[0].startTime;
  return performance.getEntriesByType('resource').filter(one => one.startTime < ready).map(one => new URL(one.name).pathname).sort();
}"""


async def test_the_page_loads_anew_in_300_ms_and_draws_1000_messages_in_500(page: Page) -> None:
    loads, draws = [], []
    for _ in range(5):
        await page.reload()
        await page.wait_for_selector("body.ready")
        loads.append((await page.evaluate(DRAWN_AND_PAINTED))[0])
        draws.append(await page.evaluate(DRAW_LONG))
        await go(page, "product-weekly")
    assert min(loads) < 300, loads  # the best of five: the page's own cost, not that of what else this machine does
    assert min(draws) < 500, draws
    await go(page, "long")
    assert await page.locator("#messages .message").count() < 200, "only a window of the channel is drawn"
    for _ in range(3):
        await page.locator("#scroll").evaluate("box => box.scrollTop = 0")
        await page.wait_for_timeout(100)
    await expect(messages_of(page, "Message number 850:")).to_have_count(1)


DRAW_LONG = """async () => {
  const start = performance.now();
  document.querySelector('[data-place=C_LONG]').click();
  while (!document.querySelector('#messages').textContent.includes('number 999')) await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  return performance.now() - start;
}"""


async def test_times_are_the_same_in_a_browser_without_temporal(page: Page) -> None:
    async def times() -> list[str]:
        await page.wait_for_selector("body.ready")
        return await page.locator("#messages :is(time, .day), #clock-words").all_text_contents()

    now = await times()
    await page.add_init_script("delete globalThis.Temporal")
    await page.reload()
    assert await times() == now
    assert await page.evaluate("'Temporal' in globalThis") is False


# -- words ------------------------------------------------------------------------------------------------------------


async def test_hostile_text_is_drawn_as_text(page: Page, demo: Demo) -> None:
    app = demo.slack.bot_user
    room = demo.slack.state.channels["C_PAY"]
    messages.post(demo.slack, room, app, "Raw <img src=x onerror=document.title=1> and <javascript:alert(1)|press me>", bot=True)
    blocks = [
        {"type": "section", "text": {"type": "plain_text", "text": "<b>bold?</b> &lt;"}},
        {"type": "markdown", "text": "[x](javascript:alert(1)) <i>no</i>"},
    ]
    messages.post(demo.slack, room, app, "", bot=True, blocks=blocks)
    await go(page, "team-payments")
    await expect(messages_of(page, HOSTILE)).to_have_count(1)
    await expect(messages_of(page, "<b>bold?</b> &lt;")).to_have_count(1)
    await expect(messages_of(page, "Raw <img src=x onerror=document.title=1> and press me")).to_have_count(1)
    assert await page.locator("#messages :is(img, script, b, i)").count() == 0
    assert await page.locator("#messages a[href^='javascript']").count() == 0
    assert await page.title() == "Tendon: Pia Marsh"


async def test_forty_thousand_characters_are_folded_and_can_be_unfolded(page: Page) -> None:
    await go(page, "team-payments")
    await type_and_send(page, "word " * 7_999 + "<end>")
    last = messages_of(page, "<end>")
    await last.get_by_role("button", name="Show all 40,000 characters").click()
    assert (await last.bounding_box() or {"height": 0})["height"] > 1_000
    await type_and_send(page, "*" * 3_000 + "_" * 3_000 + "<" * 3_000)
    await expect(page.locator("#messages .message")).to_have_count(3)


async def test_mrkdwn_is_drawn_with_mentions_dates_lists_code_and_links(page: Page, demo: Demo) -> None:
    text = (
        "*bold* _it_ ~gone~ `a < b` <@U_PM> <#C_PAY> <!here> :tada: <https://example.com/x|site>\n> quoted\n• one\n"
        "```\ncode <b>\n```\n<!date^1795420800^{date_short_pretty} at {time}|23 Nov, 08:00 UTC> and 2 * 3 * 4 &amp; snake_case_name"
    )
    messages.post(
        demo.slack,
        demo.slack.state.channels["C_PAY"],
        demo.slack.bot_user,
        text.replace("a < b", "a &lt; b").replace("<b>\n", "&lt;b&gt;\n"),
        bot=True,
    )
    await go(page, "team-payments")
    row = messages_of(page, "quoted")
    for tag, words in (
        ("strong", "bold"),
        ("em", "it"),
        ("s", "gone"),
        ("blockquote", "quoted"),
        ("pre", "code <b>"),
        (".mention-me", "@Pia Marsh"),
    ):
        await expect(row.locator(f".mrkdwn {tag}").first).to_have_text(words)
    await expect(row.locator("a.link")).to_have_attribute("href", "https://example.com/x")
    await expect(row.locator("a.link")).to_have_attribute("rel", re.compile("noopener"))
    await expect(row.locator("time").last).to_have_text("Nov 23, 2026 at 09:00")
    await expect(row.locator(".mrkdwn")).to_contain_text("2 * 3 * 4 & snake_case_name")
    await row.locator(".mention-channel").click()


async def test_every_block_is_drawn_and_an_unknown_one_shows_its_json(page: Page, demo: Demo) -> None:
    messages.post(demo.slack, demo.slack.state.channels["C_PAY"], demo.slack.bot_user, "All blocks", bot=True, blocks=ALL_BLOCKS)
    await go(page, "team-payments")
    row = messages_of(page, "A caption")
    for words in ("Careful", "in a card", "first item", "Note it", "Film", "remote-1", "Useful", "Head", "no picture here"):
        await expect(row).to_contain_text(words)
    await expect(row.locator(".block-unknown summary")).to_have_text("Block “carousel”, shown as its JSON")
    assert '"never": "nothing"' in (await row.locator(".block-unknown pre").text_content() or "")
    rows = row.locator(".datatable tbody tr")
    await expect(rows).to_have_count(2)
    await row.get_by_role("button", name="Days").click()
    await row.get_by_role("button", name="Days").click()
    await expect(rows.first).to_contain_text("30")
    await row.get_by_role("button", name="Next").click()
    await expect(rows.first).to_contain_text("4")


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def _cell(value: str | int) -> dict[str, Any]:
    return {"type": "raw_number", "value": value} if isinstance(value, int) else {"type": "raw_text", "text": value}


_LIST = {
    "type": "rich_text_list",
    "style": "ordered",
    "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "first item"}]}],
}
ALL_BLOCKS: list[dict[str, Any]] = [
    {"type": "alert", "level": "warning", "text": _plain("Three teams wait for this")},
    {"type": "card", "title": {"type": "mrkdwn", "text": "*Title*"}, "body": {"type": "mrkdwn", "text": "in a card"}},
    {"type": "rich_text", "elements": [_LIST, {"type": "rich_text_quote", "elements": [{"type": "emoji", "name": "tada"}]}]},
    {"type": "markdown", "text": "# Head\n- [x] Note it\n\n| a | b |\n|---|---|\n| 1 | 2 |"},
    {"type": "video", "title": _plain("Film"), "video_url": "https://example.com/v", "alt_text": "film"},
    {"type": "image", "image_url": "ftp://example.com/x.png", "alt_text": "no picture here"},
    {"type": "file", "external_id": "remote-1", "source": "remote"},
    {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": "useful",
                "positive_button": {"text": _plain("Useful"), "value": "yes"},
                "negative_button": {"text": _plain("Not"), "value": "no"},
            }
        ],
    },
    {
        "type": "data_table",
        "caption": "A caption",
        "page_size": 2,
        "rows": [[_cell("Name"), _cell("Days")], [_cell("Ten"), _cell(10)], [_cell("Thirty"), _cell(30)], [_cell("Four"), _cell(4)]],
    },
    {"type": "carousel", "elements": [], "never": "nothing"},
]  # fmt: skip


# -- journeys ---------------------------------------------------------------------------------------------------------


async def test_a_command_is_completed_by_keys_and_answered_only_to_the_asker(page: Page) -> None:
    field = page.locator("#composer textarea")
    await field.press_sequentially("/rel")
    await expect(page.get_by_role("option", name="/release")).to_contain_text("status | move NAME to DATE because REASON")
    await field.press("Tab")
    await field.press_sequentially("status")
    await field.press("Enter")
    answer = messages_of(page, "12 open releases")
    await expect(answer.locator(".ephemeral")).to_have_text("Only visible to you")
    await expect(answer.get_by_role("button", name="Open Usage API")).to_be_visible()
    await expect(field).to_have_value("")


async def test_names_in_a_command_are_escaped_when_the_manifest_says_so(page: Page) -> None:
    await type_and_send(page, "/escalate @Milo Okafor in #team-payments <now>")
    await expect(messages_of(page, "Heard:").locator("code")).to_have_text("<@U_MOB|milo.okafor> in <#C_PAY|team-payments> <now>")
    await type_and_send(page, "/nothing at all")
    await expect(page.locator(".toast")).to_contain_text("/nothing is not a command here")


async def test_mentions_are_completed_and_arrive_as_mentions(page: Page, demo: Demo) -> None:
    field = page.locator("#composer textarea")
    await field.press_sequentially("Hello @mil")
    await field.press("Enter")
    await field.press_sequentially("see #team-pay")
    await field.press("Enter")
    await field.press_sequentially("& <b>")
    await field.press("Enter")
    await expect(messages_of(page, "Hello @Milo Okafor see #team-payments & <b>")).to_have_count(1)
    assert demo.slack.as_("U_PM").sees("C_WEEK")[-1].text == "Hello <@U_MOB> see <#C_PAY> &amp; &lt;b&gt;"


async def test_feedback_is_logged_from_a_message_through_a_form_with_an_error_into_the_thread(page: Page, demo: Demo) -> None:
    await go(page, "acme-success")
    await open_menu(page, "invoices by region")
    await page.get_by_role("menuitem", name="Log customer feedback").click()
    form = page.get_by_role("dialog", name="Log customer feedback")
    await expect(form.get_by_label("Feedback")).to_have_value(
        "Our finance team needs invoices by region. The export gives one file for all."
    )
    await form.get_by_role("button", name="Log").click()
    await expect(form.locator("[data-block=customer]")).to_contain_text("Please complete this required field.")
    await expect(form.get_by_label("Customer")).to_be_focused()
    await expect(form.get_by_label("Customer")).to_have_attribute("aria-invalid", "true")
    await form.get_by_label("Customer").press_sequentially("Acm")
    await page.get_by_role("option", name="Acme, 40 seats").click()
    await form.get_by_label("Yearly value").fill("2000000")
    await form.get_by_role("button", name="Log").click()
    await expect(form.get_by_role("alert")).to_have_text("That is over a million euros. Is it in cents?")
    await expect(form.get_by_label("Customer")).to_have_value("Acme, 40 seats")
    await form.get_by_label("Yearly value").fill("2000")
    demo.slack.faults.add("delivery", delay=1.5)
    await form.get_by_role("button", name="Log").click()
    await expect(form.get_by_role("button", name="Working…")).to_be_visible()
    await expect(form).to_have_attribute("aria-busy", "true")
    await expect(form).to_have_count(0)
    await messages_of(page, "invoices by region").get_by_role("button", name="1 reply").click()
    await expect(page.locator("#thread-messages")).to_contain_text("Logged as F-214 for Acme.")


async def test_one_answers_in_a_thread_and_escape_leaves_it(page: Page) -> None:
    await page.get_by_role("button", name="2 replies").click()
    reply = page.locator("#thread-composer textarea")
    await expect(reply).to_be_focused()
    await reply.fill("On it.")
    await reply.press("Enter")
    await expect(page.locator("#thread-messages .message").last).to_contain_text("On it.")
    await expect(page.get_by_role("button", name="3 replies")).to_be_visible()
    await reply.press("Escape")
    await expect(page.locator("#thread")).to_be_hidden()


async def test_a_reply_is_also_sent_to_the_channel(page: Page, demo: Demo) -> None:
    await page.get_by_role("button", name="2 replies").click()
    reply, also = page.locator("#thread-composer textarea"), page.get_by_label("Also send to #product-weekly")
    await also.check()
    await reply.fill("For all of you.")
    await reply.press("Enter")
    said = messages_of(page, "For all of you.")
    await expect(said.locator(".broadcast")).to_have_text("Replied to a thread: 31 open: 22 on track, 6 at risk, 3 late.")
    await expect(page.locator("#thread-messages .message").last.locator(".broadcast")).to_have_text("Also sent to the channel")
    await expect(also).not_to_be_checked()
    await reply.fill("Between us.")
    await reply.press("Enter")
    await expect(page.locator("#thread-messages .message").last).to_contain_text("Between us.")
    await expect(messages_of(page, "Between us.")).to_have_count(0)
    await page.locator("#thread-close").click()
    await said.get_by_role("button", name="31 open").click()
    await expect(page.locator("#thread-messages .message")).to_have_count(5)
    assert demo.slack.as_("U_PM").sees("C_WEEK")[-1].subtype == "thread_broadcast"


async def test_a_thread_stays_below_the_place_of_its_deleted_first_message(page: Page, demo: Demo) -> None:
    await expect(page.get_by_role("button", name="2 replies")).to_be_visible()
    first = next(m for room in demo.slack.state.channels.values() for m in room.timeline if len(room.replies(m.ts)) == 2)
    messages.delete(demo.slack, first)
    await messages_of(page, "This message was deleted.").get_by_role("button", name="2 replies").click()
    await expect(page.locator("#thread-messages .message").first).to_contain_text("This message was deleted.")
    await expect(page.locator("#thread-messages .message")).to_have_count(3)


async def test_a_dangerous_button_asks_first_and_then_the_card_is_rewritten(page: Page) -> None:
    await page.get_by_role("button", name="Mark shipped").click()
    ask = page.get_by_role("dialog", name="Ship it today?")
    await ask.get_by_role("button", name="Not yet").click()
    await expect(page.get_by_role("button", name="Mark shipped")).to_be_visible()
    await page.get_by_role("button", name="Mark shipped").click()
    await ask.get_by_role("button", name="Mark shipped").click()
    await expect(messages_of(page, "Shipped today, as planned")).to_have_count(1)
    await expect(page.get_by_role("button", name="Mark shipped")).to_have_count(0)


async def test_a_form_is_redrawn_while_one_types_and_nothing_typed_is_lost(page: Page) -> None:
    await page.get_by_role("button", name="Move date").click()
    form = page.get_by_role("dialog", name="Move Billing revamp")
    await form.get_by_label("Why?").fill("Vendor late")
    await form.get_by_label("New date").fill("2027-03-12")
    await expect(form).to_contain_text("3 working days short")
    await expect(form.get_by_label("Why?")).to_have_value("Vendor late")
    await expect(form.get_by_label("New date")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(form).to_have_count(0)
    await expect(page.get_by_role("button", name="Move date")).to_be_focused()


async def test_a_form_that_becomes_a_sentence_keeps_the_focus_and_is_left_by_escape(page: Page) -> None:
    await page.get_by_role("button", name="Move date").click()
    form = page.get_by_role("dialog", name="Move Billing revamp")
    await form.get_by_label("Why?").fill("Vendor late")
    await form.get_by_label("New date").fill("2027-03-12")
    await form.get_by_role("button", name="Move").click()
    await expect(form).to_contain_text("You can close this.")
    assert await page.evaluate("document.activeElement.closest('[role=dialog]') !== null")
    await page.keyboard.press("Escape")
    await expect(form).to_have_count(0)


async def test_tab_stays_inside_an_open_form(page: Page) -> None:
    await page.get_by_role("button", name="Move date").click()
    await page.get_by_role("dialog").wait_for()
    for _ in range(12):
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.closest('[role=dialog]') !== null")


async def test_one_becomes_another_person_whose_home_says_what_waits(page: Page) -> None:
    await page.get_by_role("button", name="Switch person").click()
    await page.get_by_role("menuitemradio", name="Milo Okafor").click()
    await expect(page.locator("#who")).to_have_text("You are the mobile lead.")
    await expect(page.locator("#sidebar")).not_to_contain_text("product-leads")
    await page.locator("#sidebar .place", has_text="Tendon").click()
    await expect(page.locator("#home")).to_contain_text("1 thing needs you.")
    await page.get_by_role("tab", name="Messages").click()
    await expect(page.locator("#messages")).to_contain_text("This is between you and Tendon.")


async def test_a_public_channel_is_looked_into_and_joined_before_one_writes(page: Page, demo: Demo) -> None:
    demo.slack.channel("C_OPEN", name="open-house", members=["U_OPS"], bot=False)
    await demo.slack.as_("U_OPS").say("C_OPEN", "Come in")
    await go(page, "open-house")
    await expect(messages_of(page, "Come in")).to_have_count(1)
    await expect(page.locator("#closed")).to_contain_text("You are not in #open-house.")
    await expect(page.locator("#composer")).to_be_hidden()
    await page.get_by_role("button", name="Join").click()
    await type_and_send(page, "Hello")
    await expect(messages_of(page, "Hello")).to_have_count(1)


async def test_the_clock_jumps_to_monday(page: Page, demo: Demo) -> None:
    await page.locator("#clock").click()
    await page.get_by_role("menuitem", name="Next Monday, 09:00").click()
    await expect(page.locator("#clock-words")).to_have_text("Mon 23 Nov, 09:00")
    assert len(demo.moved) == 1


async def test_what_others_write_arrives_and_is_marked_unread_elsewhere(page: Page, demo: Demo) -> None:
    await demo.slack.as_("U_OPS").say("C_WEEK", "Here, now")
    await expect(messages_of(page, "Here, now")).to_have_count(1)
    await demo.slack.as_("U_OPS").say("C_PAY", "There, <@U_PM>")
    await expect(page.locator("[data-place=C_PAY] .badge-me")).to_have_text("2")
    await go(page, "team-mobile")
    await expect(page.locator("[data-place=C_WEEK] .badge")).to_have_count(0)  # what was on the screen counts as read


async def test_the_developer_sees_each_request_and_sets_a_fault(page: Page, demo: Demo) -> None:
    await expect(page.locator("#inspector")).to_be_hidden()
    await page.get_by_role("switch", name="Developer").click()
    await type_and_send(page, "/release status")
    call = page.locator(".call", has_text="/release").first
    await call.locator("summary").click()
    await expect(call).to_contain_text('"command": "/release"')
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await call.get_by_role("button", name="Copy").first.click()
    assert json.loads(await page.evaluate("navigator.clipboard.readText()"))["text"] == "status"
    await page.get_by_label("Filter requests").fill("no such thing")
    await expect(page.locator("#inspector-list")).to_contain_text("Nothing fits this filter.")
    await page.get_by_role("tab", name="Faults").click()
    await page.get_by_role("button", name="Set this fault").click()
    await expect(page.locator("#inspector-list")).to_contain_text("chat.postMessage: slow by 2 s, 1 more")
    assert len(demo.slack.faults.waiting) == 1


async def test_the_three_things_run_by_themselves_and_then_offer_the_other_side(page: Page) -> None:
    await page.get_by_role("button", name="Ask what ships").click()
    await expect(messages_of(page, "12 open releases")).to_have_count(1)
    await page.get_by_role("button", name="Log what a customer said").click()
    await expect(page.locator("#thread-messages")).to_contain_text("Logged as F-214")
    await page.locator("#thread-close").click()
    await page.get_by_role("button", name="See who a slip hurts").click()
    await expect(page.get_by_role("dialog", name="Move Billing revamp")).to_contain_text("3 working days short")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Now be the other side").click()
    await expect(page.locator("#home")).to_contain_text("1 thing needs you.")
    await expect(page.locator("#tour")).to_contain_text("Use your own plan")


async def test_the_panel_is_left_by_escape_and_comes_back_from_help(page: Page) -> None:
    await page.locator("#tour .try-button").first.focus()
    await page.keyboard.press("Escape")
    await expect(page.locator("#tour")).to_be_hidden()
    await page.get_by_role("button", name="Help: things to try").click()
    await expect(page.locator("#tour")).to_be_visible()


async def test_a_phone_has_one_column_with_composer_and_folded_panel_in_view(page: Page) -> None:
    await page.set_viewport_size({"width": 375, "height": 700})
    await page.reload()
    await page.wait_for_selector("body.ready")
    await expect(page.locator("#composer textarea")).to_be_in_viewport()
    await expect(page.locator("#tour-title")).to_be_in_viewport()
    await expect(page.locator("#tour-list")).to_be_hidden()
    assert await page.evaluate("document.documentElement.scrollWidth") <= 375
    await page.get_by_role("button", name="Channels", exact=True).click()
    await page.locator("#sidebar .place", has_text="team-mobile").click()
    await expect(page.locator("#channel-name h1")).to_have_text("team-mobile")
    await expect(page.locator("#sidebar")).not_to_be_in_viewport()


async def test_everything_that_can_be_pressed_has_a_name(page: Page) -> None:
    assert await page.evaluate(NAMELESS) == []
    await page.get_by_role("switch", name="Developer").click()
    await page.get_by_role("tab", name="Faults").click()
    await page.get_by_role("button", name="Move date").click()
    await page.get_by_role("dialog").wait_for()
    assert await page.evaluate(NAMELESS) == []


NAMELESS = """() => [...document.querySelectorAll('button, input, textarea, select, a[href]')]
  .filter(node => node.offsetParent && !node.closest('[aria-hidden=true]'))
  .filter(node => !(node.getAttribute('aria-label') || node.textContent.trim() || node.labels?.length))
  .map(node => node.outerHTML.slice(0, 120))"""


async def test_the_theme_can_be_turned_and_is_kept(page: Page) -> None:
    light = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    await page.get_by_role("button", name="Use the dark theme").click()
    assert await page.evaluate("getComputedStyle(document.body).backgroundColor") != light
    await page.reload()
    await page.wait_for_selector("body.ready")
    await expect(page.get_by_role("button", name="Use the light theme")).to_be_visible()
