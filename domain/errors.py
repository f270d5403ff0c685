"""What can go wrong in words that a person may read: every error here carries one ready sentence."""

from __future__ import annotations


class TendonError(Exception):
    """Something the person should know. `sentence` says what is wrong, what was kept, and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotFound(TendonError):
    """The thing that was named does not exist, or this person may not know that it does."""


class NotAllowed(TendonError):
    """It exists, but this person, or the state it is in, does not permit that."""


class Upstream(TendonError):
    """Something outside (Slack, Jira, GitHub) did not answer as it should."""


class BadInput(TendonError):
    """What was typed cannot be read. `fields` names each wrong field; `partial` keeps what was understood."""

    def __init__(self, fields: dict[str, str], partial: object = None) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = fields
        self.partial = partial
