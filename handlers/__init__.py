"""The slices: one folder a feature. This is the table of contents."""

from handlers import dependencies, people, teams, tendon

SLICES = (tendon, people, teams, dependencies)
