"""Invites (README: "Invite")."""

from __future__ import annotations

import base64
import re

from . import envelope
from .fault import Fault, check

MAX_CHARACTERS = 4_096
BASE32 = re.compile(r"[a-z2-7]+", re.ASCII)


def open_invite(text: str) -> envelope.Opened:
    """The invite that a text holds; refuses every other text."""
    text = text.strip()
    check(len(text) <= MAX_CHARACTERS, "invite", f"longer than {MAX_CHARACTERS} characters")
    check(text.isascii() and text.lower().startswith("hd1"), "invite", "does not begin with hd1")
    return envelope.open_as("invite", unbase32(text[3:].lower()), "invite")


def write_invite(data: bytes) -> str:
    """The text of an invite's envelope."""
    return "hd1" + base64.b32encode(data).decode().rstrip("=").lower()


def unbase32(text: str) -> bytes:
    """RFC 4648 without padding, in lower case, and with no bit set that no byte has."""
    why = "is not base32 without padding"
    check(BASE32.fullmatch(text) is not None, "invite", why)
    try:
        data = base64.b32decode(text.upper() + "=" * (-len(text) % 8))
    except ValueError:
        raise Fault("invite", why) from None
    check(write_invite(data)[3:] == text, "invite", why)
    return data
