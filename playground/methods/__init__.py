"""The Web API, a file per family; importing them fills the table."""

from playground.methods import chat, conversations, files, oauth, reactions, team, users, views
from playground.methods.table import METHODS, answer

__all__ = ["METHODS", "answer", "chat", "conversations", "files", "oauth", "reactions", "team", "users", "views"]
