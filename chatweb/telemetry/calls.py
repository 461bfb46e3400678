"""A request to an upstream, as it is counted and traced."""

from __future__ import annotations

from chatweb.telemetry import figures, tracing
from chatweb.telemetry.subject import new_span_id, subject
from chatweb.upstreams.http import Call


def note(call: Call) -> None:
    """When it is over: for a stream, at the end of its body."""
    figures.upstream_calls.labels(str(call.status or "none")).inc()
    if call.answered_at:
        figures.upstream_seconds.observe(call.answered_at - call.began_at)
    if call.error is not None:
        figures.count_error(call.error.code, call.error.http_status, type(call.error).__name__)
    if tracing.is_on():
        about = subject.get()
        tracing.record(
            f"{call.method} {call.path}",
            kind=tracing.CLIENT,
            parent=about.span if about else None,
            span_id=new_span_id(),
            began_at=call.began_at,
            ended_at=call.ended_at,
            failure=type(call.error).__name__ if call.error else "",
            attributes={
                "http.request.method": call.method,
                "server.address": call.host,
                "url.path": call.path,
                "http.response.status_code": call.status,
                "coze.log_id": call.log_id,
                "coze.code": "" if call.error is None or call.error.code is None else str(call.error.code),
                **tracing.named(about),
            },
        )
