"""bench/RESULTS.md: each measurement owns the section between its two markers, and writes that one anew."""

import sys
from collections.abc import Sequence
from pathlib import Path

from bench.machine import description

PATH = Path(__file__).parent / "RESULTS.md"

_TITLE = """# Results

Written by `make bench`; each section by its own program, with the day and the machine. Where more than one round is
measured, each section says which one counts, for us and for the peer alike.
"""


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """In Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def verdict(name: str, value: float, bound: float, unit: str, *, at_most: bool = False) -> str:
    """One line: the target, what was measured, and whether it was met."""
    is_met = value <= bound if at_most else value >= bound
    sign = "≤" if at_most else "≥"
    return f"- {name}: {value:,.4g} {unit} (target {sign} {bound:,g}) — {'met' if is_met else 'NOT MET'}"


def publish(name: str, title: str, parts: Sequence[str]) -> None:
    """Prints a section and puts it into the file, in the place of the one that stood there."""
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    body = "\n\n".join([f"## {title}", f"*{description()}*", *parts])
    sys.stdout.write(f"\n{body}\n")
    text = PATH.read_text() if PATH.exists() else _TITLE
    section = f"{begin}\n{body}\n\n{end}"
    before, found, rest = text.partition(begin)
    after = rest.partition(end)[2]
    PATH.write_text(before + section + after if found else f"{text.rstrip()}\n\n{section}\n")
