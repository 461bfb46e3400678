"""What is never read in the console: patterns of the site, and built-in ones it switched off (M-099)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

MOST_PATTERN_CHARS = 500


class RedactionPattern(models.Model):
    """`built_in` names one of `console/redaction.py: BUILT_IN`: that row only says whether it holds."""

    built_in = models.CharField(max_length=20, unique=True, null=True, blank=True, editable=False)
    name = models.CharField(_("name"), max_length=40, unique=True)
    expression = models.CharField(
        _("regular expression"), max_length=MOST_PATTERN_CHARS, blank=True, default=""
    )
    replacement = models.CharField(
        _("shown instead"),
        max_length=60,
        blank=True,
        default="",
        help_text=_("Nothing: the name in square brackets."),
    )
    is_active = models.BooleanField(_("in use"), default=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("redaction pattern")
        verbose_name_plural = _("redaction patterns")
        ordering = ["pk"]
        permissions = [("see_original", _("Can read conversations without redaction"))]

    def __str__(self) -> str:
        return self.name
