"""Pages of our own beside allauth's. Included at the root, before `allauth.urls`."""

from django.conf import settings
from django.urls import include, path
from django.views.generic import RedirectView

from . import views

urlpatterns = [
    path("settings/", views.settings, name="settings"),
    path("settings/sessions/", views.sessions, name="sessions"),
    path("settings/sessions/end-others/", views.end_other_sessions, name="end_other_sessions"),
    path("settings/sessions/<uuid:sign_in_id>/end/", views.end_session, name="end_session"),
    path("accounts/2fa/webauthn/", RedirectView.as_view(pattern_name="mfa_index"), name="mfa_list_webauthn"),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("accounts/waiting/", views.waiting, name="account_waiting"),
]

if settings.OIDC_ISSUER:
    from . import oidc

    urlpatterns += [
        path("accounts/logout/", oidc.SignOut.as_view(), name="account_logout"),
        # Under allauth's names, by which its provider finds them.
        path("accounts/oidc/<str:provider_id>/login/", oidc.begin, name="openid_connect_login"),
        path(
            "accounts/oidc/<str:provider_id>/login/callback/", oidc.callback, name="openid_connect_callback"
        ),
    ]
