"""Every sample of the wire documents: whole, cut at every byte, with other line ends, broken off."""

from __future__ import annotations

import re

import pytest

from .assistants_samples import ASSISTANTS_SAMPLES
from .chat_samples import CHAT_SAMPLES
from .json_samples import JSON_SAMPLES
from .samples import Sample
from .waiting_samples import WAITING_SAMPLES
from .workflow_samples import WORKFLOW_SAMPLES

SAMPLES = (
    {f"chat: {name}": sample for name, sample in CHAT_SAMPLES.items()}
    | {f"waiting: {name}": sample for name, sample in WAITING_SAMPLES.items()}
    | {f"workflow: {name}": sample for name, sample in WORKFLOW_SAMPLES.items()}
    | {f"assistants: {name}": sample for name, sample in ASSISTANTS_SAMPLES.items()}
    | {f"json: {name}": sample for name, sample in JSON_SAMPLES.items()}
)
STREAMS = {
    name: sample
    for name, sample in SAMPLES.items()
    if b"event:" in sample.body and "event-stream" in sample.content_type
}
LONGEST_TO_CUT_EVERYWHERE = 4000  # bytes; longer ones are fed byte by byte all the same


def every(samples: dict[str, Sample]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("sample", samples.values(), ids=samples.keys())


@every(SAMPLES)
def test_it_concludes_what_the_server_said(sample: Sample) -> None:
    report = sample.replay()
    assert {key: report[key] for key in sample.expected} == sample.expected


@every(SAMPLES)
def test_it_does_not_matter_where_the_body_is_cut(sample: Sample) -> None:
    whole = sample.replay()
    assert sample.replay(chunk=1) == whole
    if len(sample.body) <= LONGEST_TO_CUT_EVERYWHERE:
        for chunk in range(2, len(sample.body)):
            assert sample.replay(chunk=chunk) == whole, f"chunks of {chunk} bytes"


@every(STREAMS)
@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda body: body.replace(b"\n", b"\r\n"), id="CRLF"),
        pytest.param(lambda body: body.replace(b"\n", b"\r"), id="CR"),
        pytest.param(lambda body: re.sub(rb"(?m)^(id|event|data): ", rb"\1:", body), id="no blanks"),
        pytest.param(lambda body: b"\xef\xbb\xbf" + body, id="BOM"),
        pytest.param(lambda body: b": open\n\n" + body.replace(b"\n\n", b"\n: ping\n\n"), id="comments"),
    ],
)
def test_it_does_not_matter_how_lines_are_written(sample: Sample, change) -> None:
    body = change(sample.body)
    expected = sample.replay()
    assert sample.replay(body) == expected
    assert sample.replay(body, chunk=1) == expected


@every(STREAMS)
def test_a_body_that_breaks_off_is_lost_until_its_last_event_is_whole(sample: Sample) -> None:
    whole = sample.replay()
    statuses = ["lost"]
    for length in range(len(sample.body) + 1):
        report = sample.replay(sample.body[:length])
        if report["status"] != statuses[-1]:
            statuses.append(report["status"])
        assert report["unknown_events"] <= whole["unknown_events"]
        if whole["status"] == "completed" and report["status"] == "completed":
            assert report["answers"] == whole["answers"]
    assert statuses == ["lost", whole["status"]][: len(statuses)]
    assert statuses[-1] == whole["status"]
