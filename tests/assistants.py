"""A site's connection to an Assistants-style service, made as an administrator's import makes it."""

from __future__ import annotations

from tests.process import Site
from tests.simulator.process import SimulatorProcess

CONNECT = """
from django.contrib.auth.models import Group
from chatweb.models import Bot, BotGrant, Connection
from chatweb.turns.commands import import_bots
connection = Connection(name={name!r}, dialect="assistants", base_url={url!r}, beta={beta!r})
connection.token = {token!r}
connection.save()
print(import_bots(connection).sentence)
for bot in connection.bots.all():
    bot.name += " " + {name!r}
    bot.save()
    BotGrant.objects.create(bot=bot, group=Group.objects.get(name="Everyone"))
"""


def connect(site: Site, service: SimulatorProcess, name: str, beta: str = "assistants=v2") -> None:
    """Its assistants are called `Echo <name>` and so on, and everybody may ask them."""
    url = f"{service.url}/v1" if beta else service.url  # both ways to write it
    site.shell(CONNECT.format(name=name, url=url, beta=beta, token=service.token))
