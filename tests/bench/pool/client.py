"""A client of one user pool. It makes the calls one after the other, on one connection where the server keeps it open."""

import base64
import hashlib
import hmac
import http.client
import json
import secrets
import time

PASSWORD = "Passw0rd!"
# How many users a group has.
GROUP = 10
# moto finds the service in the scope of the signature, which no server verifies.
HEADERS = {
    "Content-Type": "application/x-amz-json-1.1",
    "Authorization": "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/cognito-idp/aws4_request, SignedHeaders=host, Signature=0",
}
# The 3072-bit group of RFC 5054, appendix A. Its digits are those of pi, as RFC 3526 defines them.
PRIME = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F"
    "83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B"
    "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510"
    "15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7"
    "ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C"
    "BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF",
    16,
)


class Refused(Exception):
    """The server answered with an error."""


class Client:
    """Makes calls at a server, in a pool and an app client of its own. No trigger runs, and sign-up sends no code."""

    def __init__(self, server):
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port)
        self.pool = self.call("CreateUserPool", PoolName="bench")["UserPool"]["Id"]
        flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
        made = self.call("CreateUserPoolClient", UserPoolId=self.pool, ClientName="bench", ExplicitAuthFlows=flows)
        self.client = made["UserPoolClient"]["ClientId"]

    def call(self, operation, **members):
        headers = {**HEADERS, "X-Amz-Target": f"AWSCognitoIdentityProviderService.{operation}"}
        self.connection.request("POST", "/", json.dumps(members), headers)
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise Refused(f"{operation}: {answer.status} {body[:300]!r}")
        return json.loads(body or b"{}")

    def sign_up(self, number):
        attributes = [{"Name": "email", "Value": f"user-{number}@example.com"}, {"Name": "name", "Value": f"User {number}"}]
        self.call("SignUp", ClientId=self.client, Username=name(number), Password=PASSWORD, UserAttributes=attributes)

    def confirm(self, number):
        self.call("AdminConfirmSignUp", UserPoolId=self.pool, Username=name(number))

    def make_group(self, group, numbers):
        self.call("CreateGroup", UserPoolId=self.pool, GroupName=group)
        for number in numbers:
            self.call("AdminAddUserToGroup", UserPoolId=self.pool, GroupName=group, Username=name(number))

    def sign_in(self, number):
        parameters = {"USERNAME": name(number), "PASSWORD": PASSWORD}
        answer = self.call("InitiateAuth", ClientId=self.client, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters)
        assert answer["AuthenticationResult"]["IdToken"] and answer["AuthenticationResult"]["AccessToken"]

    def sign_in_with_srp(self, number):
        secret = secrets.randbits(256)
        public = pow(2, secret, PRIME)
        parameters = {"USERNAME": name(number), "SRP_A": f"{public:x}"}
        answer = self.call("InitiateAuth", ClientId=self.client, AuthFlow="USER_SRP_AUTH", AuthParameters=parameters)
        responses = proof(self.pool.partition("_")[2], secret, public, answer["ChallengeParameters"])
        challenge = answer["ChallengeName"]
        answer = self.call(
            "RespondToAuthChallenge", ClientId=self.client, ChallengeName=challenge, ChallengeResponses=responses
        )
        assert answer["AuthenticationResult"]["IdToken"]

    def get_user(self, number):
        answer = self.call("AdminGetUser", UserPoolId=self.pool, Username=name(number))
        assert answer["Username"]

    def first_page(self, _number):
        answer = self.call("ListUsers", UserPoolId=self.pool, Limit=60)
        assert answer["Users"]

    def find_by_email(self, number):
        answer = self.call("ListUsers", UserPoolId=self.pool, Filter=f'email = "user-{number}@example.com"')
        assert len(answer["Users"]) == 1

    def list_group(self, group):
        answer = self.call("ListUsersInGroup", UserPoolId=self.pool, GroupName=group)
        assert len(answer["Users"]) == GROUP


def name(number):
    return f"user-{number}"


def proof(pool_name, secret, public, challenge):
    """`ChallengeResponses` of the challenge PASSWORD_VERIFIER."""
    user, salt, server = challenge["USER_ID_FOR_SRP"], int(challenge["SALT"], 16), int(challenge["SRP_B"], 16)
    multiplier = number_of(b"\0", PRIME.to_bytes(384, "big"), b"\2")
    scrambler = number_of(signed(public), signed(server))
    inner = hashlib.sha256(f"{pool_name}{user}:{PASSWORD}".encode()).digest()
    private = number_of(signed(salt), inner)
    base = (server - multiplier * pow(2, private, PRIME)) % PRIME
    shared = pow(base, secret + scrambler * private, PRIME)
    extracted = hmac.digest(signed(scrambler), signed(shared), "sha256")
    key = hmac.digest(extracted, b"Caldera Derived Key\1", "sha256")[:16]
    now = time.gmtime()
    timestamp = time.strftime(f"%a %b {now.tm_mday} %H:%M:%S UTC %Y", now)
    block = challenge["SECRET_BLOCK"]
    message = pool_name.encode() + user.encode() + base64.b64decode(block) + timestamp.encode()
    return {
        "USERNAME": user,
        "PASSWORD_CLAIM_SECRET_BLOCK": block,
        "PASSWORD_CLAIM_SIGNATURE": base64.b64encode(hmac.digest(key, message, "sha256")).decode(),
        "TIMESTAMP": timestamp,
    }


def signed(number):
    """A number as SRP hashes it: the fewest bytes whose first bit is 0."""
    return number.to_bytes(number.bit_length() // 8 + 1, "big")


def number_of(*parts):
    return int.from_bytes(hashlib.sha256(b"".join(parts)).digest(), "big")
