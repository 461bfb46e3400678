"""What the sign-in pages need to know of the site's settings."""

from django import template
from django.conf import settings
from django.forms import BoundField, CheckboxInput
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def sign_up_mode() -> str:
    """open, approval or closed."""
    return settings.SIGN_UP


@register.simple_tag
def can_send_mail() -> bool:
    return settings.CAN_SEND_MAIL


@register.filter
def control(field: BoundField) -> SafeString:
    """A field's control without a placeholder: the label above it says the same and stays."""
    return field.as_widget(attrs={"placeholder": False})


@register.filter
def is_tick(field: BoundField) -> bool:
    """Whether a field is one box to tick, whose label stands behind it."""
    return isinstance(field.field.widget, CheckboxInput)
