"""Credit attributes of these statements, worked out apart from the program: prints what the test has in it.

    python3 attributes.py

Reads OFX with four regular expressions, adds with decimal.Decimal, and shares no line with the program. What it prints
stands in crates/compute/src/attributes/real.rs.
"""

import datetime
import re
from decimal import Decimal
from pathlib import Path

HERE = Path(__file__).parent
RETURNED = re.compile(r"\b(nsf|returned (item|check|payment))\b", re.IGNORECASE)


def transactions(name):
    text = (HERE / name).read_text(encoding="latin-1")
    for block in re.findall(r"<STMTTRN>(.*?)(?=<STMTTRN>|</BANKTRANLIST>|</CCSTMTRS>|\Z)", text, re.DOTALL):
        day = re.search(r"<DTPOSTED>\s*(\d{8})", block).group(1)
        amount = Decimal(re.search(r"<TRNAMT>\s*([-+]?[\d.]+)", block).group(1))
        words = " ".join(re.findall(r"<(?:NAME|MEMO)>([^<\n]*)", block))
        yield datetime.date(int(day[:4]), int(day[4:6]), int(day[6:])), amount, words


def describe(name, days):
    rows = sorted(transactions(name), key=lambda row: row[0])
    last = rows[-1][0]
    start = last - datetime.timedelta(days=days - 1)
    within = [row for row in rows if start <= row[0] <= last]
    out = [amount for _, amount, _ in within if amount < 0]
    into = [amount for _, amount, _ in within if amount > 0]
    returned = [day for day, amount, words in within if amount < 0 and RETURNED.search(words)]
    print(name, "days", days)
    print("  total_inflow", sum(into, Decimal("0.00")))
    print("  total_outflow", -sum(out, Decimal("0.00")))
    print("  net_cash_flow", sum((amount for _, amount, _ in within), Decimal("0.00")))
    print("  inflow_count", len(into))
    print("  outflow_count", len(out))
    print("  largest_inflow", max(into, default="none"))
    print("  nsf_count", len(returned))
    print("  days_since_nsf", (last - max(returned)).days if returned else days)
    print("  bank_fees", -sum((a for _, a, w in within if a < 0 and RETURNED.search(w)), Decimal("0.00")))


# the others hold one to three days, less than any window: of them only the length of the history is known
for name in ("checking.ofx", "bank_medium.ofx", "suncorp.ofx", "anzcc.ofx", "ofx-v102-empty-tags.ofx"):
    dates = [day for day, _, _ in transactions(name)]
    print(name, "days_of_history", (max(dates) - min(dates)).days + 1)
for days in (7, 8):
    describe("checking.ofx", days)
