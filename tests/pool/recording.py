#!/usr/bin/env python3
"""Records what boto3 and pycognito do, and plays it again: with the same function, with a changed one, and torn.

    python3 -m venv venv && venv/bin/pip install -r tests/pool/requirements.txt
    venv/bin/python tests/pool/recording.py

`COGNITO` may name the built command `cargo-cognito`.
"""

import base64
import hashlib
import hmac
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

import boto3

from local_pool import ROOT, LocalPool, versions
from pycognito.aws_srp import AWSSRP

COGNITO = os.environ.get("COGNITO", "").split() or ["cargo", "run", "--quiet", "--package", "cargo-cognito", "--"]
FUNCTIONS = ROOT / "tests/pool/functions"
POOL, CLIENT, CLIENT_SECRET = "eu-central-1_recorded", "confidential", "not1really2a3secret4but5long6enough7for8a9client0"
ARN = "arn:aws:lambda:eu-central-1:123456789012:function:sign-in"
HOOKS = [
    "PreSignUp",
    "CustomMessage",
    "PostConfirmation",
    "PreTokenGeneration",
    "DefineAuthChallenge",
    "CreateAuthChallenge",
    "VerifyAuthChallengeResponse",
]
FLOWS = ["USER_SRP_AUTH", "USER_PASSWORD_AUTH", "CUSTOM_AUTH", "REFRESH_TOKEN_AUTH"]
PASSWORDS = ["Sunny-Day-42", "Rainy-Day-43", "Wrong-Day-44"]


def sources(folder):
    """The pool and its app client, as the AWS CLI describes them."""
    pool = {
        "Id": POOL,
        "Name": "recorded",
        "AutoVerifiedAttributes": ["email"],
        "LambdaConfig": {name: ARN for name in HOOKS},
    }
    client = {
        "UserPoolId": POOL,
        "ClientId": CLIENT,
        "ClientName": "confidential",
        "ClientSecret": CLIENT_SECRET,
        "ExplicitAuthFlows": [f"ALLOW_{flow}" for flow in FLOWS],
    }
    files = {"pool.json": {"UserPool": pool}, "client.json": {"UserPoolClient": client}}
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content))
    return [str(folder / name) for name in files]


def secret_hash(user_name):
    digest = hmac.new(CLIENT_SECRET.encode(), (user_name + CLIENT).encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


class Session:
    """What a person does in an app, and the secrets that the app has seen."""

    def __init__(self, pool):
        self.pool, self.client = pool, pool.client()
        self.secrets = [CLIENT_SECRET, secret_hash("ana"), "ultramarine", "crimson", *PASSWORDS]

    def hashed(self, **arguments):
        return {"ClientId": CLIENT, "SecretHash": secret_hash("ana"), "Username": "ana", **arguments}

    def noted(self, answer):
        """Remembers the secrets of an answer."""
        for member in (answer, answer.get("AuthenticationResult", {})):
            names = ("Session", "AccessToken", "IdToken", "RefreshToken")
            self.secrets += [member[name] for name in names if name in member]
        return answer

    def code(self):
        code = self.pool.code_for("ana")
        self.secrets.append(code)
        return code

    def initiate(self, flow, **parameters):
        parameters = {"SECRET_HASH": secret_hash("ana"), **parameters}
        return self.noted(self.client.initiate_auth(ClientId=CLIENT, AuthFlow=flow, AuthParameters=parameters))

    def srp(self, password):
        srp = AWSSRP("ana", password, POOL, CLIENT, client=self.client, client_secret=CLIENT_SECRET)
        return self.noted(srp.authenticate_user())

    def refused(self, call, *arguments, **named):
        try:
            call(*arguments, **named)
        except self.client.exceptions.ClientError:
            return
        raise AssertionError(f"{call} was not refused")

    def play(self):
        client = self.client
        attributes = [{"Name": "email", "Value": "ana@example.com"}]
        self.noted(client.sign_up(**self.hashed(Password=PASSWORDS[0], UserAttributes=attributes)))
        self.refused(client.confirm_sign_up, **self.hashed(ConfirmationCode="000001"))
        client.confirm_sign_up(**self.hashed(ConfirmationCode=self.code()))
        tokens = self.srp(PASSWORDS[0])["AuthenticationResult"]
        self.refused(self.srp, PASSWORDS[2])
        self.initiate("USER_PASSWORD_AUTH", USERNAME="ana", PASSWORD=PASSWORDS[0])
        self.refused(self.initiate, "USER_PASSWORD_AUTH", USERNAME="ana", PASSWORD=PASSWORDS[2])
        self.initiate("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=tokens["RefreshToken"])
        client.get_user(AccessToken=tokens["AccessToken"])
        asked = self.initiate("CUSTOM_AUTH", USERNAME="ana")
        for word in ("crimson", "ultramarine"):
            responses = {"USERNAME": "ana", "ANSWER": word, "SECRET_HASH": secret_hash("ana")}
            asked = self.noted(
                client.respond_to_auth_challenge(
                    ClientId=CLIENT,
                    ChallengeName="CUSTOM_CHALLENGE",
                    Session=asked["Session"],
                    ChallengeResponses=responses,
                )
            )
        assert "AuthenticationResult" in asked
        client.forgot_password(**self.hashed())
        client.confirm_forgot_password(**self.hashed(ConfirmationCode=self.code(), Password=PASSWORDS[1]))
        self.srp(PASSWORDS[1])
        # Its answer isn't checked: boto3's model doesn't have the flow that the operation needs.
        created = boto3.client("cognito-idp", **self.pool.settings).create_user_pool_client(
            UserPoolId=POOL, ClientName="machine", GenerateSecret=True, ExplicitAuthFlows=["ALLOW_CLIENT_TOKEN_AUTH"]
        )["UserPoolClient"]
        self.secrets.append(created["ClientSecret"])
        machine = {"ClientId": created["ClientId"], "Secret": created["ClientSecret"]}
        self.secrets.append(client.get_client_token(**machine)["ClientAuthenticationResult"]["AccessToken"])


def replay(recording, function):
    """Plays a recording, and returns the exit code and what was found."""
    command = [*COGNITO, "pool", "--replay", str(recording), "--bin", str(function), "--format", "json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout.splitlines()[-1])


def check_secrets(text, session):
    found = [secret for secret in session.secrets if secret in text]
    assert not found, f"the recording has {found}"
    assert len(session.secrets) > 20 and "eyJ" not in text, "a token"
    assert "ana@example.com" in text and "{{password-" in text


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for name in ("python_function.py", "sign_in_function.py"):
            shutil.copy(FUNCTIONS / name, folder)
        function, recording = folder / "sign_in_function.py", folder / "session.jsonl"
        command = [*COGNITO, "pool", *sources(folder), "--bin", str(function), "--record", str(recording)]
        with LocalPool([*command, "--port", "0", "--format", "json"]) as pool:
            session = Session(pool)
            session.play()
            again = subprocess.run([*command, "--port", "0"], cwd=ROOT, capture_output=True, text=True)
            assert again.returncode == 2 and "a recording goes to a new file" in again.stderr, again
        text = recording.read_text()
        calls = text.count("\n") - 1
        check_secrets(text, session)

        code, found = replay(recording, function)
        assert (code, found["same"], found["notMade"], found["difference"]) == (0, calls, [], None), found

        changed = folder / "changed_function.py"
        changed.write_text(function.read_text().replace('{"tenant": "acme"}', '{"tenant": "other"}'))
        changed.chmod(0o755)
        code, found = replay(recording, changed)
        difference = found["difference"]
        assert code == 1 and difference["part"].startswith("trigger 1, TokenGeneration_Authentication"), found
        [change] = difference["changes"]
        assert change["path"] == "answer.claimsOverrideDetails.claimsToAddOrOverride.tenant", change
        assert (change["recorded"], change["now"]) == ('"acme"', '"other"'), change
        assert found["same"] + 1 + found["notReached"] == calls, found

        torn = folder / "torn.jsonl"
        torn.write_text(text[:-40])
        code, found = replay(torn, function)
        assert (code, found["same"], found["isTorn"]) == (0, calls - 1, True), found
    print(f"recording: ok, {calls} calls, {len(session.secrets)} secrets ({versions()})")


if __name__ == "__main__":
    main()
