"""docs/asyncapi.json: a tab's WebSocket as AsyncAPI 3.0. `python -m tests.asyncapi` writes it anew."""

from __future__ import annotations

from tests import contract
from tests.contract import Json

FILE = contract.ROOT / "docs/asyncapi.json"
SCHEMAS = "#/components/schemas/"
SAYS = (
    "One WebSocket a tab, which only follows: commands go by HTTP (openapi.json). "
    "Rules of position, reconnecting and slow sockets: protocol.md."
)


def describe(frames: Json) -> Json:
    """What tests/frames.json holds, described. KeyError where docs/protocol.md says nothing of it."""
    sides = {
        "serverSends": ("send", "What a tab hears.", frames["server"]),
        "tabSends": ("receive", "What a tab may say.", frames["client"]),
    }
    messages = {name: one for _, _, side in sides.values() for name, one in describe_messages(side).items()}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Chatweb: the wire to the browser", "version": "1", "description": SAYS},
        "defaultContentType": "application/json",
        "channels": {
            "tab": {
                "address": "/ws/",
                "description": "Opened with the session's cookie, by a page of the site itself.",
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
            }
        },
        "operations": {
            name: {
                "action": action,
                "channel": {"$ref": "#/channels/tab"},
                "summary": summary,
                "messages": [{"$ref": f"#/channels/tab/messages/{kind}"} for kind in kinds(side)],
            }
            for name, (action, summary, side) in sides.items()
        },
        "components": {"messages": messages, "schemas": describe_schemas(frames)},
    }


def kinds(side: Json) -> list[str]:
    return list(dict.fromkeys(example["type"] for example in side.values()))


def describe_messages(side: Json) -> Json:
    described = {}
    for kind in kinds(side):
        schema = contract.frame_schema(kind, SCHEMAS)
        summary = {"summary": schema["description"]} if "description" in schema else {}
        examples = [
            {"name": name, "payload": example} for name, example in side.items() if example["type"] == kind
        ]
        described[kind] = {"name": kind, **summary, "payload": schema, "examples": examples}
    return described


def describe_schemas(frames: Json) -> Json:
    """What the frames are made of: ops, and every object that one of them holds."""
    schemas = contract.schemas(SCHEMAS)
    needed = contract.mentioned(contract.schemas(SCHEMAS)["op"], schemas) | {"op"}
    for frame in [*frames["server"].values(), *frames["client"].values()]:
        needed |= contract.mentioned(contract.frame_schema(frame["type"], SCHEMAS), schemas)
    return {name: schema for name, schema in schemas.items() if name in needed}


if __name__ == "__main__":
    FILE.write_text(contract.printed(describe(contract.FRAMES)))
