"""Makes the pictures of the README from what the command and the local pool really show.

    cargo build --package cargo-cognito --package every-trigger
    pip install --requirement tests/pool/requirements.txt --requirement docs/pictures/requirements.txt
    python3 docs/pictures/make.py [FOLDER]

FOLDER is docs/pictures by default. The console needs Chromium; without it, its picture stays as it is.
"""

import base64
import io
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import boto3
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/pool"))
from chromium import Chromium, installed  # noqa: E402
from local_pool import LocalPool  # noqa: E402

DEBUG = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve() / "debug"
COMMAND, FUNCTION = DEBUG / "cargo-cognito", DEBUG / "every-trigger"
PASSWORD = "Passw0rd!"
COLUMNS = 120
# Readable on the light and on the dark page of a host, since the picture brings its background.
THEME = TerminalTheme(
    (24, 28, 36), (214, 219, 228),
    [(24, 28, 36), (240, 113, 120), (138, 201, 120), (229, 192, 123), (97, 175, 239), (198, 146, 233), (86, 190, 200), (214, 219, 228)],
    [(110, 118, 130), (255, 139, 146), (163, 224, 146), (245, 214, 150), (130, 195, 250), (215, 170, 245), (115, 214, 222), (255, 255, 255)],
)


def terminal(title, shown, arguments, folder, code):
    """The picture of a terminal in `folder` after a command, as SVG."""
    environment = {**os.environ, "CLICOLOR_FORCE": "1", "COLUMNS": str(COLUMNS)}
    done = subprocess.run([COMMAND, *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=120)
    if done.returncode != code:
        sys.exit(f"{title} ended with {done.returncode} instead of {code}:\n{done.stdout}{done.stderr}")
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    console.print(Text(f"$ {shown}", style="bold"))
    console.print(Text.from_ansi((done.stdout + done.stderr).rstrip()))
    picture = console.export_svg(title=title, theme=THEME, unique_id=title)
    # The picture takes its font from the reader's machine and loads nothing.
    picture = re.sub(r"@font-face \{.*?\}\s*", "", picture, flags=re.DOTALL)
    return picture.replace("Fira Code", "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono'")


def replay():
    """Cases of pre sign-up of which one has an approved answer that the function no longer gives."""
    with tempfile.TemporaryDirectory() as folder:
        cases = pathlib.Path(folder, "cases/pre_sign_up")
        shutil.copytree(ROOT / "examples/every-trigger/cases/pre_sign_up", cases)
        approved = cases / "external-provider.answer.json"
        changed = approved.read_text().replace('"autoConfirmUser": true', '"autoConfirmUser": false')
        assert changed != approved.read_text(), f"{approved} has changed: choose another difference"
        approved.write_text(changed)
        shown = "cargo cognito replay cases/pre_sign_up --bin every-trigger"
        return terminal("replay", shown, ["replay", "cases/pre_sign_up", "--bin", FUNCTION], folder, 1)


def flow(folder):
    """The sequence diagram of a flow; what the terminal prints of it is not shown."""
    picture = pathlib.Path(folder, "flow.svg")
    done = subprocess.run(
        [COMMAND, "flow", "sign-up", "--bin", FUNCTION, "--diagram", picture], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    if done.returncode != 0:
        sys.exit(f"the flow ended with {done.returncode}:\n{done.stdout}{done.stderr}")


def console():
    """The console after a sign-up and a sign-in, as PNG."""
    arguments = ["pool", "--bin", FUNCTION, "--port", "0", "--seed", "1", "--code", "374092", "--format", "json"]
    with LocalPool([COMMAND, *arguments], stderr=subprocess.DEVNULL) as pool, Chromium(installed()) as page:
        page.send("Emulation.setDeviceMetricsOverride", width=1360, height=860, deviceScaleFactor=1, mobile=False)
        page.open(f"{pool.endpoint}/")
        api = boto3.client("cognito-idp", **pool.settings)
        client = pool.user_pools[0]["clients"][0]["id"]
        user = {"ClientId": client, "Username": "ana"}
        api.sign_up(**user, Password=PASSWORD, UserAttributes=[{"Name": "email", "Value": "ana@example.com"}])
        api.confirm_sign_up(**user, ConfirmationCode="374092")
        words = {"USERNAME": "ana", "PASSWORD": PASSWORD}
        api.initiate_auth(ClientId=client, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=words)
        page.shows("TokenGeneration_Authentication")
        # The lists of messages and people follow a moment later.
        counts = "[...document.querySelectorAll('[role=tab]')].map((tab) => tab.innerText.replace(/[^0-9]/g, '')).join()"
        page.wait("3,1,1", lambda: page.run(counts))
        return base64.b64decode(page.send("Page.captureScreenshot", format="png")["data"])


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "docs/pictures")
    (folder / "replay.svg").write_text(replay())
    flow(folder)
    if installed():
        (folder / "console.png").write_bytes(console())
    else:
        print("console.png: not made, because Chromium isn't on the path")


main()
