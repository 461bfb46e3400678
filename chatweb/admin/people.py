"""People and groups: roles, approval, and the bots they may use."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin as StockGroupAdmin
from django.contrib.auth.admin import UserAdmin as StockUserAdmin
from django.contrib.auth.models import Group
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import GroupRules, User
from chatweb.lists import listed

from .bots import GroupGrantInline, PersonGrantInline
from .identities import IdentityInline
from .leaving import LeavesLikeThemselves
from .pages_of_people import PagesOfPeople
from .permissions import NamesPermissions
from .second_factors import RemovesSecondFactors
from .sessions import EndsSessions, SignInInline

# What only a superuser may give, or anybody who may edit people could make themselves one.
POWERS = ["is_superuser", "is_staff", "user_permissions"]


def approve(request: HttpRequest, user: User) -> None:
    """Let a waiting person in and tell them by mail."""
    user.is_approved = True
    user.save(update_fields=["is_approved"])
    get_adapter(request).tell_approved(user)


def replace_address(user: User) -> None:
    """The address to sign in with follows the one an admin typed; whether it is theirs is checked anew."""
    EmailAddress.objects.filter(user=user).delete()
    if user.email:
        EmailAddress.objects.create(user=user, email=user.email.lower(), primary=True)


@admin.register(User)
class UserAdmin(
    NamesPermissions,
    EndsSessions,
    RemovesSecondFactors,
    PagesOfPeople,
    LeavesLikeThemselves,
    StockUserAdmin,
):
    list_display = ["username", "full_name", "email", "standing", "roles", "last_login"]
    list_filter = ["is_approved", "is_active", "is_operator", "is_staff", "is_superuser", "is_demo", "groups"]
    search_fields = ["username", "full_name", "email", "=coze_identities__key"]
    search_help_text = _("A part of a name or an e-mail address, or a whole Coze user_id.")
    readonly_fields = ["uuid", "last_login", "date_joined"]
    inlines = [PersonGrantInline, IdentityInline, SignInInline]
    actions = ["approve_selected"]
    fieldsets = [
        (None, {"fields": ["username", "password", "full_name", "email"]}),
        (_("May sign in"), {"fields": ["is_approved", "is_active", "is_demo"]}),
        (_("Roles"), {"fields": ["is_operator", "is_staff", "is_superuser", "groups"]}),
        (_("Permissions in this administration"), {"fields": ["user_permissions"], "classes": ["collapse"]}),
        (
            _("Their settings"),
            {"fields": ["language", "time_zone", "sends_with_enter"], "classes": ["collapse"]},
        ),
        (_("Record"), {"fields": ["uuid", "last_login", "date_joined"], "classes": ["collapse"]}),
    ]
    add_fieldsets = [
        (None, {"classes": ["wide"], "fields": ["username", "usable_password", "password1", "password2"]}),
        (_("Who"), {"classes": ["wide"], "fields": ["full_name", "email"]}),
    ]

    @admin.display(description=_("sign-in"), ordering="is_approved")
    def standing(self, user: User) -> str:
        if not user.is_active:
            return gettext("switched off")
        return gettext("allowed") if user.is_approved else gettext("waits for approval")

    @admin.display(description=_("roles"))
    def roles(self, user: User) -> str:
        names = {
            gettext("superuser"): user.is_superuser,
            gettext("admin"): user.is_staff and not user.is_superuser,
            gettext("operator"): user.is_operator,
            gettext("demo"): user.is_demo,
        }
        return listed(name for name, has in names.items() if has) or "–"

    def get_inlines(self, request: HttpRequest, obj: User | None = None) -> list[Any]:
        return self.inlines if obj else []

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        own = list(super().get_readonly_fields(request, obj))
        return own if request.user.is_superuser else [*own, *POWERS]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and _may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and _may_touch(request, obj)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if "email" in form.changed_data:
            replace_address(obj)
        if change and "is_approved" in form.changed_data and obj.is_approved:
            get_adapter(request).tell_approved(obj)

    @admin.action(description=_("Approve: let them sign in"), permissions=["change"])
    def approve_selected(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        waiting = [user for user in queryset.filter(is_approved=False) if _may_touch(request, user)]
        for user in waiting:
            approve(request, user)
            self.log_change(request, user, _("Approved."))
        sentence = ngettext("%(n)d person can sign in now.", "%(n)d people can sign in now.", len(waiting))
        messages.success(request, sentence % {"n": len(waiting)})


def _may_touch(request: HttpRequest, user: User | None) -> bool:
    """Only a superuser changes a superuser: a new password for one would be the way to become one."""
    return request.user.is_superuser or user is None or not user.is_superuser


admin.site.unregister([Group, SocialAccount, SocialApp, SocialToken, Authenticator])


class GroupRulesInline(admin.StackedInline):
    model = GroupRules
    can_delete = False


@admin.register(Group)
class GroupAdmin(NamesPermissions, StockGroupAdmin):
    list_display = ["name", "member_count", "grant_count"]
    inlines = [GroupRulesInline, GroupGrantInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        counts = {"members": Count("user", distinct=True), "grants_given": Count("bot_grants", distinct=True)}
        return super().get_queryset(request).annotate(**counts)

    def get_readonly_fields(self, request: HttpRequest, obj: Group | None = None) -> list[str]:
        return [] if request.user.is_superuser else ["permissions"]

    @admin.display(description=_("people"), ordering="members")
    def member_count(self, group: Any) -> int:
        return group.members

    @admin.display(description=_("grants"), ordering="grants_given")
    def grant_count(self, group: Any) -> int:
        return group.grants_given
