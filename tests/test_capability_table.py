"""The table of what each kind of connection has, in docs/admin.md, is what the code says."""

from __future__ import annotations

import re
from dataclasses import asdict

from chatweb.upstreams.client import capabilities_of
from tests.simulator.process import ROOT

COLUMNS = {
    "Coze cloud": ("coze", ""),
    "Coze Studio": ("studio", ""),
    "Assistants v2": ("assistants", "assistants=v2"),
    "v1": ("assistants", "assistants=v1"),
}
ROW = re.compile(r"^\| [^|]*: `(\w+)` \|(.+)\|$", re.MULTILINE)


def test_the_table_is_what_the_code_says() -> None:
    text = (ROOT / "docs" / "admin.md").read_text()
    assert f"| what it has | {' | '.join(COLUMNS)} |" in text
    said = {
        name: [cell.strip() for cell in cells.split("|")][: len(COLUMNS)] for name, cells in ROW.findall(text)
    }
    known = [asdict(capabilities_of(*place)) for place in COLUMNS.values()]
    assert said == {name: ["yes" if one[name] else "–" for one in known] for name in known[0]}
