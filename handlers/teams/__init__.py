"""Teams: who leads them, when they work, which channel is theirs."""

from bot.slices import Command, MenuItem, Verb
from handlers.teams import listeners, views

COMMANDS = (
    Command(
        "/team",
        says="The teams: who leads them, when they work, which channel is theirs.",
        verbs=(
            Verb(
                "new",
                listeners.new_team,
                usage="NAME [lead @user] [in ZONE] [holidays COUNTRY] [hours 09:00-17:00]",
                says="Add a team.",
                example="/team new Payments lead @pia in Berlin holidays DE",
                synonyms=("add", "create", "make"),
            ),
            Verb(
                "edit",
                listeners.edit_team,
                usage="NAME [lead @user] [in ZONE] [holidays COUNTRY] [hours 09:00-17:00]",
                says="Change a team.",
                example="/team edit Payments hours 10-18",
                synonyms=("change", "update", "set"),
            ),
            Verb("list", listeners.list_teams, says="All teams.", synonyms=("all", "ls")),
            Verb("show", listeners.show_team, usage="NAME", says="One team.", synonyms=("view", "open", "info")),
            Verb(
                "channel",
                listeners.bind_channel,
                usage="NAME",
                says="Make the channel you are in that team's channel.",
                example="/team channel Payments",
                synonyms=("bind", "here"),
            ),
        ),
        bare=listeners.list_teams,
        otherwise=listeners.show_team,
    ),
)
ACTIONS = {
    views.NEW: listeners.open_new,
    views.EDIT: listeners.open_edit,
    views.OPEN: listeners.open_team,
    views.LIST: listeners.open_list,
    views.BIND: listeners.use_channel,
}
VIEWS = {views.SAVE: listeners.save_team, views.SAVE_CHANNEL: listeners.save_channel, views.CHOOSE: listeners.edit_chosen}
MENU = (MenuItem("Teams", views.LIST, 60, "Who leads what, when they work, which channel is theirs."),)
