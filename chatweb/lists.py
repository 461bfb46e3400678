"""Several names in one sentence, with the punctuation of its language."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _


def listed(names: Iterable[str]) -> str:
    """“a, b, c” in the active language; empty for none."""
    words = ""
    for name in names:
        words = _("%(before)s, %(last)s") % {"before": words, "last": name} if words else name
    return words
