"""What Prometheus reads at `/metrics`."""

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest

REGISTRY = CollectorRegistry()
REQUESTS = Counter("tendon_requests", "Requests from Slack, by kind; failed ones once more as failed.", ["kind"], registry=REGISTRY)
TICKS = Counter("tendon_ticks", "Runs of a job, by name and outcome.", ["job", "outcome"], registry=REGISTRY)
WAITING = Gauge("tendon_outbox_waiting", "Effects that are still to be sent.", registry=REGISTRY)
DEAD = Gauge("tendon_outbox_dead", "Effects that could not be sent.", registry=REGISTRY)
CONFIRMED_SHARE = Gauge(
    "tendon_releases_confirmed_share",
    "Which share of the open releases was confirmed in the last 7 days, 0 to 1.",
    ["workspace"],
    registry=REGISTRY,
)


def page() -> bytes:
    return generate_latest(REGISTRY)
