#!/usr/bin/env python3
"""Runs the example `send-codes` with `cargo cognito invoke` against moto's KMS, SES and SNS, and reads moto's outbox.

The script needs the packages of requirements.txt, and builds both programs unless BUILT is set. First AWS's own Encryption SDK encrypts the
codes, and the function uses moto's KMS. Then `cargo cognito event --code` encrypts them, and the function uses the KMS
that `cargo cognito invoke` serves. A failed check ends the script with an error.
"""

import base64
import json
import logging
import os
import pathlib
import subprocess
import tempfile

REGION = "eu-central-1"
os.environ.update(AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test", AWS_DEFAULT_REGION=REGION)

import aws_encryption_sdk as esdk
import boto3
import botocore.session
from aws_encryption_sdk.identifiers import Algorithm, CommitmentPolicy
from moto.core import DEFAULT_ACCOUNT_ID
from moto.server import ThreadedMotoServer
from moto.ses.models import ses_backends
from moto.sns.models import sns_backends

ROOT = pathlib.Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "crates/cognito-triggers-model/samples"
PROGRAMS = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug"
COGNITO = PROGRAMS / "cargo-cognito"
OTHER_KEY = "arn:aws:kms:eu-central-1:111122223333:key/20ca20ca-20ca-40ca-80ca-20ca20ca20ca"
MAIL_FROM = "codes@example.com"
# A temporary password, and the same with Cognito's HTML escaping.
PASSWORD, ESCAPED = "<p>&1", "&lt;p&gt;&amp;1"


def seal(key, pool, plaintext):
    """Encrypts a code as Cognito does."""
    sealed, _ = esdk.EncryptionSDKClient(commitment_policy=CommitmentPolicy.FORBID_ENCRYPT_ALLOW_DECRYPT).encrypt(
        source=plaintext.encode(),
        key_provider=esdk.StrictAwsKmsMasterKeyProvider(
            key_ids=[key], botocore_session=botocore.session.get_session()
        ),
        encryption_context={"userpool-id": pool},
        algorithm=Algorithm.AES_256_GCM_IV12_TAG16_HKDF_SHA384_ECDSA_P384,
        frame_length=4096,
    )
    return base64.b64encode(sealed).decode()


def sample(name):
    return json.loads((SAMPLES / f"{name}.json").read_text())


def printed(*args):
    """Returns the event that `cargo cognito event` prints."""
    return json.loads(subprocess.run([COGNITO, "event", *args], check=True, stdout=subprocess.PIPE).stdout)


def invoke(*events, **environment):
    """Invokes the function with each event in one process. Returns the answers and the log."""
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for number, event in enumerate(events):
            files.append(pathlib.Path(folder, f"{number}.json"))
            files[-1].write_text(json.dumps(event))
        run = subprocess.run(
            [COGNITO, "invoke", *files, "--bin", PROGRAMS / "send-codes"],
            env=os.environ | {"MAIL_FROM": MAIL_FROM, "AWS_LAMBDA_LOG_LEVEL": "TRACE"} | environment,
            capture_output=True,
            text=True,
            timeout=60,
        )
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    assert run.returncode == 0 and len(answers) == len(events), run.stderr
    for secret in ("271828", PASSWORD, ESCAPED, "example"):
        assert secret not in run.stderr, "the log contains a code, a password or an address:\n" + run.stderr
    return answers, run.stderr


def mails():
    return [(mail.destinations["ToAddresses"], mail.subject, mail.body)
            for mail in ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages]


def texts():
    return list(sns_backends[DEFAULT_ACCOUNT_ID][REGION].sms_messages.values())


def sent_once(event, outbox, shown, **environment):
    """Checks that an event that arrives twice is answered twice and sends one message, which contains `shown`."""
    before = len(outbox())
    answers, _ = invoke(event, event, **environment)
    name = event["triggerSource"]
    assert all(answer["triggerSource"] == name for answer in answers), (name, answers)
    sent = outbox()[before:]
    assert len(sent) == 1 and shown in str(sent[0]), (name, sent)
    attributes = event["request"]["userAttributes"]
    assert (attributes.get("email") or attributes["phone_number"]) in str(sent[0]), (name, sent)


def refused(event, why, **environment):
    """Checks that the event fails for the reason `why` and that no message is sent."""
    before = (mails(), texts())
    [answer], log = invoke(event, **environment)
    assert answer["error"]["errorType"] == "Failed" and why in log, (answer, log)
    assert (mails(), texts()) == before, "a message was sent"


def check_kms_of_moto(key, endpoint):
    """Checks every source, duplicate events, and events for which no message may be sent."""
    pool = sample("custom_email_sender/sign-up")["userPoolId"]
    environment = {"AWS_ENDPOINT_URL": endpoint, "COGNITO_KMS_KEY_ARN": key, "COGNITO_USER_POOL_IDS": pool}
    for route, outbox in (("custom_email_sender", mails), ("custom_sms_sender", texts)):
        for path in sorted((SAMPLES / route).glob("*.json")):
            event = sample(f"{route}/{path.stem}")
            if not event["request"]["code"]:
                continue
            invited = event["triggerSource"].endswith("AdminCreateUser")
            code, shown = (ESCAPED, PASSWORD) if invited else ("271828", "271828")
            event["request"]["code"] = seal(key, event["userPoolId"], code)
            sent_once(event, outbox, shown, **environment)

    notice = sample("custom_email_sender/account-take-over-notification")
    notice["request"]["userAttributes"]["email"] = "ana@example.com"
    sent_once(notice, mails, notice["request"]["userAttributes"]["CITY"], **environment)
    refused(notice | {"userPoolId": "eu-central-1_zZ9yY8xX7"}, "COGNITO_USER_POOL_IDS", **environment)

    other_pool = sample("custom_email_sender/sign-up")
    other_pool["request"]["code"] = seal(key, "eu-central-1_zZ9yY8xX7", "271828")
    refused(other_pool, "was encrypted for pool", **environment)
    not_served = environment | {"COGNITO_USER_POOL_IDS": "eu-central-1_zZ9yY8xX7"}
    other_pool = sample("custom_email_sender/sign-up")
    other_pool["request"]["code"] = seal(key, pool, "271828")
    refused(other_pool, "COGNITO_USER_POOL_IDS", **not_served)
    refused(sample("custom_sms_sender/sign-up"), "COGNITO_KMS_KEY_ARN", **environment)


def check_kms_of_invoke(endpoint):
    """Checks the same without any KMS setting in the environment. Only the messages go to moto."""
    # The last setting would break the endpoint of the loopback KMS if `invoke` didn't override it.
    environment = {"AWS_ENDPOINT_URL_SESV2": endpoint, "AWS_ENDPOINT_URL_SNS": endpoint, "AWS_USE_FIPS_ENDPOINT": "true"}
    for source, outbox in (("CustomEmailSender_SignUp", mails), ("CustomSMSSender_Authentication", texts)):
        sent_once(printed(source, "--code", "271828"), outbox, "271828", **environment)
        of_other_pool = printed(source, "--code", "271828", "--user-pool-id", "us-east-1_zZ9yY8xX7")
        sent_once(of_other_pool, outbox, "271828", **environment)
    invited = printed("CustomEmailSender_AdminCreateUser", "--code", PASSWORD)
    sent_once(invited, mails, PASSWORD, **environment)
    other_pool = printed("CustomEmailSender_SignUp", "--code", "271828", "--user-pool-id", "eu-central-1_zZ9yY8xX7")
    refused(other_pool | {"userPoolId": "eu-central-1_Tr1gg3rs0"}, "was encrypted for pool", **environment)
    under_another_key = printed("CustomSMSSender_SignUp", "--code", "271828", "--key-arn", OTHER_KEY)
    refused(under_another_key, "COGNITO_KMS_KEY_ARN", **environment)
    sent_once(under_another_key, texts, "271828", COGNITO_KMS_KEY_ARN=OTHER_KEY, **environment)


def main():
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    # One after the other, as `cargo cognito … --bin send-codes` does: together they would be rebuilt with the features of both.
    for package in () if os.environ.get("BUILT") else ("cargo-cognito", "send-codes"):
        subprocess.run(["cargo", "build", "--package", package], cwd=ROOT, check=True)
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    moto.start()
    endpoint = "http://{}:{}".format(*moto.get_host_and_port())
    try:
        os.environ["AWS_ENDPOINT_URL"] = endpoint
        key = boto3.client("kms").create_key()["KeyMetadata"]["Arn"]
        boto3.client("ses").verify_email_identity(EmailAddress=MAIL_FROM)
        check_kms_of_moto(key, endpoint)
        del os.environ["AWS_ENDPOINT_URL"]
        check_kms_of_invoke(endpoint)
    finally:
        moto.stop()
    print(f"{len(mails())} emails and {len(texts())} text messages, each once")


if __name__ == "__main__":
    main()
