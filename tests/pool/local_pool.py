"""Starts the pool of the example `pool_for_clients`, or that of another command, and checks answers against the service model."""

import json
import os
import pathlib
import subprocess
import urllib.parse
import urllib.request

import boto3
import botocore
import jwt
from botocore.config import Config

ROOT = pathlib.Path(__file__).resolve().parents[2]
START = ["cargo", "run", "--quiet", "-p", "cognito-triggers-pool", "--example", "pool_for_clients"]


class LocalPool:
    """A running pool, started by the command. Leave the `with` block to end it."""

    def __init__(self, command=None, stderr=None):
        self.command = command or os.environ.get("LOCAL_POOL", "").split() or START
        self.stderr = stderr

    def __enter__(self):
        self.process = subprocess.Popen(
            self.command, cwd=ROOT, stdout=subprocess.PIPE, stderr=self.stderr, text=True
        )
        ready = json.loads(self.process.stdout.readline())
        self.endpoint = ready["endpoint"]
        self.user_pools = ready["userPools"]
        self.certificate = ready.get("certificate")
        if self.certificate:
            # By the first, boto3 trusts a pool that serves HTTPS, and by the second, this script does.
            os.environ["AWS_CA_BUNDLE"] = os.environ["SSL_CERT_FILE"] = self.certificate["caFile"]
        self.pool_id = self.user_pools[0]["id"]
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.communicate()

    @property
    def settings(self):
        """Arguments for boto3: the pool needs no credentials, but boto3 signs with some."""
        return {
            "region_name": self.pool_id.split("_")[0],
            "endpoint_url": self.endpoint,
            "aws_access_key_id": "local",
            "aws_secret_access_key": "local",
            "config": Config(retries={"max_attempts": 0}),
        }

    def client(self):
        """A boto3 client whose answers have to fit the service model, member by member."""
        client = boto3.client("cognito-idp", **self.settings)
        client.meta.events.register("before-parse.cognito-identity-provider", check_answer)
        return client

    def messages(self, pool_id):
        """The messages of a pool."""
        query = urllib.parse.urlencode({"userPoolId": pool_id})
        with urllib.request.urlopen(f"{self.endpoint}/_dev/messages?{query}") as answer:
            return json.load(answer)

    def code_for(self, user_name):
        """The code of the last message to a user."""
        query = urllib.parse.urlencode({"userName": user_name})
        with urllib.request.urlopen(f"{self.endpoint}/_dev/messages?{query}") as answer:
            return json.load(answer)[-1]["code"]

    def claims(self, token, audience=None, pool_id=None):
        """The claims of a token, after its signature and issuer were checked against the published keys."""
        issuer = f"{self.endpoint}/{pool_id or self.pool_id}"
        key = jwt.PyJWKClient(f"{issuer}/.well-known/jwks.json").get_signing_key_from_jwt(token)
        options = {"verify_aud": audience is not None}
        return jwt.decode(token, key, algorithms=["RS256"], issuer=issuer, audience=audience, options=options)


def check_answer(operation_model, response_dict, **_):
    """Fails if an answer has a member that the service model doesn't have, or one of another type."""
    if response_dict["status_code"] == 200:
        check(operation_model.output_shape, json.loads(response_dict["body"] or b"{}"), operation_model.name)


def check(shape, value, place):
    if shape is None:
        assert value == {}, f"{place}: {value} where the model has no answer"
        return
    kind = shape.type_name
    if kind == "structure" and shape.is_document_type:
        return
    if kind == "structure":
        assert isinstance(value, dict), f"{place}: {value!r} is no structure"
        unknown = value.keys() - shape.members.keys()
        assert not unknown, f"{place}: the model has no {unknown}"
        missing = set(shape.required_members) - value.keys()
        assert not missing, f"{place}: {missing} is required"
        for name, member in value.items():
            check(shape.members[name], member, f"{place}.{name}")
    elif kind == "list":
        assert isinstance(value, list), f"{place}: {value!r} is no list"
        for index, item in enumerate(value):
            check(shape.member, item, f"{place}[{index}]")
    elif kind == "map":
        assert isinstance(value, dict), f"{place}: {value!r} is no map"
        for name, item in value.items():
            check(shape.value, item, f"{place}[{name}]")
    elif kind == "string":
        assert isinstance(value, str), f"{place}: {value!r} is no string"
        assert not shape.enum or value in shape.enum, f"{place}: {value!r} isn't one of {shape.enum}"
        low, high = shape.metadata.get("min", 0), shape.metadata.get("max", len(value))
        assert low <= len(value) <= high, f"{place}: {len(value)} characters, not {low} to {high}"
    elif kind in ("integer", "long"):
        assert type(value) is int, f"{place}: {value!r} is no integer"
    elif kind == "boolean":
        assert isinstance(value, bool), f"{place}: {value!r} is no boolean"
    elif kind == "timestamp":
        assert type(value) in (int, float), f"{place}: {value!r} is no time"
    else:
        raise AssertionError(f"{place}: the model's type {kind} isn't known here")


def versions():
    """What the script ran with."""
    return f"boto3 {boto3.__version__}, botocore {botocore.__version__}"
