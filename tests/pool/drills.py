#!/usr/bin/env python3
"""Plays drills against boto3, and compares with its table in docs/pool/drills.md.

    venv/bin/python tests/pool/drills.py           # fails if the table says something else
    venv/bin/python tests/pool/drills.py --write   # rewrites the table
"""

import json
import sys
import time
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from local_pool import ROOT, LocalPool, versions

PAGE = ROOT / "docs/pool/drills.md"
HEAD = "| drill | boto3 raises | calls, by default | calls, in standard mode |\n|---|---|---|---|\n"
ARN = "arn:aws:lambda:eu-west-1:123456789012:function:Echo"


def fails(exception):
    return {"operation": "ForgotPassword", "exception": exception, "times": 99}


DRILLS = [
    ({"trigger": "CustomMessage", "how": "error", "message": "No template"}, "`error`"),
    ({"trigger": "CustomMessage", "how": "timeout"}, "`timeout`"),
    ({"trigger": "CustomMessage", "how": "throttle"}, "`throttle`"),
    ({"trigger": "CustomMessage", "how": "deleted"}, "`deleted`"),
    ({"trigger": "CustomMessage", "how": "null"}, "`null`"),
    ({"trigger": "delivery"}, "`delivery`"),
    (fails("LimitExceededException"), "`LimitExceededException`, always"),
    (fails("TooManyRequestsException"), "`TooManyRequestsException`, always"),
    (fails("InternalErrorException"), "`InternalErrorException`, always"),
]


def dev(pool, method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{pool.endpoint}/_dev/{path}", data, method=method)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def play(pool, mode, client_id, drill):
    """The exception of a call with a drill, and how often boto3 called."""
    # As an app has it that configures nothing, or only the mode.
    config = Config() if mode is None else Config(retries={"mode": mode})
    client = boto3.client("cognito-idp", **(pool.settings | {"config": config}))
    since = dev(pool, "GET", "calls")["next"]
    dev(pool, "POST", "fail", drill)
    try:
        client.forgot_password(ClientId=client_id, Username="ana")
        raise AssertionError(f"{drill} made nothing go wrong")
    except ClientError as error:
        code, message = error.response["Error"]["Code"], error.response["Error"]["Message"]
        assert isinstance(error, getattr(client.exceptions, code)), error
    dev(pool, "DELETE", "fail")
    calls = dev(pool, "GET", f"calls?since={since}")["calls"]
    assert all(call["drills"] for call in calls), calls
    return f"`{code}`: {message}", len(calls)


def main():
    # Retries wait for seconds in between, which nobody has to.
    time.sleep = lambda _: None
    with LocalPool() as pool:
        api = boto3.client("cognito-idp", **pool.settings)
        pool_id = api.create_user_pool(PoolName="drills", LambdaConfig={"CustomMessage": ARN})["UserPool"]["Id"]
        client_id = api.create_user_pool_client(UserPoolId=pool_id, ClientName="app")["UserPoolClient"]["ClientId"]
        attributes = [{"Name": "email", "Value": "ana@example.com"}, {"Name": "email_verified", "Value": "true"}]
        api.admin_create_user(UserPoolId=pool_id, Username="ana", UserAttributes=attributes, MessageAction="SUPPRESS")
        api.admin_set_user_password(UserPoolId=pool_id, Username="ana", Password="Sunny-Day-42", Permanent=True)
        rows = []
        for drill, name in DRILLS:
            says, calls = play(pool, None, client_id, drill)
            also_says, in_standard_mode = play(pool, "standard", client_id, drill)
            assert says == also_says, (says, also_says)
            rows.append(f"| {name} | {says} | {calls} | {in_standard_mode} |")
    page = PAGE.read_text()
    before, after = page.split(HEAD)
    table, rest = after.split("\n\n", 1)
    if "--write" in sys.argv:
        PAGE.write_text(before + HEAD + "\n".join(rows) + "\n\n" + rest)
    else:
        assert table.split("\n") == rows, "run tests/pool/drills.py --write, and read the diff:\n" + "\n".join(rows)
    print(f"drills: ok ({len(DRILLS)} drills, {versions()})")


if __name__ == "__main__":
    main()
