#!/usr/bin/env python3
"""Runs the commands of README.md and of the pages under docs.

    python3 -m venv venv && venv/bin/pip install -r tests/pool/requirements.txt
    npm ci --prefix tests/pool
    PATH="$PWD/venv/bin:$PATH" python3 tests/pool/pages.py [PAGE]...

A block of `console` holds commands, each after `$ `, and may hold what they print. If a command ends in `-- bash`, the rest of the page
runs in that shell. A command that can't run here, and everything in blocks of `sh`, stands in not_run.py with the reason; so it is with the
READMEs of examples, which readmes.py runs, and of crates.
tests/tidy/documents.rs compares the code of the pages with the files that it comes from.
"""

import os
import pathlib
import re
import shlex
import subprocess
import sys
import time

from not_run import NOT_RUN

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODULES = ROOT / "tests/pool/node_modules"
SKIPPED = {command for commands in NOT_RUN.values() for command in commands}
BLOCK = re.compile(r"^```(\w+)(?: ([^\n]+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page):
    return BLOCK.findall(page.read_text())


def lines(page, language):
    return [line for found, _, text in blocks(page) if found == language for line in text.splitlines()]


def commands(page):
    return [line.removeprefix("$ ") for line in lines(page, "console") if line.startswith("$ ")]


def without_comment(command):
    return command.split(" # ")[0].rstrip()


def script(commands):
    """The commands as one script. What follows a command that opens a shell runs in there."""
    for at, command in enumerate(commands):
        if command.endswith("-- bash"):
            inner = script(["set -euo pipefail", *commands[at + 1 :]])
            return "\n".join([*commands[:at], f"{command} -c {shlex.quote(inner)}"])
    return "\n".join(commands)


def run(page, already_run):
    found = [command for command in commands(page) if without_comment(command) not in SKIPPED]
    if set(found) <= already_run:
        return
    start = time.monotonic()
    done = subprocess.run(
        ["bash", "-c", script(["set -euo pipefail", *found])],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    print(f"{page.relative_to(ROOT)} ({time.monotonic() - start:.1f} s)", flush=True)
    if done.returncode != 0:
        sys.exit(f"{done.stdout}{done.stderr}{page.relative_to(ROOT)}: its commands ended with {done.returncode}")
    already_run.update(found)


def check_lists(pages):
    """Each command in a block of `sh` has a reason why it isn't run, and each reason has a command on a page."""
    shown = set()
    for page in pages:
        for line in lines(page, "sh"):
            line = without_comment(line)
            if line.strip() and line not in SKIPPED:
                sys.exit(f"{page.relative_to(ROOT)}: `{line}` isn't run; let it be a `console` command, or give a reason in not_run.py")
            shown.add(line)
        shown.update(map(without_comment, commands(page)))
    if unused := SKIPPED - shown:
        sys.exit(f"not_run.py: no page has {unused}")


def workflow_steps_of(text):
    """The `run:` lines of a workflow."""
    return re.findall(r"- run: (.*)", text)


def workflow_steps(page):
    """The `run:` lines of workflows, without those that install packages."""
    text = "\n".join(text for language, _, text in blocks(page) if language == "yaml")
    return [step for step in workflow_steps_of(text) if not step.startswith("pip install ")]


def main(names):
    os.environ["PATH"] = f"{pathlib.Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    everything = [ROOT / "README.md", *sorted(ROOT.glob("docs/*.md")), *sorted(ROOT.glob("docs/*/**/*.md"))]
    everything = [page for page in everything if "decisions" not in page.parts and "node_modules" not in page.parts]
    # readmes.py runs those of the examples.
    check_lists([*everything, *sorted(ROOT.glob("examples/*/README.md")), *sorted(ROOT.glob("crates/*/README.md"))])
    pages = [page for page in everything if not names or str(page.relative_to(ROOT)) in names]
    if not pages:
        sys.exit(f"there is no page {' or '.join(names)}")
    # The test of Amplify finds its packages as if they were installed beside it.
    modules = ROOT / "docs/pool/amplify/node_modules"
    modules.unlink(missing_ok=True)
    modules.symlink_to(MODULES)
    already_run = set()
    try:
        for page in pages:
            run(page, already_run)
    finally:
        modules.unlink()
    for page in pages:
        if untried := set(workflow_steps(page)) - already_run:
            sys.exit(f"{page.relative_to(ROOT)}: no page ran {untried}")
    print(f"pages: ok ({len(pages)} pages, {len(already_run)} commands)")


if __name__ == "__main__":
    main(sys.argv[1:])
