"""The slices: one folder a feature. This is the table of contents."""

from handlers import (
    checkins,
    dependencies,
    digests,
    escalations,
    feedback,
    leavers,
    loop,
    people,
    plans,
    releases,
    reports,
    saying,
    setup,
    teams,
    tendon,
)

SLICES = (
    *(tendon, setup, people, leavers, teams),
    *(releases, reports, saying, checkins, plans),
    *(feedback, loop, escalations, dependencies, digests),
)
