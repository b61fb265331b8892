#!/usr/bin/env python3
"""Signs people and machines in with Authlib, which finds everything in the pool's OpenID configuration.

The browser is a session of requests that fills in the forms of the pages.

    python3 -m venv venv && venv/bin/pip install -r tests/pool/requirements.txt
    venv/bin/python tests/pool/oauth_client.py
"""

import html.parser
import urllib.parse

import authlib
import requests
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session

from local_pool import LocalPool

CALLBACK = "http://localhost:3000/callback"
PASSWORD = "Passw0rd!"


class Form(html.parser.HTMLParser):
    """The first form of a page: its address and its fields."""

    def __init__(self, page):
        super().__init__()
        self.action, self.fields, self.ended = None, {}, False
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "script":
            raise AssertionError("the pages have no scripts")
        if tag == "form" and self.action is None:
            self.action = attributes["action"]
        if tag == "input" and self.action is not None and not self.ended:
            self.fields[attributes["name"]] = attributes.get("value", "")

    def handle_endtag(self, tag):
        if tag == "form":
            self.ended = True


class Browser:
    """Follows redirects between the pages, and stops when the app gets the browser back."""

    def __init__(self, endpoint):
        self.endpoint, self.session = endpoint, requests.Session()

    def open(self, url):
        return self.follow(self.session.get(url, allow_redirects=False))

    def follow(self, response):
        while response.is_redirect:
            url = urllib.parse.urljoin(response.url, response.headers["location"])
            if not url.startswith(self.endpoint):
                return url
            response = self.session.get(url, allow_redirects=False)
        self.page = response
        return None

    def submit(self, **values):
        form = Form(self.page.text)
        missing = values.keys() - form.fields.keys()
        assert not missing, f"the form has no {missing}, only {form.fields.keys()}"
        url = urllib.parse.urljoin(self.page.url, form.action)
        headers = {"origin": self.endpoint}
        data = form.fields | values
        return self.follow(self.session.post(url, data=data, headers=headers, allow_redirects=False))


def code_with_pkce(pool, discovery, client_id):
    """Sign-up, confirmation and sign-in on the pages, then tokens for the code."""
    session = OAuth2Session(
        client_id, scope="openid email", redirect_uri=CALLBACK, code_challenge_method="S256",
        token_endpoint_auth_method="none", token_endpoint=discovery["token_endpoint"],
    )
    verifier = "a-verifier-of-at-least-forty-three-characters-0123"
    url, state = session.create_authorization_url(
        discovery["authorization_endpoint"], code_verifier=verifier, nonce="n-1"
    )
    browser = Browser(pool.endpoint)
    assert browser.open(url) is None and "<h1>Sign in</h1>" in browser.page.text
    login = browser.page.url
    browser.open(login.replace("/login?", "/signup?"))
    browser.submit(username="carla", password=PASSWORD, email="carla@example.com")
    assert "Confirm your account" in browser.page.text, browser.page.text
    browser.submit(username="carla", code="000000")
    assert "Invalid verification code provided" in browser.page.text, browser.page.text
    browser.submit(username="carla", code=pool.code_for("carla"))
    assert "The account is confirmed" in browser.page.text, browser.page.text
    browser.submit(username="carla", password="wrong")
    assert "Incorrect username or password." in browser.page.text
    back = browser.submit(username="carla", password=PASSWORD)
    assert back.startswith(CALLBACK + "?"), back
    token = session.fetch_token(authorization_response=back, code_verifier=verifier, state=state)
    claims = pool.claims(token["id_token"], audience=client_id)
    assert claims["nonce"] == "n-1" and claims["email"] == "carla@example.com" and claims["tenant"] == {"id": 7}
    assert pool.claims(token["access_token"])["scope"] == "openid email"
    info = session.get(discovery["userinfo_endpoint"]).json()
    assert info == {
        "sub": claims["sub"], "username": "carla", "email": "carla@example.com", "email_verified": "true",
    }, info
    try:
        session.fetch_token(authorization_response=back, code_verifier=verifier, state=state)
        raise AssertionError("a code works once")
    except OAuthError as error:
        assert error.error == "invalid_grant"

    refresh = token["refresh_token"]
    renewed = session.refresh_token(discovery["token_endpoint"], refresh_token=refresh)
    renewed_claims = pool.claims(renewed["id_token"], audience=client_id)
    for kept in ("sub", "auth_time", "origin_jti", "event_id"):
        assert renewed_claims[kept] == claims[kept], kept

    # The browser is signed in, so it comes back without a page.
    url, _ = session.create_authorization_url(discovery["authorization_endpoint"], code_verifier=verifier)
    assert browser.open(url).startswith(CALLBACK + "?code=")
    revoked = session.revoke_token(discovery["revocation_endpoint"], token=refresh)
    assert revoked.status_code == 200
    try:
        session.refresh_token(discovery["token_endpoint"], refresh_token=refresh)
        raise AssertionError("a revoked token is of no use")
    except OAuthError as error:
        assert error.error == "invalid_grant"
    assert session.get(discovery["userinfo_endpoint"]).status_code == 401
    query = urllib.parse.urlencode({"client_id": client_id, "logout_uri": "http://localhost:3000/"})
    assert browser.open(f"{discovery['end_session_endpoint']}?{query}") == "http://localhost:3000/"
    assert browser.open(url) is None, "the browser has to sign in again"
    forgotten_password(pool, browser)


def forgotten_password(pool, browser):
    """A new password with the code of a message, and a sign-in with it."""
    browser.open(browser.page.url.replace("/login?", "/forgotPassword?"))
    browser.submit(username="carla")
    assert "Change your password" in browser.page.text
    browser.submit(username="carla", code=pool.code_for("carla"), password="N3w-Passw0rd!")
    assert "The password is changed" in browser.page.text, browser.page.text
    assert browser.submit(username="carla", password="N3w-Passw0rd!").startswith(CALLBACK)


def client_credentials(pool, discovery, client):
    """A token for a machine, with its secret in the header and in the form."""
    for method in ("client_secret_basic", "client_secret_post"):
        session = OAuth2Session(client["ClientId"], client["ClientSecret"], token_endpoint_auth_method=method)
        token = session.fetch_token(discovery["token_endpoint"], grant_type="client_credentials", scope="api/read")
        claims = pool.claims(token["access_token"])
        assert claims["sub"] == client["ClientId"] and claims["scope"] == "api/read", claims
        assert token.keys() == {"access_token", "expires_in", "token_type", "expires_at"}, token
    session = OAuth2Session(client["ClientId"], "wrong")
    try:
        session.fetch_token(discovery["token_endpoint"], grant_type="client_credentials")
        raise AssertionError("the secret is wrong")
    except OAuthError as error:
        assert error.error == "invalid_client"


def main():
    with LocalPool() as pool:
        api = pool.client()
        api.create_resource_server(
            UserPoolId=pool.pool_id, Identifier="api", Name="api",
            Scopes=[{"ScopeName": "read", "ScopeDescription": "may read"}],
        )
        app = api.create_user_pool_client(
            UserPoolId=pool.pool_id, ClientName="app", AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=["code"], AllowedOAuthScopes=["openid", "email"],
            CallbackURLs=[CALLBACK], LogoutURLs=["http://localhost:3000/"],
        )["UserPoolClient"]
        machine = api.create_user_pool_client(
            UserPoolId=pool.pool_id, ClientName="machine", GenerateSecret=True,
            AllowedOAuthFlowsUserPoolClient=True, AllowedOAuthFlows=["client_credentials"],
            AllowedOAuthScopes=["api/read"],
        )["UserPoolClient"]
        configuration = f"{pool.endpoint}/{pool.pool_id}/.well-known/openid-configuration"
        discovery = requests.get(configuration).json()
        code_with_pkce(pool, discovery, app["ClientId"])
        client_credentials(pool, discovery, machine)
    print(f"Authlib {authlib.__version__}: discovery, code with PKCE, refresh, userInfo, revocation, client credentials")


main()
