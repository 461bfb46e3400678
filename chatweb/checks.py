"""`manage.py check` on the brand: files that are not there, colours that are none or that nobody can read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from chatweb.branding import COLOUR, ELSEWHERE, LINK, LOGO_TYPES, PAGE, PAGE_DARK, READABLE, contrast, file_at


@register("chatweb")
def brand_settings(**kwargs: Any) -> list[CheckMessage]:
    brand = settings.BRAND
    found: list[CheckMessage] = []
    found += _file("BRAND_LOGO", brand.logo, set(LOGO_TYPES))
    found += _file("BRAND_LOGO_DARK", brand.logo_dark, set(LOGO_TYPES))
    found += _file("BRAND_CSS", brand.css, {".css"})
    if brand.css and (css := file_at(brand.css)) and ELSEWHERE.search(css.read_text()):
        sentence = "BRAND_CSS wants something from elsewhere, which browsers will refuse here."
        found.append(Warning(sentence, hint="Pages load from this site only.", id="chatweb.W002"))
    found += _colour("BRAND_ACCENT", brand.accent, PAGE, "light")
    found += _colour("BRAND_ACCENT_DARK", brand.accent_dark, PAGE_DARK, "dark")
    for name, link in (("TERMS_URL", brand.terms_url), ("PRIVACY_URL", brand.privacy_url)):
        if link and not LINK.fullmatch(link):
            found.append(Error(f"{name} must be an https address or a path.", id="chatweb.E003"))
    return found


def _file(name: str, path: str, types: set[str]) -> list[CheckMessage]:
    if not path:
        return []
    if not Path(path).is_file():
        return [Error(f"{name}: there is no file {path}.", id="chatweb.E001")]
    if Path(path).suffix.lower() not in types:
        return [Error(f"{name} must be one of {', '.join(sorted(types))}.", id="chatweb.E001")]
    return []


def _colour(name: str, colour: str, page: str, theme: str) -> list[CheckMessage]:
    if not colour:
        return []
    if not COLOUR.fullmatch(colour):
        return [Error(f"{name} must look like #0c6b5d.", id="chatweb.E002")]
    ratio = contrast(colour, page)
    if ratio >= READABLE:
        return []
    sentence = f"{name}={colour} is hard to read on the {theme} page: {ratio:.1f} to 1."
    return [Warning(sentence, hint=f"Choose one of at least {READABLE} to 1.", id="chatweb.W001")]
