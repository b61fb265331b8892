#!/usr/bin/env python3
"""Registers passkeys and signs in with them: a software authenticator of others (soft-webauthn, over Yubico's fido2) and boto3.

    python3 -m venv venv && venv/bin/pip install -r tests/pool/requirements.txt
    venv/bin/pip install --no-deps soft-webauthn==0.1.4
    venv/bin/python tests/pool/passkeys.py [--vectors FILE]

With `--vectors`, nothing is called: the file gets registrations and assertions for the unit tests of the pool. The authenticator makes ES256 keys without attestation. RS256 keys and a key that attests itself are written with fido2.
"""

import importlib.metadata
import json
import os
import pathlib
import sys

import boto3
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from fido2.cose import ES256, RS256
from fido2.utils import sha256, websafe_decode, websafe_encode
from fido2.webauthn import (
    Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData,
    PublicKeyCredentialCreationOptions, PublicKeyCredentialRequestOptions,
)
from local_pool import LocalPool, versions
from soft_webauthn import SoftWebauthnDevice

ORIGIN = "http://localhost:3000"
PASSWORD = "Sunny-Day-42"
Flag = AuthenticatorData.FLAG


def text(value):
    """Bytes in Base64url, as a browser writes them in JSON."""
    if isinstance(value, bytes):
        return websafe_encode(value)
    if isinstance(value, dict):
        return {name: text(part) for name, part in value.items()}
    return value


class Soft:
    """soft-webauthn, which wants bytes where JSON has Base64url."""

    def __init__(self):
        self.device = SoftWebauthnDevice()

    def register(self, options, origin=ORIGIN):
        PublicKeyCredentialCreationOptions.from_dict(options)
        user = {**options["user"], "id": websafe_decode(options["user"]["id"])}
        public_key = {**options, "user": user, "challenge": websafe_decode(options["challenge"])}
        return self.named(self.device.create({"publicKey": public_key}, origin))

    def sign(self, options, origin=ORIGIN):
        PublicKeyCredentialRequestOptions.from_dict(options)
        public_key = {**options, "challenge": websafe_decode(options["challenge"])}
        return self.named(self.device.get({"publicKey": public_key}, origin))

    def named(self, credential):
        # The library's id is Base64url with padding.
        return {**text(credential), "id": websafe_encode(self.device.credential_id)}


class Written:
    """A key whose results are written with fido2. With `attests`, it signs its own attestation."""

    def __init__(self, key, attests=False):
        self.key, self.attests, self.id = key, attests, os.urandom(16)
        kind = RS256 if isinstance(key, rsa.RSAPrivateKey) else ES256
        self.public = kind.from_cryptography_key(key.public_key())

    def signature(self, data, client_data):
        message = bytes(data) + sha256(client_data)
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(message, padding.PKCS1v15(), hashes.SHA256())
        return self.key.sign(message, ec.ECDSA(hashes.SHA256()))

    def register(self, options):
        client_data = CollectedClientData.create("webauthn.create", options["challenge"], ORIGIN)
        credential = AttestedCredentialData.create(Aaguid.NONE, self.id, self.public)
        party = sha256(options["rp"]["id"].encode())
        data = AuthenticatorData.create(party, Flag.UP | Flag.UV | Flag.AT, 0, credential)
        if self.attests:
            statement = {"alg": self.public.ALGORITHM, "sig": self.signature(data, client_data)}
            made = AttestationObject.create("packed", data, statement)
        else:
            made = AttestationObject.create("none", data, {})
        return self.credential(clientDataJSON=bytes(client_data), attestationObject=bytes(made))

    def sign(self, options):
        client_data = CollectedClientData.create("webauthn.get", options["challenge"], ORIGIN)
        data = AuthenticatorData.create(sha256(options["rpId"].encode()), Flag.UP | Flag.UV, 0)
        signature = self.signature(data, client_data)
        return self.credential(clientDataJSON=bytes(client_data), authenticatorData=bytes(data), signature=signature)

    def credential(self, **response):
        return {"id": text(self.id), "rawId": text(self.id), "type": "public-key", "response": text(response)}


class Pool:
    def __init__(self, running):
        self.running, self.client = running, running.client()
        unchecked = boto3.client("cognito-idp", **running.settings)
        policy = {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}}
        self.id = unchecked.create_user_pool(PoolName="passkeys", Policies=policy)["UserPool"]["Id"]
        party = {"RelyingPartyId": "localhost", "UserVerification": "preferred"}
        self.client.set_user_pool_mfa_config(UserPoolId=self.id, WebAuthnConfiguration=party)
        assert self.client.get_user_pool_mfa_config(UserPoolId=self.id)["WebAuthnConfiguration"] == party
        flows = ["ALLOW_USER_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH"]
        app = self.client.create_user_pool_client(UserPoolId=self.id, ClientName="app", ExplicitAuthFlows=flows)
        self.app = app["UserPoolClient"]["ClientId"]

    def add(self, name):
        self.client.admin_create_user(UserPoolId=self.id, Username=name, MessageAction="SUPPRESS")
        self.client.admin_set_user_password(UserPoolId=self.id, Username=name, Password=PASSWORD, Permanent=True)
        answer = self.client.initiate_auth(
            ClientId=self.app, AuthFlow="USER_PASSWORD_AUTH", AuthParameters={"USERNAME": name, "PASSWORD": PASSWORD}
        )
        return answer["AuthenticationResult"]["AccessToken"]

    def register(self, token, authenticator):
        started = self.client.start_web_authn_registration(AccessToken=token)
        credential = authenticator.register(started["CredentialCreationOptions"])
        self.client.complete_web_authn_registration(AccessToken=token, Credential=credential)
        return credential

    def begin(self, name):
        parameters = {"USERNAME": name, "PREFERRED_CHALLENGE": "WEB_AUTHN"}
        asked = self.client.initiate_auth(ClientId=self.app, AuthFlow="USER_AUTH", AuthParameters=parameters)
        assert asked["ChallengeName"] == "WEB_AUTHN", asked
        assert set(asked["AvailableChallenges"]) == {"PASSWORD", "PASSWORD_SRP", "WEB_AUTHN"}
        return asked, json.loads(asked["ChallengeParameters"]["CREDENTIAL_REQUEST_OPTIONS"])

    def answer(self, name, asked, credential):
        return self.client.respond_to_auth_challenge(
            ClientId=self.app, ChallengeName="WEB_AUTHN", Session=asked["Session"],
            ChallengeResponses={"USERNAME": name, "CREDENTIAL": json.dumps(credential)},
        )

    def sign_in(self, name, authenticator):
        asked, options = self.begin(name)
        tokens = self.answer(name, asked, authenticator.sign(options))["AuthenticationResult"]
        assert self.running.claims(tokens["AccessToken"], pool_id=self.id)["username"] == name


def soft_webauthn(pool):
    token = pool.add("ana")
    device = Soft()
    registered = pool.register(token, device)
    listed = pool.client.list_web_authn_credentials(AccessToken=token)["Credentials"]
    assert [one["CredentialId"] for one in listed] == [registered["id"]]
    for _ in range(3):
        pool.sign_in("ana", device)
    factors = pool.client.admin_get_user_auth_factors(UserPoolId=pool.id, Username="ana")
    assert factors["ConfiguredUserAuthFactors"] == ["PASSWORD", "WEB_AUTHN"]
    asked, options = pool.begin("ana")
    try:
        pool.answer("ana", asked, device.sign(options, origin="https://evil.test"))
        raise AssertionError("another origin signed in")
    except pool.client.exceptions.NotAuthorizedException as error:
        assert "https://evil.test" in error.response["Error"]["Message"]
    # A copy of the device has an older counter.
    device.device.sign_count = 1
    try:
        pool.sign_in("ana", device)
        raise AssertionError("a copied device signed in")
    except pool.client.exceptions.NotAuthorizedException:
        pass
    started = pool.client.start_web_authn_registration(AccessToken=token)["CredentialCreationOptions"]
    assert [one["id"] for one in started["excludeCredentials"]] == [registered["id"]]
    try:
        stranger = Soft().register(started, origin="https://evil.test")
        pool.client.complete_web_authn_registration(AccessToken=token, Credential=stranger)
        raise AssertionError("another origin registered a passkey")
    except pool.client.exceptions.WebAuthnOriginNotAllowedException:
        pass
    pool.client.delete_web_authn_credential(AccessToken=token, CredentialId=registered["id"])
    assert pool.client.list_web_authn_credentials(AccessToken=token)["Credentials"] == []


def written_with_fido2(pool):
    token = pool.add("bob")
    p256 = ec.generate_private_key(ec.SECP256R1())
    for key in [p256, rsa.generate_private_key(65537, 2048), rsa.generate_private_key(3, 4096)]:
        for attests in [False, True]:
            authenticator = Written(key, attests)
            pool.register(token, authenticator)
            pool.sign_in("bob", authenticator)


def by_administrators(pool):
    token = pool.add("cid")
    device = Soft()
    pool.register(token, device)
    asked = pool.client.admin_initiate_auth(
        UserPoolId=pool.id, ClientId=pool.app, AuthFlow="USER_AUTH", AuthParameters={"USERNAME": "cid"}
    )
    assert "WEB_AUTHN" in asked["AvailableChallenges"]
    names = {"UserPoolId": pool.id, "ClientId": pool.app}
    chosen = pool.client.admin_respond_to_auth_challenge(
        **names, ChallengeName="SELECT_CHALLENGE", Session=asked["Session"],
        ChallengeResponses={"USERNAME": "cid", "ANSWER": "WEB_AUTHN"},
    )
    options = json.loads(chosen["ChallengeParameters"]["CREDENTIAL_REQUEST_OPTIONS"])
    signed = pool.client.admin_respond_to_auth_challenge(
        **names, ChallengeName="WEB_AUTHN", Session=chosen["Session"],
        ChallengeResponses={"USERNAME": "cid", "CREDENTIAL": json.dumps(device.sign(options))},
    )
    assert "AuthenticationResult" in signed


def vectors():
    """What each authenticator answers to one challenge each."""
    user = {"id": text(b"user"), "name": "ana", "displayName": "ana"}
    algorithms = [{"type": "public-key", "alg": number} for number in (-7, -257)]
    creation = {
        "challenge": text(b"register"), "rp": {"id": "localhost", "name": "localhost"}, "user": user,
        "pubKeyCredParams": algorithms,
    }
    request = {"challenge": text(b"sign in"), "rpId": "localhost"}
    p256, rsa_key = ec.generate_private_key(ec.SECP256R1()), rsa.generate_private_key(65537, 2048)
    made = {"soft-webauthn": Soft(), "ES256": Written(p256, True), "RS256": Written(rsa_key, True)}
    return [
        {"name": name, "registration": one.register(creation), "assertion": one.sign(request)}
        for name, one in made.items()
    ]


def main():
    if sys.argv[1:2] == ["--vectors"]:
        pathlib.Path(sys.argv[2]).write_text(json.dumps(vectors(), indent=1) + "\n")
        return
    with LocalPool() as running:
        pool = Pool(running)
        soft_webauthn(pool)
        written_with_fido2(pool)
        by_administrators(pool)
    names = ["soft-webauthn", "fido2"]
    libraries = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in names)
    print(f"passkeys: ok ({versions()}, {libraries})")


if __name__ == "__main__":
    main()
