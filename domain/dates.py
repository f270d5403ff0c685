"""Days as people say them. A day is read, or refused with what to do; two readings are offered and never guessed between."""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from difflib import get_close_matches

from domain.calendar import PLAIN, WorkCalendar, add_working_days
from domain.errors import BadInput
from domain.month_names import MONTH_NAMES
from domain.phrases import MONTHS, WEEKDAYS, cut, say_day, say_list
from domain.weekday_names import COMING, LAST, NEXT, OF_NEXT_WEEK
from domain.words import bare, tidy, weekday_of

LONGEST = 60
YEARS = range(1990, 2101)
MONTHS_AHEAD = 9  # a day without a year that is further away may be a day of last year
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "ten": 10, "couple": 2}
_TODAY = {"today", "tonight", "now", "eod", "cob", "eob", "end of day", "end of the day", "end of today", "close of business"}
_BEFORE_WEEKDAYS = {"am", "den", "diesen", "le", "ce", "el", "este", "il", "op", "na", "om", "på"}
_COARSE = re.compile(
    r"\b(q[1-4]|h[12]|[1-4]q|eow|eom|eoq|eoy|sprint|quarter|month|week|year|spring|summer|autumn|winter|christmas"
    r"|early|mid|middle|late|end|beginning|start|around|about|roughly|soon|asap|tbd|later)\b|\b(cw|kw|w|wk)\s?\d{1,2}\b"
)
_LETTERS = r"[^\W\d_]"
_WHICH = {"", *COMING, *NEXT, *OF_NEXT_WEEK, *LAST}


class Today(date):
    """The day on which something is typed, with the working days of whoever typed it: "in 3 working days" counts those."""

    cal: WorkCalendar = PLAIN

    @classmethod
    def at_work(cls, day: date, cal: WorkCalendar) -> Today:
        today = cls(day.year, day.month, day.day)
        today.cal = cal
        return today


class Unclear(BadInput):
    """Two days fit what was typed. `choices` are the readings, most likely first: offer a button each."""

    def __init__(self, field: str, sentence: str, choices: tuple[date, ...], typed: str = "") -> None:
        super().__init__({field: sentence})
        self.choices, self.typed = choices, typed

    def settled(self, line: str, day: date) -> str | None:
        """The line that was typed with that day in place of what was unclear; None where it cannot be found in it."""
        head, found, tail = line.rpartition(self.typed) if self.typed else ("", "", "")
        return f"{head}{day.isoformat()}{tail}" if found else None


class Coarse(BadInput):
    """A time that is no single day, such as "end of March"."""


def read_day(text: str, today: date, field: str = "date", *, past: bool = False) -> date:
    """The day that was typed, as "2027-03-12", "12 March", "Friday", "in 2 weeks".

    Without a year it is the next such day; with `past`, the nearest to today. Raises BadInput, Unclear or Coarse.
    """
    words = normal(text)
    for reader in _READERS:
        if len(words) <= LONGEST and (day := reader(words, _Context(text, today, field, past))):
            if day.year not in YEARS:
                raise BadInput({field: f"The year {day.year} looks wrong. Check the date, or pick a day."})
            return day
    if len(words) <= LONGEST and (_COARSE.search(words) or month_number(words) or _is_month_and_year(words)):
        raise Coarse({field: f'"{cut(text)}" is not one day. Pick a day. Your other words are kept.'})
    if not words:
        raise BadInput({field: "No day was given. Pick a day. Your other words are kept."})
    raise BadInput(
        {field: f'I could not read "{cut(text)}" as a day. Pick a day, or write it as 12 March 2027. Your other words are kept.'}
    )


class _Context:
    """What every reader of a pattern may need: the words as typed, today, and the field to blame."""

    def __init__(self, text: str, today: date, field: str, past: bool) -> None:
        self.text, self.typed, self.field, self.past = cut(text), text, field, past
        self.today = date(today.year, today.month, today.day)
        self.cal = today.cal if isinstance(today, Today) else PLAIN

    def exact(self, year: int, month: int, day: int) -> date:
        """That day, or the sentence that there is none."""
        year += 2000 if year < 100 else 0
        if not 1 <= month <= 12:
            raise BadInput({self.field: f'I could not read "{self.text}" as a day: there is no month {month}.'})
        if year not in YEARS:
            raise BadInput({self.field: f"The year {year} looks wrong. Check the date, or pick a day."})
        if not 1 <= day <= calendar.monthrange(year, month)[1]:
            when = f" in {year}" if month == 2 and day == 29 else ""
            raise BadInput({self.field: f"There is no {day} {MONTHS[month - 1]}{when}. Pick a day. Your other words are kept."})
        return date(year, month, day)

    def within(self, month: int, day: int) -> date:
        """That day of the year nearest by the rule; when the next one is far off, both are offered."""
        if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(2024, month)[1]:
            return self.exact(2024, month, day)
        years = range(self.today.year - 8, self.today.year + 9)
        days = [date(year, month, day) for year in years if day <= calendar.monthrange(year, month)[1]]
        before, after = max(d for d in days if d < self.today), min(d for d in days if d >= self.today)
        if self.past:
            return min((before, after), key=lambda d: abs(d - self.today))
        if after <= add_months(self.today, MONTHS_AHEAD):
            return after
        raise Unclear(self.field, f'"{self.text}" can be {say_day(after)} or {say_day(before)}. Which one?', (after, before), self.typed)


def add_months(day: date, n: int) -> date:
    """The same day n months later, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def normal(text: str) -> str:
    """Typed words as every reader of days takes them: case, signs and the words around a date are gone."""
    words = " ".join(unicodedata.normalize("NFKC", tidy(text[: LONGEST * 4])).casefold().replace(",", " ").split())
    words = words.strip("\"'()<>").rstrip(".;:?!-")
    words = re.sub(r"^(?:on|by|until|till|to|the|for|before)\s+(?=.)", "", words)
    words = re.sub(r"^(?:le|am|den|el|il|op|dem|em|dia|día)\s+(?=\d)", "", words)
    words = re.sub(rf"(?<=\d)\s+(?:de|di)\s+(?={_LETTERS})|(?<={_LETTERS})\s+(?:de|del|di)\s+(?=\d{{4}})", " ", words)
    lead, _, rest = words.partition(" ")
    words = rest if lead in _BEFORE_WEEKDAYS and any(weekday_of(word) is not None for word in rest.split()[:2]) else words
    ordinal = r"(?<=\d)(?:st|nd|rd|th|er|º|°)(?:\b|(?=\s))(?:\s+of)?|\b(?:the)\s+(?=\d)"
    return re.sub(rf"{ordinal}|(?<={_LETTERS})\.(?=\s|$)|(?<=\d)\.(?=\s+{_LETTERS})", "", words)


def _iso(words: str, say: _Context) -> date | None:
    match = re.fullmatch(r"(\d{4})([-/.]?)(\d{1,2})\2(\d{1,2})", words)
    if not match or (not match[2] and len(words) != 8):
        return None
    return say.exact(int(match[1]), int(match[3]), int(match[4]))


def _near(words: str, say: _Context) -> date | None:
    if words in _TODAY:
        return say.today
    if words in {"tomorrow", "tmr", "tmrw", "tomorow", "tommorow", "tommorrow"}:
        return say.today + timedelta(days=1)
    if words == "day after tomorrow":
        return say.today + timedelta(days=2)
    return say.today - timedelta(days=1) if words == "yesterday" else None


def _ahead(words: str, say: _Context) -> date | None:
    match = re.fullmatch(
        r"in (?:a )?(\d{1,4}|[a-z]+)(?: of)? (day|week|month|working day|business day|workday)s?(?: time)?"
        r"|(\d{1,4}|[a-z]+) (day|week|month|working day|business day|workday)s? (?:from (?:now|today)|ahead|ago)",
        words,
    )
    if not match:
        return None
    number, unit = match[1] or match[3], match[2] or match[4]
    if not number.isdecimal() and number not in _NUMBERS:
        return None
    n = int(number) if number.isdecimal() else _NUMBERS[number]
    n = -n if words.endswith("ago") else n
    try:
        if unit == "month":
            return add_months(say.today, n)
        if unit in {"day", "week"}:
            return say.today + timedelta(days=n * (7 if unit == "week" else 1))
        return add_working_days(say.today, n, say.cal)
    except (OverflowError, ValueError):
        raise BadInput({say.field: f'"{say.text}" is beyond any calendar. Pick a day.'}) from None


def _weekday(words: str, say: _Context) -> date | None:
    number, which = _one_weekday(words)
    if number is None or which not in _WHICH:
        return None
    today = say.today.weekday()
    coming = say.today + timedelta(days=(number - today) % 7)
    of_next_week = say.today + timedelta(days=7 - today + number)
    if which in LAST:
        return say.today - timedelta(days=(today - number - 1) % 7 + 1)
    if which in OF_NEXT_WEEK or (which in NEXT and number <= today):
        return of_next_week
    if which in NEXT:  # said on a Tuesday, "next Friday" is in three days for some and in ten for others
        raise Unclear(
            say.field, f'"{say.text}" can be {say_day(coming)} or {say_day(of_next_week)}. Which one?', (coming, of_next_week), say.typed
        )
    if number == today:
        said = f'Today is {WEEKDAYS[number]}. Is "{say.text}" {say_day(coming)} or {say_day(of_next_week)}?'
        raise Unclear(say.field, said, (coming, of_next_week), say.typed)
    return coming


def _one_weekday(words: str) -> tuple[int | None, str]:
    """A day of the week and the words before or behind it, which say which one."""
    before, _, last = words.rpartition(" ")
    first, _, behind = words.partition(" ")
    number = weekday_of(last)
    return (number, bare(before)) if number is not None else (weekday_of(first), bare(behind))


def _named_month(words: str, say: _Context) -> date | None:
    match = re.fullmatch(rf"(\d{{1,2}})[ -]?({_LETTERS}{{3,12}})(?:[ -]?'?(\d{{4}}|\d{{2}}))?", words)
    if match:
        day, month, year = match[1], match[2], match[3]
    else:
        match = re.fullmatch(rf"({_LETTERS}{{3,12}})[ -]?(\d{{1,2}})(?:[ -]'?(\d{{4}}|\d{{2}})|\s*'(\d{{2}}))?", words)
        if not match:
            return None
        month, day, year = match[1], match[2], match[3] or match[4]
    number = month_number(month) or _misspelt(month)
    if number is None:
        return None
    return say.exact(int(year), number, int(day)) if year else say.within(number, int(day))


def _dotted(words: str, say: _Context) -> date | None:
    match = re.fullmatch(r"(\d{1,2})\. ?(\d{1,2})(?:\. ?(\d{4}|\d{2}))?", words)
    if not match:
        return None
    day, month = int(match[1]), int(match[2])
    return say.exact(int(match[3]), month, day) if match[3] else say.within(month, day)


def _slashed(words: str, say: _Context) -> date | None:
    match = re.fullmatch(r"(\d{1,2})([/-])(\d{1,2})(?:\2(\d{4}|\d{2}))?", words)
    if not match:
        return None
    first, second, year = int(match[1]), int(match[3]), match[4]
    read: Callable[[int, int], date] = (lambda m, d: say.exact(int(year), m, d)) if year else say.within
    if first > 12 or first == second:
        return read(second, first)
    if second > 12:
        return read(first, second)
    choices: list[date] = []
    for month, day in ((second, first), (first, second)):
        try:
            choices.append(read(month, day))
        except Unclear as unclear:
            choices.append(unclear.choices[0])
        except BadInput:
            continue
    sentence = f'"{say.text}" can be {say_list([say_day(day) for day in choices], "or")}. Which one?'
    raise Unclear(say.field, sentence, tuple(choices), say.typed)


def _day_of_month(words: str, say: _Context) -> date | None:
    if not re.search(r"\d(st|nd|rd|th)\b", say.text.casefold()) or not re.fullmatch(r"\d{1,2}", words):
        return None
    day, month = int(words), say.today.replace(day=1)
    if not 1 <= day <= 31:
        return say.exact(2024, 1, day)
    months = (add_months(month, n) for n in range(12))
    return next(m.replace(day=day) for m in months if day <= calendar.monthrange(m.year, m.month)[1] and m.replace(day=day) >= say.today)


def _with_weekday(words: str, say: _Context) -> date | None:
    name, _, rest = words.partition(" ")
    number = weekday_of(name)
    if number is None or not rest or weekday_of(rest) is not None:
        return None
    rest = rest.removeprefix("the ")
    readers = (_iso, _named_month, _dotted, _slashed, _day_of_month)
    day = None
    try:
        day = next((day for reader in readers if (day := reader(rest, say))), None)
    except Unclear as unclear:
        fitting = [choice for choice in unclear.choices if choice.weekday() == number]
        if len(fitting) != 1:
            raise
        day = fitting[0]
    if day and day.weekday() != number:
        raise BadInput({say.field: f"{say_day(day)} is not a {WEEKDAYS[number]}. Pick the day you mean. Your other words are kept."})
    return day


def month_number(word: str) -> int | None:
    """1 to 12 for a month's name or its first letters."""
    return MONTH_NAMES.get(word)


def _misspelt(word: str) -> int | None:
    close = get_close_matches(word, [name.casefold() for name in MONTHS], n=1, cutoff=0.75) if len(word) > 3 else []
    return MONTH_NAMES[close[0]] if close else None


def _is_month_and_year(words: str) -> bool:
    name, _, year = words.partition(" ")
    return month_number(name) is not None and re.fullmatch(r"'?\d{2,4}", year) is not None


_READERS = (_near, _iso, _ahead, _weekday, _named_month, _dotted, _slashed, _day_of_month, _with_weekday)
