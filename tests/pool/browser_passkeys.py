#!/usr/bin/env python3
"""Registers a passkey and signs in with it in Chromium, whose virtual authenticator stands for the device of a person.

    python3 -m venv venv && venv/bin/pip install -r tests/pool/requirements.txt
    CHROMIUM=chromium venv/bin/python tests/pool/browser_passkeys.py

A page at http://localhost calls the API with `fetch`, as the app of a browser would, and `navigator.credentials` with what the
API returns, unchanged. Then the pages of managed login do the same. Without a browser on the path, nothing is played, and the last
line says so.
"""

import http.server
import json
import os
import shutil
import threading
import urllib.parse

import boto3
from chromium import Chromium
from local_pool import LocalPool

PASSWORD = "Passw0rd!"
CALLBACK = "http://localhost:3999/callback"
BYE = "http://localhost:3999/bye"

APP = b"""<!doctype html><title>app</title><script>
const api = (endpoint, operation, input) => fetch(endpoint, {
  method: "POST", body: JSON.stringify(input),
  headers: {
    "content-type": "application/x-amz-json-1.1",
    "x-amz-target": `AWSCognitoIdentityProviderService.${operation}`,
  },
}).then(async (answer) => answer.ok ? answer.json() : Promise.reject(new Error(await answer.text())));

async function register(endpoint, token) {
  const started = await api(endpoint, "StartWebAuthnRegistration", { AccessToken: token });
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(started.CredentialCreationOptions);
  const credential = (await navigator.credentials.create({ publicKey })).toJSON();
  await api(endpoint, "CompleteWebAuthnRegistration", { AccessToken: token, Credential: credential });
  return credential.id;
}

async function signIn(endpoint, client, name) {
  const input = { ClientId: client, AuthFlow: "USER_AUTH" };
  const parameters = { USERNAME: name, PREFERRED_CHALLENGE: "WEB_AUTHN" };
  const asked = await api(endpoint, "InitiateAuth", { ...input, AuthParameters: parameters });
  const options = JSON.parse(asked.ChallengeParameters.CREDENTIAL_REQUEST_OPTIONS);
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  const credential = await navigator.credentials.get({ publicKey });
  const answer = await api(endpoint, "RespondToAuthChallenge", {
    ClientId: client, ChallengeName: asked.ChallengeName, Session: asked.Session,
    ChallengeResponses: { USERNAME: name, CREDENTIAL: JSON.stringify(credential) },
  });
  return answer.AuthenticationResult.AccessToken;
}
</script>"""


class App(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(APP)

    def log_message(self, *_):
        """Says nothing about requests."""


def add_authenticator(page, **options):
    """Gives the browser an authenticator, which always consents. Returns its id."""
    page.send("WebAuthn.enable")
    standard = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }
    return page.send("WebAuthn.addVirtualAuthenticator", options={**standard, **options})["authenticatorId"]


def call(page, function, *arguments):
    """What a function of the page returns. A failure raises an error with its text."""
    expression = f"{function}({', '.join(json.dumps(argument) for argument in arguments)})"
    result = page.send("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
    if "exceptionDetails" in result:
        raise RuntimeError(result["exceptionDetails"]["exception"].get("description", "the page failed"))
    return result["result"]["value"]


class Pool:
    """A pool with passkeys for localhost, and a user with a password."""

    def __init__(self, running, **client):
        self.api = running.client()
        unchecked = boto3.client("cognito-idp", **running.settings)
        policy = {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}}
        self.id = unchecked.create_user_pool(PoolName="passkeys", Policies=policy)["UserPool"]["Id"]
        self.api.set_user_pool_mfa_config(UserPoolId=self.id, WebAuthnConfiguration={"RelyingPartyId": "localhost"})
        flows = ["ALLOW_USER_AUTH", "ALLOW_USER_PASSWORD_AUTH"]
        app = self.api.create_user_pool_client(UserPoolId=self.id, ClientName="app", ExplicitAuthFlows=flows, **client)
        self.app = app["UserPoolClient"]["ClientId"]
        self.api.admin_create_user(UserPoolId=self.id, Username="ana", MessageAction="SUPPRESS")
        self.api.admin_set_user_password(UserPoolId=self.id, Username="ana", Password=PASSWORD, Permanent=True)

    def token(self):
        parameters = {"USERNAME": "ana", "PASSWORD": PASSWORD}
        answer = self.api.initiate_auth(ClientId=self.app, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters)
        return answer["AuthenticationResult"]["AccessToken"]


def through_the_api(running, page):
    pool = Pool(running)
    token = pool.token()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), App) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page.open(f"http://localhost:{server.server_port}/")
        page.wait("app", lambda: page.run("document.title"))
        authenticator = add_authenticator(page)
        registered = call(page, "register", running.endpoint, token)
        for _ in range(2):
            access = call(page, "signIn", running.endpoint, pool.app, "ana")
            assert running.claims(access, pool_id=pool.id)["username"] == "ana"
        [listed] = pool.api.list_web_authn_credentials(AccessToken=token)["Credentials"]
        assert listed["CredentialId"] == registered and listed["AuthenticatorAttachment"] == "platform", listed
        assert listed["AuthenticatorTransports"] == ["internal"], listed
        # The browser itself refuses to make a second one on the same device, and a page at an IP address.
        for address, problem in [("localhost", "InvalidStateError"), ("127.0.0.1", "SecurityError")]:
            page.open(f"http://{address}:{server.server_port}/")
            page.wait(address, lambda: page.run("document.title && location.hostname"))
            try:
                call(page, "register", running.endpoint, token)
                raise AssertionError(f"{address}: a second passkey was registered")
            except RuntimeError as error:
                assert problem in str(error), error
        server.shutdown()
    page.send("WebAuthn.removeVirtualAuthenticator", authenticatorId=authenticator)


def through_managed_login(running, page):
    app = {
        "AllowedOAuthFlowsUserPoolClient": True, "AllowedOAuthFlows": ["code"], "AllowedOAuthScopes": ["openid"],
        "CallbackURLs": [CALLBACK], "LogoutURLs": [BYE], "SupportedIdentityProviders": ["COGNITO"],
    }
    pool = Pool(running, **app)
    # An IP address is no RP ID, so the pages are visited by their other name.
    endpoint = running.endpoint.replace("127.0.0.1", "localhost")
    names = {"client_id": pool.app, "redirect_uri": CALLBACK}
    authorize = f"{endpoint}/oauth2/authorize?{urllib.parse.urlencode({**names, 'response_type': 'code'})}"
    add = f"{endpoint}/passkeys/add?{urllib.parse.urlencode(names)}"
    page.open(add)
    page.comes_to(f"{CALLBACK}?result=invalid_session")
    page.open(authorize)
    page.shows("Sign in without a password")
    page.submit(username="ana", password=PASSWORD)
    page.comes_to(f"{CALLBACK}?code=")
    page.open(add)
    page.shows("Not now")
    page.look("add-passkey")
    authenticator = add_authenticator(page)
    click(page, "Add a passkey")
    page.comes_to(f"{CALLBACK}?result=success")
    page.open(f"{endpoint}/logout?{urllib.parse.urlencode({'client_id': pool.app, 'logout_uri': BYE})}")
    page.comes_to(BYE)
    page.open(authorize)
    page.shows("Sign in without a password")
    page.run("document.getElementsByName('username')[0].value = 'ana'")
    click(page, "Sign in without a password")
    page.shows("Choose how to sign in")
    page.look("choose-passkey")
    click(page, "Use a passkey")
    page.shows("Sign in with a passkey")
    page.look("passkey")
    click(page, "Use a passkey")
    page.comes_to(f"{CALLBACK}?code=")
    page.send("WebAuthn.removeVirtualAuthenticator", authenticatorId=authenticator)


def click(page, label):
    """Clicks the button with a label."""
    page.run(f"[...document.querySelectorAll('button')].find((one) => one.innerText === {json.dumps(label)}).click()")


def main():
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        print("passkeys in Chromium: not played, because no browser is on the path")
        return
    with LocalPool() as running, Chromium(program) as page:
        through_the_api(running, page)
        through_managed_login(running, page)
    print("passkeys in Chromium: registration and sign-in, through the API and through managed login")


if __name__ == "__main__":
    main()
