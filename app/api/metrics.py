"""What Prometheus is told."""

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from app.domain.words import Verdict

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)
"""Seconds: from a look-up to a large file."""


class Metrics:
    """The service's own counters; one set for each service built, so that tests do not share them."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "precursor_watch_http_requests",
            "Requests answered.",
            ("route", "method", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "precursor_watch_http_request_seconds",
            "Time from a request's first byte to its answer's last.",
            ("route", "method"),
            buckets=BUCKETS,
            registry=self._registry,
        )
        self._records = Counter(
            "precursor_watch_records_screened", "Records screened and kept.", ("door",), registry=self._registry
        )
        self._verdicts = Counter(
            "precursor_watch_verdicts", "Records by verdict.", ("verdict",), registry=self._registry
        )
        self._index = Gauge(
            "precursor_watch_index_info",
            "1 for the watchlist release and index in use.",
            ("release", "index", "policy", "version"),
            registry=self._registry,
        )
        for verdict in Verdict:
            self._verdicts.labels(verdict.value)

    def name_index(self, release: str, index: str, policy: str, version: str) -> None:
        """Say which watchlist is in use."""
        self._index.labels(release, index, policy, version).set(1)

    def count_request(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count an answered request by its route's template, never by its path."""
        self._requests.labels(route, method, str(status)).inc()
        self._seconds.labels(route, method).observe(seconds)

    def count_records(self, door: str, verdicts: Mapping[Verdict, int]) -> None:
        """Count records that were screened and kept."""
        self._records.labels(door).inc(sum(verdicts.values()))
        for verdict, count in verdicts.items():
            self._verdicts.labels(verdict.value).inc(count)

    def text(self) -> bytes:
        """Return everything in the Prometheus text format."""
        return generate_latest(self._registry)
