"""An OTLP receiver on loopback: `with otlp_receiver() as received: …`."""

from __future__ import annotations

import gzip
import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

WAIT_SECONDS = 20


class Received:
    def __init__(self, url: str) -> None:
        self.url = url
        self.spans: list[Any] = []
        self.raw = b""
        self.headers: dict[str, str] = {}
        self._arrived: queue.Queue[None] = queue.Queue()

    def take(self, body: bytes, headers: dict[str, str]) -> None:
        if headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        self.raw, self.headers = self.raw + body, headers
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            for scope in resource.scope_spans:
                self.spans += scope.spans
        self._arrived.put(None)

    def until(self, find: Callable[[Any], bool]) -> Any:
        """The first span that is so, waiting for it. queue.Empty when none comes."""
        while True:
            for span in self.spans:
                if find(span):
                    return span
            self._arrived.get(timeout=WAIT_SECONDS)


def attributes(span: Any) -> dict[str, Any]:
    return {one.key: one.value.string_value or one.value.int_value for one in span.attributes}


@contextmanager
def otlp_receiver() -> Iterator[Received]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.take(body, {name.lower(): value for name, value in self.headers.items()})
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    received = Received(f"http://127.0.0.1:{server.server_port}/v1/traces")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield received
    finally:
        server.shutdown()
        server.server_close()
