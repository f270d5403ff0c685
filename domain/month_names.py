"""Months as people write them, in the languages that are written here beside English: German, French, Spanish, Portuguese, Italian, Dutch
and those of the North. Short forms that are English words (out, set, ago, gen) are left out: they may be part of a name.
"""

_ENGLISH = "january february march april may june july august september october november december"
_NAMES = (
    _ENGLISH,
    "januar februar märz april mai juni juli august september oktober november dezember",
    "jänner feber maerz april mai juni juli august september oktober november dezember",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "janeiro fevereiro marco abril maio junho julho agosto setiembre outubro novembro dezembro",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "januari februari maart april mei juni juli augustus september oktober november december",
    "januari februari mars april maj juni juli augusti september oktober november december",
    "januar februar marts april maj juni juli august september oktober november december",
    "januar februar mars april mai juni juli august september oktober november desember",
)
_SHORT = {
    "sept": 9, "mär": 3, "mrz": 3, "okt": 10, "dez": 12, "janv": 1, "févr": 2, "fevr": 2, "fév": 2, "fev": 2, "avr": 4, "juil": 7,
    "aoû": 8, "déc": 12, "ene": 1, "abr": 4, "dic": 12, "mrt": 3, "mei": 5, "des": 12,
}  # fmt: skip
MONTH_NAMES = (
    {name[:3]: number for number, name in enumerate(_ENGLISH.split(), 1)}
    | {name: number for names in _NAMES for number, name in enumerate(names.split(), 1)}
    | _SHORT
)
