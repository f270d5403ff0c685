"""The slices: one folder a feature. This is the table of contents."""

from handlers import dependencies, people, releases, teams, tendon

SLICES = (tendon, people, teams, releases, dependencies)
