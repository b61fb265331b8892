#!/usr/bin/env python3
"""Plays the pages of managed login in Chromium, and looks for faults in each: missing labels, text that is cut off on a phone.

    python3 -m venv venv && venv/bin/pip install -r tests/pool/requirements.txt
    CHROMIUM=chromium venv/bin/python tests/pool/browser.py

SCREENSHOTS names a folder for pictures of all pages, on a desktop and a phone, light and dark. Without a browser on the path,
nothing is played, and the last line says so.
"""

import urllib.parse

import boto3

from chromium import Chromium, installed
from factors import totp
from local_pool import LocalPool

CALLBACK = "http://localhost:3999/callback"
BYE = "http://localhost:3999/bye"
PASSWORD = "Passw0rd!"
OTHER_PASSWORD = "N3w-Passw0rd!"
PHONE = {"Name": "phone_number", "Value": "+15555550100"}


def address(pool, path, app, **parameters):
    query = {"client_id": app, "response_type": "code", "redirect_uri": CALLBACK, **parameters}
    return f"{pool.endpoint}{path}?{urllib.parse.urlencode(query)}"


def sign_out(pool, page, app):
    page.open(f"{pool.endpoint}/logout?{urllib.parse.urlencode({'client_id': app, 'logout_uri': BYE})}")
    page.comes_to(BYE)


def play(pool, page):
    api = pool.client()
    api.create_identity_provider(
        UserPoolId=pool.pool_id, ProviderName="Google", ProviderType="Google", AttributeMapping={"email": "email"},
        ProviderDetails={"client_id": "a", "client_secret": "b", "authorize_scopes": "email"},
    )
    app = api.create_user_pool_client(
        UserPoolId=pool.pool_id, ClientName="app", AllowedOAuthFlowsUserPoolClient=True, AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=["openid"], CallbackURLs=[CALLBACK], LogoutURLs=[BYE],
        SupportedIdentityProviders=["COGNITO", "Google"],
    )["UserPoolClient"]["ClientId"]
    authorize = address(pool, "/oauth2/authorize", app)
    page.open(authorize)
    page.shows("Continue with Google")
    page.run("[...document.links].find((link) => link.text === 'Create an account').click()")
    page.shows("Have an account already?")
    page.look("sign-up")
    page.submit(username="dora", email="dora@example.com", password=PASSWORD)
    page.shows("A code is on its way.")
    page.look("confirm")
    page.submit(username="dora", code="000000")
    page.shows("Invalid verification code provided, please try again.")
    page.submit(username="dora", code=pool.code_for("dora"))
    page.shows("The account is confirmed.")
    page.submit(username="dora", password=PASSWORD)
    page.comes_to(f"{CALLBACK}?code=")
    page.open("about:blank")
    page.comes_to("about:blank")
    page.open(authorize)
    page.comes_to(f"{CALLBACK}?code=")
    sign_out(pool, page, app)
    page.open(authorize)
    page.shows("Continue with Google")
    page.run("[...document.links].find((link) => link.text.includes('Google')).click()")
    page.shows("Stand-in for Google")
    page.look("stand-in")
    page.submit(**{"subject": "77", "attribute:email": "dora@gmail.example"})
    page.comes_to(f"{CALLBACK}?code=")
    page.open(address(pool, "/forgotPassword", app))
    page.shows("Send a code")
    page.look("forgotten")
    page.submit(username="dora")
    page.shows("Change your password")
    page.submit(username="dora", code=pool.code_for("dora"), password=OTHER_PASSWORD)
    page.shows("The password is changed.")
    page.submit(username="dora", password=OTHER_PASSWORD)
    page.comes_to(f"{CALLBACK}?code=")
    users = api.list_users(UserPoolId=pool.pool_id)["Users"]
    assert [user["Username"] for user in users] == ["Google_77", "dora"], users


def second_factors(pool, page):
    """A pool that requires MFA: an authenticator app that is set up on the page, codes by SMS, and a temporary password."""
    # The name of an attribute in the answer is longer than the service model allows, on AWS too.
    api = boto3.client("cognito-idp", **pool.settings)
    made = api.create_user_pool(PoolName="Second factors", Schema=[{"Name": "name", "Required": True}])
    pool_id = made["UserPool"]["Id"]
    role = "arn:aws:iam::123456789012:role/sms"
    api.set_user_pool_mfa_config(
        UserPoolId=pool_id, MfaConfiguration="ON", SoftwareTokenMfaConfiguration={"Enabled": True},
        SmsMfaConfiguration={"SmsConfiguration": {"SnsCallerArn": role}},
    )
    app = api.create_user_pool_client(
        UserPoolId=pool_id, ClientName="app", AllowedOAuthFlowsUserPoolClient=True, AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=["openid"], CallbackURLs=[CALLBACK], LogoutURLs=[BYE],
    )["UserPoolClient"]["ClientId"]
    for name, attributes in [("tom", []), ("sam", [PHONE]), ("ann", [PHONE])]:
        user = {"UserPoolId": pool_id, "Username": name}
        api.admin_create_user(**user, TemporaryPassword=PASSWORD, UserAttributes=attributes, MessageAction="SUPPRESS")
        if name != "ann":
            api.admin_set_user_password(**user, Password=PASSWORD, Permanent=True)
    login = address(pool, "/login", app)

    page.open(login)
    page.shows("Password")
    page.submit(username="tom", password=PASSWORD)
    page.shows("Set up an authenticator app")
    page.look("set-up")
    secret = page.run("document.querySelector('code').innerText")
    page.submit(code="000000")
    page.shows("Code mismatch and fail enable Software Token MFA")
    page.submit(code=totp(secret), device_name="Tom's phone")
    page.comes_to(f"{CALLBACK}?code=")
    sign_out(pool, page, app)
    page.open(login)
    page.shows("Password")
    page.submit(username="tom", password=PASSWORD)
    page.shows("Open Tom's phone")
    page.look("app-code")
    assert page.run("document.activeElement.name") == "code"
    page.submit(code="000000")
    page.shows("Invalid code received for user")
    page.submit(code=totp(secret, 1))
    page.comes_to(f"{CALLBACK}?code=")
    sign_out(pool, page, app)

    page.open(login)
    page.shows("Password")
    page.submit(username="sam", password=PASSWORD)
    page.shows("A code was sent by SMS to +*******0100.")
    page.submit(code="000000")
    page.shows("Invalid code or auth state for the user.")
    page.look("wrong-code")
    page.submit(code=pool.code_for("sam"))
    page.comes_to(f"{CALLBACK}?code=")
    sign_out(pool, page, app)

    page.open(login)
    page.shows("Password")
    page.submit(username="ann", password=PASSWORD)
    page.shows("Choose a new password")
    page.look("new-password")
    page.submit(password="weak", name="Ann")
    page.shows("Password does not conform to policy")
    page.submit(password=OTHER_PASSWORD, name="Ann")
    page.shows("A code was sent by SMS")
    page.submit(code=pool.code_for("ann"))
    page.comes_to(f"{CALLBACK}?code=")
    # A step that is over leads back to the beginning.
    page.run("history.back()")
    page.open(address(pool, "/challenge", app, step="x"))
    page.shows("Sign in again.")
    page.look("expired")


def choices(pool, page):
    """Users who choose: between second factors, and between a password and a code."""
    api = boto3.client("cognito-idp", **pool.settings)
    policy = {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}}
    pool_id = api.create_user_pool(PoolName="Choices", Policies=policy)["UserPool"]["Id"]
    role = "arn:aws:iam::123456789012:role/sms"
    api.set_user_pool_mfa_config(
        UserPoolId=pool_id, MfaConfiguration="OPTIONAL", EmailMfaConfiguration={},
        SmsMfaConfiguration={"SmsConfiguration": {"SnsCallerArn": role}},
    )
    app = api.create_user_pool_client(
        UserPoolId=pool_id, ClientName="app", AllowedOAuthFlowsUserPoolClient=True, AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=["openid"], CallbackURLs=[CALLBACK], LogoutURLs=[BYE], ExplicitAuthFlows=["ALLOW_USER_AUTH"],
    )["UserPoolClient"]["ClientId"]
    attributes = [
        PHONE, {"Name": "email", "Value": "eva@example.com"}, {"Name": "email_verified", "Value": "true"},
    ]
    user = {"UserPoolId": pool_id, "Username": "eva"}
    api.admin_create_user(**user, UserAttributes=attributes, MessageAction="SUPPRESS")
    api.admin_set_user_password(**user, Password=PASSWORD, Permanent=True)
    login = address(pool, "/login", app)

    page.open(login)
    page.shows("Sign in without a password")
    page.look("login")
    page.run("document.getElementsByName('username')[0].value = 'eva'")
    page.run("document.getElementsByName('choose')[0].click()")
    page.shows("Choose how to sign in")
    page.look("choice")
    page.run("document.querySelector('button[value=EMAIL_OTP]').click()")
    page.shows("A code was sent by email to e***@e***.")
    page.look("code")
    page.submit(code=pool.code_for("eva"))
    page.comes_to(f"{CALLBACK}?code=")
    sign_out(pool, page, app)

    on = {"Enabled": True, "PreferredMfa": False}
    api.admin_set_user_mfa_preference(**user, SMSMfaSettings=on, EmailMfaSettings=on)
    page.open(login)
    page.shows("Password")
    page.submit(username="eva", password=PASSWORD)
    page.shows("Choose a second factor")
    page.look("second-factor")
    page.run("document.querySelector('button[value=SMS_MFA]').click()")
    page.shows("A code was sent by SMS")
    page.submit(code=pool.code_for("eva"))
    page.comes_to(f"{CALLBACK}?code=")


def main():
    program = installed()
    if program is None:
        print("Chromium: not played, because no browser is on the path")
        return
    with LocalPool() as pool, Chromium(program) as page:
        play(pool, page)
        second_factors(pool, page)
        choices(pool, page)
    print(
        "Chromium: sign-up, confirmation, sign-in, session, logout, stand-in of an identity provider, forgotten password, "
        "authenticator app, codes by SMS and email, new password, choices"
    )


if __name__ == "__main__":
    main()
