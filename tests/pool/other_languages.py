#!/usr/bin/env python3
"""Signs users up and in with boto3, at pools whose functions are written in Python and in JavaScript.

    python3 -m venv venv && venv/bin/pip install -r tests/pool/requirements.txt
    venv/bin/python tests/pool/other_languages.py

`COGNITO` may name the built command `cargo-cognito`.
"""

import json
import os
import tempfile
import urllib.request

from local_pool import ROOT, LocalPool, versions

COGNITO = os.environ.get("COGNITO", "").split() or ["cargo", "run", "--quiet", "--package", "cargo-cognito", "--"]
FUNCTIONS = ROOT / "tests/pool/functions"
PASSWORD = "Sunny-Day-42"
LANGUAGES = {"PythonPool": "Python", "NodePool": "Node"}


def start(stderr):
    """Both functions, each run by the function of its pool."""
    command = [*COGNITO, "pool", str(FUNCTIONS / "template.yaml"), "--port", "0", "--format", "json"]
    for name, file in (("Python", "python_function.py"), ("Node", "node_function.mjs")):
        binary = file.split(".")[0]
        command += ["--bin", str(FUNCTIONS / file), "--run-by", f"{binary}={name}Function"]
    return LocalPool(command, stderr)


def sign_up_and_in(pool, client, user_pool, language):
    client_id = user_pool["clients"][0]["id"]
    email = f"{language.lower()}@example.com"
    attributes = [{"Name": "email", "Value": email}]
    signed_up = client.sign_up(ClientId=client_id, Username="ana", Password=PASSWORD, UserAttributes=attributes)
    assert signed_up["UserConfirmed"] is False

    message = pool.messages(user_pool["id"])[-1]
    assert message["subject"] == f"Hello from {language}", message
    assert message["body"] == f"{language} says: {message['code']}", message
    client.confirm_sign_up(ClientId=client_id, Username="ana", ConfirmationCode=message["code"])

    result = client.initiate_auth(
        ClientId=client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "ana", "PASSWORD": PASSWORD},
    )["AuthenticationResult"]
    claims = pool.claims(result["IdToken"], audience=client_id, pool_id=user_pool["id"])
    assert claims["language"] == language, claims


def rejection(client, user_pool, language):
    attributes = [{"Name": "email", "Value": "bob@elsewhere.test"}]
    try:
        client.sign_up(
            ClientId=user_pool["clients"][0]["id"], Username="bob", Password=PASSWORD, UserAttributes=attributes
        )
    except client.exceptions.UserLambdaValidationException as error:
        message = error.response["Error"]["Message"]
        assert message == f"PreSignUp failed with error {language} invites nobody from there.", message
        return
    raise AssertionError(f"{language} let a stranger in")


def check_events(pool, user_pool):
    """Every trigger was fired once for each call, and answered unless it refused."""
    with urllib.request.urlopen(f"{pool.endpoint}/_dev/events") as answer:
        events = [event for event in json.load(answer)["events"] if event["event"]["userPoolId"] == user_pool["id"]]
    found = [(event["triggerSource"], event["error"] is None) for event in events]
    assert found == [
        ("PreSignUp_SignUp", True),
        ("CustomMessage_SignUp", True),
        ("TokenGeneration_Authentication", True),
        ("PreSignUp_SignUp", False),
    ], found


def main():
    with tempfile.TemporaryFile("w+") as stderr, start(stderr) as pool:
        client = pool.client()
        for user_pool in pool.user_pools:
            language = LANGUAGES[user_pool["name"]]
            sign_up_and_in(pool, client, user_pool, language)
            rejection(client, user_pool, language)
            check_events(pool, user_pool)
        stderr.seek(0)
        said = stderr.read()
        for function in ("python_function", "node_function"):
            lines = [line for line in said.splitlines() if f"{function} can't be asked for its routes" in line]
            assert len(lines) == 1, said
    print(f"other_languages: ok ({versions()})")


if __name__ == "__main__":
    main()
