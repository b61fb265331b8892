#!/usr/bin/env python3
"""A function for triggers in Python. It speaks Lambda's Runtime API itself, so it needs nothing but the standard library."""

import json
import os
import urllib.request

RUNTIME = f"http://{os.environ['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime/invocation"


class Rejected(Exception):
    """An error whose text the user reads."""


def answer(event):
    """Fills `response`, as each trigger needs it."""
    source = event["triggerSource"]
    attributes = event["request"]["userAttributes"]
    if source == "PreSignUp_SignUp" and not attributes["email"].endswith("@example.com"):
        print("refused an address of another domain", flush=True)
        raise Rejected("Python invites nobody from there")
    if source.startswith("CustomMessage_"):
        event["response"]["emailSubject"] = "Hello from Python"
        event["response"]["emailMessage"] = f"Python says: {event['request']['codeParameter']}"
    if source.startswith("TokenGeneration_"):
        event["response"]["claimsOverrideDetails"] = {"claimsToAddOrOverride": {"language": "Python"}}
    return event


def post(path, body):
    request = urllib.request.Request(f"{RUNTIME}/{path}", json.dumps(body).encode(), method="POST")
    urllib.request.urlopen(request).close()


def main(answer=answer):
    while True:
        with urllib.request.urlopen(f"{RUNTIME}/next") as response:
            request_id = response.headers["Lambda-Runtime-Aws-Request-Id"]
            event = json.load(response)
        try:
            post(f"{request_id}/response", answer(event))
        except Rejected as error:
            post(f"{request_id}/error", {"errorType": type(error).__name__, "errorMessage": str(error)})


if __name__ == "__main__":
    main()
