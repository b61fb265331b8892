#!/usr/bin/env python3
"""Runs what a new project says: the commands of its README, and the steps of its workflow.

    tests/new/says.py PROJECT PRINTED

PRINTED has what `cargo cognito new PROJECT …` has printed to standard error: the next commands there have to be those of the README.
`cargo clippy` compiles all dependencies once more, so it runs only if the variable CLIPPY is set.
"""

import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "pool"))
from pages import blocks, commands, script, without_comment, workflow_steps_of  # noqa: E402


def run(project, what, lines):
    print(f"== {project.name}: {what}", flush=True)
    text = script(["set -euo pipefail", *lines])
    if subprocess.run(["bash", "-c", text], cwd=project, stdin=subprocess.DEVNULL).returncode != 0:
        sys.exit(f"{project.name}: what {what} says doesn't work:\n" + "\n".join(lines))


def main(project, printed):
    readme = project / "README.md"
    first = next(text for language, _, text in blocks(readme) if language == "console")
    next_commands = [line.removeprefix("$ ") for line in first.splitlines()]
    shown = printed.read_text().split("next:\n")[1].splitlines()
    expected = [f"  cd {project.name}", *(f"  {command}" for command in next_commands)]
    if shown[: len(expected)] != expected:
        sys.exit("the command prints other commands than the README has:\n" + "\n".join(shown))

    found = [without_comment(command) for command in commands(readme)]
    run(project, "README.md", found)

    workflow = project / ".github/workflows/test.yml"
    installs = ("rustup toolchain install ", "cargo install ")
    left_out = () if "CLIPPY" in os.environ else ("cargo clippy ",)
    steps = [step for step in workflow_steps_of(workflow.read_text()) if not step.startswith(installs + left_out)]
    run(project, "the workflow", [f"({step})" for step in steps if step not in found])


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
