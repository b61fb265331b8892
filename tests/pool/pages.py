#!/usr/bin/env python3
"""Runs the commands of docs/pool, and compares the code in its pages with the files that it names.

    python3 -m venv venv && venv/bin/pip install -r tests/pool/requirements.txt
    npm ci --prefix tests/pool
    PATH="$PWD/venv/bin:$PATH" python3 tests/pool/pages.py [PAGE]...

A block of `console` holds commands, each after `$ `. If the first one of a page ends in `-- bash`, the others run in that shell.
A block whose language is followed by a path has to be that file, to the letter. What a page says in blocks of `sh` isn't run:
installing packages, and servers that don't end.
"""

import os
import pathlib
import re
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = ROOT / "docs/pool"
MODULES = ROOT / "tests/pool/node_modules"
BLOCK = re.compile(r"^```(\w+)(?: ([^\n]+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page):
    return BLOCK.findall(page.read_text())


def compare_files(page):
    """Holds each block that names a file against it. Returns how many there were."""
    named = [(path, text) for _, path, text in blocks(page) if path]
    for path, text in named:
        if (ROOT / path).read_text() != text:
            sys.exit(f"{page.relative_to(ROOT)}: the block of {path} isn't what the file says; copy the file into it")
    return len(named)


def commands(page):
    text = "\n".join(text for language, _, text in blocks(page) if language == "console")
    return [line.removeprefix("$ ") for line in text.splitlines() if line.startswith("$ ")]


def script(lines):
    """The commands as one script. A page that opens a shell runs its further commands in there."""
    if lines and lines[0].endswith("-- bash"):
        inner = "set -euo pipefail\n" + "\n".join(lines[1:])
        return f"{lines[0]} -c {shlex.quote(inner)}"
    return "set -euo pipefail\n" + "\n".join(lines)


def run(page, already_run):
    lines = commands(page)
    if set(lines) <= already_run:
        return
    print(f"docs/pool/{page.name}", flush=True)
    done = subprocess.run(["bash", "-c", script(lines)], cwd=ROOT, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        sys.exit(f"{page.relative_to(ROOT)}: its commands ended with {done.returncode}")
    already_run.update(lines)


def workflow_steps(page):
    """The `run:` lines of workflows, without those that install packages."""
    text = "\n".join(text for language, _, text in blocks(page) if language == "yaml")
    steps = re.findall(r"- run: (.*)", text)
    return [step for step in steps if not step.startswith("pip install ")]


def main(names):
    os.environ["PATH"] = f"{pathlib.Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    pages = sorted(PAGES.glob("*.md"))
    if names:
        pages = [page for page in pages if page.name in names]
    if not pages:
        sys.exit(f"no page of docs/pool has the name {' or '.join(names)}")
    # The test of Amplify finds its packages as if they were installed beside it.
    modules = PAGES / "amplify/node_modules"
    modules.unlink(missing_ok=True)
    modules.symlink_to(MODULES)
    already_run = set()
    try:
        files = sum(compare_files(page) for page in pages)
        for page in pages:
            run(page, already_run)
    finally:
        modules.unlink()
    for page in pages:
        if untried := set(workflow_steps(page)) - already_run:
            sys.exit(f"{page.relative_to(ROOT)}: no page ran {untried}")
    print(f"pages: ok ({len(pages)} pages, {len(already_run)} commands, {files} files)")


if __name__ == "__main__":
    main(sys.argv[1:])
