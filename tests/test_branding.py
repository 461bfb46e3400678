"""The owner's look: colours that can be read, files from this origin, checks of both (M-112)."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.test import Client

from chatweb import branding
from chatweb.branding import PAGE_DARK, READABLE, Brand, contrast, readable, text_on

SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
TOKENS = (Path(__file__).parents[1] / "static/css/tokens.css").read_text()


@pytest.fixture
def brand(tmp_path: Path, settings) -> Brand:
    logo, dark, css = tmp_path / "logo.svg", tmp_path / "dark.PNG", tmp_path / "own.css"
    logo.write_text(SVG)
    dark.write_bytes(b"\x89PNG")
    css.write_text(".brand { letter-spacing: 0 }")
    settings.BRAND = Brand(
        name="Rain & Co",
        logo=str(logo),
        logo_dark=str(dark),
        accent="#7a1fa2",
        terms_url="https://example.com/terms",
        privacy_url="/privacy/",
        css=str(css),
    )
    settings.SITE_NAME = settings.BRAND.name
    return settings.BRAND


def checked(settings, **values: str) -> list[str]:
    settings.BRAND = Brand(name="Chatweb", **values)
    return [str(found.id) for found in run_checks(tags=["chatweb"])]


def test_colours_are_measured_as_wcag_does() -> None:
    assert round(contrast("#000000", "#ffffff"), 1) == 21
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54


@pytest.mark.parametrize("accent", ["#000000", "#7a1fa2", "#0c6b5d", "#00ff00", "#ffffff"])
def test_any_accent_can_be_read_on_a_dark_page_and_written_on(accent: str) -> None:
    assert contrast(readable(accent, PAGE_DARK), PAGE_DARK) >= READABLE
    assert contrast(text_on(accent), accent) >= READABLE


@pytest.mark.parametrize("colour", [branding.PAGE, branding.PAGE_DARK, branding.ACCENT])
def test_what_is_compared_with_is_what_pages_have(colour: str) -> None:
    assert colour in TOKENS


def test_without_settings_nothing_is_added(client: Client, settings, db) -> None:
    settings.BRAND = Brand(name="Chatweb")
    page = client.get("/accounts/login/").content.decode()
    assert "brand.css" not in page
    assert "plain__foot" not in page
    assert client.get("/brand/logo").status_code == 404


def test_the_sign_in_page_wears_it(client: Client, brand: Brand, db) -> None:
    page = client.get("/accounts/login/").content.decode()
    assert "Rain &amp; Co</title>" in page
    for part in (
        "/brand.css?v=",
        "/brand/logo?v=",
        "/brand/logo-dark?v=",
        brand.terms_url,
        brand.privacy_url,
    ):
        assert part in page


def test_the_style_sheet_is_kept_by_version_and_asked_for_without(client: Client, brand: Brand) -> None:
    kept = client.get(f"/brand.css?v={brand.version}")
    assert "#7a1fa2" in kept.content.decode()
    assert ".brand { letter-spacing: 0 }" in kept.content.decode()
    assert "immutable" in kept["Cache-Control"]
    plain = client.get("/brand.css")
    assert plain["Cache-Control"] == "no-cache"
    assert client.get("/brand.css", headers={"If-None-Match": plain["ETag"]}).status_code == 304


def test_logos_are_served_inert(client: Client, brand: Brand) -> None:
    light, dark = client.get("/brand/logo"), client.get("/brand/logo-dark")
    assert (light["Content-Type"], dark["Content-Type"]) == ("image/svg+xml", "image/png")
    for logo in (light, dark):
        assert "sandbox" in logo["Content-Security-Policy"]
        assert "script-src" not in logo["Content-Security-Policy"]
        assert logo["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("values", "ids"),
    [
        ({}, []),
        ({"accent": "#0c6b5d"}, []),
        ({"accent": "#ffe680"}, ["chatweb.W001"]),
        ({"accent_dark": "#202020"}, ["chatweb.W001"]),
        ({"accent": "red"}, ["chatweb.E002"]),
        ({"logo": "/nowhere/logo.svg"}, ["chatweb.E001"]),
        ({"logo": __file__}, ["chatweb.E001"]),
        ({"css": "/nowhere/own.css"}, ["chatweb.E001"]),
        ({"terms_url": "javascript:alert(1)"}, ["chatweb.E003"]),
        ({"privacy_url": "//example.com/p"}, ["chatweb.E003"]),
    ],
)
def test_the_check_names_what_is_wrong(settings, values, ids) -> None:
    assert checked(settings, **values) == ids


@pytest.mark.parametrize(
    ("css", "ids"),
    [
        (".a { background: url(data:image/png;base64,xx) }", []),
        (".a { background: url( 'https://example.com/a.png') }", ["chatweb.W002"]),
        ('@IMPORT "b.css";', ["chatweb.W002"]),
    ],
)
def test_a_style_sheet_that_wants_more_is_warned_of(settings, tmp_path: Path, css: str, ids) -> None:
    (tmp_path / "own.css").write_text(css)
    assert checked(settings, css=str(tmp_path / "own.css")) == ids


def test_what_is_wrong_breaks_no_page(client: Client, settings, db) -> None:
    settings.BRAND = Brand(name="Chatweb", logo="/nowhere.svg", accent="red", css="/nowhere.css")
    assert client.get("/accounts/login/").status_code == 200
    assert client.get("/brand.css").status_code == 200
