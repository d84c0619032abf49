"""Traces: sent where the environment says, without a word of the shipment, and nothing of it loaded otherwise."""

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx2
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

from app.settings import Settings
from tests.api.conftest import Server
from tests.conftest import NewDatabase

SECRET = "SECRETGOODS"


class Receiver(ThreadingHTTPServer):
    """Takes what a service sends over OTLP."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Taking)
        self.bodies: list[tuple[str, bytes]] = []


class Taking(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.bodies.append((self.path, body))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(ExportTraceServiceResponse().SerializeToString())

    def log_message(self, format: str, *arguments: object) -> None:
        del format, arguments


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        thread = threading.Thread(target=receiver.serve_forever)
        thread.start()
        yield receiver
        receiver.shutdown()
        thread.join()


def test_requests_are_traced_by_route_and_id_without_the_shippers_words(
    compiled: Settings, receiver: Receiver, new_database: NewDatabase, tmp_path: Path
) -> None:
    told = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{receiver.server_port}",
        "OTEL_EXPORTER_OTLP_COMPRESSION": "none",
        "PW_PROCESSES": 2,
    }
    server = Server(compiled, new_database(), tmp_path / "log", **told)
    try:
        server.wait_until_ready()
        ids = {"X-Request-ID": "traced-1"}
        asked = {"records": [{"description": SECRET, "consignee": SECRET}]}
        assert httpx2.post(f"{server.address}/v1/screenings", json=asked, headers=ids, timeout=60).status_code == 200
        httpx2.post(f"{server.address}/v1/screenings", json={"records": [{SECRET: 1}]}, timeout=60)
        httpx2.get(f"{server.address}/v1/substances", params={"q": SECRET}, timeout=60)
        httpx2.get(f"{server.address}/v1/substances/{SECRET}", timeout=60)
        httpx2.get(f"{server.address}/{SECRET}", timeout=60)
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(60) == 0
    finally:
        server.end()
    assert [path for path, body in receiver.bodies if SECRET.encode() in body] == []
    traces = [ExportTraceServiceRequest.FromString(body) for path, body in receiver.bodies if path == "/v1/traces"]
    spans = [
        span for sent in traces for part in sent.resource_spans for each in part.scope_spans for span in each.spans
    ]
    found = {
        (facts.get("request_id"), facts.get("http.route")): span
        for span in spans
        if "request_id" in (facts := {each.key: each.value.string_value for each in span.attributes})
    }
    span = found["traced-1", "/v1/screenings"]
    assert len(found) >= 5
    lines = [line for line in server.log() if line.get("request_id") == "traced-1"]
    assert {line["trace_id"] for line in lines} == {span.trace_id.hex()}


def test_without_an_address_nothing_is_loaded_that_sends_traces() -> None:
    code = "import app.main, sys; print([name for name in sys.modules if name.startswith('opentelemetry.sdk')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
