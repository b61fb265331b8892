#!/usr/bin/env python3
"""Signs people in with boto3, by the code and by the link, and tries what must not work.

    pip install boto3
    . ./test.env
    cargo cognito pool template.yaml --bin passwordless --port 0 -- python3 tests/real_client.py

The link is made here once more, from the key and the private parameters, so that it can be wrong in one point at a time.
"""

import base64
import hashlib
import hmac
import json
import os
import time
import urllib.request

import boto3

POOL_ID = os.environ["COGNITO_USER_POOL_ID"]
CLIENT_ID = os.environ["COGNITO_CLIENT_ID"]
ENDPOINT = os.environ["AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"]
KEY = os.environ["LINK_KEY"]

cognito = boto3.client("cognito-idp")


def member(email):
    """Someone with a verified address, and with a password that no flow of the app client takes. Returns the user name."""
    attributes = [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}]
    user = cognito.admin_create_user(
        UserPoolId=POOL_ID, Username=email, UserAttributes=attributes, MessageAction="SUPPRESS"
    )["User"]
    cognito.admin_set_user_password(
        UserPoolId=POOL_ID, Username=email, Password=f"Aa1!{os.urandom(16).hex()}", Permanent=True
    )
    return user["Username"]


def begin(email):
    """Begins a sign-in: what the app gets, and how many seconds it took."""
    begun = time.monotonic()
    challenge = cognito.initiate_auth(
        ClientId=CLIENT_ID, AuthFlow="CUSTOM_AUTH", AuthParameters={"USERNAME": email}
    )
    assert challenge["ChallengeName"] == "CUSTOM_CHALLENGE", challenge
    return challenge, time.monotonic() - begun


def secrets():
    """What the last challenge keeps: a local pool tells it to a test that asks for secrets."""
    with urllib.request.urlopen(f"{ENDPOINT}/_dev/events?secrets=true") as answer:
        events = json.load(answer)["events"]
    created = [event for event in events if event["triggerSource"].startswith("CreateAuthChallenge")]
    return created[-1]["answer"]["privateChallengeParameters"]


def respond(challenge, email, answer):
    return cognito.respond_to_auth_challenge(
        ClientId=CLIENT_ID,
        ChallengeName="CUSTOM_CHALLENGE",
        Session=challenge["Session"],
        ChallengeResponses={"USERNAME": email, "ANSWER": answer},
    )


def link(user, kept, pool=POOL_ID, key=KEY, expires=None):
    """The token of a link, as the function signs it."""
    encoded = base64.urlsafe_b64encode(f"{pool}/{user}".encode()).decode().rstrip("=")
    signed = f"{encoded}.{expires or kept['expires']}.{kept['link']}"
    signature = hmac.digest(key.encode(), signed.encode(), hashlib.sha256)
    return f"{signed}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


def refused(challenge, email, answer):
    """The error after the last attempt."""
    try:
        respond(challenge, email, answer)
    except cognito.exceptions.NotAuthorizedException as error:
        return error.response["Error"]["Message"]
    raise AssertionError("the third wrong answer didn't end the sign-in")


def both_ways_in(email, user):
    challenge, _ = begin(email)
    typed = secrets()["code"]
    tokens = respond(challenge, email, f"{typed[:4]} {typed[4:]}")["AuthenticationResult"]
    assert cognito.get_user(AccessToken=tokens["AccessToken"])["Username"] == user

    challenge, _ = begin(email)
    tokens = respond(challenge, email, link(user, secrets()))["AuthenticationResult"]
    assert cognito.get_user(AccessToken=tokens["AccessToken"])["Username"] == user


def links_that_must_not_work(email, user):
    begin(email)
    of_earlier_sign_in = link(user, secrets())
    now = int(time.time())
    wrong = [
        lambda kept: of_earlier_sign_in,
        lambda kept: link("someone-else", kept),
        lambda kept: link(user, kept, pool="eu-central-1_Another00"),
        lambda kept: link(user, kept, key="another key, also of 32 bytes or more"),
        lambda kept: link(user, kept, expires=now - 1),
        lambda kept: link(user, kept)[:-1],
        lambda kept: "",
    ]
    for make in wrong:
        challenge, _ = begin(email)
        kept = secrets()
        answer = make(kept) or "0"
        again = respond(challenge, email, answer)
        assert "AuthenticationResult" not in again, answer
        # The sign-in goes on, and its own link still works.
        assert "AuthenticationResult" in respond(again, email, link(user, kept))


def a_stranger_sees_the_same(email):
    challenge, took = begin(email)
    unknown, took_unknown = begin("nobody@example.com")
    names = {"USERNAME"}
    for parameters in (challenge["ChallengeParameters"], unknown["ChallengeParameters"]):
        assert parameters.keys() - names == {"medium"} and parameters["medium"] == "EMAIL", parameters
    # Nothing is answered before the time at which everything is answered.
    least = int(os.environ["ANSWER_AFTER_MS"]) / 1000
    assert took >= least and took_unknown >= least, (took, took_unknown)

    kept = secrets()
    stranger = "nobody@example.com"
    unknown = respond(unknown, stranger, kept["code"])
    unknown = respond(unknown, stranger, link(stranger, kept))
    for_stranger = refused(unknown, stranger, "00000000")
    for _ in range(2):
        challenge = respond(challenge, email, "0000")
    for_member = refused(challenge, email, "0000")
    assert for_stranger == for_member, (for_stranger, for_member)


def main():
    email = "ana@example.com"
    user = member(email)
    both_ways_in(email, user)
    links_that_must_not_work(email, user)
    a_stranger_sees_the_same(email)
    print("passwordless: ok")


if __name__ == "__main__":
    main()
