#!/usr/bin/env python3
"""Signs users in with pycognito, by SRP, and has it verify both tokens.

    python3 -m venv venv && venv/bin/pip install -r tests/pool/requirements.txt
    venv/bin/python tests/pool/pycognito_client.py
"""

import datetime
import importlib.metadata
import warnings

from local_pool import LocalPool
from pycognito import Cognito
from pycognito.aws_srp import AWSSRP
from pycognito.exceptions import ForceChangePasswordException

# The library still asks the clock without a time zone.
warnings.filterwarnings("ignore", category=DeprecationWarning)

PASSWORD = "Sunny-Day-42"
SECRET = "not1really2a3secret4but5long6enough7for8a9client0"


def user(pool, name, client_id="public", **more):
    settings = dict(pool.settings)
    region, config = settings.pop("region_name"), settings.pop("config")
    keys = {"access_key": settings.pop("aws_access_key_id"), "secret_key": settings.pop("aws_secret_access_key")}
    arguments = {"user_pool_region": region, "username": name, "botocore_config": config, **keys, **more}
    return Cognito(pool.pool_id, client_id, boto3_client_kwargs=settings, **arguments)


def sign_up(pool):
    ana = user(pool, "ana")
    ana.set_base_attributes(email="ana@example.com")
    ana.register("ana", PASSWORD)
    ana.confirm_sign_up(pool.code_for("ana"), username="ana")
    return ana


def sign_in(pool):
    ana = user(pool, "ana")
    ana.authenticate(PASSWORD)
    ana.verify_tokens()
    assert ana.id_claims["cognito:username"] == "ana" and ana.access_claims["username"] == "ana"
    assert ana.get_user().email == "ana@example.com"

    by_email = user(pool, "ana@example.com")
    by_email.authenticate(PASSWORD)
    assert by_email.access_claims["username"] == "ana", "an alias signs in the user whose it is"

    try:
        user(pool, "ana").authenticate("wrong")
        raise AssertionError("a wrong password signed in")
    except pool.client().exceptions.ClientError as error:
        assert error.response["Error"]["Message"] == "Incorrect username or password."
    return ana


def many_proofs(pool):
    """Salt, secrets and public values differ each time, and so do the bits with which they begin."""
    for _ in range(20):
        ana = user(pool, "ana", "confidential", client_secret=SECRET)
        ana.authenticate(PASSWORD)
        ana.verify_tokens()


def refresh_and_sign_out(ana):
    before = ana.access_token
    # Its token counts as expired, so that the library asks for a new one.
    ana.access_claims = {**ana.access_claims, "exp": int(datetime.datetime.now().timestamp()) - 1}
    ana.renew_access_token()
    assert ana.access_token != before
    ana.verify_tokens()
    ana.change_password(PASSWORD, PASSWORD + "!")
    ana.authenticate(PASSWORD + "!")
    ana.logout()


def new_password(pool):
    client = pool.client()
    client.admin_create_user(
        UserPoolId=pool.pool_id, Username="bob", TemporaryPassword="Temporary-1", MessageAction="SUPPRESS"
    )
    srp = AWSSRP("bob", "Temporary-1", pool.pool_id, "public", client=client)
    try:
        srp.authenticate_user()
        raise AssertionError("a temporary password signed in")
    except ForceChangePasswordException:
        pass
    srp = AWSSRP("bob", "Temporary-1", pool.pool_id, "public", client=client)
    result = srp.set_new_password_challenge(PASSWORD)["AuthenticationResult"]
    assert pool.claims(result["AccessToken"])["username"] == "bob"


def main():
    with LocalPool() as pool:
        sign_up(pool)
        ana = sign_in(pool)
        many_proofs(pool)
        refresh_and_sign_out(ana)
        new_password(pool)
    print(f"pycognito_client: ok (pycognito {importlib.metadata.version('pycognito')})")


if __name__ == "__main__":
    main()
