"""Which workflows there are."""

from __future__ import annotations

from simulator.workflows.city_weather import CITY_WEATHER
from simulator.workflows.travel import TRAVEL_FLOW

WORKFLOWS = {flow.id: flow for flow in (CITY_WEATHER, TRAVEL_FLOW)}
