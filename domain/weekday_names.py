"""Days of the week as people write them, in the languages of `month_names`, without accents; Monday is 0. Single words that say something
else as well, such as "segunda" (the second), are left out, and short forms other than English: they may be part of a name. And the words
that say which of them: before the day, or behind it.
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

_WHICH = (
    "this|coming|this coming|diesen|dieser|kommenden|kommender|ce|este|esta|que viene|questo|questa|deze|komende|aanstaande|que vem"
    "|denne|denna|kommende|kommande",
    "next|nachsten|nachster|nachste|naechsten|prochain|proximo|proxima|prossimo|prossima|volgende|næste|neste|nasta",
    "last|letzten|letzter|letzte|vergangenen|dernier|pasado|scorso|scorsa|vorige|afgelopen|passado|passada|sidste|forrige|forra",
)
COMING, NEXT, LAST = (frozenset(words.split("|")) for words in _WHICH)
OF_NEXT_WEEK = frozenset({"next week", "of next week"})
