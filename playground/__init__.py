"""A Slack workspace on this machine: strict enough to test a bot against, and the workspace that `make run` opens."""

from playground.delivery import Sending
from playground.forms import NotThere
from playground.people import Actor, Reply
from playground.state import Call, Channel, Delivery, Member, Message, View
from playground.workspace import LocalSlack

__all__ = ["Actor", "Call", "Channel", "Delivery", "LocalSlack", "Member", "Message", "NotThere", "Reply", "Sending", "View"]
