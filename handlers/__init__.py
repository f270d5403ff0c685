"""The slices: one folder a feature. This is the table of contents."""

from handlers import dependencies, digests, escalations, feedback, people, teams, tendon

SLICES = (tendon, people, teams, feedback, escalations, dependencies, digests)
