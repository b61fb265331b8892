#!/usr/bin/env python3
"""Signs old users in with boto3, at a pool whose function reads a PostgreSQL; and tries it while there is none.

    pip install boto3
    bash tests/with_postgres.sh cargo cognito pool template.yaml --bin migrate-users --port 0 -- python3 tests/real_client.py
    export DATABASE_URL=postgres://nobody@127.0.0.1:9/old
    cargo cognito pool template.yaml --bin migrate-users --port 0 -- python3 tests/real_client.py outage
"""

import json
import os
import sys
import urllib.parse
import urllib.request

import boto3

POOL_ID = os.environ["COGNITO_USER_POOL_ID"]
CLIENT_ID = os.environ["COGNITO_CLIENT_ID"]
ENDPOINT = os.environ["AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"]
PASSWORD = "correct-Horse7battery"

cognito = boto3.client("cognito-idp")


def sign_in(email, password=PASSWORD):
    return cognito.initiate_auth(
        ClientId=CLIENT_ID, AuthFlow="USER_PASSWORD_AUTH", AuthParameters={"USERNAME": email, "PASSWORD": password}
    )["AuthenticationResult"]


def forgot(email):
    return cognito.forgot_password(ClientId=CLIENT_ID, Username=email)


def refusal(call, *arguments):
    """The exception and the text of a call that fails."""
    try:
        call(*arguments)
    except cognito.exceptions.ClientError as error:
        return error.response["Error"]["Code"], error.response["Error"]["Message"]
    raise AssertionError(f"{call.__name__} {arguments} succeeded")


def user(email):
    found = cognito.admin_get_user(UserPoolId=POOL_ID, Username=email)
    return found["UserStatus"], {a["Name"]: a["Value"] for a in found["UserAttributes"]}


def set_new_password(email, password):
    forgot(email)
    query = urllib.parse.urlencode({"userPoolId": POOL_ID, "to": email})
    with urllib.request.urlopen(f"{ENDPOINT}/_dev/messages?{query}") as messages:
        code = json.load(messages)[-1]["code"]
    cognito.confirm_forgot_password(ClientId=CLIENT_ID, Username=email, ConfirmationCode=code, Password=password)


def triggers():
    with urllib.request.urlopen(f"{ENDPOINT}/_dev/events") as answer:
        return [event["triggerSource"] for event in json.load(answer)["events"]]


def old_users_move_over():
    # Someone whom neither directory knows, a wrong password, a disabled user and one without a password are alike.
    unknown = refusal(sign_in, "nobody@example.com")
    assert unknown[0] == "UserNotFoundException", unknown
    assert refusal(sign_in, "emil@example.com", "guess") == unknown
    assert refusal(sign_in, "bruno@example.com", "guess") == unknown
    for email in ("gone@example.com", "greta@example.com"):
        assert refusal(sign_in, email) == unknown, email
    for email in ("gone@example.com", "unproved@example.com"):
        assert refusal(forgot, email) == unknown, email

    for email in ("emil@example.com", "bruno@example.com"):
        assert "IdToken" in sign_in(email)
        status, attributes = user(email)
        assert status == "CONFIRMED" and attributes["email_verified"] == "true", (status, attributes)
        before = len(triggers())
        assert "IdToken" in sign_in(email)
        # From now on the pool has the user and the password.
        assert len(triggers()) == before, triggers()
        assert refusal(sign_in, email, "guess")[0] == "NotAuthorizedException"

    assert refusal(sign_in, "leaked@example.com")[0] == "PasswordResetRequiredException"
    for email in ("leaked@example.com", "greta@example.com"):
        set_new_password(email, "Another-Horse8battery")
        assert "IdToken" in sign_in(email, "Another-Horse8battery")
        assert refusal(sign_in, email)[0] == "NotAuthorizedException"


def moved_users_stay_takeable():
    # Deleted in the pool, and taken over once more.
    cognito.admin_delete_user(UserPoolId=POOL_ID, Username="bruno@example.com")
    assert "IdToken" in sign_in("bruno@example.com")
    status, attributes = user("bruno@example.com")
    assert status == "CONFIRMED" and attributes["email_verified"] == "true", (status, attributes)

    # Emil has another address now. Whoever knows his old password gets an account with the old one.
    emil = user("emil@example.com")[1]["sub"]
    moved = [{"Name": "email", "Value": "emil@example.org"}, {"Name": "email_verified", "Value": "true"}]
    cognito.admin_update_user_attributes(UserPoolId=POOL_ID, Username=emil, UserAttributes=moved)
    assert "IdToken" in sign_in("emil@example.com")
    status, attributes = user("emil@example.com")
    assert status == "CONFIRMED" and attributes["email_verified"] == "true", (status, attributes)
    assert attributes["sub"] != emil, attributes


def an_outage_is_called_one():
    text = "UserMigration failed with error signing in isn't possible at the moment, please try again in a minute."
    for call in (sign_in, forgot):
        for email in ("emil@example.com", "nobody@example.com"):
            refused = refusal(call, email)
            assert refused == ("UserLambdaValidationException", text), refused
            assert refusal(user, email)[0] == "UserNotFoundException", email


def main():
    if sys.argv[1:] == ["outage"]:
        an_outage_is_called_one()
    else:
        old_users_move_over()
        moved_users_stay_takeable()
    print("migrate-users:", *sys.argv[1:], "ok")


if __name__ == "__main__":
    main()
