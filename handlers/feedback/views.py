"""How feedback looks: a card, and a list of them. The ids of everything that can be pressed are here."""

from dataclasses import dataclass
from datetime import datetime

from bot import blockkit as kit
from bot.answers import Block, Message
from domain.feedback import Kind, State
from domain.phrases import say_count

LOG = "feedback:log"
COMPOSE = "feedback:compose"
NEW = "feedback:new"
LIST = "feedback:list"
OPEN = "feedback:open"
DETAILS = "feedback:details"
UNDO = "feedback:undo"
SAVE = "feedback:save"
EDIT = "feedback:edit"
CUSTOMER = "feedback:customer"
AREA = "feedback:area"
RELEASE = "feedback:release"
ITEM = "feedback:item"
MORE = "feedback:more"
KIND = "feedback:kind"
SAME = "feedback:same"
NOT_SAME = "feedback:not_same"
FIRST = "feedback:first"
LOOK = "feedback:look"
MARKED = "feedback:marked"
APART = "feedback:apart"
POST_HERE = "feedback:post_here"
DELETE = "feedback:delete"
RESTORE = "feedback:restore"
SHARE = "feedback:share"
SHARE_WITH = "feedback:share_with"
SAVE_SHARES = "feedback:save_shares"
SETTINGS = "feedback:settings"
SAVE_SETTINGS = "feedback:save_settings"
WAITS = "feedback:waits"
LINK = "feedback:link"
SAVE_LINK = "feedback:save_link"
SAVE_WAITS = "feedback:save_waits"

PAGE = 12
LONGEST_WORDS = 3000
LONGEST_AREA = 75
NOT_KNOWN = "-"  # the customer's value when there are several, or nobody knows
SEVERAL = ("Several / not known", NOT_KNOWN)
KINDS = {Kind.CUSTOMER: "A customer", Kind.INTERNAL: "Slows us", Kind.SIGNAL: "The market"}


@dataclass(frozen=True, slots=True)
class FeedbackCard:
    """A piece of feedback as it is drawn. People and channels are Slack ids.

    `same_as` is the number of the first that says the same, where its reader may know it; `is_same` whether there is one.
    """

    id: int
    number: int
    words: str
    type: str
    kind: str = Kind.CUSTOMER.value
    customer: str | None = None
    area: str = ""
    importance: str = ""
    requested_by: str = ""
    heard_from: str = ""
    release: str | None = None
    item: str | None = None
    taken_by: str | None = None
    asked_at: datetime | None = None  # asked back, last
    question: str = ""
    reporter: str | None = None
    supporters: int = 1
    channel: str | None = None
    permalink: str | None = None
    logged_at: datetime | None = None
    is_removed: bool = False
    is_deleted: bool = False
    may_undo: bool = False
    is_same: bool = False
    same_as: int | None = None
    state: str = State.NEW.value
    first_id: int | None = None
    members: int = 0  # pieces that say the same, as far as the reader may read them
    customers: int = 0  # of all of them
    may_edit: bool = False
    is_private: bool = False

    @property
    def name(self) -> str:
        return f"F-{self.number}"

    @property
    def times(self) -> str:
        """How often it was said: "6 customers, 8 times"."""
        if not self.members:
            return ""
        said = say_count(self.members + 1, "time")
        return f"{say_count(self.customers, 'customer')}, {said}" if self.customers else said

    @property
    def whose(self) -> str:
        match self.kind:
            case Kind.INTERNAL:
                return "slows us"
            case Kind.SIGNAL:
                return "from the market"
        return self.customer or "customer not known"


def card(shown: FeedbackCard, zone: str, saved: str = "") -> Message:
    """Everything that is kept of it, for one pair of eyes."""
    first = kit.safe(saved) or f"{shown.name}: {kit.name(shown.whose)}"
    where = kit.link(shown.permalink, "the message") if shown.permalink else "no message"
    facts = _facts(shown)
    blocks = [
        kit.section(f"*{shown.name}*  {kit.name(shown.whose)}" + (f"\n{kit.safe(saved)}" if saved else "")),
        kit.quote(shown.words),
        kit.fields(*(f"*{label}*\n{value}" for label, value in facts)),
    ]
    if shown.asked_at:
        blocks.append(kit.context(f"Asked back on {kit.instant(shown.asked_at, zone)}: “{kit.safe(kit.cut(shown.question, 280))}”"))
    if shown.may_edit:
        blocks.append(kit.actions(*_deeds(shown)))
    blocks.append(kit.context(" · ".join(filter(None, (where, since(shown, zone))))))
    said = ". ".join(f"{label}: {value}" for label, value in facts if label not in ("Taken by", "Logged by"))
    return Message(f"{first}\n{kit.safe(kit.cut(shown.words, 280))}\n{said}.", blocks)


def _facts(shown: FeedbackCard) -> list[tuple[str, str]]:
    """What is known of it beside the words, as label and value; two of them always, the rest where it was said."""
    others = f" and {say_count(shown.supporters - 1, 'other')}" if shown.supporters > 1 else ""
    said = [
        ("Type", shown.type.capitalize()),
        ("Product area", kit.name(shown.area) or "not said"),
        ("Release", kit.name(shown.release) if shown.release else "" if shown.item else "none yet"),
        ("Piece of work", kit.name(shown.item or "")),
        ("To the customer", shown.importance.capitalize()),
        ("Asked for by", kit.name(shown.requested_by)),
        ("Read at", kit.name(shown.heard_from)),
        ("Says the same as", f"F-{shown.same_as}" if shown.same_as else ""),
        ("Taken by", kit.person(shown.taken_by) if shown.taken_by else ""),
        ("Logged by", kit.person(shown.reporter, "no name") + others),
    ]
    return [(label, value) for label, value in said if value]


def _deeds(shown: FeedbackCard) -> list[Block]:
    key, about = str(shown.id), shown.name
    deeds = [kit.button("Edit", DETAILS, key, about=about)]
    if shown.is_same:
        deeds.append(kit.button("Separate", APART, key, about=about))
    if shown.is_private:
        deeds.append(kit.button("Share", SHARE, key, about=about))
    question = f"{shown.name} is taken off every list and count. It can be brought back for 24 hours."
    deeds.append(kit.button("Delete", DELETE, key, about=about, style="danger", confirm=(question, "Delete", "Keep")))
    return deeds


def since(shown: FeedbackCard, zone: str) -> str:
    return kit.instant(shown.logged_at, zone) if shown.logged_at else ""
