"""JSON Schemas that admins type in: complete in themselves, and of a size a page can carry."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from django import forms
from django.core.exceptions import ValidationError
from django.forms.fields import InvalidJSONInput
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from jsonschema import Draft202012Validator, SchemaError
from jsonschema import ValidationError as Misfit
from referencing import Registry

MOST_BYTES = 65_536
REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")
TOO_DEEP = gettext_lazy("This is nested too deep, or refers to itself without end.")


class Indented(json.JSONEncoder):
    """For text areas: an object a line is easier to read than all in one."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "indent": 2})


class JsonText(forms.JSONField):
    """JSON in a text area, of limited size."""

    def __init__(self, **options: Any) -> None:
        area = forms.Textarea(attrs={"rows": 10, "class": "vLargeTextField json", "spellcheck": "false"})
        super().__init__(**{"required": False, "encoder": Indented, "widget": area, **options})

    def prepare_value(self, value: Any) -> Any:
        return "" if value is None else super().prepare_value(value)

    def bound_data(self, data: Any, initial: Any) -> Any:
        try:
            return super().bound_data(data, initial)
        except RecursionError:
            return InvalidJSONInput(data)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and len(value.encode(errors="replace")) > MOST_BYTES:
            raise ValidationError(_("At most 64 KB."))
        try:
            return super().to_python(value)
        except RecursionError as error:
            raise ValidationError(TOO_DEEP) from error
        except ValidationError as error:
            raise ValidationError(_fault(value)) from error


class SchemaText(JsonText):
    """A JSON Schema in a text area; None when it is empty."""

    def clean(self, value: Any) -> dict[str, Any] | None:
        schema = super().clean(value)
        if schema is None:
            return None
        check_schema(schema)
        return schema


def check_schema(schema: Any) -> None:
    """Raise ValidationError, with a sentence, unless this is a JSON Schema complete in itself."""
    if not isinstance(schema, dict):
        raise ValidationError(_("A schema is a JSON object: {…}."))
    for reference in _references(schema):
        _check_reference(schema, reference)
    try:
        Draft202012Validator.check_schema(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
        # A schema that refers to itself without end does so whatever it is asked about.
        _misfits(schema, {})
    except SchemaError as error:
        raise ValidationError(_said(error)) from error
    except RecursionError as error:
        raise ValidationError(TOO_DEEP) from error


def check_sample(schema: dict[str, Any], sample: Any) -> None:
    """Raise ValidationError with all that does not fit. The schema is one that `check_schema` let through."""
    try:
        misfits = _misfits(schema, sample)
    except RecursionError as error:
        raise ValidationError(TOO_DEEP) from error
    if misfits:
        raise ValidationError([_said(misfit) for misfit in misfits[:5]])


def _misfits(schema: dict[str, Any], value: Any) -> list[Misfit]:
    # An empty registry: nothing is ever fetched from anywhere.
    return list(Draft202012Validator(schema, registry=Registry()).iter_errors(value))


def _references(schema: Any) -> Iterator[Any]:
    rest = [schema]
    while rest:
        one = rest.pop()
        if isinstance(one, dict):
            yield from (one[key] for key in REFERENCES if isinstance(one.get(key), str))
            rest.extend(one.values())
        elif isinstance(one, list):
            rest.extend(one)


def _check_reference(schema: Any, reference: str) -> None:
    if reference != "#" and not reference.startswith("#/"):
        sentence = _("“%(reference)s” is elsewhere. Only references within the schema are allowed: #/…")
        raise ValidationError(sentence % {"reference": reference})
    at = schema
    for step in unquote(reference[1:]).split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(at, list) and name.isdecimal() and int(name) < len(at):
            at = at[int(name)]
        elif isinstance(at, dict) and name in at:
            at = at[name]
        else:
            sentence = _("“%(reference)s” leads to nothing.")
            raise ValidationError(sentence % {"reference": reference})


def _said(misfit: Misfit | SchemaError) -> str:
    """What does not fit and where: `days.0: 'x' is not of type 'integer'`."""
    path = ".".join(str(step) for step in misfit.absolute_path)
    message = misfit.message if len(misfit.message) <= 300 else misfit.message[:300] + "…"
    return f"{path}: {message}" if path else message


def _fault(text: str) -> str:
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return _("Not JSON, line %(line)d, column %(column)d: %(fault)s.") % {
            "line": error.lineno,
            "column": error.colno,
            "fault": error.msg,
        }
    except ValueError:
        pass
    return _("Not JSON.")
