"""The names of this slice's buttons and effects."""

NEXT = "reports:next"
ROADMAP = "reports:roadmap"
REPORT = "reports:report"
CALENDAR = "reports:calendar"
FILE = "reports:file"
CSV = "reports:csv"
DECK = "reports:deck"
RENEW = "reports:renew"
STOP = "reports:stop"
OPEN = "releases:open"  # the releases slice answers to it
