"""What an app does with the pool of a new project: signs somebody up, confirms the account and signs in.

The pool is the one of the environment, as `cargo cognito pool … -- python3 client.py` sets it. Every code is 123456.
"""

import json
import os
import urllib.request


def call(operation, **members):
    """Calls an operation of the user pools API and returns its output. An exception of the API fails the script."""
    request = urllib.request.Request(
        os.environ["AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"],
        data=json.dumps({"ClientId": os.environ["COGNITO_CLIENT_ID"], **members}).encode(),
        headers={
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": f"AWSCognitoIdentityProviderService.{operation}",
        },
    )
    try:
        with urllib.request.urlopen(request) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        raise SystemExit(f"{operation}: {error.read().decode()}") from error


email = "ana@example.com"
name = os.environ.get("NEW_USER_NAME", "ana")
call("SignUp", Username=name, Password="Passw0rd!", UserAttributes=[{"Name": "email", "Value": email}])
call("ConfirmSignUp", Username=name, ConfirmationCode="123456")
flow = os.environ.get("NEW_AUTH_FLOW", "USER_PASSWORD_AUTH")
if flow == "USER_PASSWORD_AUTH":
    tokens = call("InitiateAuth", AuthFlow=flow, AuthParameters={"USERNAME": name, "PASSWORD": "Passw0rd!"})
    assert tokens["AuthenticationResult"]["AccessToken"], tokens
