"""What a listener returns. The adapter turns it into what the surface needs; the listener never acks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Block = dict[str, Any]
View = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """Words with their blocks. `text` is the complete fallback: what a phone, a screen reader or an old client shows."""

    text: str
    blocks: Sequence[Block] = ()

    def wire(self) -> dict[str, Any]:
        return {"text": self.text, "blocks": list(self.blocks)} if self.blocks else {"text": self.text}


@dataclass(frozen=True, slots=True)
class Say:
    """Answer privately. To a button: `replace` rewrites the message it stands on, else a private message beside it."""

    message: Message
    replace: bool = False


@dataclass(frozen=True, slots=True)
class Open:
    """Open a form. Inside a form it is pushed on top. What `is_secret` is shown once, and not kept for a repeat of the request."""

    view: View
    is_secret: bool = False


@dataclass(frozen=True, slots=True)
class Update:
    """Redraw the form that the request came from. `is_secret` as of `Open`.

    What `is_newest` is drawn from rows that know all that was pressed: it goes over whatever was drawn meanwhile.
    """

    view: View
    is_secret: bool = False
    is_newest: bool = False


@dataclass(frozen=True, slots=True)
class Errors:
    """A form's faults: `{block_id: sentence}`. What was typed stays."""

    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Options:
    """Entries of a menu that is filled while somebody types: `(label, value)`, at most 100."""

    entries: Sequence[tuple[str, str]] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing to show. A form closes."""


Answer = Say | Open | Update | Errors | Options | Nothing
