#!/usr/bin/env python3
"""Runs the example `send-codes` as Lambda would, against moto's KMS, SES and SNS, and reads moto's outbox.

Run it as it is, with the packages of requirements.txt. It builds the binary, or takes the one named as its
argument. The codes are made by AWS's own Encryption SDK; every check that fails ends the script with an error.
"""

import base64
import http.server
import json
import logging
import os
import pathlib
import queue
import subprocess
import sys
import threading
import time

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
SAMPLES = ROOT / "crates/cognito-triggers/samples"
MAIL_FROM = "codes@example.com"


class RuntimeApi(http.server.BaseHTTPRequestHandler):
    """The part of Lambda's Runtime API that a function uses: take an event, give its answer."""

    protocol_version = "HTTP/1.1"
    events, answers = queue.Queue(), queue.Queue()

    def do_GET(self):
        request_id, event = self.events.get()
        headers = {
            "Lambda-Runtime-Aws-Request-Id": request_id,
            "Lambda-Runtime-Deadline-Ms": str(int(time.time() * 1000) + 10_000),
            "Lambda-Runtime-Invoked-Function-Arn": f"arn:aws:lambda:{REGION}:{DEFAULT_ACCOUNT_ID}:function:send-codes",
        }
        self.reply(200, json.dumps(event).encode(), headers)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.headers.get("Transfer-Encoding") == "chunked":
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        self.answers.put((self.path.rsplit("/", 1)[1], body))
        self.reply(202, b"{}")

    def reply(self, status, body, headers=None):
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def seal(key, pool, plaintext):
    """A code as Cognito makes it."""
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


def invoke(request_id, event):
    """What comes of an event: `response` or `error`, and the text of it."""
    RuntimeApi.events.put((request_id, event))
    return RuntimeApi.answers.get(timeout=20)


def mails():
    return [(mail.destinations["ToAddresses"], mail.subject, mail.body)
            for mail in ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages]


def texts():
    return list(sns_backends[DEFAULT_ACCOUNT_ID][REGION].sms_messages.values())


def check(key):
    """Every source once, an event sent twice, and events that must not be sent at all."""
    for route, outbox in (("custom_email_sender", mails), ("custom_sms_sender", texts)):
        for path in sorted((SAMPLES / route).glob("*.json")):
            event = sample(f"{route}/{path.stem}")
            if not event["request"]["code"]:
                continue
            invited = event["triggerSource"].endswith("AdminCreateUser")
            code, shown = ("&lt;p&gt;&amp;1", "<p>&1") if invited else ("271828", "271828")
            event["request"]["code"] = seal(key, event["userPoolId"], code)
            before = len(outbox())
            for _ in range(2):
                kind, body = invoke("one-id", event)
                assert kind == "response", (path.stem, body)
            sent = outbox()[before:]
            assert len(sent) == 1 and shown in str(sent[0]), (path.stem, sent)
            attributes = event["request"]["userAttributes"]
            assert (attributes.get("email") or attributes["phone_number"]) in str(sent[0]), (path.stem, sent)

    notice = sample("custom_email_sender/account-take-over-notification")
    notice["request"]["userAttributes"]["email"] = "ana@example.com"
    assert invoke("notice", notice)[0] == "response"
    assert mails()[-1][0] == ["ana@example.com"] and notice["request"]["userAttributes"]["CITY"] in mails()[-1][2]

    before = (mails(), texts())
    other_pool = sample("custom_email_sender/sign-up")
    other_pool["request"]["code"] = seal(key, "eu-central-1_zZ9yY8xX7", "271828")
    not_sealed = sample("custom_sms_sender/sign-up")
    for request_id, event in (("other-pool", other_pool), ("not-sealed", not_sealed)):
        kind, body = invoke(request_id, event)
        assert kind == "error" and "internal error" in json.loads(body)["errorMessage"], body
    assert (mails(), texts()) == before, "nothing was sent"
    return len(before[0]), len(before[1])


def main():
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    moto = ThreadedMotoServer(port=0, verbose=False)
    moto.start()
    os.environ["AWS_ENDPOINT_URL"] = "http://{}:{}".format(*moto.get_host_and_port())
    key = boto3.client("kms").create_key()["KeyMetadata"]["Arn"]
    boto3.client("ses").verify_email_identity(EmailAddress=MAIL_FROM)

    if len(sys.argv) > 1:
        binary = sys.argv[1]
    else:
        subprocess.run(["cargo", "build", "--package", "send-codes"], cwd=ROOT, check=True)
        binary = ROOT / "target/debug/send-codes"
    api = http.server.ThreadingHTTPServer(("127.0.0.1", 0), RuntimeApi)
    api.handle_error = lambda *_: None  # the function is killed while it waits for an event
    threading.Thread(target=api.serve_forever, daemon=True).start()
    pool = sample("custom_email_sender/sign-up")["userPoolId"]
    environment = {
        "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{api.server_port}",
        "AWS_LAMBDA_FUNCTION_NAME": "send-codes",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_REGION": REGION,
        "COGNITO_KMS_KEY_ARN": key,
        "COGNITO_USER_POOL_IDS": pool,
        "MAIL_FROM": MAIL_FROM,
        **{name: os.environ[name] for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL")},
    }
    with subprocess.Popen([binary], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as function:
        try:
            sent = check(key)
        finally:
            function.kill()
            log = function.stdout.read()
            moto.stop()
    assert "271828" not in log and "example" not in log, "the log has codes or addresses:\n" + log
    assert "was made for pool" in log, "the log says why:\n" + log
    print("{} e-mails and {} text messages, each once".format(*sent))


if __name__ == "__main__":
    main()
