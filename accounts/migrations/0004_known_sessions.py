"""Sessions that began before they were listed: whose they are stands only inside."""

from django.contrib.sessions.backends.db import SessionStore
from django.db import migrations
from django.utils import timezone


def list_sessions(apps, schema_editor):
    SignIn = apps.get_model("accounts", "SignIn")
    User = apps.get_model("accounts", "User")
    people = {str(pk): pk for pk in User.objects.values_list("pk", flat=True)}
    known = apps.get_model("sessions", "Session").objects.filter(expire_date__gt=timezone.now())
    store = SessionStore()
    batch = []
    for session in known.iterator(chunk_size=500):
        user_pk = people.get(str(store.decode(session.session_data).get("_auth_user_id")))
        if user_pk is not None:
            batch.append(SignIn(session_id=session.session_key, user_id=user_pk))
    SignIn.objects.bulk_create(batch, batch_size=500, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_sign_ins")]

    operations = [migrations.RunPython(list_sessions, migrations.RunPython.noop)]
