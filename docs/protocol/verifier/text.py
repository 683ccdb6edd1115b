"""Texts: what may be shown to a person, names, and exact decimals (README: "Payload")."""

from __future__ import annotations

import datetime
import re
import unicodedata

from .fault import Fault, check

REFUSED_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}

REFUSED_CHARACTERS = [
    (0x034F, 0x034F),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x2800, 0x2800),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFFA0, 0xFFA0),
    (0x1D159, 0x1D159),
    (0xE0100, 0xE01EF),
]

PERIOD = re.compile(r"(?P<year>[0-9]{4})(?:-(?:Q(?P<quarter>[1-4])|(?P<month>[0-9]{2})))?", re.ASCII)

DECIMAL = re.compile(r"-?(?P<whole>[0-9]+)(?:\.(?P<part>[0-9]+))?", re.ASCII)


def plain(text: str, part: str) -> None:
    """Refuses characters that show nothing or change how their neighbours are shown."""
    for character in text:
        point = ord(character)
        hidden = any(low <= point <= high for low, high in REFUSED_CHARACTERS)
        category = unicodedata.category(character)
        why = f"has the character U+{point:04X}, which plain text does not hold"
        if category == "Cn":
            why += f" (unassigned in Unicode {unicodedata.unidata_version}, which this Python knows)"
        check(not hidden and category not in REFUSED_CATEGORIES, part, why)


def name(text: str, part: str) -> None:
    """Refuses what is not plain, or has white space at its ends."""
    plain(text, part)
    check(text == text.strip(), part, "has white space at an end")


def decimal(text: str, part: str) -> None:
    """Refuses what is not a decimal in its one form."""
    form = DECIMAL.fullmatch(text)
    if form is None:
        raise Fault(part, "is not a decimal")
    whole, scale = form["whole"], len(form["part"] or "")
    mantissa = int(whole + (form["part"] or ""))
    check(mantissa < 10**38 and scale <= 38, part, "has too many digits")
    check(whole == "0" or not whole.startswith("0"), part, "has a superfluous zero in front")
    check(mantissa != 0 or not text.startswith("-"), part, "is a negative zero")


def date(text: str, part: str) -> None:
    """Refuses what is not a day of the calendar, written yyyy-mm-dd."""
    try:
        same = datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        same = False
    check(same, part, "is not a date")


def period(text: str, part: str) -> None:
    """Refuses what is not a year, a quarter or a month."""
    form = PERIOD.fullmatch(text)
    if form is None or int(form["year"]) < 1 or not 1 <= int(form["month"] or 1) <= 12:
        raise Fault(part, "is not a period")
