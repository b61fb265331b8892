#!/usr/bin/env python3
"""Plays Amplify's sign-in by redirect in Chromium, against a pool that serves HTTPS: code with PKCE, session, sign-out.

    python3 -m venv venv && venv/bin/pip install -r tests/pool/requirements.txt
    npm ci --prefix tests/pool
    CHROMIUM=chromium venv/bin/python tests/pool/amplify_redirect.py

Chromium accepts the public key that the pool prints, boto3 trusts the authority through AWS_CA_BUNDLE. Without a browser on the
path, nothing is played, and the last line says so. `COGNITO` may name the built command `cargo-cognito`.
"""

import functools
import http.server
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import threading

from chromium import Chromium, installed
from local_pool import ROOT, LocalPool

COGNITO = os.environ.get("COGNITO", "").split() or ["cargo", "run", "--quiet", "--package", "cargo-cognito", "--"]
PAGE = ROOT / "tests/pool/amplify_redirect"
PASSWORD = "Passw0rd!"


class App:
    """The page on a free port of localhost."""

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory()
        folder = pathlib.Path(self.folder.name)
        shutil.copy(PAGE / "index.html", folder)
        esbuild = ROOT / "tests/pool/node_modules/.bin/esbuild"
        bundle = [esbuild, PAGE / "app.mjs", "--bundle", "--format=esm", f"--outfile={folder / 'app.js'}"]
        subprocess.run([*bundle, "--log-level=warning"], check=True)
        handler = functools.partial(Quiet, directory=folder)
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://localhost:{self.server.server_port}/"
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.folder.cleanup()

    def configure(self, **values):
        pathlib.Path(self.folder.name, "config.json").write_text(json.dumps(values))


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def set_up(pool, app):
    api = pool.client()
    client = api.create_user_pool_client(
        UserPoolId=pool.pool_id, ClientName="app", AllowedOAuthFlowsUserPoolClient=True, AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=["openid", "email", "aws.cognito.signin.user.admin"],
        CallbackURLs=[app.url], LogoutURLs=[app.url], SupportedIdentityProviders=["COGNITO"],
    )["UserPoolClient"]
    email = [{"Name": "email", "Value": "ana@example.com"}]
    api.admin_create_user(
        UserPoolId=pool.pool_id, Username="ana", UserAttributes=email, MessageAction="SUPPRESS"
    )
    api.admin_set_user_password(UserPoolId=pool.pool_id, Username="ana", Password=PASSWORD, Permanent=True)
    # The browser knows the pool as localhost, as Amplify's `domain` says.
    endpoint = pool.endpoint.replace("127.0.0.1", "localhost")
    app.configure(endpoint=endpoint, userPoolId=pool.pool_id, userPoolClientId=client["ClientId"])
    return endpoint


def play(pool, app, page):
    endpoint = set_up(pool, app)
    click = "document.querySelector('button').click()"
    page.open(app.url)
    page.shows("Nobody is signed in.")
    page.run(click)
    page.comes_to(f"{endpoint}/login?")
    page.shows("Sign in")
    page.submit(username="ana", password=PASSWORD)
    signed_in = f"Signed in as ana@example.com by {pool.endpoint}/{pool.pool_id}."
    page.shows(signed_in)
    assert page.run("document.title") == "shop", "the state that the app has sent"
    page.open(app.url)
    page.shows(signed_in)
    page.run(click)
    page.shows("Nobody is signed in.")
    page.open(app.url)
    page.shows("Nobody is signed in.")
    page.run(click)
    page.comes_to(f"{endpoint}/login?")
    page.shows("Sign in")


def main():
    program = installed()
    if program is None:
        print("Amplify by redirect: not played, because no browser is on the path")
        return
    command = [*COGNITO, "pool", "--no-function", "--tls", "--port", "0", "--format", "json"]
    with LocalPool(command) as pool, App() as app:
        trusts = f"--ignore-certificate-errors-spki-list={pool.certificate['publicKeySha256']}"
        with Chromium(program, trusts) as page:
            play(pool, app, page)
    version = json.loads((ROOT / "tests/pool/node_modules/aws-amplify/package.json").read_text())["version"]
    print(f"aws-amplify {version} in Chromium: sign-in by redirect with code and PKCE, session, sign-out by redirect")


main()
