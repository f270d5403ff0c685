"""The slices: one folder a feature. This is the table of contents."""

from handlers import dependencies, digests, feedback, people, teams, tendon

SLICES = (tendon, people, teams, feedback, dependencies, digests)
