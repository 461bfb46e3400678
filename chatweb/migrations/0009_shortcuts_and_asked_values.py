from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('chatweb', '0008_feedback'),
    ]

    operations = [
        migrations.AddField(
            model_name='bot',
            name='asked_parameters',
            field=models.JSONField(blank=True, null=True, verbose_name='parameters asked of the user'),
        ),
        migrations.AddField(
            model_name='bot',
            name='asked_variables',
            field=models.JSONField(blank=True, null=True, verbose_name='variables asked of the user'),
        ),
        migrations.AddField(
            model_name='conversation',
            name='asked_values',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name='turn',
            name='shortcut',
            field=models.JSONField(blank=True, null=True),
        ),
    ]
