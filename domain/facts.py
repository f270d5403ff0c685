"""What slices tell each other. Small frozen values; `key` names the one happening, so that nobody hears of it twice."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that happened, by whom (a Slack id, or None for the bot), under a key of its own."""

    key: str
    actor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed(Fact):
    """The workspace let Tendon in, or in again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseMoved(Fact):
    """`before` and `after` are dates as history writes them (`spans.written`), so that a month stays a month. `corrects` is the mistyped
    change that this one puts right."""

    release_id: int
    change_id: int
    before: str | None
    after: str | None
    reason: str
    corrects: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseReached(Fact):
    """A release reached a stage; `everyone` means shipped."""

    release_id: int
    change_id: int
    stage: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRolledBack(Fact):
    """`corrects` is the change that said it shipped."""

    release_id: int
    change_id: int
    reason: str
    corrects: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseCancelled(Fact):
    release_id: int
    change_id: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseCorrected(Fact):
    """A change of which people were told already was taken back. `reads` follows the name, such as "is on Fri 5 Mar 2027 again"."""

    release_id: int
    change_id: int
    reads: str
    plainly: str = ""  # the same without an inner date or health, where it names one


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseHealthSet(Fact):
    release_id: int
    change_id: int
    health: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRenamed(Fact):
    release_id: int
    change_id: int
    before: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseJoined(Fact):
    """A release was closed as a duplicate of another."""

    release_id: int
    change_id: int
    other_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkMoved(Fact):
    """A piece of work is in another release than before, or in none."""

    item_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DependencyAnswered(Fact):
    dependency_id: int
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeUsed(Fact):
    """Its actor wrote something from their Home, which they go on looking at. `form` is what the page that was opened there calls itself;
    where a form on top of it was sent, `below` is its id.
    """

    form: str = ""
    below: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingTimeChanged(Fact):
    """A team works at other times than before; without one, the company does, and every team that has its times from there."""

    team_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackLogged(Fact):
    """Somebody logged what a customer said. Told when they can no longer take it back."""

    feedback_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackLinked(Fact):
    """What a piece waits for changed: it was linked, joined with another, or separated."""

    feedback_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackChanged(Fact):
    """What stands about a piece changed, so that what was said of it in its thread is drawn anew."""

    feedback_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackDeclined(Fact):
    """A piece will not be done. `at` is when that was decided, as it may be taken back and decided again."""

    feedback_id: int
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportersDue(Fact):
    """Those who asked for a release may hear now how it stands. `change_id` is told although it is fresh."""

    release_id: int
    change_id: int | None
