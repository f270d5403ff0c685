"""Bringing a plan in, from files or cells: looked at before anything is added, and taken back for a day."""

from bot.effects import Effect
from bot.slices import Job, MenuItem, Verb
from handlers.plans import fetching, listeners, views, writing

VERBS = {
    "/release": (
        Verb(
            "import",
            listeners.open_form,
            says="Bring releases in from a spreadsheet: files, or pasted cells. Nothing is added before you saw it.",
            synonyms=("upload", "paste"),
        ),
    )
}
ACTIONS = {
    views.OPEN: listeners.open_form,
    views.MORE: listeners.add_rows,
    views.SHOW: listeners.show_draft,
    views.ORDER: listeners.set_order,
    views.COLUMNS: listeners.open_columns,
    views.ANSWER: listeners.open_questions,
    views.UNDO: listeners.undo_import,
}
VIEWS = {
    views.READ: listeners.read_given,
    views.SAVE_COLUMNS: listeners.save_columns,
    views.SAVE_ANSWERS: listeners.save_answers,
    views.IMPORT: listeners.bring_in,
}
EFFECTS = {views.FETCH: Effect(fetching.fetch), views.WRITE: Effect(writing.write), views.TAKE_BACK: Effect(writing.undo)}
JOBS = (Job("plan-drafts", listeners.sweep, every=600),)
MENU = (MenuItem("Import releases", views.OPEN, 20, "From a spreadsheet: files, or pasted cells."),)
