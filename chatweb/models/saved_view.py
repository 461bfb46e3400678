"""Filters of the operators' log under a name."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User

LONGEST_QUERY = 2000


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def usable_by(self, user: User) -> SavedViewQuerySet:
        """One's own, and what other operators share."""
        if not user.is_operator:
            return self.none()
        return self.filter(Q(owner=user) | Q(is_shared=True)).select_related("owner").order_by("name", "pk")

    def owned_by(self, user: User) -> SavedViewQuerySet:
        """Those one may change."""
        return self.filter(owner=user) if user.is_operator else self.none()


class SavedView(models.Model):
    """`query`: the log's query string. It holds codes of people, never their names."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    owner = models.ForeignKey(User, models.CASCADE, related_name="saved_views", verbose_name=_("whose"))
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=LONGEST_QUERY, blank=True, default="")
    is_shared = models.BooleanField(_("for all operators"), default=False)
    is_default = models.BooleanField(_("the log begins with it"), default=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="saved_view_once_a_name"),
            models.UniqueConstraint(
                fields=["owner"], condition=Q(is_default=True), name="one_default_view_an_operator"
            ),
        ]

    def __str__(self) -> str:
        return self.name
