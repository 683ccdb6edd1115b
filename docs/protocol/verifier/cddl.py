"""Forms (RFC 8610): reads wire.cddl and holds values against its rules.

Only the part of CDDL that wire.cddl uses: maps, arrays, groups, choices, literals, ranges, occurrences, and the
controls .size and .cbor.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Mapping, Optional, Union

from . import cbor
from .fault import Fault, check

TOKEN = re.compile(
    r"""(?P<space>(?:\s|;[^\n]*)+) | (?P<text>"[^"]*") | (?P<control>\.(?:size|cbor)) | (?P<dots>\.\.)
      | (?P<number>-?[0-9]+) | (?P<name>[a-z][a-z0-9_-]*) | (?P<sign>=>|[={}\[\](),:/?*])""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Literal:
    value: Union[str, int, bool, None]


@dataclass(frozen=True)
class Range:
    low: int
    high: int


@dataclass(frozen=True)
class Sized:
    """bstr or tstr of so many bytes."""

    base: str
    low: int
    high: int


@dataclass(frozen=True)
class Inside:
    """A byte string that holds an item of this form."""

    form: Form


@dataclass(frozen=True)
class Choice:
    of: tuple[Form, ...]


@dataclass(frozen=True)
class Member:
    """A pair of a map or an element of an array; without key and with the name of a group, all of its members."""

    key: Union[str, int, None]
    form: Form
    low: int = 1
    high: Optional[int] = 1


@dataclass(frozen=True)
class Map:
    members: tuple[Member, ...]


@dataclass(frozen=True)
class Array:
    members: tuple[Member, ...]


@dataclass(frozen=True)
class Group:
    members: tuple[Member, ...]


@dataclass(frozen=True)
class Name:
    name: str


Form = Union[Literal, Range, Sized, Inside, Choice, Map, Array, Group, Name]


# What CDDL cannot say about the values of a rule: refuses by raising a Fault at the part it is given.
Extra = Callable[[Any, str], None]


class Schema:
    """The rules of one file, and by name of a rule what else holds for its values."""

    def __init__(self, text: str, extra: Mapping[str, Extra]) -> None:
        self.rules = Parser(text).rules()
        self.extra = extra
        for name in extra:
            check(name in self.rules, "schema", f"has no rule {name}, about which there is more to say")

    @classmethod
    def read(cls, path: Path, extra: Mapping[str, Extra]) -> Schema:
        """The schema kept in this file."""
        return cls(path.read_text(encoding="utf-8"), extra)

    def check(self, name: str, value: Any, part: str = "") -> None:
        """Refuses a value that is not of the form this rule gives, and says where it differs."""
        self.hold(Name(name), value, part or name)

    def hold(self, form: Form, value: Any, part: str) -> None:
        if isinstance(form, Name):
            self.hold_named(form.name, value, part)
        elif isinstance(form, Literal):
            same = type(value) is type(form.value) and value == form.value
            check(same, part, f"is {show(value)}, not {show(form.value)}")
        elif isinstance(form, Range):
            check(is_integer(value) and form.low <= value <= form.high, part, f"is not in {form.low}..{form.high}")
        elif isinstance(form, Sized):
            self.hold_named(form.base, value, part)
            size = len(value.encode("utf-8")) if isinstance(value, str) else len(value)
            check(form.low <= size <= form.high, part, f"has {size} bytes, not {form.low} to {form.high}")
        elif isinstance(form, Inside):
            self.hold_named("bstr", value, part)
            self.hold(form.form, cbor.decode(value, part), part)
        elif isinstance(form, Choice):
            self.hold_one_of(form, value, part)
        elif isinstance(form, Map):
            self.hold_map(form, value, part)
        elif isinstance(form, Array):
            self.hold_array(form, value, part)
        else:
            raise Fault(part, "the schema has a group where a value belongs")

    def hold_named(self, name: str, value: Any, part: str) -> None:
        kinds = {
            "bstr": ("bytes", isinstance(value, bytes)),
            "tstr": ("a text", isinstance(value, str)),
            "uint": ("an unsigned integer", is_integer(value) and value >= 0),
            "bool": ("true or false", isinstance(value, bool)),
            "null": ("null", value is None),
        }
        if name in kinds:
            what, holds = kinds[name]
            check(holds, part, f"is not {what}")
        elif name in self.rules:
            self.hold(self.rules[name], value, part)
            if name in self.extra:
                self.extra[name](value, part)
        else:
            raise Fault(part, f"the schema has no rule {name}")

    def hold_one_of(self, form: Choice, value: Any, part: str) -> None:
        reasons = []
        for one in form.of:
            try:
                return self.hold(one, value, part)
            except Fault as fault:
                # An alternative that got as far as its content is the one that was meant.
                if fault.part != part:
                    raise
                reasons.append(fault.why)
        raise Fault(part, reasons[0] if len(reasons) == 1 else f"is none of the {len(reasons)} forms it may have")

    def hold_map(self, form: Map, value: Any, part: str) -> None:
        check(isinstance(value, dict), part, "is not a map")
        members = {member.key: member for member in self.spread(form.members)}
        for key in value:
            check(key in members and type(key) is not bool, part, f"has an unknown field {show(key)}")
        for key, member in members.items():
            check(key in value or member.low == 0, part, f"has no field {show(key)}")
        for key, inner in value.items():
            self.hold(members[key].form, inner, f"{part}.{key}")

    def hold_array(self, form: Array, value: Any, part: str) -> None:
        check(isinstance(value, (list, tuple)), part, "is not an array")
        if len(form.members) == 1 and (form.members[0].low, form.members[0].high) != (1, 1):
            member = form.members[0]
            fits = member.low <= len(value) and (member.high is None or len(value) <= member.high)
            bound = "any number" if member.high is None else member.high
            check(fits, part, f"has {len(value)} elements, not {member.low} to {bound}")
            for index, inner in enumerate(value):
                self.hold(member.form, inner, f"{part}[{index}]")
            return
        check(len(value) == len(form.members), part, f"has {len(value)} parts, not {len(form.members)}")
        for member, inner in zip(form.members, value):
            self.hold(member.form, inner, f"{part}.{member.key}" if member.key is not None else part)

    def spread(self, members: tuple[Member, ...]) -> list[Member]:
        """The members with those of the groups they name."""
        flat = []
        for member in members:
            group = self.rules.get(member.form.name) if isinstance(member.form, Name) else None
            flat += self.spread(group.members) if member.key is None and isinstance(group, Group) else [member]
        return flat


class Parser:
    """Recursive descent over the tokens of a CDDL file."""

    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        at = 0
        while at < len(text):
            token = TOKEN.match(text, at)
            check(token is not None, "schema", f"cannot be read at {text[at:at + 20]!r}")
            assert token is not None and token.lastgroup is not None
            if token.lastgroup != "space":
                self.tokens.append((token.lastgroup, token.group()))
            at = token.end()
        self.at = 0

    def rules(self) -> dict[str, Form]:
        rules: dict[str, Form] = {}
        while self.at < len(self.tokens):
            name = self.take("name")
            self.sign("=")
            rules[name] = self.choice()
        return rules

    def choice(self) -> Form:
        forms = [self.form()]
        while self.accept("/"):
            forms.append(self.form())
        return forms[0] if len(forms) == 1 else Choice(tuple(forms))

    def form(self) -> Form:
        if self.accept("{"):
            return Map(self.members("}"))
        if self.accept("["):
            return Array(self.members("]"))
        if self.accept("("):
            return Group(self.members(")"))
        if self.peek()[0] in ("text", "number"):
            low = self.literal()
            return Range(int(low), int(self.take("number"))) if self.accept("..") else Literal(low)
        name = self.take("name")
        if self.accept(".cbor"):
            return Inside(self.form())
        if self.accept(".size"):
            return Sized(name, *self.size())
        return Literal(None) if name == "null" else Name(name)

    def size(self) -> tuple[int, int]:
        if not self.accept("("):
            exact = int(self.take("number"))
            return exact, exact
        low = int(self.take("number"))
        self.sign("..")
        high = int(self.take("number"))
        self.sign(")")
        return low, high

    def members(self, close: str) -> tuple[Member, ...]:
        members = []
        while not self.accept(close):
            members.append(self.member())
            self.accept(",")
        return tuple(members)

    def member(self) -> Member:
        low, high = self.occurrence()
        start = self.at
        if self.peek()[0] in ("name", "text", "number"):
            key: Union[str, int, None] = self.literal() if self.peek()[0] != "name" else self.take("name")
            if self.accept(":") or self.accept("=>"):
                return Member(key, self.choice(), low, high)
            self.at = start
        return Member(None, self.choice(), low, high)

    def occurrence(self) -> tuple[int, Optional[int]]:
        if self.accept("?"):
            return 0, 1
        bounded = self.peek()[0] == "number" and self.at + 1 < len(self.tokens) and self.tokens[self.at + 1][1] == "*"
        if not bounded and self.peek()[1] != "*":
            return 1, 1
        low = int(self.take("number")) if bounded else 0
        self.sign("*")
        return low, int(self.take("number")) if self.peek()[0] == "number" else None

    def literal(self) -> Union[str, int]:
        kind, text = self.tokens[self.at]
        self.at += 1
        return text[1:-1] if kind == "text" else int(text)

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "the end")

    def accept(self, text: str) -> bool:
        found = self.peek()[1] == text and self.peek()[0] != "text"
        self.at += found
        return found

    def sign(self, text: str) -> None:
        check(self.accept(text), "schema", f"has {self.peek()[1]} where {text} belongs")

    def take(self, kind: str) -> str:
        found, text = self.peek()
        check(found == kind, "schema", f"has {text} where a {kind} belongs")
        self.at += 1
        return text


def is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def show(value: Any) -> str:
    """A value, short enough for a sentence."""
    text = value.hex() if isinstance(value, bytes) else repr(value)
    return text if len(text) <= 40 else f"{text[:40]}…"
