#!/usr/bin/env python3
"""Gets tokens for machines and a person at a pool of the template of examples/machine-tokens, and verifies them with PyJWT.

    cargo build -p cargo-cognito -p machine-tokens
    venv/bin/python tests/pool/machine_tokens.py

`COGNITO` may name the built command `cargo-cognito`. The function's binary is beside it.
"""

import json

import requests
from example import start
from local_pool import versions


def ask(pool, client, **form):
    """The answer of the token endpoint: its status and its JSON."""
    if isinstance(form.get("aws_client_metadata"), dict):
        form["aws_client_metadata"] = json.dumps(form["aws_client_metadata"])
    answer = requests.post(
        f"{pool.endpoint}/oauth2/token",
        auth=(client["ClientId"], client["ClientSecret"]),
        data={"grant_type": "client_credentials", **form},
        timeout=10,
    )
    return answer.status_code, answer.json()


def refused(pool, client, text, **form):
    status, answer = ask(pool, client, **form)
    assert status == 400 and answer["error"] == "invalid_request", answer
    assert f"PreTokenGenerationV3_0 failed with error {text}." in answer["error_description"], answer


def clients(pool, client):
    """The machine of the template and the app client of people, with their secrets."""
    found = {}
    for listed in pool.user_pools[0]["clients"]:
        described = client.describe_user_pool_client(UserPoolId=pool.pool_id, ClientId=listed["id"])["UserPoolClient"]
        found["machine" if "ClientSecret" in described else "people"] = described
    return found["machine"], found["people"]


def main():
    # As for a first deployment: the ids of the app clients exist, and no machine is in the list.
    with start("machine-tokens", MACHINES="[]") as pool:
        machine, _ = clients(pool, pool.client())
        refused(pool, machine, "this app client gets no tokens")

    machine_id = machine["ClientId"]
    listed = {
        "client": machine_id,
        "service": "stock-keeper",
        "tenants": ["harbor", "orchard"],
        "scopes": ["orders/read"],
    }
    with start("machine-tokens", MACHINES=json.dumps([listed])) as pool:
        client = pool.client()
        machine, people = clients(pool, client)
        assert machine["ClientId"] == machine_id, "the ids of a template stay"

        # All scopes of the app client are asked for, and those of the list are given.
        status, answer = ask(pool, machine, aws_client_metadata={"tenant": "orchard"})
        assert status == 200 and answer["expires_in"] == 900, answer
        claims = pool.claims(answer["access_token"], audience=machine_id)
        expected = {"scope": "orders/read", "kind": "machine", "service": "stock-keeper", "tenant": "orchard"}
        assert {name: claims.get(name) for name in expected} == expected, claims
        assert claims["sub"] == claims["client_id"] == machine_id and "username" not in claims, claims

        refused(pool, machine, "aws_client_metadata has to name the tenant")
        refused(pool, machine, "this app client may not act for that tenant", aws_client_metadata={"tenant": "quay"})
        only_write = {"scope": "orders/write", "aws_client_metadata": {"tenant": "harbor"}}
        refused(pool, machine, "this app client may have none of these scopes", **only_write)
        status, answer = ask(pool, machine, scope="orders/delete")
        assert (status, answer["error"]) == (400, "invalid_scope"), answer

        # A second machine, which somebody made in the pool and nobody put into the list.
        other = client.create_user_pool_client(
            UserPoolId=pool.pool_id,
            ClientName="other",
            GenerateSecret=True,
            AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=["client_credentials"],
            AllowedOAuthScopes=["orders/read"],
        )["UserPoolClient"]
        refused(pool, other, "this app client gets no tokens", aws_client_metadata={"tenant": "harbor"})

        # A person at the app client for people.
        email, password = "ana@example.com", "Sunny-Day-42"
        client.admin_create_user(UserPoolId=pool.pool_id, Username=email, MessageAction="SUPPRESS")
        client.admin_set_user_password(UserPoolId=pool.pool_id, Username=email, Password=password, Permanent=True)
        client.update_user_pool_client(
            UserPoolId=pool.pool_id, ClientId=people["ClientId"], ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"]
        )
        tokens = client.initiate_auth(
            ClientId=people["ClientId"],
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": email, "PASSWORD": password},
        )["AuthenticationResult"]
        claims = pool.claims(tokens["AccessToken"], audience=people["ClientId"])
        assert claims["kind"] == "person" and "tenant" not in claims, claims
        assert "kind" not in pool.claims(tokens["IdToken"], audience=people["ClientId"])
    print(f"machine_tokens: ok ({versions()})")


if __name__ == "__main__":
    main()
