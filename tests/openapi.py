"""docs/openapi.json: the commands and lists as OpenAPI 3.1. `python -m tests.openapi` writes it anew.

Paths come from chatweb/urls.py, bodies from chatweb/forms.py, the rest from the tables of docs/protocol.md.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator

import django
from django import forms
from django.urls import URLPattern, URLResolver

from chatweb.forms import (
    AddressesField,
    AgainForm,
    AskedForm,
    AskForm,
    DraftForm,
    EditForm,
    IdsField,
    NameForm,
    PicturesForm,
    QuestionField,
    ShortcutsForm,
    StartForm,
    SwitchForm,
    ValuesField,
)
from tests import contract
from tests.contract import Json

FILE = contract.ROOT / "docs/openapi.json"
SCHEMAS = "#/components/schemas/"
FORMS: dict[str, type[forms.Form]] = {
    "conversations": StartForm,
    "ask": AskForm,
    "asked": AskedForm,
    "edit": EditForm,
    "again": AgainForm,
    "draft": DraftForm,
    "picture_links": PicturesForm,
    "rename": NameForm,
    "shortcuts": ShortcutsForm,
    "pin": SwitchForm,
    "archive": SwitchForm,
}
NOT_JSON = {
    "page": "text/html",
    "text": "text/plain",
    "JavaScript": "text/javascript",
    "style sheet": "text/css",
    "picture": "image/*",
    "file": "application/octet-stream",
}
OPEN_TO_ALL = {
    "brand_css",
    "brand_logo",
    "brand_logo_dark",
    "healthz",
    "metrics",
    "readyz",
    "javascript-catalog",
    "receipt",
}
QUERY: dict[str, Json] = {
    "<ordinal>": {"type": "integer"},
    "<cursor>": {"type": "string", "format": "date-time"},
    "<turn>": {"type": "string", "format": "uuid"},
    "<hit>": {"type": "string", "format": "uuid"},
    "<text>": {"type": "string"},
    "1": {"const": "1"},
    "<kind>": {"enum": ["text", "json"]},
    "<format>": {"enum": ["markdown", "html", "json"], "default": "markdown"},
}
PATH = {"uuid": "uuid", "str": "text"}
REFUSED = {
    "400": "Malformed",
    "401": "SignedOut",
    "403": "Forbidden",
    "404": "NotFound",
    "409": "TooLate",
    "413": "TooLarge",
    "429": "TooOften",
}

Route = tuple[str, str]  # ("c/<uuid:conversation_id>/ask/", "ask")


def describe(patterns: Iterable[URLPattern | URLResolver]) -> Json:
    """ValueError where docs/protocol.md and the code do not agree."""
    paths = {openapi_path(path): path_item(path, name) for path, name in routes(patterns)}
    extra = set(contract.rows("call")) - {call for path, _ in routes(patterns) for call in calls_of(path)}
    if extra:
        raise ValueError(f"no such URL: {extra}")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Chatweb: commands and lists",
            "version": "1",
            "description": "What a page does and loads. What it follows: asyncapi.json. See protocol.md.",
        },
        "security": [{"session": [], "csrf": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": "sessionid"},
                "csrf": {"type": "apiKey", "in": "header", "name": "X-CSRFToken"},
            },
            "responses": refusals(),
            "schemas": described_schemas(paths),
        },
    }


# --- paths -----------------------------------------------------------------------------------------


def routes(patterns: Iterable[URLPattern | URLResolver], before: str = "") -> Iterator[Route]:
    """Every URL of the chat; what other modules bring along (sign-in, admin) is theirs to describe."""
    for one in patterns:
        path = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield path, str(one.name)
        elif isinstance(one.urlconf_name, list) and one.app_name is None:
            yield from routes(one.url_patterns, path)


def calls_of(path: str) -> dict[str, Json]:
    """Rows of the document about a URL, by their call."""
    documented = "/" + re.sub(r"<\w+:(\w+?)(?:_id)?>", r"<\1>", path)
    rows = contract.rows("call").items()
    return {call: row for call, row in rows if call.split(" ")[1].split("?")[0] == documented}


def openapi_path(path: str) -> str:
    return "/" + re.sub(r"<\w+:(\w+)>", r"{\1}", path)


def path_item(path: str, name: str) -> Json:
    found = calls_of(path)
    if not found:
        raise ValueError(f"docs/protocol.md says nothing of /{path}")
    ids = [
        {"name": one, "in": "path", "required": True, "schema": contract.type_schema(PATH[kind], SCHEMAS)}
        for kind, one in re.findall(r"<(\w+):(\w+)>", path)
    ]
    item: Json = {"parameters": ids} if ids else {}
    for call, row in found.items():
        item[call.split(" ")[0].lower()] = operation(call, row, name, has_ids=bool(ids))
    return item


def operation(call: str, row: Json, name: str, *, has_ids: bool) -> Json:
    method, _, target = call.partition(" ")
    is_command = method == "POST"
    described: Json = {"operationId": f"{method.lower()}_{name.replace('-', '_')}"}
    if row["does"]:
        described["description"] = row["does"]
    if name in OPEN_TO_ALL:
        described["security"] = []
    elif not is_command:
        described["security"] = [{"session": []}]
    if "?" in target:
        described["parameters"] = query_parameters(target.partition("?")[2])
    if is_command and row["body"]:
        described["requestBody"] = request_body(row["body"], row["does"], FORMS.get(name))
    described["responses"] = responses(row["answer"], is_command, name, has_ids)
    return described


def query_parameters(query: str) -> list[Json]:
    pairs = (part.partition("=")[::2] for part in query.split("&"))
    return [{"name": key, "in": "query", "schema": QUERY[value]} for key, value in pairs]


# --- bodies ----------------------------------------------------------------------------------------


def request_body(cell: str, does: str, form: type[forms.Form] | None) -> Json:
    schema = contract.fields_schema(cell, SCHEMAS)
    kinds = ["multipart/form-data" if "multipart" in does else "application/json"]
    if "Only as a plain form" in does:
        kinds = ["application/x-www-form-urlencoded"]
    if form is not None:
        schema = agreed(schema, form)
        kinds.append("application/x-www-form-urlencoded")
    del schema["additionalProperties"]  # what else a body holds is ignored
    is_required = bool(schema["required"])
    return {"required": is_required, "content": {kind: {"schema": schema} for kind in kinds}}


def agreed(documented: Json, form: type[forms.Form]) -> Json:
    """The schema with what the form knows more exactly. ValueError where it knows better."""
    fields = {name: field_schema(field) for name, field in form().fields.items()}
    needed = [name for name, field in form().fields.items() if field.required or is_question(field)]
    types = {name: one["type"] for name, one in fields.items()}
    said = {name: one["type"] for name, one in documented["properties"].items()}
    if types != said or sorted(needed) != sorted(documented["required"]):
        raise ValueError(f"{form.__name__} is not as docs/protocol.md says")
    return documented | {"properties": fields}


def is_question(field: forms.Field) -> bool:
    return isinstance(field, QuestionField)


def field_schema(field: forms.Field) -> Json:
    if isinstance(field, forms.UUIDField):
        return contract.type_schema("uuid", SCHEMAS)
    if isinstance(field, forms.BooleanField):
        return {"type": "boolean", "default": False}
    if isinstance(field, IdsField):
        return contract.type_schema("list of uuid", SCHEMAS)
    if isinstance(field, AddressesField):
        return contract.type_schema("list of text", SCHEMAS)
    if isinstance(field, ValuesField):
        return {"type": "object", "additionalProperties": {}}
    least = 0 if getattr(field, "may_be_empty", not field.required) else 1
    schema: Json = {"type": "string", "minLength": least}
    if is_question(field):
        return schema | {"description": "at most max_question_chars of the page state"}
    return schema | {"maxLength": getattr(field, "max_length", None)}


# --- answers ---------------------------------------------------------------------------------------


def responses(cell: str, is_command: bool, name: str, has_ids: bool) -> Json:
    status, _, answer = cell.partition(" ")
    described: Json = {status: {"description": "", "content": contents(answer)}}
    if name == "readyz":
        described["503"] = {**described[status], "description": "Not ready."}
    if is_command:
        described["303"] = {"description": "To the page, for a browser without JavaScript."}
        described |= {code: {"$ref": f"#/components/responses/{ref}"} for code, ref in REFUSED.items()}
    elif name == "picture":
        described["404"] = {"description": "No picture, or not this person's; no body."}
    elif name not in OPEN_TO_ALL:
        described["401"] = {"$ref": "#/components/responses/SignedOut"}
        if has_ids:
            described["404"] = {"description": "Not there, or a stranger's; a page."}
    return dict(sorted(described.items()))


def contents(answer: str) -> Json:
    found: Json = {}
    for one in answer.split(", or as JSON "):
        if one in NOT_JSON:
            found[NOT_JSON[one]] = {"schema": {"type": "string"}}
        else:
            is_object = one.startswith("`")
            schema = contract.fields_schema(one, SCHEMAS) if is_object else contract.type_schema(one, SCHEMAS)
            found["application/json"] = {"schema": schema}
    return found


def refusals() -> Json:
    """The table of statuses, as far as they are JSON."""
    words = {row["status"]: row["reason"] for row in contract.TABLES["HTTP"] if "status" in row}
    error = contract.fields_schema("`reason`: text · `sentence`: text · `advice`: text", SCHEMAS)
    schema = contract.closed({"error": error}, ["error"])
    return {
        name: {"description": words[status], "content": {"application/json": {"schema": schema}}}
        for status, name in REFUSED.items()
    }


def described_schemas(paths: Json) -> Json:
    """Objects of the answers, each with its examples from tests/frames.json."""
    schemas = contract.schemas(SCHEMAS)
    needed = contract.mentioned(paths, schemas)
    return {
        name: schema | ({"examples": examples} if (examples := contract.examples_of(name)) else {})
        for name, schema in schemas.items()
        if name in needed
    }


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatweb.settings")
    django.setup()
    from chatweb.urls import urlpatterns

    FILE.write_text(contract.printed(describe(urlpatterns)))


if __name__ == "__main__":
    main()
