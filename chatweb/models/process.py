"""The processes that serve the site, where there may be several (`REDIS_URL`)."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ServingProcess(models.Model):
    """`owner` is what stands in the turns it runs. `beats` grows once a second: that it grows is the sign of
    life, no clock is compared with another (turns/lease.py). A row that is gone is a process that is gone."""

    owner = models.CharField(_("owner"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True, default="")  # host and process id
    beats = models.PositiveBigIntegerField(default=0)
    beat_at = models.DateTimeField(_("last sign of life"), db_default=Now())  # the database's clock
    started_at = models.DateTimeField(_("started"), default=timezone.now)

    class Meta:
        verbose_name = _("process")
        verbose_name_plural = _("processes")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name or self.owner
