#!/usr/bin/env python3
"""Makes a pool, an app client and users with the AWS CLI, and signs them in.

    python3 -m venv venv && venv/bin/pip install -r tests/pool/requirements.txt
    venv/bin/python tests/pool/aws_cli.py
"""

import json
import os
import pathlib
import subprocess
import sys

from local_pool import LocalPool

AWS = pathlib.Path(sys.executable).parent / "aws"


def aws(pool, operation, *arguments, client_operation=False):
    """Runs `aws cognito-idp`. Returns its output, or the text of its error."""
    environment = {
        **os.environ,
        "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER": pool.endpoint,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_DEFAULT_REGION": pool.pool_id.split("_")[0],
        "AWS_MAX_ATTEMPTS": "1",
    }
    unsigned = ["--no-sign-request"] if client_operation else []
    command = [AWS, "cognito-idp", operation, "--output", "json", *unsigned, *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    return json.loads(done.stdout or "{}") if done.returncode == 0 else done.stderr.strip()


def main():
    with LocalPool() as pool:
        made = aws(pool, "create-user-pool", "--pool-name", "cli", "--auto-verified-attributes", "email")
        pool_id = made["UserPool"]["Id"]
        here = ["--user-pool-id", pool_id]
        flows = ["--explicit-auth-flows", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
        made = aws(pool, "create-user-pool-client", *here, "--client-name", "cli", *flows)
        client = ["--client-id", made["UserPoolClient"]["ClientId"]]

        ana = ["--username", "ana"]
        attributes = ["--user-attributes", "Name=email,Value=ana@example.com"]
        arguments = [*client, *ana, "--password", "Sunny-Day-42", *attributes]
        assert aws(pool, "sign-up", *arguments, client_operation=True)["UserConfirmed"] is False
        again = aws(pool, "sign-up", *arguments, client_operation=True)
        wanted = "An error occurred (UsernameExistsException) when calling the SignUp operation: User already exists"
        assert wanted in again, again
        code = ["--confirmation-code", pool.code_for("ana")]
        assert aws(pool, "confirm-sign-up", *client, *ana, *code, client_operation=True) == {}

        def initiate(flow, parameters):
            arguments = [*client, "--auth-flow", flow, "--auth-parameters", parameters]
            return aws(pool, "initiate-auth", *arguments, client_operation=True)

        result = initiate("USER_PASSWORD_AUTH", "USERNAME=ana,PASSWORD=Sunny-Day-42")["AuthenticationResult"]
        user = aws(pool, "get-user", "--access-token", result["AccessToken"], client_operation=True)
        assert user["Username"] == "ana"
        refreshed = initiate("REFRESH_TOKEN_AUTH", f"REFRESH_TOKEN={result['RefreshToken']}")
        assert refreshed["AuthenticationResult"]["TokenType"] == "Bearer"
        wrong = initiate("USER_PASSWORD_AUTH", "USERNAME=ana,PASSWORD=wrong")
        assert "(NotAuthorizedException)" in wrong and wrong.endswith("Incorrect username or password."), wrong

        found = aws(pool, "list-users", *here, "--filter", 'email = "ana@example.com"')
        assert [user["UserStatus"] for user in found["Users"]] == ["CONFIRMED"]
        described = aws(pool, "describe-user-pool", *here)["UserPool"]
        assert described["EstimatedNumberOfUsers"] == 1
        assert aws(pool, "admin-user-global-sign-out", *here, *ana) == {}
        revoked = aws(pool, "get-user", "--access-token", result["AccessToken"], client_operation=True)
        assert revoked.endswith("Access Token has been revoked"), revoked
    version = subprocess.run([AWS, "--version"], capture_output=True, text=True).stdout.split()[0]
    print(f"aws_cli: ok ({version})")


if __name__ == "__main__":
    main()
