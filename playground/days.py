"""Days counted from today, so that what is told is never old."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Berlin")
SATURDAY = 5


class Days:
    """Days around today. What happened did so on working days."""

    def __init__(self, now: datetime) -> None:
        self.now = now.astimezone(ZONE)

    def back(self, working_days: int, at: str = "10:00") -> datetime:
        day = self.now.date()
        for _ in range(working_days):
            day -= timedelta(days=1)
            while day.weekday() >= SATURDAY:
                day -= timedelta(days=1)
        return datetime.combine(day, time.fromisoformat(at), ZONE)

    def ahead(self, days: int) -> date:
        """So many days from today, or the working day after; a past day when negative."""
        day = self.now.date() + timedelta(days=days)
        while day.weekday() >= SATURDAY:
            day += timedelta(days=1)
        return day

    def later(self, day: date, working_days: int) -> date:
        """So many working days after a day, or before it when negative."""
        step = timedelta(days=1 if working_days > 0 else -1)
        for _ in range(abs(working_days)):
            day += step
            while day.weekday() >= SATURDAY:
                day += step
        return day

    def last_monday(self, at: str = "09:00") -> datetime:
        """The last Monday at that time that is over."""
        day = self.now.date() - timedelta(days=self.now.weekday())
        found = datetime.combine(day, time.fromisoformat(at), ZONE)
        return found if found <= self.now else found - timedelta(days=7)


def said(day: date) -> str:
    """A day as people type it: "5 March 2027"."""
    return f"{day.day} {day:%B %Y}"
