"""One real site and one real simulator for this folder; people sign in through the front door."""

from __future__ import annotations

import pytest

from tests.live.upstream import rows
from tests.process import Site
from tests.simulator.process import SimulatorProcess
from tests.stack import running_stack
from tests.upstream import running_simulator
from tests.visitor import Visitor

# A bot again, at a connection that cannot delete messages nor begin with some.
ADD_STUDIO = """
studio = Connection.objects.get(pk=Bot.objects.get(name="Echo").connection_id)
studio.pk, studio.uuid, studio.name, studio.dialect = None, __import__("uuid").uuid4(), "Studio", "studio"
studio.save(force_insert=True)
bot = Bot.objects.get(name="Echo", connection__dialect="coze")
grants = list(bot.grants.all())
bot.pk, bot.uuid, bot.connection, bot.name = None, __import__("uuid").uuid4(), studio, "Studio Echo"
bot.save(force_insert=True)
for grant in grants:
    grant.pk, grant.bot = None, bot
    grant.save(force_insert=True)
"""
PHONE = "Mozilla/5.0 (Android 14; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0"


@pytest.fixture(scope="session")
def simulator():
    with running_simulator(rate=200) as simulator:
        yield simulator


@pytest.fixture(scope="session")
def site(tmp_path_factory, simulator: SimulatorProcess):
    folder = tmp_path_factory.mktemp("site")
    with running_stack(folder, simulator, env={"UNDO_SECONDS": "3"}) as site:
        yield site


@pytest.fixture(scope="session")
def demo(site: Site):
    visitor = Visitor(site.url, "demo")
    yield visitor
    visitor.close()


@pytest.fixture(scope="session")
def phone(site: Site):
    """The same person on another device."""
    visitor = Visitor(site.url, "demo", agent=PHONE)
    yield visitor
    visitor.close()


@pytest.fixture(scope="session")
def demo2(site: Site):
    visitor = Visitor(site.url, "demo2")
    yield visitor
    visitor.close()


@pytest.fixture(scope="session")
def echo(demo: Visitor) -> str:
    return demo.bot("Echo")


@pytest.fixture(scope="session")
def studio_echo(site: Site, demo: Visitor) -> str:
    rows(site, ADD_STUDIO)
    return demo.bot("Studio Echo")


@pytest.fixture(scope="session")
def weather(demo: Visitor) -> str:
    return demo.bot("Weather")


@pytest.fixture(scope="session")
def travel(demo: Visitor) -> str:
    return demo.bot("Travel")


@pytest.fixture(scope="session")
def planner(demo: Visitor) -> str:
    """A chatflow."""
    return demo.bot("Travel planner")


@pytest.fixture(scope="session")
def city_weather(demo: Visitor) -> str:
    """A workflow."""
    return demo.bot("City weather")
