from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('chatweb', '0005_feedback'),
    ]

    operations = [
        migrations.AddField(
            model_name='turn',
            name='shortcut',
            field=models.JSONField(blank=True, null=True),
        ),
    ]
