"""From typed words to a listener; help and offers come from the same table."""

from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest

from bot.answers import Answer, Nothing, Say
from bot.commands import help_of, route, unknown
from bot.requests import Kind, Request
from bot.slices import Command, Verb, reads, together


@reads
async def status(session: Any, request: Request, deps: Any) -> Answer:
    return Nothing()


async def move(session: Any, request: Request, deps: Any) -> Answer:
    return Nothing()


async def bare(session: Any, request: Request, deps: Any) -> Answer:
    return Nothing()


async def find(session: Any, request: Request, deps: Any) -> Answer:
    return Nothing()


RELEASE = Command(
    "/release",
    says="What ships when",
    verbs=(
        Verb(
            "move",
            move,
            "Another date.",
            usage="NAME to DATE because REASON",
            example="/release move R-4 to 1 May because <late>",
            synonyms=("postpone",),
        ),
        Verb("status", status, "How it stands."),
    ),
    bare=bare,
    otherwise=find,
)
COMMANDS = {RELEASE.name: RELEASE}
ASKED = Request(Kind.COMMAND, "/release", "command:1", "T1", "U1")


def ask(text: str, command: Command = RELEASE, name: str = "/release", prefix: str = "") -> tuple[Any, str, str]:
    found = route({command.name: command}, replace(ASKED, name=name, text=text), prefix)
    assert found
    return found.run, found.request.text, found.by


@pytest.mark.parametrize(
    ("text", "run", "rest", "by"),
    [
        ("", bare, "", "/release"),
        ("   ", bare, "", "/release"),
        ("move R-4 to May", move, "R-4 to May", "/release move"),
        ("MOVE R-4", move, "R-4", "/release move"),
        ("Move: R-4", move, "R-4", "/release move"),
        ("postpone  R-4", move, "R-4", "/release move"),
        ("move\u00a0R-4", move, "R-4", "/release move"),
        ("move\nR-4 to May", move, "R-4 to May", "/release move"),
        ("status", status, "", "/release status"),
        ("status?", status, "", "/release status"),
        ("Falcon 2", find, "Falcon 2", "/release"),
        ("moved", find, "moved", "/release"),
    ],
)
def test_the_first_word_is_a_verb_then_a_synonym_then_something_to_find(text: str, run: object, rest: str, by: str) -> None:
    assert ask(text) == (run, rest, by)


def test_another_bots_command_is_not_ours() -> None:
    assert route(COMMANDS, replace(ASKED, name="/deploy")) is None


def test_a_prefix_is_taken_off() -> None:
    assert ask("status", name="/acme-release", prefix="acme-")[0] is status
    assert route(COMMANDS, replace(ASKED, name="/acme-deploy"), "acme-") is None


@pytest.mark.parametrize("text", ["help", "Help", "help move", "?"])
async def test_help_is_private_and_reads_only(text: str) -> None:
    found = route(COMMANDS, replace(ASKED, text=text))
    assert found
    assert found.is_reading
    answer = await found.run(None, found.request, None)
    assert isinstance(answer, Say)
    assert "/release move NAME to DATE because REASON" in answer.message.text


def test_help_of_one_verb_leaves_the_others_out() -> None:
    assert "/release status" in help_of(RELEASE).text
    assert "/release status" not in help_of(RELEASE, about="postpone").text


def test_help_names_the_prefix_that_the_workspace_uses() -> None:
    assert "/acme-release move" in help_of(RELEASE, "acme-").text


def test_what_help_shows_is_data() -> None:
    shown = str(help_of(RELEASE).blocks)
    assert "because &lt;late&gt;" in shown
    assert "<late>" not in shown


async def test_an_unclear_word_is_not_acted_upon_and_the_nearest_is_offered() -> None:
    plain = replace(RELEASE, otherwise=None)
    found = route({plain.name: plain}, replace(ASKED, text="mvoe R-4"))
    assert found
    assert found.is_reading
    answer = await found.run(None, found.request, None)
    assert answer.message.text.startswith('I do not know "mvoe" here, so nothing was changed. Did you mean /release move?')


def test_names_near_to_what_was_typed_are_offered_too() -> None:
    said = unknown(RELEASE, "Falcn", names=("Falcon", "Hawk")).text
    assert "Names like it: Falcon." in said
    assert "Hawk" not in said


def test_a_command_with_no_bare_form_shows_its_help() -> None:
    run, _, by = ask("", replace(RELEASE, bare=None))
    assert (run.__name__, by) == ("show_help", "/release")


def slice_with(**contributes: Any) -> ModuleType:
    module = ModuleType("handlers.made_up")
    vars(module).update(contributes)
    return module


def test_a_slice_may_add_verbs_to_another_s_command() -> None:
    bring_in = Verb("import", move, "Bring releases in.", synonyms=("upload",))
    joined = together([slice_with(VERBS={"/release": (bring_in,)}), slice_with(COMMANDS=(RELEASE,))])
    command = joined.commands["/release"]
    assert [verb.name for verb in command.verbs] == ["move", "status", "import"]
    assert ask("upload", command)[0] is move
    assert "/release import" in help_of(command).text
    assert [verb.name for verb in RELEASE.verbs] == ["move", "status"]


def test_verbs_of_a_command_that_nobody_has_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="adds verbs to /release, which no slice has"):
        together([slice_with(VERBS={"/release": (Verb("import", move, "Bring releases in."),)})])
