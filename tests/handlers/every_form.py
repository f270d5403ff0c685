"""How a person comes to each form that there is. A form without a way in here fails a test: add its way when you add it."""

from typing import Any

from playground import Actor
from playground.plain import plain_text
from tests.handlers.customer_steps import customer, feedback, make_operations
from tests.handlers.loop_steps import logged
from tests.handlers.release_steps import billing
from tests.handlers.saying_steps import facing
from tests.world import World

PEOPLE = {"sam": "U_SALES", "pia": "U_PM", "paul": "U_LEAD", "mona": "U_MOB", "olga": "U_OPS"}
PLAN = "Release\tDate\nKite\t3/4/2027\nHeron\t5/4/2027\nBilling revamp\t2027-03-06\nOwl\tsome day"
CUSTOMERS = "Account\tSegment\tARR\nAcme\tteam\t1000\nGlobex\tenormous\tlots\nAcme Ltd\tteam\t5"
ANSWERS = "answered_at\tscore\tcomment\tcustomer\n2026-11-01\t9\tFast\tAcme\n3/4/2026\t3\tSlow\tAcmee"

# Who does what in turn: a line typed, "press ACTION" on the newest thing that has it, "give CELLS" to the form of an import.
WAYS: dict[str, tuple[str, ...]] = {
    "tendon:home": ("olga", "/tendon home"),
    **{
        f"setup:save_{step}": ("olga", "/tendon setup", f"press setup:{step}")
        for step in ("operations", "time", "teams", "severity", "policy", "note")
    },
    "leavers:save": ("paul", "leaves pia", "press leavers:reassign"),
    "teams:save": ("paul", "/team new"),
    "teams:save_channel": ("paul", "/team channel"),
    "teams:choose": ("paul", "/team edit"),
    "releases:post": ("pia", "/release status", "press releases:share"),
    **{
        f"releases:{form}": ("pia", f"/release {line}")
        for form, line in {
            "new_form": "new",
            "move_form": "move R-1",
            "commit_form": "commit R-1",
            "ship_form": "ship R-1 on",
            "health_form": "health R-1",
            "owner_form": "owner R-1",
            "cancel_form": "cancel R-1",
            "stage_form": "stage R-1",
            "rename_form": "rename R-1",
            "alias_form": "alias R-1",
            "unalias_form": "unalias",
            "duplicate_form": "duplicate R-1",
            "restrict_form": "restrict R-1",
            "lift_form": "unrestrict",
            "take_out_form": "take R-1",
            "follow_form": "follow",
            "unfollow_form": "unfollow",
        }.items()
    },
    "releases:put_in_form": ("pia", "/release add R-1", "press releases:put_in"),
    "releases:rollback_form": ("pia", "/release ship R-1", "/release rollback R-1"),
    "saying:form": ("pia", "/release say R-1"),
    "saying:set": ("olga", "/tendon audience"),
    "checkins:save": ("olga", "/release confirmations", "press checkins:change"),
    "plans:read": ("olga", "/release import"),
    "plans:save_columns": ("olga", "/release import", f"give {PLAN}", "press plans:columns"),
    "plans:save_answers": ("olga", "/release import", f"give {PLAN}", "press plans:order:month", "press plans:answer"),
    "plans:import": ("olga", "/release import", f"give {PLAN}", "press plans:order:month"),
    "feedback:save": ("pia", "/customer-feedback new slow export"),
    "feedback:edit": ("pia", "/customer-feedback edit F-101"),
    "feedback:share_with": ("pia", "/customer-feedback show F-102", "press feedback:share"),
    "feedback:save_shares": ("pia", "/customer-feedback show F-102", "press feedback:share", "choose U_SALES"),
    "feedback:save_settings": ("olga", "/customer-feedback settings"),
    "feedback:save_waits": ("sam", "faces customers", "/release R-1", "press feedback:waits"),
    "feedback:save_link": ("paul", "/customer-feedback triage", "press feedback:link"),
    "triage:send_question": ("paul", "/customer-feedback triage", "press triage:ask"),
    "triage:save_move": ("paul", "/customer-feedback triage", "press triage:move"),
    "loop:save_decline": ("paul", "/customer-feedback triage", "press loop:decline"),
    "loop:save_when": ("pia", "/customer-feedback tell Billing revamp"),
    "loop:save_unsolved": ("pia", "logs words", "/release ship R-1", "wait", "press loop:unsolved"),
    "customers:save": ("olga", "/customer new"),
    "customers:chosen": ("olga", "/customer merge"),
    "customers:join": ("olga", "/customer merge Acme into Globex"),
    "escalations:save": ("pia", "/escalate"),
    "escalations:save_update": ("pia", "/escalate the export is down", "fill", "as paul", "press escalations:update"),
    "escalations:save_resolve": ("pia", "/escalate the export is down", "fill", "as paul", "press escalations:resolve"),
    "dependencies:save_ask": ("mona", "/dependency ask"),
    **{
        f"dependencies:save_{answer}": (
            "mona",
            "/dependency ask Payments for the refund API by 30 November",
            "as paul",
            f"press dependencies:{answer}",
        )
        for answer in ("offer", "decline")
    },
    "digests:save": ("pia", "/digest subscribe"),
    **{
        f"{slice}:import_{form}": ("olga", f"{command} import", *((f"give {cells}",) if form != "read" else ()), *presses)
        for slice, command, cells in (("customers", "/customer", CUSTOMERS), ("nps", "/nps", ANSWERS))
        for form, presses in {
            "read": (),
            "save_columns": (f"press {slice}:import_columns",),
            "save_answers": (f"press {slice}:import_answer",),
            "bring": (),
        }.items()
    },
}


async def prepare(world: World) -> None:
    """What every way may lead past: a team with a release, customers, and what two of them said."""
    await billing(world)
    await world.team("Mobile", lead="U_MOB", channel="C_MOB", zone="Europe/London")
    await world.release("Usage API", "2026-12-16", owner="U_MOB")
    await make_operations(world)
    acme = await customer(world, "Acme", tier="enterprise", value=120_000)
    await customer(world, "Globex")
    await feedback(world, 101, acme, team_id=1)
    await feedback(world, 102, acme, channel="C_PRIV")


async def open_form(world: World, form: str) -> Actor:
    """Goes the way to a form; gives who has it before them."""
    who = world.as_(PEOPLE[WAYS[form][0]])
    for step in WAYS[form][1:]:
        who = await _step(world, who, step)
        await world.settle()
    assert who.view, f"{form}: no form after {WAYS[form]}; last was: {plain_text(_newest(who)[0].blocks)[:500] if _newest(who) else ''}"
    assert who.view["callback_id"] == form
    return who


async def _step(world: World, who: Actor, step: str) -> Actor:
    verb, _, rest = step.partition(" ")
    if verb == "as":
        return world.as_(PEOPLE[rest])
    if verb == "press":
        await _press(who, rest)
    elif verb == "give":
        await who.submit({"cells:0": rest})
    elif verb == "choose":
        await who.submit({"People": [rest]})
    elif verb == "fill":
        await who.submit({"Severity": "High", "Team": "Payments"})
    elif verb == "leaves":
        await world.slack.change_member(PEOPLE[rest], deleted=True)
        await world.settle()
        await world.advance(minutes=2)
    elif verb == "faces":
        await facing(world, who.id)
    elif verb == "logs":
        await logged(world, who.id, "C_PAY")
    elif verb == "wait":
        await world.advance(minutes=6)
    else:
        await who.command(_room(who), verb, rest)
    return who


def _room(who: Actor) -> str:
    return {"U_MOB": "C_MOB", "U_PM": "C_PRIV"}.get(who.id, "C_WEEKLY")


def _newest(who: Actor) -> list[Any]:
    """Every message of the bot's that somebody sees, the newest first."""
    rooms = [room.id for room in who.slack.state.channels.values() if who.id in room.members]
    seen = [message for room in rooms for message in who.sees(room)]
    threads = [reply for message in seen if message.thread_ts for reply in who.thread(message.channel, message.ts)]
    return sorted((m for m in (*seen, *threads, *who.dms()) if m.bot), key=lambda message: message.ts, reverse=True)


async def _press(who: Actor, action: str) -> None:
    for place in [*([who.view] if who.view else []), *_newest(who)]:
        blocks = place["blocks"] if isinstance(place, dict) else place.blocks
        elements = [e for block in blocks for e in [*block.get("elements", []), block.get("accessory") or {}]]
        found = next((e["action_id"] for e in elements if e.get("action_id", "").startswith(action)), None)
        if found:
            await who.press(place, found)
            return
    raise AssertionError(f"nothing says {action}; newest: {[m.text[:200] for m in _newest(who)[:3]]}")
