"""What the writing half of the slice answers to: its verbs, buttons, forms and facts."""

from bot.slices import MenuItem, Verb
from domain.facts import (
    ReleaseCancelled,
    ReleaseCorrected,
    ReleaseHealthSet,
    ReleaseJoined,
    ReleaseMoved,
    ReleaseReached,
    ReleaseRenamed,
    ReleaseRolledBack,
)
from handlers.releases import follows, forms, ids, named, picking, undo, writing
from handlers.releases.seldom import SELDOM_ACTIONS, SELDOM_VERBS, SELDOM_VIEWS

WRITE_VERBS = (
    Verb(
        "new",
        writing.new_release,
        usage="NAME DATE [for TEAM]",
        says="Add a release; its first day is its baseline.",
        example="/release new Billing revamp 5 March 2027 for Payments",
        synonyms=("create",),
    ),
    Verb(
        "move",
        writing.move_release,
        usage="NAME to DATE because REASON",
        says="Change the date; the baseline stays.",
        example="/release move Billing revamp to 12 March because vendor late",
        synonyms=("postpone", "delay", "push", "slip", "reschedule"),
    ),
    Verb(
        "commit",
        writing.commit_release,
        usage="NAME [to DATE]",
        says="Promise a day that was only planned; the first one is the baseline.",
        example="/release commit Billing revamp to 12 March",
        synonyms=("promise", "confirm-date"),
    ),
    Verb(
        "ship",
        writing.ship_release,
        usage="NAME [to STAGE] [on DATE]",
        says="Mark it available to everyone, or to fewer people.",
        example="/release ship Billing revamp",
        synonyms=("shipped", "launch", "launched"),
    ),
    Verb(
        "rollback",
        writing.roll_back_release,
        usage="NAME because REASON",
        says="Take back what had shipped; followers get a correction.",
        example="/release rollback Billing revamp because refunds failed",
        synonyms=("revert", "unship"),
    ),
    Verb(
        "cancel",
        writing.cancel_release,
        usage="NAME because REASON",
        says="It will not happen.",
        example="/release cancel Billing revamp because dropped",
        synonyms=("drop", "delete"),
    ),
    Verb(
        "health",
        writing.set_health,
        usage="NAME red|amber|green because REASON",
        says="Say how it stands: off track, at risk, on track.",
        example="/release health Billing revamp amber because API is late",
        synonyms=("flag", "rag"),
    ),
    Verb(
        "owner",
        writing.set_owner,
        usage="NAME @user",
        says="Say who owns it.",
        example="/release owner Billing revamp @pia",
        synonyms=("assign",),
    ),
    *SELDOM_VERBS,
    Verb("undo", undo.say_where, says="Where the button to take a change back stands."),
    Verb(
        "follow", follows.follow_release, usage="NAME", says="Hear of its changes, as often as you chose.", synonyms=("watch", "subscribe")
    ),
    Verb("unfollow", follows.unfollow_release, usage="NAME", says="Stop that.", synonyms=("unwatch", "unsubscribe", "mute")),
)
WRITE_ACTIONS = {
    **SELDOM_ACTIONS,
    ids.NEW: forms.open_new,
    ids.MOVE: forms.open_move,
    ids.PREVIEW: forms.redraw_move,
    ids.PREVIEW_SURE: forms.redraw_move,
    ids.SHIP: forms.open_ship,
    ids.HEALTH: forms.open_health,
    ids.OWNER: forms.open_owner,
    ids.ROLLBACK: forms.open_rollback,
    ids.CANCEL: forms.open_cancel,
    ids.FOLLOW: follows.press_follow,
    ids.UNFOLLOW: follows.press_unfollow,
    ids.UNDO: undo.undo_change,
    ids.TELL_NOW: undo.tell_now,
    ids.PICK_DAY: picking.pick_day,
}
WRITE_VIEWS = {
    **SELDOM_VIEWS,
    ids.NEW_FORM: forms.save_new,
    ids.MOVE_FORM: forms.save_move,
    ids.COMMIT_FORM: forms.save_commit,
    ids.SHIP_FORM: forms.save_ship,
    ids.HEALTH_FORM: forms.save_health,
    ids.OWNER_FORM: forms.save_owner,
    ids.ROLLBACK_FORM: forms.save_rollback,
    ids.CANCEL_FORM: forms.save_cancel,
    ids.FOLLOW_FORM: follows.save_follow,
    ids.UNFOLLOW_FORM: follows.save_unfollow,
}
WRITE_OPTIONS = {ids.FIND: named.find_while_typing}
NEWS = (ReleaseMoved, ReleaseReached, ReleaseRolledBack, ReleaseCancelled, ReleaseHealthSet, ReleaseRenamed, ReleaseJoined)
WRITE_ON = {**dict.fromkeys(NEWS, follows.tell_followers), ReleaseCorrected: follows.correct_followers}
WRITE_MENU = (MenuItem("New release", ids.NEW, 20, "Name, date, team: its first day is its baseline."),)
