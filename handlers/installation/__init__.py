"""The end of an installation: when a workspace takes Tendon out, its token is forgotten and nothing is sent there any more."""

from bot.effects import Effect
from handlers.installation import listeners

EVENTS = {"app_uninstalled": listeners.ask_whether_gone, "tokens_revoked": listeners.ask_whether_gone}
EFFECTS = {listeners.ASK: Effect(listeners.forget_if_gone, in_doubt="repeat")}
