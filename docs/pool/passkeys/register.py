import json
import os

import boto3
from fido2.utils import websafe_decode, websafe_encode
from soft_webauthn import SoftWebauthnDevice

ORIGIN = "http://localhost:3000"
client = boto3.client("cognito-idp")
pool, app = os.environ["COGNITO_USER_POOL_ID"], os.environ["COGNITO_CLIENT_ID"]
device = SoftWebauthnDevice()


def as_json(credential):
    """The device's bytes in Base64url, as a browser writes them."""
    response = {name: websafe_encode(part) for name, part in credential["response"].items()}
    key = websafe_encode(device.credential_id)
    return {"id": key, "rawId": key, "type": "public-key", "response": response}


email = {"Name": "email", "Value": "ana@example.com"}
client.admin_create_user(UserPoolId=pool, Username="ana", UserAttributes=[email], MessageAction="SUPPRESS")
client.admin_set_user_password(UserPoolId=pool, Username="ana", Password="Passw0rd!", Permanent=True)
tokens = client.initiate_auth(
    ClientId=app,
    AuthFlow="USER_PASSWORD_AUTH",
    AuthParameters={"USERNAME": "ana", "PASSWORD": "Passw0rd!"},
)["AuthenticationResult"]

options = client.start_web_authn_registration(AccessToken=tokens["AccessToken"])["CredentialCreationOptions"]
options["challenge"] = websafe_decode(options["challenge"])
options["user"]["id"] = websafe_decode(options["user"]["id"])
created = as_json(device.create({"publicKey": options}, ORIGIN))
client.complete_web_authn_registration(AccessToken=tokens["AccessToken"], Credential=created)

asked = client.initiate_auth(
    ClientId=app,
    AuthFlow="USER_AUTH",
    AuthParameters={"USERNAME": "ana", "PREFERRED_CHALLENGE": "WEB_AUTHN"},
)
options = json.loads(asked["ChallengeParameters"]["CREDENTIAL_REQUEST_OPTIONS"])
options["challenge"] = websafe_decode(options["challenge"])
signed = as_json(device.get({"publicKey": options}, ORIGIN))
answer = client.respond_to_auth_challenge(
    ClientId=app,
    ChallengeName="WEB_AUTHN",
    Session=asked["Session"],
    ChallengeResponses={"USERNAME": "ana", "CREDENTIAL": json.dumps(signed)},
)
print(f"signed in with a passkey for {answer['AuthenticationResult']['ExpiresIn']} seconds")
