"""What is answered when something was logged: in the thread the number and one sentence, never what kind it is."""

from bot import blockkit as kit
from bot.answers import Message
from domain.sources import Answering, Place
from handlers.feedback import views
from handlers.feedback.views import FeedbackCard

_COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def logged(card: FeedbackCard, here: str = "here ") -> Message:
    """The answer in the thread: the number and what comes next."""
    if card.is_removed:
        return gone(card)
    said = _sentence(card, here)
    buttons = [kit.button("Add details", views.DETAILS, str(card.id), about=card.name)]
    if card.is_same:
        buttons.append(kit.button("Separate", views.APART, str(card.id), about=card.name))
    if card.may_undo:
        buttons.append(kit.button("Undo", views.UNDO, str(card.id), about=card.name))
    return Message(said.format(card.name), [kit.section(said.format(f"*{card.name}*")), kit.actions(*buttons)])


def _sentence(card: FeedbackCard, here: str) -> str:
    by = f", by {_people(card.supporters)}" if card.supporters > 1 else ""
    whose = f" for {kit.name(card.customer)}" if card.customer else ""
    same = f" It says the same as F-{card.same_as}." if card.same_as else " It says the same as another one." if card.is_same else ""
    hears = f" You will hear {here}when it ships." if card.release else ""
    return f"Logged as {{}}{_plain(whose)}{by}.{same}{hears}"


def _plain(text: str) -> str:
    """A name inside a template."""
    return text.replace("{", "{{").replace("}", "}}")


def logged_privately(card: FeedbackCard, place: Place, has_message: bool) -> Message:
    """The same words for one pair of eyes, why they are not in the thread, and a button that puts them there where that may be."""
    answer = logged(card, here="")
    why = _why_private(place) if has_message else ""
    if not why or card.is_removed:
        return answer
    blocks = [*answer.blocks, kit.context(why)]
    if place.answering is Answering.OUTSIDERS:
        blocks[-2]["elements"].append(_post_here(card))
    return Message(f"{answer.text} {why}", blocks)


def _post_here(card: FeedbackCard) -> dict[str, object]:
    question = "Everybody in this channel will read the number and that it was logged. People from outside the company, too."
    return kit.button("Post here", views.POST_HERE, str(card.id), about=card.name, confirm=(question, "Post", "Not now"))


def for_outsiders(card: FeedbackCard) -> Message:
    """What a person said yes to post where people from outside read: the number, and one sentence."""
    said = f"Logged as {card.name}. Thank you."
    return Message(said, [kit.section(said.replace(card.name, f"*{card.name}*"))])


def _why_private(place: Place) -> str:
    match place.answering:
        case Answering.OUTSIDERS:
            return "Only you see this: people from outside the company are in this channel."
        case Answering.NOT_THERE:
            return f"I am not in {kit.channel(place.channel or '')}, so only you see this. To let me reply there: `/invite @Tendon`"
    return ""


def gone(card: FeedbackCard) -> Message:
    if card.is_deleted:
        return Message(f"{card.name} was deleted.")
    return Message(f"{card.name} was taken back by the person who logged it.")


def deleted(card: FeedbackCard) -> Message:
    said = f"{card.name} is deleted. For 24 hours it can be brought back, by whoever logged it and by product operations."
    return Message(said, [kit.section(said), kit.actions(kit.button("Bring it back", views.RESTORE, str(card.id), about=card.name))])


def not_fetched(channel: str, why: str) -> Message:
    """A message was marked with the emoji, and could not be logged."""
    return Message(f"The message that you marked in {kit.channel(channel)} is not logged. {why}")


def _people(count: int) -> str:
    return f"{_COUNTS[count] if count < len(_COUNTS) else count} people"
