"""Texts as search compares them: case, accents, widths and spaces made alike. Pure.

What is stored was folded by this: a change here needs `manage.py reindex`.
"""

from __future__ import annotations

import unicodedata

MARKS = "*`"  # of Markdown: "**bold** word" is found as "bold word"


class Folds(dict[int, str]):
    """One character after the other, so that every folded one knows where it came from."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = fold_character(chr(code))
        return folded


def fold_character(character: str) -> str:
    """What is left of one: "É" is "e", "Ａ" is "a", "ß" is "ss", "ガ" stays as it is, a soft hyphen goes."""
    if character in MARKS or unicodedata.category(character) == "Cf":
        return ""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    return unicodedata.normalize("NFC", "".join(one for one in apart if not is_accent(one)))


def is_accent(character: str) -> bool:
    """Accents of alphabets; the voice marks of kana and the vowel signs of other scripts tell words apart."""
    return "\u0300" <= character <= "\u036f"


FOLDS = Folds()


def fold(text: str) -> str:
    return " ".join(text.translate(FOLDS).split())


def fold_with_places(text: str) -> tuple[str, list[int]]:
    """The same, with the place in `text` that each folded character came from."""
    folded: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for one in FOLDS[ord(character)]:
            if not one.isspace():
                folded.append(one)
                places.append(place)
            elif folded and folded[-1] != " ":
                folded.append(" ")
                places.append(place)
    return "".join(folded), places
