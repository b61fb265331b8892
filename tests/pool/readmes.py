#!/usr/bin/env python3
"""Runs the commands in the README of each example, in the example's directory.

    python3 -m venv venv && venv/bin/pip install -r tests/pool/requirements.txt
    PATH="$PWD/venv/bin:$PATH" python3 tests/pool/readmes.py [EXAMPLE]...

With the variable BUILT, `cargo cognito` is the command in target/debug and runs the binary of the example that is there, because by its
name an example is compiled alone, and so with other features. `cargo test` is left to `.ci/run`.
tests/new/run.sh runs the README of starter, whose template is written for each project.
"""

import os
import pathlib
import subprocess
import sys
import tempfile

from pages import ROOT, commands, script, without_comment

NOT_HERE = {"starter"}
DEBUG = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve() / "debug"
CARGO = """#!/bin/sh
[ "$1" = cognito ] || exec "{cargo}" "$@"
command=$2
shift 2
exec "{debug}/cargo-cognito" cognito "$command" --bin "{debug}/{example}" "$@"
"""


def run(readme):
    """Runs the commands of a README one after the other, in a shell that stops at the first that fails."""
    example = readme.parent.name
    found = [command for command in map(without_comment, commands(readme)) if "cargo test" not in command]
    if not found:
        return 0
    with tempfile.TemporaryDirectory() as folder:
        environment = dict(os.environ)
        if os.environ.get("BUILT"):
            shim = pathlib.Path(folder, "cargo")
            cargo = subprocess.run(["sh", "-c", "command -v cargo"], check=True, capture_output=True, text=True).stdout.strip()
            shim.write_text(CARGO.format(cargo=cargo, debug=DEBUG, example=example))
            shim.chmod(0o755)
            environment["PATH"] = f"{folder}{os.pathsep}{environment['PATH']}"
        done = subprocess.run(
            ["bash", "-c", script(["set -euo pipefail", *found])],
            cwd=readme.parent,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
    if done.returncode != 0:
        sys.exit(f"{done.stdout}{done.stderr}{readme.relative_to(ROOT)}: its commands ended with {done.returncode}")
    print(f"{readme.relative_to(ROOT)}: {len(found)} commands", flush=True)
    return len(found)


def main(names):
    os.environ["PATH"] = f"{pathlib.Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    readmes = [path for path in sorted(ROOT.glob("examples/*/README.md")) if path.parent.name not in NOT_HERE]
    chosen = [path for path in readmes if not names or path.parent.name in names]
    if not chosen:
        sys.exit(f"there is no example {' or '.join(names)}")
    print(f"readmes: ok ({sum(map(run, chosen))} commands)")


if __name__ == "__main__":
    main(sys.argv[1:])
