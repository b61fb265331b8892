#!/usr/bin/env python3
"""Signs a person and a machine in with boto3, at a pool whose function reads a table, in all three versions.

    pip install boto3 'moto[dynamodb,server]'
    moto_server --port 5000 &
    export AWS_ENDPOINT_URL_DYNAMODB=http://127.0.0.1:5000 TENANTS_TABLE=tenants CACHE_SECONDS=0
    export AWS_REGION=us-east-1 # that of the local pool, for the function too
    cargo cognito pool template.yaml --bin tenant-claims --port 0 -- python3 tests/real_client.py
"""

import base64
import json
import os
import urllib.parse
import urllib.request

import boto3

POOL_ID = os.environ["COGNITO_USER_POOL_ID"]
ENDPOINT = os.environ["AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"]
TABLE = os.environ["TENANTS_TABLE"]
PASSWORD = "Sunny-Day-42"

cognito = boto3.client("cognito-idp")
dynamodb = boto3.client("dynamodb")


def create_table():
    dynamodb.create_table(
        TableName=TABLE,
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )


def put(tenant_id, tenant, plan, scopes):
    item = {"id": {"S": tenant_id}, "tenant": {"S": tenant}, "plan": {"S": plan}, "scopes": {"SS": scopes}}
    dynamodb.put_item(TableName=TABLE, Item=item)


def person(email):
    """Creates a user, and returns the `sub`."""
    attributes = [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}]
    created = cognito.admin_create_user(
        UserPoolId=POOL_ID, Username=email, UserAttributes=attributes, MessageAction="SUPPRESS"
    )
    cognito.admin_set_user_password(UserPoolId=POOL_ID, Username=email, Password=PASSWORD, Permanent=True)
    return next(a["Value"] for a in created["User"]["Attributes"] if a["Name"] == "sub")


def clients():
    """An app client for this script, which can't do SRP, and the machine of the template with its secret."""
    people = cognito.create_user_pool_client(
        UserPoolId=POOL_ID, ClientName="script", ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    )["UserPoolClient"]
    for client in cognito.list_user_pool_clients(UserPoolId=POOL_ID)["UserPoolClients"]:
        client = cognito.describe_user_pool_client(UserPoolId=POOL_ID, ClientId=client["ClientId"])["UserPoolClient"]
        if client.get("AllowedOAuthFlows") == ["client_credentials"]:
            return people["ClientId"], (client["ClientId"], client["ClientSecret"])
    raise AssertionError("the template has a client for a machine")


def sign_in(client_id, email):
    return cognito.initiate_auth(
        ClientId=client_id, AuthFlow="USER_PASSWORD_AUTH", AuthParameters={"USERNAME": email, "PASSWORD": PASSWORD}
    )["AuthenticationResult"]


def claims(token):
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def use_version(version):
    """Changes the version of the pool's trigger, and nothing else of it."""
    function = cognito.describe_user_pool(UserPoolId=POOL_ID)["UserPool"]["LambdaConfig"]
    arn = function["PreTokenGenerationConfig"]["LambdaArn"]
    config = {"PreTokenGenerationConfig": {"LambdaVersion": version, "LambdaArn": arn}}
    cognito.update_user_pool(UserPoolId=POOL_ID, LambdaConfig=config)


def machine_token(machine):
    """The status and the answer of the token endpoint."""
    client_id, secret = machine
    form = {"grant_type": "client_credentials", "aws_client_metadata": '{"tenant": "acme"}'}
    request = urllib.request.Request(f"{ENDPOINT}/oauth2/token", data=urllib.parse.urlencode(form).encode())
    credentials = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
    request.add_header("Authorization", f"Basic {credentials}")
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def check_people(client_id, email):
    for version in ("V3_0", "V2_0", "V1_0"):
        use_version(version)
        tokens = sign_in(client_id, email)
        refreshed = cognito.initiate_auth(
            ClientId=client_id,
            AuthFlow="REFRESH_TOKEN_AUTH",
            AuthParameters={"REFRESH_TOKEN": tokens["RefreshToken"]},
        )["AuthenticationResult"]
        for result in (tokens, refreshed):
            of_id, of_access = claims(result["IdToken"]), claims(result["AccessToken"])
            assert (of_id["tenant"], of_id["plan"]) == ("acme", "pro"), of_id
            if version == "V1_0":
                assert "tenant" not in of_access and "orders/read" not in of_access["scope"], of_access
            else:
                assert of_access["tenant"] == "acme" and "orders/read" in of_access["scope"].split(), of_access
    use_version("V3_0")


def check_refusal(client_id, email, text):
    try:
        sign_in(client_id, email)
    except cognito.exceptions.UserLambdaValidationException as error:
        message = error.response["Error"]["Message"]
        assert message == f"PreTokenGenerationV3_0 failed with error {text}.", message
        return
    raise AssertionError(f"{email} got tokens")


def main():
    create_table()
    people, machine = clients()
    put(f"user#{person('ana@example.com')}", "acme", "pro", ["orders/read", "orders/write"])
    check_people(people, "ana@example.com")

    person("eve@example.com")
    check_refusal(people, "eve@example.com", "this account belongs to no organization")

    status, answer = machine_token(machine)
    assert status == 400 and "this account belongs to no organization" in answer["error_description"], answer
    put(f"client#{machine[0]}", "globex", "free", ["orders/write"])
    status, answer = machine_token(machine)
    token = claims(answer["access_token"])
    assert (token["tenant"], token["plan"]) == ("globex", "free"), token
    assert set(token["scope"].split()) == {"orders/list", "orders/write"}, token

    dynamodb.delete_table(TableName=TABLE)
    check_refusal(
        people, "ana@example.com", "signing in isn't possible at the moment, please try again in a minute"
    )
    print("tenant-claims: ok")


if __name__ == "__main__":
    main()
