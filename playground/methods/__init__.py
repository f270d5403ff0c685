"""The Web API, a file per family; importing them fills the table."""

from playground.methods import bookmarks, channels, chat, conversations, files, oauth, pins, reactions, team, users, views
from playground.methods.table import METHODS, answer, scopes_said

__all__ = [
    "METHODS",
    "answer",
    "bookmarks",
    "channels",
    "chat",
    "conversations",
    "files",
    "oauth",
    "pins",
    "reactions",
    "scopes_said",
    "team",
    "users",
    "views",
]
