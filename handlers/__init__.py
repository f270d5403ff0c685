"""The slices: one folder a feature. This is the table of contents."""

from handlers import (
    checkins,
    customers,
    dependencies,
    digests,
    escalations,
    feedback,
    installation,
    leavers,
    loop,
    notices,
    nps,
    people,
    plans,
    releases,
    reports,
    saying,
    setup,
    teams,
    tendon,
    trends,
    triage,
)

SLICES = (
    *(tendon, notices, setup, installation, people, leavers, teams),
    *(releases, reports, saying, checkins, plans),
    *(feedback, triage, trends, loop, customers, nps, escalations, dependencies, digests),
)
