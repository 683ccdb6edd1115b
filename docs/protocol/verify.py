#!/usr/bin/env python3
"""Checks Halfdoor's evidence without Halfdoor: receipts, logs, evidence, and the vectors of the specification.

    verify.py FILE [FILE…]          files, one by one and against each other
    verify.py --each FILE [FILE…]   one by one only
    verify.py vectors DIR           every vector

Needs Python 3.9 or newer with `cryptography` and `cbor2` (requirements.txt). Exits with 0 where all is well, with 1
where something is refused, and with 2 where it was called wrongly or cannot run.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

try:
    from verifier import files, vectors
    from verifier.fault import Fault
except ModuleNotFoundError as error:
    print(f"verify.py: needs the package {error.name}: pip install cryptography cbor2", file=sys.stderr)
    sys.exit(2)


def main() -> int:
    parser = argparse.ArgumentParser(description="Checks Halfdoor's evidence without Halfdoor.")
    parser.add_argument("--each", action="store_true", help="do not hold the files against each other")
    parser.add_argument("what", help="a file, or the word vectors")
    parser.add_argument("paths", nargs="*", type=Path, help="further files, or the directory of the vectors")
    asked = parser.parse_args()
    if asked.what != "vectors":
        return files.report([Path(asked.what), *asked.paths], against_each_other=not asked.each)
    if len(asked.paths) != 1:
        parser.error("vectors are of one directory")
    try:
        counts = vectors.check_directory(asked.paths[0])
    except (Fault, OSError) as fault:
        print(f"refused: {fault}", file=sys.stderr)
        return 1
    for name, count in counts.items():
        print(f"{count:5}  {name}")
    print(f"{sum(counts.values()):5}  vectors in {len(counts)} files agree")
    return 0


if __name__ == "__main__":
    sys.exit(main())
