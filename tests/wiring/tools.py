"""What the scripts of this folder share: the built command, npm, and the end of a run."""

import pathlib
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
BUILT = HERE.parents[1] / "target" / "debug"

# A key that no pool has. The scripts only compare its ARN.
KEY = "arn:aws:kms:eu-west-1:111122223333:key/0aa1"


def cargo_cognito(*arguments, check=True):
    """Runs the built command. With `check`, a failure of the command ends the script."""
    command = [BUILT / "cargo-cognito", "cognito", *arguments]
    return subprocess.run(command, check=check, capture_output=True, text=True)


def npm_install(folder, *packages):
    """Installs packages into a folder, or those of its package.json."""
    command = ["npm", "install", "--silent", "--no-audit", "--no-fund", *packages]
    subprocess.run(command, cwd=folder, check=True)


def exit_code(problems, success):
    """Prints the problems, or the sentence about a success, and returns the exit code."""
    print("\n".join(problems) or success)
    return 1 if problems else 0
