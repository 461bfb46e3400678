"""The two addresses of OpenID Connect. Imported only when a service is configured (`OIDC_ISSUER`).

allauth's views would also link accounts, take scopes and parameters from a link, and trust a token
unchecked because it came over TLS; these do not.
"""

from __future__ import annotations

from typing import Any

from allauth.account.utils import get_next_redirect_url
from allauth.account.views import LogoutView
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from requests import RequestException

PROVIDER_ID = "sso"
STATE_CHARS = 32
ENDING_KEY = "oidc_ending"  # of the session: where to sign out of the service, and as whom
MALFORMED = (KeyError, TypeError, ValueError, AttributeError)  # what an answer of no known shape causes


class CheckedAdapter(OpenIDConnectOAuth2Adapter):
    """Believes a token only with the service's own signature, issuer, our audience, and the nonce of the
    request that it answers."""

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        """Raise OAuth2Error for an answer that is not about one and the same person."""
        try:
            id_token = kwargs["response"]["id_token"]
            claims = self._decode_id_token(app, id_token)
            if not constant_time_compare(claims["nonce"], nonce_of(request.GET["state"])):
                raise OAuth2Error("the token answers another request")
            info = self._fetch_user_info(token.token)
            if info["sub"] != claims["sub"]:
                raise OAuth2Error("the user page is about somebody else")
            # Some services write it as a word.
            info["email_verified"] = str(info.get("email_verified", False)).lower() == "true"
            data = {"userinfo": info, "id_token": claims}
            if ending := self.openid_config.get("end_session_endpoint"):
                request.session[ENDING_KEY] = {"page": str(ending), "token": id_token}
            return self.get_provider().sociallogin_from_response(request, data)
        except MALFORMED as error:
            raise OAuth2Error(f"malformed: {error!r}") from error

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        return jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )


def nonce_of(state: str) -> str:
    """What a request asks the service to write into its token. The state lies in the browser's session, so
    that a token made for another browser's request is found out (OpenID Connect Core, 3.1.2.1)."""
    return salted_hmac("accounts.oidc.nonce", state, algorithm="sha256").hexdigest()


def _must_be_ours(provider_id: str) -> None:
    if provider_id != PROVIDER_ID:
        raise Http404


@require_GET
@never_cache
def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    """To the service and back to `next`. By GET: a form's answer may not lead to another site (CSP)."""
    _must_be_ours(provider_id)
    provider = get_adapter(request).get_provider(request, PROVIDER_ID)
    try:
        state = get_random_string(STATE_CHARS)
        return provider.redirect(
            request,
            AuthProcess.LOGIN,
            next_url=get_next_redirect_url(request),
            state_id=state,
            auth_params={**provider.get_auth_params(), "nonce": nonce_of(state)},
        )
    except (RequestException, *MALFORMED) as error:
        return render_authentication_error(request, provider, exception=error)


@never_cache
@require_GET
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Where the service sends people back to."""
    _must_be_ours(provider_id)
    return OAuth2CallbackView.adapter_view(CheckedAdapter(request, PROVIDER_ID))(request)


@method_decorator(never_cache, name="dispatch")
class SignOut(LogoutView):
    """Out of this site, then out of the service, which leads back (OpenID Connect RP-Initiated Logout 1.0).

    A page goes there rather than a redirect: the answer to a form may not lead to another site (CSP).
    """

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        page = ending_page(self.request)
        if not page:
            return super().post(*args, **kwargs)
        self.logout()
        return render(self.request, "account/leaving.html", {"page": page, "label": settings.OIDC_LABEL})


def ending_page(request: HttpRequest) -> str:
    """Where this browser signs out of the service; "" for whoever came in otherwise, or if there is none."""
    ending = request.session.get(ENDING_KEY)
    if not ending or not ending["page"].startswith(("https://", "http://")):
        return ""
    app = get_adapter(request).get_app(request, PROVIDER_ID)
    told = {
        "id_token_hint": ending["token"],
        "client_id": app.client_id,
        "post_logout_redirect_uri": request.build_absolute_uri(reverse("account_login")),
    }
    return f"{ending['page']}{'&' if '?' in ending['page'] else '?'}{urlencode(told)}"
