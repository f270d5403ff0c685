"""Journeys of people among themselves: direct messages, changing one's words, what only one sees, forms on top of forms."""

from typing import Any

from playwright.async_api import Page, expect

from playground import messages
from tests.playground.browsing import BROWSER, again, become, chromium, go, messages_of, open_menu, page, type_and_send
from tests.playground.page_demo import Demo, demo
from tests.playground.page_forms import TERMS, WHO, rich, said

__all__ = ["chromium", "demo", "page"]
pytestmark = BROWSER
RED_DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc000000301010018dd8db00000000049454e44ae426082"
)


async def test_one_starts_a_conversation_with_several_and_they_answer(page: Page) -> None:
    await page.get_by_role("button", name="New message").click()
    form = page.get_by_role("dialog", name="New message")
    await form.get_by_role("button", name="Write").click()
    await expect(page.locator(".toast")).to_contain_text("Choose somebody to write to.")
    for name in ("Milo Okafor", "Ana Alves"):
        await form.get_by_label("To").press_sequentially(name)
        await page.get_by_role("option", name=name).click()
    await form.get_by_role("button", name="Write").click()
    await expect(page.locator("#channel-name h1")).to_have_text("Milo Okafor, Ana Alves")
    await type_and_send(page, "Lunch?")
    await become(page, "Milo Okafor")
    await expect(page.locator("#channel-name h1")).to_have_text("Pia Marsh, Ana Alves")
    await type_and_send(page, "Yes")
    await expect(messages_of(page, "Lunch?")).to_have_count(1)
    await become(page, "Oda Berg")
    await expect(page.locator("#sidebar")).not_to_contain_text("Ana Alves")


async def test_a_name_leads_to_its_person(page: Page) -> None:
    await messages_of(page, "Done for mobile").get_by_role("button", name="Milo Okafor").click()
    await expect(page.get_by_role("menu", name="Milo Okafor")).to_contain_text("mobile lead · 04:42 there")
    await page.get_by_role("menuitem", name="Message").click()
    await expect(page.locator("#channel-name h1")).to_have_text("Milo Okafor")
    await expect(page.locator("#composer textarea")).to_have_attribute("placeholder", "Message Milo Okafor")


async def test_own_words_are_changed_and_deleted_and_the_app_hears_of_both(page: Page, demo: Demo) -> None:
    demo.slack.manifest = {**demo.slack.manifest, "settings": {"event_subscriptions": {"bot_events": ["message.channels"]}}}
    await go(page, "team-payments")
    await type_and_send(page, "Ready on <Fryday> @Milo Okafor")
    await expect(messages_of(page, "Ready on <Fryday>")).to_have_count(1)  # only what was sent can be changed
    await page.locator("#composer textarea").press("ArrowUp")
    words = page.get_by_role("dialog", name="Edit message").get_by_label("Message", exact=True)
    await expect(words).to_have_value("Ready on <Fryday> @Milo Okafor")
    await words.fill("Ready on Friday, @Milo Okafor")
    await words.press("Enter")
    row = messages_of(page, "Ready on Friday, @Milo Okafor")
    await expect(row).to_contain_text("(edited)")
    assert demo.slack.as_("U_PM").sees("C_PAY")[-1].text == "Ready on Friday, <@U_MOB>"
    await open_menu(page, "Ready on Friday")
    await page.get_by_role("menuitem", name="Delete message").click()
    ask = page.get_by_role("dialog", name="Delete this message?")
    await ask.get_by_role("button", name="Keep").click()
    await expect(row).to_have_count(1)
    await open_menu(page, "Ready on Friday")
    await page.get_by_role("menuitem", name="Delete message").click()
    await ask.get_by_role("button", name="Delete").click()
    await expect(row).to_have_count(0)
    await demo.slack.settled()
    heard = [delivery.payload["event"].get("subtype") for delivery in demo.slack.deliveries if "event" in delivery.payload]
    assert heard == [None, "message_changed", "message_deleted"]


async def test_others_words_are_not_one_s_to_change(page: Page) -> None:
    await open_menu(page, "Done for mobile")
    await expect(page.get_by_role("menuitem", name="Copy text")).to_be_visible()
    await expect(page.get_by_role("menuitem", name="Edit message")).to_have_count(0)
    await expect(page.get_by_role("menuitem", name="Delete message")).to_have_count(0)


async def test_what_only_one_sees_outlasts_acting_as_another_but_no_reload(page: Page) -> None:
    await type_and_send(page, "/release status")
    await expect(messages_of(page, "12 open releases")).to_have_count(1)
    await become(page, "Milo Okafor")
    await expect(messages_of(page, "Done for mobile")).to_have_count(1)
    await expect(messages_of(page, "12 open releases")).to_have_count(0)
    await become(page, "Pia Marsh")
    await expect(messages_of(page, "12 open releases")).to_have_count(1)
    await again(page)
    await expect(messages_of(page, "Done for mobile")).to_have_count(1)
    await expect(messages_of(page, "12 open releases")).to_have_count(0)


async def test_typed_marks_are_drawn(page: Page) -> None:
    await type_and_send(page, "*bold* _it_ ~gone~ `a < b` :tada: @here\n> quoted\n- one\n- two\n```\n<pre>\n```\nafter")
    row = messages_of(page, "after")
    for tag, words in (
        ("strong", "bold"),
        ("em", "it"),
        ("s", "gone"),
        ("blockquote", "quoted"),
        ("pre", "<pre>"),
        (".mention-all", "@here"),
    ):
        await expect(row.locator(f".rich {tag}")).to_have_text(words)
    await expect(row.locator(".rich .line code")).to_have_text("a < b")
    await expect(row.locator(".rich li")).to_have_text(["one", "two"])
    await expect(row.get_by_role("img", name="tada")).to_have_text("🎉")


async def test_a_tall_answer_is_shown_from_its_head(page: Page) -> None:
    await page.set_viewport_size({"width": 375, "height": 560})
    await type_and_send(page, "/release status")
    head = messages_of(page, "12 open releases").locator(".ephemeral")
    await expect(head).to_be_in_viewport()
    await again(page)
    await expect(messages_of(page, "Done for mobile")).to_have_count(1)


async def test_a_global_shortcut_opens_a_form_and_another_on_top_of_it(page: Page, demo: Demo) -> None:
    await page.get_by_role("button", name="Files and shortcuts").first.click()
    await page.get_by_role("menuitem", name="New release").click()
    form = page.get_by_role("dialog", name="New release")
    await form.get_by_label("Name").fill("Receipts")
    await form.get_by_role("button", name="Add a team").click()
    above = page.get_by_role("dialog", name="Which team")
    await expect(above).to_contain_text("Step 2")
    await above.get_by_role("button", name="Back").click()
    await expect(form.get_by_label("Name")).to_have_value("Receipts")
    await form.get_by_role("button", name="Add a team").click()
    await above.get_by_label("Team").fill("Mobile")
    await above.get_by_role("button", name="Add").click()
    await expect(form.get_by_label("Name")).to_have_value("Receipts")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await demo.slack.settled()
    assert demo.sent == [{"team": {"v": {"type": "plain_text_input", "value": "Mobile"}}}, {"closed": True}]


async def test_every_element_of_a_form_sends_what_was_chosen(page: Page, demo: Demo) -> None:
    await page.get_by_role("button", name="Files and shortcuts").first.click()
    await page.get_by_role("menuitem", name="New release").click()
    form = page.get_by_role("dialog", name="New release")
    typed = {
        "Name": "Receipts",
        "Mail": "a@b.example",
        "Page": "https://b.example",
        "Seats": "40",
        "Story": "_Long_ for @Milo Okafor",
        "Day": "2027-03-12",
    }
    for label, words in {**typed, "Hour": "14:30", "Moment": "2027-03-12T09:00"}.items():
        await form.get_by_label(label).fill(words)
    chosen = (("Size", "Large"), ("Areas", "Billing"), ("Areas", "Trust"), ("Customers", "Acme"), ("Owner", "Milo"), ("Helpers", "Ana"))
    for label, words in (*chosen, ("Room", "#team-mobile"), ("Place", "#product-leads")):
        await form.get_by_role("combobox", name=label).press_sequentially(words)
        await page.get_by_role("option", name=words).first.click()
    await form.get_by_label("High").check()
    await form.get_by_label("Sales").check()
    await form.locator("input[type=file]").set_input_files([{"name": "dot.png", "mimeType": "image/png", "buffer": RED_DOT}])
    await expect(form.locator(".file-list")).to_contain_text("dot.png")
    await form.get_by_role("button", name="Make").click()
    await expect(form).to_have_count(0)
    values = {label: next(value for name, value in fields["v"].items() if name != "type") for label, fields in demo.sent[0].items()}
    assert {label: values[label] for label in typed if label != "Story"} == {label: typed[label] for label in typed if label != "Story"}
    assert values["Story"] == {"type": "rich_text", "elements": [rich(said("Long", italic=True), said(" for "), WHO)]}
    assert values["Terms"] == TERMS, "what nobody touched is as the app gave it"
    assert (values["Hour"], values["Moment"]) == ("14:30", 1804838400)  # nine in Berlin, though the browser is in Tokyo
    assert (values["Size"]["value"], [one["value"] for one in values["Areas"]]) == ("large", ["billing", "trust"])
    assert [one["text"]["text"] for one in values["Customers"]] == ["Acme, 40 seats"]
    assert [values[label] for label in ("Owner", "Helpers", "Room", "Place")] == ["U_MOB", ["U_AM"], "C_MOB", "C_LEAD"]
    assert (values["Risk"]["value"], [one["value"] for one in values["Told"]]) == ("high", ["sales"])
    assert [file["name"] for file in values["Papers"]] == ["dot.png"]


async def test_rich_text_starts_as_it_would_be_typed_and_is_read_back_the_same(page: Page, demo: Demo) -> None:
    await page.get_by_role("button", name="Files and shortcuts").first.click()
    await page.get_by_role("menuitem", name="New release").click()
    form = page.get_by_role("dialog", name="New release")
    await expect(form.get_by_label("Terms")).to_have_value("*Agreed* with @Milo Okafor & https://b.example\n• one\n• two")
    await form.get_by_label("Name").fill("Receipts")
    await form.get_by_label("Terms").press("End")
    await form.get_by_label("Terms").press("x")
    await form.get_by_label("Terms").press("Backspace")
    await form.get_by_label("Story").fill("Long")
    await form.get_by_label("Story").fill("")
    await form.get_by_role("button", name="Make").click()
    await expect(form).to_have_count(0)
    assert demo.sent[0]["Terms"]["v"] == {"type": "rich_text_input", "rich_text_value": TERMS}
    assert demo.sent[0]["Story"]["v"] == {"type": "rich_text_input", "rich_text_value": None}


async def test_a_file_is_shared_and_a_block_draws_a_picture_of_this_workspace(page: Page, demo: Demo) -> None:
    await page.locator("#composer input[type=file]").set_input_files([{"name": "dot.png", "mimeType": "image/png", "buffer": RED_DOT}])
    await expect(messages_of(page, "dot.png").get_by_role("img", name="dot.png")).to_be_visible()
    file = next(iter(demo.slack.state.files.values()))
    address = f"{demo.slack.url}/files-pri/{demo.slack.team_id}-{file.id}/{file.name}"
    sources: list[dict[str, Any]] = [{"slack_file": {"id": file.id}}, {"slack_file": {"url": address}}, {"image_url": address}]
    blocks = [{"type": "image", "alt_text": f"drawn {number}", **source} for number, source in enumerate(sources)]
    messages.post(demo.slack, demo.slack.state.channels["C_WEEK"], demo.slack.bot_user, "Pictures", bot=True, blocks=blocks)
    for number in range(3):
        picture = page.get_by_role("img", name=f"drawn {number}")
        await expect(picture).to_be_visible()
        assert await picture.evaluate("async image => (await image.decode(), image.naturalWidth)") == 1


async def test_what_is_new_is_shown_unless_one_reads_elsewhere(page: Page, demo: Demo) -> None:
    demo.slack.join("C_LONG", "U_OPS")
    await go(page, "long")
    await demo.slack.as_("U_OPS").say("C_LONG", "Here, at once")
    await expect(messages_of(page, "Here, at once")).to_be_in_viewport()
    await messages_of(page, "number 999").hover()
    await page.mouse.wheel(0, -900)
    await expect(messages_of(page, "Here, at once")).not_to_be_in_viewport()
    await demo.slack.as_("U_OPS").say("C_LONG", "There, below")
    await page.get_by_role("button", name="New messages below").click()
    await expect(messages_of(page, "There, below")).to_be_in_viewport()
    await expect(page.get_by_role("button", name="New messages below")).to_be_hidden()
