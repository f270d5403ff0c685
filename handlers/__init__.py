"""The slices: one folder a feature. This is the table of contents."""

from handlers import (
    checkins,
    customers,
    dependencies,
    digests,
    escalations,
    feedback,
    leavers,
    nps,
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
    tendon,
    setup,
    people,
    leavers,
    nps,
    teams,
    releases,
    reports,
    saying,
    checkins,
    plans,
    feedback,
    customers,
    escalations,
    dependencies,
    digests,
)
