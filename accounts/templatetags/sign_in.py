"""What the sign-in pages need to know of the site's settings."""

from django import template
from django.conf import settings
from django.forms import BoundField, CheckboxInput
from django.template import Context
from django.utils.safestring import SafeString

from accounts.second_factor import must_set_up

register = template.Library()


@register.simple_tag
def sign_up_mode() -> str:
    """open, approval or closed."""
    return settings.SIGN_UP


@register.simple_tag
def oidc_label() -> str:
    """What the company's sign-in service is called, "" if there is none."""
    return settings.OIDC_LABEL if settings.OIDC_ISSUER else ""


@register.simple_tag
def password_sign_in() -> bool:
    """Whether others than superusers have one."""
    return settings.PASSWORD_SIGN_IN


@register.simple_tag(takes_context=True)
def second_factor_required(context: Context) -> bool:
    """Whether whoever reads this must set one up before anything else."""
    return must_set_up(context["request"])


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
