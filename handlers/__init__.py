"""The slices: one folder a feature. This is the table of contents."""

from handlers import checkins, dependencies, digests, escalations, feedback, people, plans, releases, reports, teams, tendon

SLICES = (tendon, people, teams, releases, reports, checkins, plans, feedback, escalations, dependencies, digests)
