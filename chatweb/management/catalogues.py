"""Message catalogues: what the sources say, kept beside what it is in every other language.

Babel reads Python and JavaScript, and templates once Django's `templatize` went over them: no system gettext.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import generate_po, read_po
from django.conf import settings
from django.utils.translation import to_locale
from django.utils.translation.template import templatize

ROOT = Path(settings.BASE_DIR)
DOMAINS = ("django", "djangojs")
# Folders of a domain's sources, and the suffixes that are read in them.
SOURCES = {
    "django": (("accounts", "chatweb", "templates"), (".py", ".html", ".txt")),
    "djangojs": (("static/js",), (".js",)),
}
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
JAVASCRIPT = {"jsx": False, "parse_template_string": True}
# %(name)s, %s, {name}, and what templates keep for JavaScript, %%(name)s: the same in every language.
PLACEHOLDER = re.compile(r"%{1,2}\(\w+\)[a-z]|%[a-z%]|\{\w*\}")
# Written by us, because Babel's own header changes with the minute and the version.
HEADER = r"""# The keys are made from the sources by `manage.py catalogues`; only msgstr is written by hand.
msgid ""
msgstr ""
"Language: {locale}\n"
"Plural-Forms: {plural_forms}\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"

"""


@dataclass(frozen=True, slots=True)
class Place:
    """One .po file: a language and a domain. `locale` is as in `zh_Hans`."""

    locale: str
    domain: str

    @property
    def path(self) -> Path:
        return ROOT / "locale" / self.locale / "LC_MESSAGES" / f"{self.domain}.po"

    def __str__(self) -> str:
        return str(self.path.relative_to(ROOT))


def places() -> list[Place]:
    """A file for every domain of every language of the site but the one the sources are written in."""
    codes = [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
    return [Place(to_locale(code), domain) for code in codes for domain in DOMAINS]


def said(domain: str) -> Catalog:
    """Every message the sources of a domain hold, untranslated."""
    catalog = Catalog()
    for path in _sources(domain):
        for _line, key, _comments, context in _messages(path):
            catalog.add(key, context=context)
    return catalog


def _sources(domain: str) -> Iterator[Path]:
    folders, suffixes = SOURCES[domain]
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in suffixes and "migrations" not in path.parts:
                yield path


def _messages(path: Path) -> Iterator[tuple]:
    if path.suffix == ".js":
        return extract("javascript", BytesIO(path.read_bytes()), KEYWORDS, options=JAVASCRIPT)
    source = path.read_text()
    if path.suffix != ".py":
        # What is left of the mark-up is indented as no Python is.
        source = "\n".join(line.lstrip() for line in templatize(source, origin=path.name).splitlines())
    return extract("python", BytesIO(source.encode()), KEYWORDS)


def read(place: Place) -> Catalog:
    """What the file holds, nothing where there is none yet. Raises PoFileError for a broken one."""
    if not place.path.exists():
        return Catalog(locale=place.locale)
    with place.path.open("rb") as file:
        return read_po(file, locale=place.locale, abort_invalid=True)


def update(place: Place) -> Catalog:
    """Give the file the keys of the sources: new ones empty, those that are gone left out."""
    catalog = read(place)
    catalog.update(said(place.domain), no_fuzzy_matching=True)
    text = HEADER.format(locale=place.locale, plural_forms=catalog.plural_forms)
    text += "".join(
        generate_po(
            catalog, omit_header=True, ignore_obsolete=True, no_location=True, sort_by="message", width=0
        )
    )
    place.path.parent.mkdir(parents=True, exist_ok=True)
    place.path.write_text(text.rstrip("\n") + "\n")
    return catalog


def problems(catalog: Catalog, sources: Catalog) -> list[str]:
    """One line for each message that is missing, stale, fuzzy, untranslated or has other placeholders."""
    wanted, held = _by_key(sources), _by_key(catalog)
    found = [f"missing: {_name(wanted[key])}" for key in wanted.keys() - held.keys()]
    found += [f"stale: {_name(held[key])}" for key in held.keys() - wanted.keys()]
    for key in wanted.keys() & held.keys():
        found += _flaws(held[key], wanted[key])
    return sorted(found)


def _flaws(message: Message, source: Message) -> Iterator[str]:
    if _keys(message) != _keys(source):
        yield f"stale plural: {_name(message)}"
    elif message.fuzzy:
        yield f"fuzzy: {_name(message)}"
    elif not all(_forms(message)):
        yield f"untranslated: {_name(message)}"
    elif not _keeps_placeholders(message):
        yield f"other placeholders: {_name(message)} and {_forms(message)!r}"


def _keeps_placeholders(message: Message) -> bool:
    """Every form fills in what the plural does; only the form for one thing may do as the singular does."""
    keys, forms = _keys(message), _forms(message)
    for index, form in enumerate(forms):
        models = keys if index == 0 and len(forms) > 1 else keys[-1:]
        if _placeholders(form) not in [_placeholders(key) for key in models]:
            return False
    return True


def _placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))


def _keys(message: Message) -> tuple[str, ...]:
    """The text in the sources; of a plural, both forms."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def _forms(message: Message) -> tuple[str, ...]:
    """The translation; of a plural, every form the language has."""
    return (message.string or "",) if isinstance(message.string, str | None) else tuple(message.string)


def _by_key(catalog: Catalog) -> dict[tuple[str, str], Message]:
    """By context and (singular) text, as gettext looks messages up; without the header."""
    return {(message.context or "", _keys(message)[0]): message for message in catalog if message.id}


def _name(message: Message) -> str:
    text = repr(_keys(message)[0])
    return f"{text} ({message.context})" if message.context else text
