#!/usr/bin/env python3
"""Counts the instructions that answering a sample event takes, route by route, with valgrind's callgrind.

    tests/bench/instructions.py            compares the counts with instructions.json; fails if a route takes 3 % more,
                                           or if the decision about the loop states other ratios than that file
    tests/bench/instructions.py --update   writes the counts to instructions.json

A count is the same in every run, unlike a time, but it depends on the compiler, which instructions.json names. The floor
is one pass over the event and a copy of it. No subscriber is installed, so the lines of the log don't count.
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
KNOWN = pathlib.Path(__file__).with_name("instructions.json")
DOCUMENT = ROOT / "docs/decisions/own-loop-over-the-runtime-api.md"
SLIDE = 1.03
CALLS = (100, 600)


def build():
    """Builds the binary and returns its path."""
    command = ["cargo", "build", "--release", "--package", "cognito-triggers-bench", "--bin", "instructions"]
    lines = subprocess.run(
        [*command, "--message-format", "json-render-diagnostics"], cwd=ROOT, check=True, stdout=subprocess.PIPE
    ).stdout.splitlines()
    paths = [json.loads(line).get("executable") for line in lines]
    return next(path for path in paths if path)


def count(binary, route, way):
    """Returns the instructions of one call: those of many calls without those of the start."""
    totals = []
    for calls in CALLS:
        with tempfile.NamedTemporaryFile() as file:
            command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={file.name}", binary, route, way, str(calls)]
            subprocess.run(command, check=True, capture_output=True)
            totals.append(int(re.search(r"^(?:summary|totals): (\d+)", file.read().decode(), re.MULTILINE)[1]))
    return round((totals[1] - totals[0]) / (CALLS[1] - CALLS[0]))


def measure(routes):
    """Returns the counts, and the compiler that they belong to."""
    binary = build()
    rustc = subprocess.run(["rustc", "--version"], check=True, capture_output=True, text=True).stdout.strip()
    counts = {route: {way: count(binary, route, way) for way in ("ours", "floor")} for route in routes}
    return {"rustc": rustc, "routes": counts}


def missing_rows(routes):
    """Returns the starts of the rows that the decision should have for these counts and doesn't."""
    ratios = {route: ways["ours"] / ways["floor"] for route, ways in routes.items()}
    worst = max(ratios, key=ratios.get)
    total = sum(ways["ours"] for ways in routes.values()) / sum(ways["floor"] for ways in routes.values())
    rows = [
        f"| bytes to bytes, all routes, in instructions | 3.0 × floor | | {total:.2f} × floor |",
        f"| the worst route (`{worst}`), in instructions | 3.6 × floor | | {ratios[worst]:.2f} × floor |",
    ]
    text = DOCUMENT.read_text(encoding="utf-8")
    return [row for row in rows if row not in text]


def check_document(routes):
    """Fails if the decision states other ratios than those of the counts."""
    if rows := missing_rows(routes):
        raise SystemExit("\n".join([f"{DOCUMENT.relative_to(ROOT)} should have:", *rows]))


def main():
    known = json.loads(KNOWN.read_text())
    if "--update" not in sys.argv[1:]:
        check_document(known["routes"])
    found = measure(known["routes"])
    worse = []
    for route, ways in found["routes"].items():
        ours, floor = ways["ours"], ways["floor"]
        change = ours / (known["routes"][route] or {}).get("ours", ours)
        if change > SLIDE:
            worse.append(route)
        print(f"{route:32}{ours:8}{floor:8}   {ours / floor:.2f} x floor   {change - 1:+.1%}")
    total = [sum(ways[way] for ways in found["routes"].values()) for way in ("ours", "floor")]
    print(f"{'all':32}{total[0]:8}{total[1]:8}   {total[0] / total[1]:.2f} x floor")
    if "--update" in sys.argv[1:]:
        KNOWN.write_text(json.dumps(found, indent=2) + "\n")
        check_document(found["routes"])
    elif found["rustc"] != known["rustc"]:
        raise SystemExit(f"the counts are of {known['rustc']}, and this is {found['rustc']}: run {sys.argv[0]} --update")
    elif worse:
        raise SystemExit(
            f"more than 3 % slower: {', '.join(worse)}. Look for the reason with callgrind_annotate; if it has to be, "
            f"run {sys.argv[0]} --update and say why in the commit"
        )


if __name__ == "__main__":
    main()
