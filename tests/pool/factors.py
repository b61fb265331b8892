#!/usr/bin/env python3
"""Signs users in with second factors and with USER_AUTH, with boto3 and pycognito.

    python3 -m venv venv && venv/bin/pip install -r tests/pool/requirements.txt
    venv/bin/python tests/pool/factors.py
"""

import base64
import hashlib
import hmac
import importlib.metadata
import struct
import time
import warnings

import boto3
from local_pool import LocalPool, versions
from pycognito import Cognito
from pycognito.exceptions import SMSMFAChallengeException, SoftwareTokenMFAChallengeException

# The library still asks the clock without a time zone.
warnings.filterwarnings("ignore", category=DeprecationWarning)

PASSWORD = "Sunny-Day-42"


def totp(secret, steps=0):
    """The code of an authenticator app, some steps after the current one."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    tag = hmac.new(key, struct.pack(">q", int(time.time()) // 30 + steps), hashlib.sha1).digest()
    start = tag[19] & 15
    return f"{(struct.unpack('>I', tag[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


class Pool:
    """A pool with all second factors, made with boto3."""

    def __init__(self, running, mode):
        self.running, self.client = running, running.client()
        policy = {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP", "SMS_OTP"]}
        # The name `phone_number_verified` in the answer is longer than the service model allows, on AWS too.
        unchecked = boto3.client("cognito-idp", **running.settings)
        made = unchecked.create_user_pool(PoolName="factors", Policies={"SignInPolicy": policy})
        self.id = made["UserPool"]["Id"]
        role = "arn:aws:iam::123456789012:role/sms"
        self.client.set_user_pool_mfa_config(
            UserPoolId=self.id,
            MfaConfiguration=mode,
            SmsMfaConfiguration={"SmsConfiguration": {"SnsCallerArn": role}},
            SoftwareTokenMfaConfiguration={"Enabled": True},
            EmailMfaConfiguration={"Message": "Sign in with {####}", "Subject": "Your sign-in"},
        )
        assert self.client.get_user_pool_mfa_config(UserPoolId=self.id)["MfaConfiguration"] == mode
        flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_USER_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
        app = self.client.create_user_pool_client(UserPoolId=self.id, ClientName="app", ExplicitAuthFlows=flows)
        self.app = app["UserPoolClient"]["ClientId"]

    def add(self, name):
        values = {"email": f"{name}@example.com", "phone_number": "+15555551234"}
        verified = {"email_verified": "true", "phone_number_verified": "true"}
        attributes = [{"Name": key, "Value": value} for key, value in {**values, **verified}.items()]
        self.client.admin_create_user(
            UserPoolId=self.id, Username=name, UserAttributes=attributes, MessageAction="SUPPRESS"
        )
        self.client.admin_set_user_password(
            UserPoolId=self.id, Username=name, Password=PASSWORD, Permanent=True
        )

    def start(self, name, flow="USER_PASSWORD_AUTH", **parameters):
        return self.client.initiate_auth(
            ClientId=self.app, AuthFlow=flow, AuthParameters={"USERNAME": name, **parameters}
        )

    def answer(self, name, challenge, **responses):
        return self.client.respond_to_auth_challenge(
            ClientId=self.app,
            ChallengeName=challenge["ChallengeName"],
            Session=challenge["Session"],
            ChallengeResponses={"USERNAME": name, **responses},
        )

    def prefer(self, name, **settings):
        self.client.admin_set_user_mfa_preference(UserPoolId=self.id, Username=name, **settings)


def second_factors(running):
    pool = Pool(running, "OPTIONAL")
    pool.add("ana")
    on = {"Enabled": True, "PreferredMfa": True}
    for member, name, parameter in [
        ("SMSMfaSettings", "SMS_MFA", "SMS_MFA_CODE"),
        ("EmailMfaSettings", "EMAIL_OTP", "EMAIL_OTP_CODE"),
    ]:
        pool.prefer("ana", **{member: on})
        challenge = pool.start("ana", PASSWORD=PASSWORD)
        assert challenge["ChallengeName"] == name
        tokens = pool.answer("ana", challenge, **{parameter: running.code_for("ana")})
        access = tokens["AuthenticationResult"]["AccessToken"]
        found = pool.client.get_user(AccessToken=access)
        assert found["PreferredMfaSetting"] == name and name in found["UserMFASettingList"]
    factors = pool.client.get_user_auth_factors(AccessToken=access)
    assert factors["ConfiguredUserAuthFactors"] == ["PASSWORD"], "MFA and codes as a first factor exclude each other"


def set_up(running):
    pool = Pool(running, "ON")
    pool.client.set_user_pool_mfa_config(
        UserPoolId=pool.id, MfaConfiguration="ON", SoftwareTokenMfaConfiguration={"Enabled": True}
    )
    pool.add("ana")
    challenge = pool.start("ana", PASSWORD=PASSWORD)
    assert challenge["ChallengeName"] == "MFA_SETUP"
    made = pool.client.associate_software_token(Session=challenge["Session"])
    code = totp(made["SecretCode"])
    verified = pool.client.verify_software_token(Session=made["Session"], UserCode=code)
    assert verified["Status"] == "SUCCESS"
    result = pool.answer("ana", {**challenge, "Session": verified["Session"]})
    assert running.claims(result["AuthenticationResult"]["AccessToken"], pool_id=pool.id)["username"] == "ana"
    challenge = pool.start("ana", PASSWORD=PASSWORD)
    try:
        pool.answer("ana", challenge, SOFTWARE_TOKEN_MFA_CODE=code)
        raise AssertionError("a code worked twice")
    except pool.client.exceptions.ExpiredCodeException as error:
        assert error.response["Error"]["Message"] == "Your software token has already been used once."
    pool.answer("ana", challenge, SOFTWARE_TOKEN_MFA_CODE=totp(made["SecretCode"], 1))


def choice(running):
    pool = Pool(running, "OPTIONAL")
    pool.add("ana")
    challenge = pool.start("ana", flow="USER_AUTH")
    assert set(challenge["AvailableChallenges"]) == {"EMAIL_OTP", "SMS_OTP", "PASSWORD_SRP", "PASSWORD"}
    asked = pool.answer("ana", challenge, ANSWER="SMS_OTP")
    assert asked["ChallengeParameters"]["CODE_DELIVERY_DESTINATION"] == "+*******1234"
    assert "AuthenticationResult" in pool.answer("ana", asked, SMS_OTP_CODE=running.code_for("ana"))
    direct = pool.start("ana", flow="USER_AUTH", PREFERRED_CHALLENGE="PASSWORD", PASSWORD=PASSWORD)
    assert "AuthenticationResult" in direct


def with_pycognito(running):
    """The library signs in by SRP, and raises an exception for each second factor."""
    pool = Pool(running, "OPTIONAL")
    pool.add("ana")
    settings = dict(running.settings)
    region, config = settings.pop("region_name"), settings.pop("config")
    keys = {"access_key": settings.pop("aws_access_key_id"), "secret_key": settings.pop("aws_secret_access_key")}
    more = {"user_pool_region": region, "botocore_config": config, "boto3_client_kwargs": settings, **keys}
    ana = Cognito(pool.id, pool.app, username="ana", **more)
    ana.authenticate(PASSWORD)
    secret = ana.associate_software_token()
    assert ana.verify_software_token(totp(secret, -1), "phone")
    ana.set_user_mfa_preference(sms_mfa=False, software_token_mfa=True, preferred="SOFTWARE_TOKEN")
    try:
        ana.authenticate(PASSWORD)
        raise AssertionError("no second factor was asked for")
    except SoftwareTokenMFAChallengeException as challenge:
        ana.respond_to_software_token_mfa_challenge(totp(secret), challenge.get_tokens())
    ana.verify_tokens()
    ana.set_user_mfa_preference(sms_mfa=True, software_token_mfa=True, preferred="SMS")
    try:
        ana.authenticate(PASSWORD)
        raise AssertionError("no second factor was asked for")
    except SMSMFAChallengeException as challenge:
        ana.respond_to_sms_mfa_challenge(running.code_for("ana"), challenge.get_tokens())
    ana.verify_tokens()


def main():
    with LocalPool() as running:
        second_factors(running)
        set_up(running)
        choice(running)
        with_pycognito(running)
    print(f"factors: ok ({versions()}, pycognito {importlib.metadata.version('pycognito')})")


if __name__ == "__main__":
    main()
