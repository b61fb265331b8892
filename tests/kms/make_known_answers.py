#!/usr/bin/env python3
"""Writes known_answers.json and the seeds of the fuzz targets: messages from AWS's own Encryption SDK, with expected results.

The script needs the packages of requirements.txt, but no AWS account and no network. With a path as its argument, it
writes the answers to that file, and no seeds. The keys exist in moto's KMS while the script runs, so every run writes
other messages with the same expected results.

A row has the message, the pool of its event, the data keys as KMS would return them, and either the code or the name of
the error's predicate. "asks_kms" says whether KMS may be called.
"""

import base64
import io
import json
import logging
import os
import pathlib
import sys

os.environ.update(
    AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test", AWS_DEFAULT_REGION="eu-central-1"
)

import aws_encryption_sdk as esdk
import boto3
import botocore.session
from aws_encryption_sdk.identifiers import Algorithm, CommitmentPolicy
from aws_encryption_sdk.internal.formatting.deserialize import deserialize_header
from moto.server import ThreadedMotoServer

POOL = "eu-central-1_aB3dE6gHi"
OTHER_POOL = "eu-central-1_zZ9yY8xX7"
LIKE_COGNITO = Algorithm.AES_256_GCM_IV12_TAG16_HKDF_SHA384_ECDSA_P384
COMMITTED = Algorithm.AES_256_GCM_HKDF_SHA512_COMMIT_KEY_ECDSA_P384


class Maker:
    """Encrypts messages under two keys in a KMS, and collects the rows."""

    def __init__(self):
        self.kms = boto3.client("kms")
        self.key, self.other_key = (self.kms.create_key()["KeyMetadata"]["Arn"] for _ in range(2))
        self.rows = []

    def seal(self, plaintext, suite=LIKE_COGNITO, pool=POOL, context=(), keys=None, frame_length=4096):
        """Returns a message as bytes. By default it is like those of Cognito."""
        context = dict(context) | ({"userpool-id": pool} if pool else {})
        commits = suite.value in (COMMITTED.value, Algorithm.AES_256_GCM_HKDF_SHA512_COMMIT_KEY.value)
        policy = CommitmentPolicy.REQUIRE_ENCRYPT_ALLOW_DECRYPT if commits else CommitmentPolicy.FORBID_ENCRYPT_ALLOW_DECRYPT
        provider = esdk.StrictAwsKmsMasterKeyProvider(
            key_ids=keys or [self.key], botocore_session=botocore.session.get_session()
        )
        sealed, _ = esdk.EncryptionSDKClient(commitment_policy=policy).encrypt(
            source=plaintext if isinstance(plaintext, bytes) else plaintext.encode(),
            key_provider=provider,
            encryption_context=context,
            algorithm=suite,
            frame_length=frame_length,
        )
        return sealed

    def add(self, name, code, opens=None, error=None, asks_kms=None, pool=POOL, **more):
        """Adds a row. `code` is a message as bytes, or any other value of `request.code`."""
        header = data_keys = None
        if isinstance(code, bytes):
            header, _ = deserialize_header(io.BytesIO(code))
            data_keys = {
                encode(edk.encrypted_data_key): encode(
                    self.kms.decrypt(
                        KeyId=edk.key_provider.key_info.decode(),
                        CiphertextBlob=edk.encrypted_data_key,
                        EncryptionContext=header.encryption_context,
                    )["Plaintext"]
                )
                for edk in header.encrypted_data_keys
            }
        self.rows.append(
            {
                "name": name,
                "code": encode(code) if isinstance(code, bytes) else code,
                "event_pool": pool,
                "key_arn": self.key,
                "context": header.encryption_context if header else {},
                "data_keys": data_keys or {},
                "opens": opens,
                "error": error,
                "asks_kms": opens is not None if asks_kms is None else asks_kms,
                **more,
            }
        )


def encode(data):
    return base64.b64encode(data).decode()


def opened(make):
    """Adds the messages that open."""
    long = "".join(f"{number:08}" for number in range(125))
    make.add("a code of a sign-up", make.seal("271828"), opens="271828")
    make.add("a code of a sign-in", make.seal("31415926"), opens="31415926")
    make.add("with commitment", make.seal("271828", COMMITTED), opens="271828")
    for name, suite in (("", LIKE_COGNITO), (" with commitment", COMMITTED)):
        make.add("eight frames" + name, make.seal(long, suite, frame_length=128), opens=long)
        make.add("two full frames" + name, make.seal(long[:256], suite, frame_length=128), opens=long[:256])
        make.add("an empty code" + name, make.seal("", suite), opens="")
        extra = {"purpose": "test", "Ünïcode": "é—✓", "empty": ""}
        make.add("more context" + name, make.seal("271828", suite, context=extra), opens="271828")
        two_keys = make.seal("271828", suite, keys=[make.other_key, make.key])
        make.add("two data keys, ours second" + name, two_keys, opens="271828", max_data_keys=2)
        password = make.seal('&lt;p&gt;&amp;&quot;é"&1', suite)
        make.add("a temporary password" + name, password, opens='<p>&"é"&1', temporary_password=True)
        make.add("the same text as a code" + name, password, opens='&lt;p&gt;&amp;&quot;é"&1')
    make.add("no code", None)


def refused(make):
    """Adds the messages that are refused, all but one of them before KMS is called."""
    good = make.seal("271828")
    for name, suite in (("", LIKE_COGNITO), (" with commitment", COMMITTED)):
        two_keys = make.seal("271828", suite, keys=[make.key, make.other_key])
        make.add("two data keys" + name, two_keys, error="unsupported")
        of_other_pool = make.seal("271828", suite, pool=OTHER_POOL)
        make.add("made for another pool" + name, of_other_pool, error="wrong_pool")
        make.add("for a pool that isn't served" + name, of_other_pool, pool=OTHER_POOL, error="wrong_pool")
        make.add("without a pool" + name, make.seal("271828", suite, pool=None), error="wrong_pool")
        make.add("under another key" + name, make.seal("271828", suite, keys=[make.other_key]), error="wrong_key")
    make.add("no text", make.seal(b"\xff\xfe"), error="unsupported", asks_kms=True)
    make.add("not framed", make.seal("271828", frame_length=0), error="unsupported")
    for suite in (
        Algorithm.AES_256_GCM_IV12_TAG16,
        Algorithm.AES_256_GCM_IV12_TAG16_HKDF_SHA256,
        Algorithm.AES_192_GCM_IV12_TAG16_HKDF_SHA384_ECDSA_P384,
        Algorithm.AES_256_GCM_HKDF_SHA512_COMMIT_KEY,
    ):
        make.add(f"suite {suite.algorithm_id:#06x}", make.seal("271828", suite), error="unsupported")
    not_a_message = {
        "a code in the clear": "271828",
        "eight digits, which are base64": "27182818",
        "an empty string": "",
        "a KMS ciphertext": encode(make.kms.encrypt(KeyId=make.key, Plaintext=b"271828")["CiphertextBlob"]),
        "a ciphertext that begins as those of AWS do": encode(bytes.fromhex("0102020078") + good[5:184]),
        "a message in base64 for URLs": base64.urlsafe_b64encode(good).decode(),
        "a message without padding": encode(good[: len(good) - (len(good) - 1) % 3]).rstrip("="),
        "a message with a line break": encode(good) + "\n",
        "a message in hex": good.hex(),
    }
    for name, code in not_a_message.items():
        make.add(name, code, error="not_encryption_sdk_message")


def write_seeds(rows):
    """Writes the messages that open as seeds. Those of two targets start with the number of the message."""
    seeds = pathlib.Path(__file__).parents[2] / "crates/cognito-triggers-kms/fuzz/seeds"
    for folder in ("header", "body", "code"):
        (seeds / folder).mkdir(parents=True, exist_ok=True)
    for number, row in enumerate(rows):
        message = base64.b64decode(row["code"])
        (seeds / "header" / f"{number:02}").write_bytes(message)
        (seeds / "body" / f"{number:02}").write_bytes(bytes([number]) + message)
        (seeds / "code" / f"{number:02}").write_bytes(bytes([number]) + row["code"].encode())


def main():
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    os.environ["AWS_ENDPOINT_URL"] = f"http://{host}:{port}"
    try:
        make = Maker()
        opened(make)
        refused(make)
    finally:
        server.stop()
    path = pathlib.Path(*sys.argv[1:2] or [pathlib.Path(__file__).with_name("known_answers.json")])
    path.write_text(json.dumps(make.rows, indent=1, ensure_ascii=False) + "\n")
    if len(sys.argv) == 1:
        write_seeds(row for row in make.rows if row["opens"] is not None)
    print(f"{len(make.rows)} rows in {path.name}")


if __name__ == "__main__":
    main()
