from typing import Any

from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def take_it_from_the_message(apps: Any, schema_editor: Any) -> None:
    Message, Annotation = apps.get_model("chatweb", "Message"), apps.get_model("chatweb", "Annotation")
    own = Message.objects.filter(pk=OuterRef("message_id")).values("conversation_id")[:1]
    Annotation.objects.update(conversation_id=Subquery(own))


class Migration(migrations.Migration):
    dependencies = [("chatweb", "0026_serving_processes")]

    operations = [
        migrations.AddField(
            model_name="annotation",
            name="conversation",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=models.deletion.CASCADE,
                related_name="annotations",
                to="chatweb.conversation",
                verbose_name="conversation",
            ),
        ),
        migrations.RunPython(take_it_from_the_message, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="annotation",
            name="conversation",
            field=models.ForeignKey(
                editable=False,
                on_delete=models.deletion.CASCADE,
                related_name="annotations",
                to="chatweb.conversation",
                verbose_name="conversation",
            ),
        ),
    ]
