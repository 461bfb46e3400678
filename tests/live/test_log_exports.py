"""An export that the real site makes, also across a killed process."""

from __future__ import annotations

import csv
import io
import re
import time
from html import unescape

from tests.process import running_site
from tests.visitor import Visitor

HTML = {"Accept": "text/html"}
WAIT_SECONDS = 60


def exports_page(operator: Visitor) -> str:
    return operator.http.get("/console/exports/", headers=HTML).text


def test_an_export_goes_on_after_a_killed_process(tmp_path, simulator):
    with running_site(tmp_path, simulator.url, simulator.token) as site:
        site.manage("fill", "--conversations", "1500", "--messages", "9000", "--users", "20", "--beside")
        operator = Visitor(site.url, "operator")
        asked = {"csrfmiddlewaretoken": operator.http.cookies["csrftoken"], "format": "conversations"}
        assert operator.http.post("/console/exports/new/", data=asked, headers=HTML).status_code == 303
        until = time.monotonic() + WAIT_SECONDS
        while "0 / " in (page := exports_page(operator)) and "Download" not in page:
            assert time.monotonic() < until, page
        site.kill()
        site.start()
        while "Download" not in (page := exports_page(operator)):
            assert time.monotonic() < until + WAIT_SECONDS, page
        link = unescape(re.search(r'href="(/console/exports/[^"]+/file/[^"]+)"', page)[1])
        text = operator.http.get(link, headers=HTML).content.decode()
        operator.close()
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert len(rows) == len({row["id"] for row in rows}) == 1500
