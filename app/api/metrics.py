"""What Prometheus is told."""

import os
import time
from collections.abc import Mapping
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, multiprocess, values

from app.domain.words import JobState, Verdict

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)
"""Seconds: from a look-up to a large file."""


class Metrics:
    """The service's own counters; one set for each service built, so that tests do not share them."""

    def __init__(self, shared: Path | None = None) -> None:
        """Begin at nothing.

        Args:
            shared: the folder given to `share_values`; None where there is one process.
        """
        self._registry = CollectorRegistry()
        self._shared = shared
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
            "precursor_watch_records_screened",
            "Records screened and kept in requests; those of jobs are precursor_watch_job_records.",
            ("door",),
            registry=self._registry,
        )
        self._verdicts = Counter(
            "precursor_watch_verdicts",
            "Records of requests by verdict; those of jobs are precursor_watch_job_records.",
            ("verdict",),
            registry=self._registry,
        )
        self._index = Gauge(
            "precursor_watch_index_info",
            "Processes that screen with this watchlist release and index.",
            ("release", "index", "policy", "version"),
            registry=self._registry,
            multiprocess_mode="livesum",
        )
        self._age = Gauge(
            "precursor_watch_index_age_seconds",
            "Since the index in use was compiled.",
            registry=self._registry,
            multiprocess_mode="livemostrecent",
        )
        self._waiting = Gauge(
            "precursor_watch_requests_waiting",
            "Requests that wait for a worker.",
            registry=self._registry,
            multiprocess_mode="livesum",
        )
        self._shed = Counter(
            "precursor_watch_requests_shed", "Requests refused because all workers were busy.", registry=self._registry
        )
        self._not_taken = Counter(
            "precursor_watch_releases_not_taken_up",
            "Times a process could not open the release that was activated, and went on with the one before.",
            registry=self._registry,
        )
        self._jobs, self._job_records = self._read_from_the_database()
        self._labels: tuple[str, ...] | None = None
        self._compiled_at: float | None = None
        for verdict in Verdict:
            self._verdicts.labels(verdict.value)
            self._job_records.labels(verdict.value)
        for state in JobState:
            self._jobs.labels(state.value)

    def _read_from_the_database(self) -> tuple[Gauge, Gauge]:
        """Return what is told of jobs, which other processes work on: how they stand, and what they screened."""
        jobs = Gauge(
            "precursor_watch_jobs",
            "Jobs by state, of every tenant; those `queued` wait for a worker.",
            ("state",),
            registry=self._registry,
            multiprocess_mode="livemostrecent",
        )
        records = Gauge(
            "precursor_watch_job_records",
            "Records that jobs have screened and kept, by verdict, of every tenant and worker: read from the database.",
            ("verdict",),
            registry=self._registry,
            multiprocess_mode="livemostrecent",
        )
        return jobs, records

    def name_index(self, labels: tuple[str, str, str, str], compiled_at: float) -> None:
        """Say which watchlist this process screens with from now on.

        Args:
            labels: release, index digest, policy, version.
            compiled_at: when the index was put in its place, in seconds since 1970.
        """
        if self._labels is not None:
            self._index.labels(*self._labels).set(0)
        self._labels, self._compiled_at = labels, compiled_at
        self._index.labels(*labels).set(1)

    def count_not_taken_up(self) -> None:
        """Count a release that was activated and could not be opened."""
        self._not_taken.inc()

    def count_waiting(self, more: int) -> None:
        """Say that so many more requests wait for a worker, or fewer."""
        self._waiting.inc(more)

    def count_jobs(self, states: Mapping[JobState, int]) -> None:
        """Say how many jobs are in each state."""
        for state, count in states.items():
            self._jobs.labels(state.value).set(count)

    def count_job_records(self, verdicts: Mapping[Verdict, int]) -> None:
        """Say how many records jobs have screened and kept."""
        for verdict, count in verdicts.items():
            self._job_records.labels(verdict.value).set(count)

    def count_shed(self) -> None:
        """Count a request that was refused because all workers were busy."""
        self._shed.inc()

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
        """Return everything in the Prometheus text format, added up over the processes of the service."""
        if self._compiled_at is not None:
            self._age.set(time.time() - self._compiled_at)
        if self._shared is None:
            return generate_latest(self._registry)
        everything = CollectorRegistry()
        multiprocess.MultiProcessCollector(everything, path=str(self._shared))  # type: ignore[no-untyped-call]
        return generate_latest(everything)


def share_values(folder: str) -> None:
    """Have every figure made from now on be added up over the processes that are forked from this one.

    Args:
        folder: an empty one, for this run of the service.
    """
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder  # read by the library whenever a process opens its own file there
    values.ValueClass = values.MultiProcessValue()  # type: ignore[no-untyped-call]


def forget_process(number: int, folder: str) -> None:
    """Leave a process that has ended out of what is said of those that run; its counts stay.

    Args:
        number: of the process.
        folder: given to `share_values`.
    """
    multiprocess.mark_process_dead(number, folder)  # type: ignore[no-untyped-call]
