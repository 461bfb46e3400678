from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('accounts', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='shortcuts',
            field=models.JSONField(blank=True, default=dict, verbose_name='keyboard shortcuts'),
        ),
    ]
