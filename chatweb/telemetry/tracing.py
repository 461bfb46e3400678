"""Traces by OpenTelemetry: off, and its packages not even imported, unless TRACES_ENDPOINT is set.

Spans are written down when they are over, with their ids worked out by `subject.py`, so that nothing of the
SDK's machinery runs while an answer streams.
"""

from __future__ import annotations

import atexit
import os
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from chatweb.telemetry.subject import Span, Subject, new_span_id

INTERNAL, SERVER, CLIENT = "INTERNAL", "SERVER", "CLIENT"
NANOSECONDS = 1_000_000_000

_processor: Any = None
_resource: Any = None


def start() -> None:
    """Once a process. Raises ImproperlyConfigured when traces are wanted and the packages are not there."""
    global _processor, _resource
    if not settings.TRACES_ENDPOINT or _processor is not None:
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise ImproperlyConfigured(
            "TRACES_ENDPOINT is set, which needs: pip install -r requirements/telemetry.txt"
        ) from error
    _resource = Resource.create(
        {
            "service.name": settings.TRACES_SERVICE,
            "service.instance.id": f"{os.uname().nodename}:{os.getpid()}",
        }
    )
    exporter = OTLPSpanExporter(endpoint=settings.TRACES_ENDPOINT, headers=settings.TRACES_HEADERS)
    _processor = BatchSpanProcessor(exporter, schedule_delay_millis=1000)
    atexit.register(stop)  # for daphne, which says nothing when it ends


def stop() -> None:
    """Send what is left."""
    global _processor
    if _processor is not None:
        _processor.shutdown()
        _processor = None


def is_on() -> bool:
    return _processor is not None


def named(about: Subject | None) -> dict[str, str | int]:
    """The ids of what a span belongs to, under names of ours."""
    return {f"chatweb.{name}": value for name, value in about.fields().items()} if about else {}


def record(
    name: str,
    *,
    began_at: float,
    ended_at: float,
    parent: Span | None = None,
    span: Span | None = None,
    span_id: int = 0,
    link: Span | None = None,
    kind: str = INTERNAL,
    failure: str = "",
    attributes: Mapping[str, str | int],
) -> None:
    """A span that is over; times in Unix seconds. `span` says where it stands, otherwise it stands below
    `parent`. `failure` is a kind of error, never a message: those may quote what somebody wrote."""
    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.trace import Link, SpanKind
    from opentelemetry.trace.status import Status, StatusCode

    if span is None:
        own_id = span_id or new_span_id()
        span = Span(parent.trace_id if parent else new_span_id() << 64 | new_span_id(), own_id)
    if not is_sampled(span.trace_id):
        return
    _processor.on_end(
        ReadableSpan(
            name=name,
            context=context_of(span),
            parent=context_of(parent) if parent else None,
            resource=_resource,
            attributes={key: value for key, value in attributes.items() if value not in ("", 0)},
            links=[Link(context_of(link))] if link else [],
            kind=SpanKind[kind],
            status=Status(StatusCode.ERROR, failure) if failure else Status(),
            start_time=int(began_at * NANOSECONDS),
            end_time=int(ended_at * NANOSECONDS),
        )
    )


def is_sampled(trace_id: int) -> bool:
    """The share of traces that is kept. All processes agree, because a turn's trace has the turn's id: its
    first 32 bits are random."""
    return trace_id >> 96 < settings.TRACES_SHARE * 2**32


def context_of(span: Span) -> Any:
    from opentelemetry.trace import SpanContext, TraceFlags

    return SpanContext(
        span.trace_id, span.span_id, is_remote=False, trace_flags=TraceFlags(TraceFlags.SAMPLED)
    )
