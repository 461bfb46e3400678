from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChatwebConfig(AppConfig):
    name = "chatweb"
    verbose_name = _("Bots and conversations")
    default_auto_field = "django.db.models.BigAutoField"
