"""Processes of the old and of the new release serve at the same time: no migration may break the old ones.

docs/deployment.md ("Changing the database without stopping") tells the rule: expand, migrate, contract.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import NOT_PROVIDED

# What the first release brings is there before anything serves. At a release the numbers move on.
RELEASED = {"accounts": 6, "chatweb": 27}
# Migrations that take something away, and since which release nothing uses it any more.
CONTRACTS: dict[tuple[str, str], str] = {}

GONE = (migrations.RemoveField, migrations.DeleteModel)
RENAMED = (migrations.RenameField, migrations.RenameModel, migrations.AlterModelTable)
HARMFUL_SQL = re.compile(
    r"\bDROP\s+(TABLE|COLUMN)\b|\bRENAME\s+(TO|COLUMN)\b|\bSET\s+NOT\s+NULL\b", re.IGNORECASE
)


def harm(operation: Operation, app: str, before: ProjectState) -> Iterator[str]:
    """What of the old release's code fails once `operation` is done."""
    if isinstance(operation, migrations.SeparateDatabaseAndState):
        for one in operation.database_operations:
            yield from harm(one, app, before)
    elif isinstance(operation, GONE):
        yield "takes away what the old release reads"
    elif isinstance(operation, RENAMED):
        yield "renames what the old release reads"
    elif isinstance(operation, migrations.AddField):
        if is_demanding(operation.field):
            yield "adds a column that the old release's rows do not fill: null=True or db_default"
    elif isinstance(operation, migrations.AlterField):
        yield from harm_of_change(operation, before.models[app, operation.model_name_lower])
    elif isinstance(operation, migrations.RunSQL) and HARMFUL_SQL.search(str(operation.sql)):
        yield "takes away or renames in SQL"


def harm_of_change(operation: migrations.AlterField, model: object) -> Iterator[str]:
    old, new = model.fields[operation.name], operation.field  # type: ignore[attr-defined]
    if old.null and is_demanding(new):
        yield "forbids NULL, which the old release writes: db_default first"
    if (old.db_column or operation.name) != (new.db_column or operation.name):
        yield "renames a column that the old release reads"
    if old.get_internal_type() != new.get_internal_type():
        yield "gives a column another type: add a second one"
    if old.max_length and new.max_length and new.max_length < old.max_length:
        yield "makes a column shorter than what the old release writes"


def is_demanding(field: models.Field) -> bool:  # type: ignore[type-arg]
    return not (field.null or field.many_to_many or field.db_default is not NOT_PROVIDED)


def new_operations() -> Iterator[tuple[str, str, Operation, ProjectState]]:
    loader = MigrationLoader(None)
    for app, name in sorted(loader.disk_migrations):
        if app in RELEASED and int(name[:4]) > RELEASED[app] and (app, name) not in CONTRACTS:
            state = loader.project_state([(app, name)], at_end=False)
            for operation in loader.disk_migrations[app, name].operations:
                yield app, name, operation, state.clone()
                operation.state_forwards(app, state)


def test_no_migration_breaks_the_release_before() -> None:
    found = [
        f"{app} {name}: {operation.describe()}: {why}"
        for app, name, operation, state in new_operations()
        for why in harm(operation, app, state)
    ]
    assert found == []


STATE = {
    "note": models.CharField(max_length=20, null=True),
    "count": models.IntegerField(default=0),
}


@pytest.mark.parametrize(
    ("operation", "word"),
    [
        (migrations.RemoveField("talk", "note"), "takes away"),
        (migrations.DeleteModel("Talk"), "takes away"),
        (migrations.RenameField("talk", "note", "remark"), "renames"),
        (migrations.RenameModel("Talk", "Chat"), "renames"),
        (migrations.AddField("talk", "size", models.IntegerField(default=0)), "db_default"),
        (migrations.AlterField("talk", "note", models.CharField(max_length=20)), "NULL"),
        (migrations.AlterField("talk", "note", models.CharField(max_length=9, null=True)), "shorter"),
        (migrations.AlterField("talk", "count", models.TextField()), "another type"),
        (migrations.AlterField("talk", "count", models.IntegerField(db_column="n")), "renames"),
        (migrations.RunSQL("ALTER TABLE chatweb_talk DROP COLUMN note"), "in SQL"),
        (migrations.SeparateDatabaseAndState([migrations.RemoveField("talk", "note")]), "takes away"),
        (migrations.AddField("talk", "size", models.IntegerField(db_default=0)), ""),
        (migrations.AddField("talk", "size", models.IntegerField(null=True)), ""),
        (migrations.AlterField("talk", "note", models.CharField(max_length=40, null=True)), ""),
        (migrations.AddIndex("talk", models.Index(fields=["note"], name="by_note")), ""),
    ],
    ids=str,
)
def test_the_rule_knows_what_breaks(operation: Operation, word: str) -> None:
    state = ProjectState()
    migrations.CreateModel("Talk", list(STATE.items())).state_forwards("chatweb", state)
    assert [why for why in harm(operation, "chatweb", state) if not word or word not in why] == []
    assert bool(list(harm(operation, "chatweb", state))) is bool(word)
