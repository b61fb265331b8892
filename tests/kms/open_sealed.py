#!/usr/bin/env python3
"""Opens our sealer's codes with AWS's own Encryption SDK and boto3, against our loopback KMS.

The script needs the packages of requirements.txt. It builds and starts the example `loopback_kms`, which serves the KMS and
prints encrypted codes. A failed check ends the script with an error.
"""

import base64
import io
import json
import logging
import os
import pathlib
import subprocess

os.environ.update(
    AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test", AWS_DEFAULT_REGION="eu-central-1"
)

import aws_encryption_sdk as esdk
import boto3
import botocore.exceptions
import botocore.session
from aws_encryption_sdk.exceptions import AWSEncryptionSDKClientError
from aws_encryption_sdk.identifiers import Algorithm, CommitmentPolicy
from aws_encryption_sdk.internal.formatting.deserialize import deserialize_header

ROOT = pathlib.Path(__file__).resolve().parents[2]
SERVER = ["cargo", "run", "--quiet", "--package", "cognito-triggers-loopback", "--features", "kms", "--example", "loopback_kms"]
CLIENT = esdk.EncryptionSDKClient(commitment_policy=CommitmentPolicy.REQUIRE_ENCRYPT_ALLOW_DECRYPT)


def provider(*key_arns):
    return esdk.StrictAwsKmsMasterKeyProvider(key_ids=key_arns, botocore_session=botocore.session.get_session())


def check_sealed(about):
    """Checks that every code opens, and that the first one has the format of Cognito's codes."""
    for row in about["sealed"]:
        plaintext, header = CLIENT.decrypt(source=base64.b64decode(row["code"]), key_provider=provider(about["key_arn"]))
        assert plaintext.decode() == row["opens"], row["name"]
        assert header.encryption_context["userpool-id"] == about["pool"], row["name"]
    header, _ = deserialize_header(io.BytesIO(base64.b64decode(about["sealed"][0]["code"])))
    assert header.version.value == 1 and header.algorithm == Algorithm.AES_256_GCM_IV12_TAG16_HKDF_SHA384_ECDSA_P384
    assert header.frame_length == 4096 and sorted(header.encryption_context) == ["aws-crypto-public-key", "userpool-id"]
    [data_key] = header.encrypted_data_keys
    assert data_key.key_provider.provider_id == "aws-kms" and data_key.key_provider.key_info.decode() == about["key_arn"]
    assert len(data_key.encrypted_data_key) == 184


def check_round_trip(about):
    """Checks that the SDK encrypts a message with our KMS under two keys, and that each key opens it."""
    arns = [about["key_arn"], about["other_key_arn"]]
    sealed, _ = CLIENT.encrypt(source=b"271828", key_provider=provider(*arns), encryption_context={"a": "b"})
    for arn in arns:
        assert CLIENT.decrypt(source=sealed, key_provider=provider(arn))[0] == b"271828"


def check_enforcement(about):
    """Checks that our KMS refuses another key and another context with the error codes of KMS."""
    kms = boto3.client("kms")
    arn, other = about["key_arn"], about["other_key_arn"]
    blob = kms.encrypt(KeyId=arn, Plaintext=b"x" * 32, EncryptionContext={"a": "b"})["CiphertextBlob"]
    assert kms.decrypt(CiphertextBlob=blob, EncryptionContext={"a": "b"})["KeyId"] == arn
    data_key = kms.generate_data_key(KeyId=arn, KeySpec="AES_256", EncryptionContext={"a": "b"})
    opened = kms.decrypt(CiphertextBlob=data_key["CiphertextBlob"], EncryptionContext={"a": "b"}, KeyId=arn)
    assert opened["Plaintext"] == data_key["Plaintext"] and len(opened["Plaintext"]) == 32
    metadata = kms.describe_key(KeyId=arn.rsplit("/", 1)[1])["KeyMetadata"]
    assert metadata["Arn"] == arn and metadata["KeyState"] == "Enabled" and metadata["AWSAccountId"] == "111122223333"
    for expected, call in {
        "InvalidCiphertextException": lambda: kms.decrypt(CiphertextBlob=blob, EncryptionContext={"a": "c"}),
        "IncorrectKeyException": lambda: kms.decrypt(CiphertextBlob=blob, EncryptionContext={"a": "b"}, KeyId=other),
        "NotFoundException": lambda: kms.describe_key(KeyId="alias/codes"),
        "ValidationException": lambda: kms.generate_data_key(KeyId=arn, KeySpec="AES_256", NumberOfBytes=32),
        "UnknownOperationException": lambda: kms.list_keys(),
    }.items():
        try:
            call()
        except botocore.exceptions.ClientError as error:
            assert error.response["Error"]["Code"] == expected, error
        else:
            raise AssertionError(f"expected {expected}")
    logging.getLogger("aws_encryption_sdk").setLevel(logging.CRITICAL)  # the SDK logs the expected failure
    try:
        CLIENT.decrypt(source=base64.b64decode(about["sealed"][0]["code"]), key_provider=provider(other))
    except AWSEncryptionSDKClientError:
        pass
    else:
        raise AssertionError("another key opened the message")


def main():
    with subprocess.Popen(SERVER, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        about = json.loads(server.stdout.readline())
        os.environ["AWS_ENDPOINT_URL_KMS"] = about["url"]
        try:
            check_sealed(about)
            check_round_trip(about)
            check_enforcement(about)
        finally:
            server.stdin.close()
    print(f"{len(about['sealed'])} sealed codes opened, and the KMS enforces keys and contexts")


if __name__ == "__main__":
    main()
