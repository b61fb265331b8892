#!/usr/bin/env python3
"""Takes the place of Amazon SES and Amazon SNS for a command: prints each message, and delivers nothing.

    python3 tests/outbox.py cargo cognito flow flows/*.flow.json

The command gets AWS_ENDPOINT_URL_SESV2 and AWS_ENDPOINT_URL_SNS, and this script ends with its exit code.
"""

import json
import os
import subprocess
import sys
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SENT_BY_SNS = """<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">
<PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>"""


class Outbox(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path == "/v2/email/outbound-emails":
            mail = json.loads(body)
            to = ", ".join(mail["Destination"]["ToAddresses"])
            parts = mail["Content"]["Simple"]
            text = f"{parts['Subject']['Data']}: {parts['Body']['Text']['Data']}"
            answer = json.dumps({"MessageId": "1"})
        else:
            form = urllib.parse.parse_qs(body)
            to, text = form["PhoneNumber"][0], form["Message"][0]
            answer = SENT_BY_SNS
        print(f"sent to {to}: {' '.join(text.split())}", file=sys.stderr, flush=True)
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer.encode())

    def log_message(self, *_):
        """Only messages are printed."""


def main(command):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Outbox)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    return subprocess.run(command, env={**os.environ, "AWS_ENDPOINT_URL_SESV2": url, "AWS_ENDPOINT_URL_SNS": url}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
