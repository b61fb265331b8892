#!/usr/bin/env python3
"""Signs users in with boto3, and checks every answer against botocore's service model.

    python3 -m venv venv && venv/bin/pip install -r tests/pool/requirements.txt
    venv/bin/python tests/pool/boto3_client.py
"""

import base64
import hashlib
import hmac

from local_pool import LocalPool, versions

PASSWORD = "Sunny-Day-42"
SECRET = "not1really2a3secret4but5long6enough7for8a9client0"


def secret_hash(user_name):
    digest = hmac.new(SECRET.encode(), (user_name + "confidential").encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def fails(error, message, call, **arguments):
    """Calls an operation that has to fail with this exception and this text."""
    try:
        call(**arguments)
    except error as caught:
        found = caught.response["Error"]["Message"]
        assert found == message, f"{found!r} instead of {message!r}"
        return
    raise AssertionError(f"{call.__name__} didn't fail with {message!r}")


def sign_in(client, user_name, password=PASSWORD, **more):
    parameters = {"USERNAME": user_name, "PASSWORD": password, **more.pop("parameters", {})}
    arguments = {"ClientId": "public", "AuthFlow": "USER_PASSWORD_AUTH", **more}
    return client.initiate_auth(AuthParameters=parameters, **arguments)


def sign_up(pool, client):
    attributes = [{"Name": "email", "Value": "ana@example.com"}]
    made = client.sign_up(ClientId="public", Username="ana", Password=PASSWORD, UserAttributes=attributes)
    assert made["UserConfirmed"] is False
    assert made["CodeDeliveryDetails"]["Destination"] == "a***@e***"
    errors = client.exceptions
    fails(errors.UserNotConfirmedException, "User is not confirmed.", sign_in, client=client, user_name="ana")
    client.confirm_sign_up(ClientId="public", Username="ana", ConfirmationCode=pool.code_for("ana"))

    result = sign_in(client, "ana@example.com")["AuthenticationResult"]
    assert result["ExpiresIn"] == 3600 and result["TokenType"] == "Bearer"
    claims = pool.claims(result["IdToken"], audience="public")
    assert claims["sub"] == made["UserSub"] and claims["email_verified"] is True
    assert claims["tenant"] == {"id": 7}, "what the token trigger added"
    access = pool.claims(result["AccessToken"])
    assert access["username"] == "ana" and access["client_id"] == "public" and access["tenant"] == {"id": 7}
    assert client.get_user(AccessToken=result["AccessToken"])["Username"] == "ana"
    return result


def refresh_and_sign_out(pool, client, result):
    def refreshed():
        answer = client.initiate_auth(
            ClientId="public",
            AuthFlow="REFRESH_TOKEN_AUTH",
            AuthParameters={"REFRESH_TOKEN": result["RefreshToken"]},
        )
        return answer["AuthenticationResult"]

    new = refreshed()
    assert "RefreshToken" not in new
    before, after = pool.claims(result["AccessToken"]), pool.claims(new["AccessToken"])
    assert before["origin_jti"] == after["origin_jti"] and before["jti"] != after["jti"]
    assert before["auth_time"] == after["auth_time"]

    client.global_sign_out(AccessToken=new["AccessToken"])
    refused = client.exceptions.NotAuthorizedException
    fails(refused, "Access Token has been revoked", client.get_user, AccessToken=new["AccessToken"])
    fails(refused, "Refresh Token has been revoked", refreshed)
    assert pool.claims(new["AccessToken"]), "a revoked token still verifies by its signature"


def temporary_password(pool, client):
    client.create_group(UserPoolId=pool.pool_id, GroupName="staff", Precedence=1)
    made = client.admin_create_user(
        UserPoolId=pool.pool_id,
        Username="bob",
        TemporaryPassword="Temporary-1",
        MessageAction="SUPPRESS",
        UserAttributes=[{"Name": "email", "Value": "bob@example.com"}],
    )
    assert made["User"]["UserStatus"] == "FORCE_CHANGE_PASSWORD"
    client.admin_add_user_to_group(UserPoolId=pool.pool_id, Username="bob", GroupName="staff")

    asked = client.admin_initiate_auth(
        UserPoolId=pool.pool_id,
        ClientId="public",
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "bob", "PASSWORD": "Temporary-1"},
    )
    assert asked["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    answer = {
        "UserPoolId": pool.pool_id,
        "ClientId": "public",
        "ChallengeName": asked["ChallengeName"],
        "Session": asked["Session"],
        "ChallengeResponses": {"USERNAME": "bob", "NEW_PASSWORD": PASSWORD},
    }
    result = client.admin_respond_to_auth_challenge(**answer)["AuthenticationResult"]
    assert pool.claims(result["AccessToken"])["cognito:groups"] == ["staff"]
    fails(
        client.exceptions.NotAuthorizedException,
        "Invalid session for the user, session can only be used once.",
        client.admin_respond_to_auth_challenge,
        **answer,
    )


def confidential_client(client):
    refused = client.exceptions.NotAuthorizedException
    here = {"client": client, "user_name": "bob", "ClientId": "confidential"}
    missing = "Client confidential is configured with secret but SECRET_HASH was not received"
    fails(refused, missing, sign_in, **here)
    wrong = {"SECRET_HASH": secret_hash("ana")}
    fails(refused, "Unable to verify secret hash for client confidential", sign_in, parameters=wrong, **here)
    right = {"SECRET_HASH": secret_hash("bob")}
    assert sign_in(parameters=right, **here)["AuthenticationResult"]

    nobody = {"client": client, "user_name": "nobody", "ClientId": "confidential"}
    hidden = {"SECRET_HASH": secret_hash("nobody")}
    fails(refused, "Incorrect username or password.", sign_in, parameters=hidden, **nobody)


def rotating_client(client):
    token = sign_in(client, "bob", ClientId="rotating")["AuthenticationResult"]["RefreshToken"]
    result = client.get_tokens_from_refresh_token(ClientId="rotating", RefreshToken=token)["AuthenticationResult"]
    assert result["RefreshToken"] != token
    try:
        client.get_tokens_from_refresh_token(ClientId="rotating", RefreshToken=token)
        raise AssertionError("a replaced refresh token was taken")
    except client.exceptions.RefreshTokenReuseException:
        pass
    client.revoke_token(ClientId="rotating", Token=result["RefreshToken"])
    fails(
        client.exceptions.NotAuthorizedException,
        "Refresh Token has been revoked",
        client.get_tokens_from_refresh_token,
        ClientId="rotating",
        RefreshToken=result["RefreshToken"],
    )


def custom_challenges(client):
    asked = client.initiate_auth(ClientId="public", AuthFlow="CUSTOM_AUTH", AuthParameters={"USERNAME": "bob"})
    assert asked["ChallengeParameters"] == {"USERNAME": "bob", "question": "3 + 4"}

    def answered(asked, answer):
        return client.respond_to_auth_challenge(
            ClientId="public",
            ChallengeName="CUSTOM_CHALLENGE",
            Session=asked["Session"],
            ChallengeResponses={"USERNAME": "bob", "ANSWER": answer},
        )

    again = answered(asked, "8")
    assert again["ChallengeName"] == "CUSTOM_CHALLENGE" and again["Session"] != asked["Session"]
    assert answered(again, "7")["AuthenticationResult"]["AccessToken"]


def migration(client):
    failed = "UserMigration failed with error Bad credentials."
    wrong = {"client": client, "user_name": "legacy", "password": "wrong"}
    fails(client.exceptions.UserLambdaValidationException, failed, sign_in, **wrong)
    assert sign_in(client, "legacy", "Legacy-Passw0rd")["AuthenticationResult"]
    assert sign_in(client, "legacy@example.com", "Legacy-Passw0rd")["AuthenticationResult"]


def main():
    with LocalPool() as pool:
        client = pool.client()
        result = sign_up(pool, client)
        refresh_and_sign_out(pool, client, result)
        temporary_password(pool, client)
        confidential_client(client)
        rotating_client(client)
        custom_challenges(client)
        migration(client)
    print(f"boto3_client: ok ({versions()})")


if __name__ == "__main__":
    main()
