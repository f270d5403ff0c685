"""Customers: one card of what each asked for, waits for and was told; who they are; and one made of two."""

from bot.slices import Command, MenuItem, Verb
from handlers.customers import importing, listeners, merging, reading, views

COMMANDS = (
    Command(
        "/customer",
        says="One customer: what they asked for, what shipped, what they wait for, what they were told. Say the name alone.",
        verbs=(
            Verb("show", reading.show_customer, usage="NAME", says="One customer. The name alone does it too.", synonyms=("view", "info")),
            Verb(
                "list",
                reading.list_customers,
                usage="[by value|by feedback]",
                says="All customers that you may see, with what they pay and how much they said.",
                synonyms=("all", "ls"),
            ),
            Verb(
                "new",
                listeners.new_customer,
                usage="[NAME]",
                says="Set a customer down: name, tier, yearly value, account owner, region.",
                example="/customer new Acme",
                synonyms=("add", "create"),
            ),
            Verb("edit", listeners.edit_customer, usage="NAME", says="Change what is known of a customer.", synonyms=("change", "update")),
            Verb(
                "import",
                importing.CUSTOMERS.open_form,
                says="Bring customers in from a spreadsheet: files, or pasted cells. Nothing is added before you saw it.",
                synonyms=("upload", "paste"),
            ),
            Verb(
                "merge",
                merging.open_merge,
                usage="NAME into NAME",
                says="Make one customer of two: you see what moves first, and both names find the one that stays.",
                example="/customer merge Acme GmbH into Acme",
                synonyms=("join",),
            ),
        ),
        bare=reading.list_customers,
        otherwise=reading.show_customer,
    ),
)
ACTIONS = {
    views.LIST: reading.list_customers,
    views.PAGE: reading.turn_page,
    views.OPEN: reading.open_customer,
    views.OLDER: reading.show_older,
    views.NEW: listeners.open_new,
    views.EDIT: listeners.open_edit,
    views.MERGE: merging.choose_other,
    views.SEPARATE: merging.undo_merge,
    **importing.CUSTOMERS.actions,
}
VIEWS = {
    views.SAVE: listeners.save_customer,
    views.CHOSEN: merging.preview_chosen,
    views.JOIN: merging.merge_customers,
    **importing.CUSTOMERS.views,
}
OPTIONS = {views.WHICH: merging.offer_customers}
EFFECTS = importing.CUSTOMERS.effects
MENU = (MenuItem("Customers", views.LIST, 22, "What each asked for, what shipped, what they wait for."),)
