from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("People")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from allauth.account.signals import password_changed, password_reset, password_set
        from allauth.account.signals import user_logged_in as let_in
        from django.contrib.auth.signals import user_logged_in
        from django.db.models.signals import post_delete, post_save

        from . import checks, roles, second_factor, sessions  # noqa: F401  checks register themselves

        user_logged_in.connect(sessions.began, dispatch_uid="session_began")
        for changed in (post_save, post_delete):
            changed.connect(
                second_factor.forget_rules,
                sender=self.get_model("GroupRules"),
                dispatch_uid=f"forget_rules_{changed is post_save}",
            )
        let_in.connect(roles.synchronise, dispatch_uid="synchronise_roles")
        for signal in (password_changed, password_reset, password_set):
            signal.connect(sessions.end_others, dispatch_uid="end_other_sessions")
