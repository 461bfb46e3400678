import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, OuterRef, Subquery

import chatweb.models.attachment
import chatweb.models.bots


def give_owners(apps, schema_editor):
    """Files belonged to conversations only."""
    Attachment = apps.get_model("chatweb", "Attachment")
    Conversation = apps.get_model("chatweb", "Conversation")
    owner = Conversation.objects.filter(pk=OuterRef("conversation"))
    Attachment.objects.update(
        user=Subquery(owner.values("user")[:1]),
        connection=Subquery(owner.values("bot__connection")[:1]),
        uploaded_at=F("created_at"),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("chatweb", "0005_versions_and_branches"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="bot",
            name="file_kinds",
            field=models.JSONField(blank=True, default=chatweb.models.bots.all_file_kinds, verbose_name="files it takes"),
        ),
        migrations.AddField(
            model_name="bot",
            name="most_files",
            field=models.PositiveSmallIntegerField(default=10, validators=[django.core.validators.MaxValueValidator(50)], verbose_name="files with one question"),
        ),
        migrations.AddField(
            model_name="connection",
            name="keeps_files",
            field=models.BooleanField(default=True, help_text="What people attach is kept here too, so that it can be opened and uploaded again.", verbose_name="keep copies of files"),
        ),
        migrations.AddField(
            model_name="attachment",
            name="copy",
            field=models.FileField(blank=True, default="", storage=chatweb.models.attachment.private_files, upload_to=chatweb.models.attachment.path_of, verbose_name="our copy"),
        ),
        migrations.AddField(
            model_name="attachment",
            name="uploaded_at",
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name="uploaded last"),
        ),
        migrations.AddField(
            model_name="attachment",
            name="connection",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="attachments", to="chatweb.connection", verbose_name="connection"),
        ),
        migrations.AddField(
            model_name="attachment",
            name="user",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name="attachments", to=settings.AUTH_USER_MODEL, verbose_name="user"),
        ),
        migrations.RunPython(give_owners, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            model_name="attachment",
            name="connection",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="attachments", to="chatweb.connection", verbose_name="connection"),
        ),
        migrations.AlterField(
            model_name="attachment",
            name="user",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="attachments", to=settings.AUTH_USER_MODEL, verbose_name="user"),
        ),
        migrations.AlterField(
            model_name="attachment",
            name="conversation",
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="attachments", to="chatweb.conversation"),
        ),
        migrations.AddField(
            model_name="turn",
            name="files",
            field=models.ManyToManyField(blank=True, related_name="turns", to="chatweb.attachment"),
        ),
    ]
