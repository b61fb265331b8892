"""A sign-up and a sign-in with boto3, against the pool that runs this test."""

import json
import os
import urllib.parse
import urllib.request

import boto3
import pytest

CLIENT_ID = os.environ["COGNITO_CLIENT_ID"]
ENDPOINT = os.environ["AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"]

# boto3 takes the endpoint, the region and the credentials from the environment.
cognito = boto3.client("cognito-idp")


@pytest.fixture(autouse=True)
def a_fresh_pool():
    """Returns the pool to its state at start before each test."""
    urllib.request.urlopen(urllib.request.Request(f"{ENDPOINT}/_dev/reset", method="POST"))


def last_code(user_name):
    """The code of the last message to a user."""
    query = urllib.parse.urlencode({"userName": user_name})
    with urllib.request.urlopen(f"{ENDPOINT}/_dev/messages?{query}") as messages:
        return json.load(messages)[-1]["code"]


def sign_up(user_name, email):
    return cognito.sign_up(
        ClientId=CLIENT_ID,
        Username=user_name,
        Password="Passw0rd!",
        UserAttributes=[{"Name": "email", "Value": email}],
    )


def test_a_user_signs_up_and_in():
    assert sign_up("ana", "ana@example.com")["UserConfirmed"] is False
    cognito.confirm_sign_up(ClientId=CLIENT_ID, Username="ana", ConfirmationCode=last_code("ana"))
    tokens = cognito.initiate_auth(
        ClientId=CLIENT_ID,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "ana", "PASSWORD": "Passw0rd!"},
    )["AuthenticationResult"]
    assert cognito.get_user(AccessToken=tokens["AccessToken"])["Username"] == "ana"


def test_an_uninvited_domain_is_rejected():
    with pytest.raises(cognito.exceptions.UserLambdaValidationException) as error:
        sign_up("bob", "bob@elsewhere.test")
    message = error.value.response["Error"]["Message"]
    assert message.startswith("PreSignUp failed with error ")
