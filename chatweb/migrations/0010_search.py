"""Passages, the index over them, and passages of what was said before.

SQLite: an FTS5 table of trigrams whose content is the passages', kept in step by triggers, so that no writer can
forget it. It knows only which passage has which trigram: LIKE on the passage decides (chatweb/models/passage.py).
PostgreSQL: pg_trgm; a server without that extension searches without an index, through the user's own passages.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from chatweb.search.index import BATCH, fields_of, fields_of_name
from chatweb.search.texts import SEARCHED_TYPES

SQLITE = (
    """
    CREATE VIRTUAL TABLE chatweb_gram USING fts5(
        owner, folded, content='chatweb_passage', content_rowid='id', detail=none,
        tokenize='trigram case_sensitive 1'
    )
    """,
    """
    CREATE TRIGGER chatweb_gram_insert AFTER INSERT ON chatweb_passage BEGIN
        INSERT INTO chatweb_gram(rowid, owner, folded) VALUES (new.id, new.owner, new.folded);
    END
    """,
    """
    CREATE TRIGGER chatweb_gram_delete AFTER DELETE ON chatweb_passage BEGIN
        INSERT INTO chatweb_gram(chatweb_gram, rowid, owner, folded)
        VALUES ('delete', old.id, old.owner, old.folded);
    END
    """,
    """
    CREATE TRIGGER chatweb_gram_update AFTER UPDATE OF id, owner, folded ON chatweb_passage BEGIN
        INSERT INTO chatweb_gram(chatweb_gram, rowid, owner, folded)
        VALUES ('delete', old.id, old.owner, old.folded);
        INSERT INTO chatweb_gram(rowid, owner, folded) VALUES (new.id, new.owner, new.folded);
    END
    """,
    "INSERT INTO chatweb_gram(chatweb_gram) VALUES ('rebuild')",
)
POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX chatweb_passage_grams ON chatweb_passage USING gin (folded gin_trgm_ops)",
)


def make_index(apps, schema_editor):
    connection = schema_editor.connection
    statements = SQLITE if connection.vendor == "sqlite" else ()
    if connection.vendor == "postgresql" and has_trigrams(connection):
        statements = POSTGRESQL
    for statement in statements:
        schema_editor.execute(statement)


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":  # elsewhere it goes with its table
        schema_editor.execute("DROP TABLE chatweb_gram")


def has_trigrams(connection):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'")
        return cursor.fetchone() is not None


def index_what_was_said(apps, schema_editor):
    """In the order it was said, a batch at a time: a site may have years of it."""
    Conversation, Turn, Message, Action, Passage = (
        apps.get_model("chatweb", name) for name in ("Conversation", "Turn", "Message", "Action", "Passage")
    )
    named = set()
    last = 0
    seen = Turn.objects.filter(is_withdrawn=False).order_by("pk").select_related("conversation").prefetch_related("files")
    while turns := list(seen.filter(pk__gt=last)[:BATCH]):
        last = turns[-1].pk
        new = {turn.conversation_id: turn.conversation for turn in turns if turn.conversation_id not in named}
        named |= new.keys()
        messages = Message.objects.filter(turn__in=turns, type__in=SEARCHED_TYPES).order_by("turn", "ordinal")
        actions = Action.objects.filter(turn__in=turns).order_by("turn", "round", "ordinal")
        fields = [fields_of_name(one) for one in new.values()] + fields_of(turns, messages, actions)
        Passage.objects.bulk_create(Passage(**one) for one in fields)


class Migration(migrations.Migration):

    dependencies = [
        ('chatweb', '0009_shortcuts_and_asked_values'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Passage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('owner', models.CharField(max_length=3)),
                ('kind', models.CharField(choices=[('name', 'name'), ('question', 'question'), ('answer', 'answer'), ('action', 'action')], max_length=8)),
                ('folded', models.TextField()),
                ('said_at', models.DateTimeField()),
                ('action', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='passage', to='chatweb.action')),
                ('conversation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='passages', to='chatweb.conversation')),
                ('message', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='passage', to='chatweb.message')),
                ('turn', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='passages', to='chatweb.turn')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['user', 'id'], name='passage_of_user')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('kind', 'name')), fields=('conversation',), name='passage_one_name')],
            },
        ),
        # An index is made faster over what is there than beside it.
        migrations.RunPython(index_what_was_said, migrations.RunPython.noop),
        migrations.RunPython(make_index, drop_index),
    ]
