"""Travel: a question node with options, then an input node with typed fields, then a plan."""

from __future__ import annotations

from simulator.workflows.forms import FormField, read_form
from simulator.workflows.script import Ask, End, Form, Memory, Say, Step, Workflow

DESTINATIONS = ("Paris", "Rome", "Kyoto")
FIELDS = (
    FormField("days", "integer", True, "How many days"),
    FormField("start", "time", True, "The first day, for example 2026-12-24"),
    FormField("budget", "number", False, "Euros a day", "100"),
    FormField("vegetarian", "boolean", False, "Vegetarian meals only"),
)


def advance(memory: Memory, reply: str | None) -> tuple[list[Step], Memory]:
    if reply is None:
        ask = Ask("Destination", "Where would you like to go?", DESTINATIONS)
        return [ask], {"waits_for": "destination"}
    if memory["waits_for"] == "destination":
        place = reply.strip()[:60] or DESTINATIONS[0]
        return [Form("Details", f"A few details of your trip to {place}", FIELDS)], {
            "waits_for": "details",
            "destination": place,
        }
    values = read_form(reply, FIELDS)
    if values is None:
        text = "Something is missing or of the wrong type: days is a whole number, start a date"
        return [Form("Details", text, FIELDS)], memory
    plan = _plan(
        memory["destination"], values["days"], values["start"], values["budget"], values.get("vegetarian")
    )
    return [Say("Plan", plan), End({"output": plan})], {}


def _plan(place: str, days: int, start: str, budget: float, vegetarian: bool | None) -> str:
    lines = [f"# {days} days in {place}, from {start}", ""]
    lines += [
        f"- **Day {day}**: {('Arrive', 'See the old town', 'A museum')[min(day, 3) - 1]}"
        for day in range(1, min(days, 7) + 1)
    ]
    meals = "vegetarian meals" if vegetarian else "local food"
    return "\n".join([*lines, "", f"About {budget * days:g} euros in all, with {meals}."])


TRAVEL_FLOW = Workflow(
    id="7430000000000000302",
    name="Travel planner",
    description="Asks where to go and for how long, then plans the trip.",
    mode="chatflow",
    advance=advance,
    parameters={"USER_INPUT": {"type": "string", "required": False}},
    prologue="Let us plan a trip, {{user_name}}.",
    suggested_questions=("Plan a trip",),
    scene="sunset",
)
