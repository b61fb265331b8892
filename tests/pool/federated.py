#!/usr/bin/env python3
"""Signs people in with Google's stand-in at a pool of the template of examples/federated, whose function links accounts by the API.

    cargo build -p cargo-cognito -p federated
    venv/bin/python tests/pool/federated.py

`COGNITO` may name the built command `cargo-cognito`. The function's binary is beside it.
"""

import json
import re
import urllib.parse

import requests
from example import start
from local_pool import versions

CALLBACK = "https://app.example.com/callback"
PASSWORD = "Sunny-Day-42"


class SignInFailed(Exception):
    """What the app reads in `error_description`."""


def sign_in(pool, client_id, subject, **attributes):
    """Signs in as somebody for whom Google vouches, in a browser of its own. Returns the claims of the ID token."""
    browser = requests.Session()
    query = {
        "client_id": client_id,
        "response_type": "code",
        "redirect_uri": CALLBACK,
        "scope": "openid email profile",
        "identity_provider": "Google",
    }
    page = browser.get(f"{pool.endpoint}/oauth2/authorize", params=query, timeout=10)
    token = re.search(r'name="_csrf" value="([^"]*)"', page.text)[1]
    form = {"_csrf": token, "subject": subject, "more": json.dumps(attributes)}
    back = browser.post(page.url, data=form, allow_redirects=False, timeout=10).headers["location"]
    assert back.startswith(CALLBACK), back
    answer = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(back).query))
    if "error" in answer:
        raise SignInFailed(answer["error_description"])
    tokens = requests.post(
        f"{pool.endpoint}/oauth2/token",
        data={"grant_type": "authorization_code", "client_id": client_id, "code": answer["code"], "redirect_uri": CALLBACK},
        timeout=10,
    ).json()
    return pool.claims(tokens["id_token"], audience=client_id)


def sign_in_as_an_app_does(pool, client_id, subject, **attributes):
    """Starts the sign-in once more if it collided with the link that it has just made."""
    try:
        return sign_in(pool, client_id, subject, **attributes)
    except SignInFailed as error:
        if "Already found an entry for username" not in str(error):
            raise
        return sign_in(pool, client_id, subject, **attributes)


def refused(text, pool, client_id, subject, **attributes):
    """A sign-in that the function refuses. `text` begins with the trigger."""
    try:
        claims = sign_in(pool, client_id, subject, **attributes)
    except SignInFailed as error:
        assert f"{text}." in str(error), error
        return
    raise AssertionError(f"{claims['cognito:username']} was signed in")


def local_user(pool, client, email):
    """A user with a password and a verified address."""
    attributes = [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}]
    made = client.admin_create_user(
        UserPoolId=pool.pool_id, Username=email, UserAttributes=attributes, MessageAction="SUPPRESS"
    )["User"]["Username"]
    client.admin_set_user_password(UserPoolId=pool.pool_id, Username=made, Password=PASSWORD, Permanent=True)
    return made


def main():
    with start("federated", PROVIDERS="Google=*", PROVIDER_GROUPS="Google=editors") as pool:
        client = pool.client()
        client_id = pool.user_pools[0]["clients"][0]["id"]

        # Both have proved the address: one user, whose attributes come from the provider from now on.
        ana = local_user(pool, client, "ana@example.com")
        said = {"email": "Ana@Example.com", "email_verified": "true", "name": "Ana  Lindqvist", "groups": "[editors, admins]"}
        for _ in range(2):
            claims = sign_in_as_an_app_does(pool, client_id, "1155aB", **said)
            assert claims["cognito:username"] == ana, claims
            assert claims["name"] == "Ana Lindqvist" and claims["custom:groups"] == "editors", claims
            assert claims["email"] == "ana@example.com" and claims["email_verified"] is True, claims
        assert [identity["userId"] for identity in claims["identities"]] == ["1155aB"], claims

        # Mallory has signed up with Bob's address and waits for Bob. They stay apart.
        bob = {"Name": "email", "Value": "bob@example.com"}
        mallory = client.sign_up(ClientId=client_id, Username=bob["Value"], Password=PASSWORD, UserAttributes=[bob])
        claims = sign_in(pool, client_id, "43", email="bob@example.com", email_verified="true")
        assert claims["cognito:username"] == "google_43" and claims["sub"] != mallory["UserSub"], claims

        # Nobody vouches for the address, so nothing tells whether a user has it. A later sign-in brings no such address either.
        text = "InboundFederation failed with error your identity provider doesn't vouch for this email address"
        refused(text, pool, client_id, "44", email="ana@example.com", email_verified="false")
        refused(text, pool, client_id, "45", email="nobody@example.com")
        refused(text, pool, client_id, "1155aB", email="ceo@example.com", email_verified="false")

        # Whoever is in no group any more loses those of the last sign-in.
        claims = sign_in(pool, client_id, "1155aB", email="ana@example.com", email_verified="true")
        assert claims["email"] == "ana@example.com" and claims["custom:groups"] == "-", claims

        # A user who was locked out doesn't come back by another door, whether with a password or from a provider until then.
        text = "PreSignUp failed with error this account is disabled"
        eve = local_user(pool, client, "eve@example.com")
        client.admin_disable_user(UserPoolId=pool.pool_id, Username=eve)
        refused(text, pool, client_id, "46", email="eve@example.com", email_verified="true")
        client.admin_disable_user(UserPoolId=pool.pool_id, Username="google_43")
        refused(text, pool, client_id, "47", email="bob@example.com", email_verified="true")

        # A sign-up can't bring what providers bring.
        attributes = [{"Name": "email", "Value": "carl@example.com"}, {"Name": "custom:groups", "Value": "editors"}]
        try:
            client.sign_up(ClientId=client_id, Username="carl@example.com", Password=PASSWORD, UserAttributes=attributes)
            raise AssertionError("groups were chosen")
        except client.exceptions.UserLambdaValidationException as error:
            assert "this attribute can't be chosen" in str(error), error
    print(f"federated: ok ({versions()})")


if __name__ == "__main__":
    main()
