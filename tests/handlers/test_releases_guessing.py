"""Which word of a line is blamed, and what is counted from where a date stands."""

from datetime import date

import pytest

from tests.handlers.release_steps import billing, changes, of
from tests.world import World


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("health Billing revamp purple", 'I could not read "purple" as health'),
        ("stage Billing revamp purple", 'I could not read "purple" as a stage'),
        ("owner Billing revamp Nobody", 'I do not know "@Nobody"'),
        ("restrict Billing revamp to marketing", 'I could not read "marketing" as a person'),
        ("push Hosting by 2 weeks because x", "Hosting has no day yet, so there is nothing to count from"),
        ("push Portal by 2 weeks because x", "Q2 2027 is no single day, so I cannot say what is 2 weeks later"),
        ("move F-1 to 12 March because x", "F-1 is a piece of feedback, and no release: /customer-feedback show F-1"),
        ("cancel SSO - phase 2 nonsense", 'Is it "SSO - phase 2" or "SSO"? Pick it here.'),
    ],
)
async def test_the_right_word_is_blamed_and_nothing_is_written(world: World, words: str, sentence: str) -> None:
    release = await billing(world)
    for name in ("SSO", "SSO - phase 2", "Hosting", "Portal"):
        await world.release(name, None)
    await world.as_("U_PM").command("C_PAY", "/release", "move Portal to Q2")
    rows = [len(await changes(world, each)) for each in range(release, release + 5)]
    pia = world.as_("U_PM")
    await pia.command("C_PAY", "/release", words)
    assert sentence in str(pia.view)
    assert [len(await changes(world, each)) for each in range(release, release + 5)] == rows


async def test_a_date_is_pushed_by_what_was_said(world: World) -> None:
    release = await billing(world)
    pia = world.as_("U_PM")
    reply = await pia.command("C_PAY", "/release", "push R-1 by 2 weeks because vendor late")
    assert reply.text.startswith("Billing revamp moves to Fri 19 Mar 2027 (+10 working days).")
    await pia.command("C_PAY", "/release", "push R-1 by 2 weeks")
    assert "2027-04-02" in str(pia.view)
    await pia.submit({"Why?": "vendor later"})
    assert (await of(world, release)).target_on == date(2027, 4, 2)


async def test_numbers_that_are_no_release(world: World) -> None:
    pia = world.as_("U_PM")
    for words, said in (
        ("R-99", "There is no R-99, or it is not shown to you."),
        ("status r99", "There is no R-99, or it is not shown to you."),
        ("F-1", "F-1 is a piece of feedback, and no release: /customer-feedback show F-1."),
        ("d 88", "D-88 is an ask between teams, and no release: /dependency show D-88."),
    ):
        assert (await pia.command("C_PAY", "/release", words)).text.startswith(said)


async def test_help_behind_a_verb_is_help_for_it(world: World) -> None:
    reply = await world.as_("U_PM").command("C_PAY", "/release", "move help")
    assert "/release move NAME to DATE because REASON" in reply.text
    assert "/release ship" not in reply.text
