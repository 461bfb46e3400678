"""The patterns that keep personal data out of the console and its exports (M-099)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from chatweb.console.pattern_check import try_pattern
from chatweb.console.redaction import BUILT_IN
from chatweb.models import RedactionPattern
from chatweb.models.redaction import MOST_PATTERN_CHARS

MOST_SAMPLE_CHARS = 5_000


class PatternForm(forms.ModelForm):
    """One of the site's own: refused with a reason if it is wrong, finds nothing at all, or can run away."""

    sample = forms.CharField(
        label=_("Try a text"),
        required=False,
        max_length=MOST_SAMPLE_CHARS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Shows what becomes of it; it is not kept."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "sample" in self.fields:
            place = reverse("admin:chatweb_redactionpattern_preview")
            self.fields["sample"].widget.attrs["data-preview"] = place

    class Meta:
        model = RedactionPattern
        fields = ["name", "expression", "replacement", "is_active"]

    def clean_expression(self) -> str:
        expression = self.cleaned_data["expression"]
        if "expression" in self.changed_data or not expression:
            problem = try_pattern(expression).problem
            if problem:
                raise ValidationError(problem)
        return expression


@admin.register(RedactionPattern)
class RedactionPatternAdmin(admin.ModelAdmin):
    list_display = ["name", "finds", "shown_instead", "is_active", "origin"]
    list_filter = ["is_active"]
    search_fields = ["name", "expression"]
    ordering = ["pk"]

    class Media:
        js = [Script("js/admin/redaction-preview.js", type="module")]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if not (obj and obj.built_in):
            kwargs["form"] = PatternForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: RedactionPattern | None = None) -> Any:
        if obj and obj.built_in:
            return ["name", "finds", "replacement", "is_active"]
        if obj and not self.has_change_permission(request, obj):
            return ["name", "expression", "replacement", "is_active"]
        return ["name", "expression", "replacement", "is_active", "sample"]

    def get_readonly_fields(self, request: HttpRequest, obj: RedactionPattern | None = None) -> list[str]:
        return ["name", "finds"] if obj and obj.built_in else []

    def has_delete_permission(self, request: HttpRequest, obj: RedactionPattern | None = None) -> bool:
        """A built-in one is switched off: without its row it would hold."""
        return super().has_delete_permission(request, obj) and not (obj and obj.built_in)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """No deleting of many at once: built-in ones might be among them."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    @admin.display(description=_("regular expression"))
    def finds(self, pattern: RedactionPattern) -> SafeString:
        return format_html("<code>{}</code>", BUILT_IN.get(pattern.built_in or "", pattern.expression))

    @admin.display(description=_("shown instead"))
    def shown_instead(self, pattern: RedactionPattern) -> str:
        return pattern.replacement or f"[{pattern.name}]"

    @admin.display(description=_("origin"))
    def origin(self, pattern: RedactionPattern) -> str:
        return str(_("built in") if pattern.built_in else _("of this site"))

    def get_urls(self) -> list[URLPattern]:
        preview = path(
            "preview/",
            self.admin_site.admin_view(require_POST(self.preview)),
            name="chatweb_redactionpattern_preview",
        )
        return [preview, *super().get_urls()]

    def preview(self, request: HttpRequest) -> HttpResponse:
        """What becomes of a text; the pattern runs where it can take no time of the site."""
        if not (self.has_add_permission(request) or self.has_change_permission(request)):
            raise PermissionDenied
        expression = request.POST.get("expression", "")[: MOST_PATTERN_CHARS + 1]
        instead = request.POST.get("replacement", "")[:60] or f"[{request.POST.get('name', '')[:40]}]"
        trial = try_pattern(expression, request.POST.get("sample", "")[:MOST_SAMPLE_CHARS], instead)
        return JsonResponse({"problem": trial.problem, "shown": trial.sample})
