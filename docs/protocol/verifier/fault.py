"""Why something is refused."""

from __future__ import annotations


class Fault(Exception):
    """A refusal: `part` is where it was found, `why` what is wrong there. Both are for people to read."""

    def __init__(self, part: str, why: str) -> None:
        super().__init__(f"{part}: {why}" if part else why)
        self.part = part
        self.why = why

    def inside(self, whole: str) -> Fault:
        """The same refusal, seen from the thing that `part` is a part of."""
        return Fault(f"{whole}: {self.part}" if self.part else whole, self.why)


def check(holds: bool, part: str, why: str) -> None:
    """Refuses, unless it holds."""
    if not holds:
        raise Fault(part, why)
