"""Days of the week as people write them, in the languages of `month_names`, without accents; Monday is 0. Single words that say something
else as well, such as "segunda" (the second), are left out, and short forms other than English: they may be part of a name.
"""

_NAMES = (
    "monday tuesday wednesday thursday friday saturday sunday",
    "mon tue wed thu fri sat sun",
    "montag dienstag mittwoch donnerstag freitag samstag sonntag",
    "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "lunes martes miercoles jueves viernes sabado domingo",
    "lunedi martedi mercoledi giovedi venerdi sabato domenica",
    "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
    "segunda-feira terca-feira quarta-feira quinta-feira sexta-feira sabado domingo",
    "mandag tirsdag onsdag torsdag fredag lørdag søndag",
    "mandag tisdag onsdag torsdag fredag lordag sondag",
)
_MORE = {"tues": 1, "weds": 2, "thur": 3, "thurs": 3, "sonnabend": 5}
WEEKDAY_NAMES = {name: number for names in _NAMES for number, name in enumerate(names.split())} | _MORE
