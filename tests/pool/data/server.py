"""Starts `cargo cognito pool --data` and calls it, without packages."""

import http.client
import json
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
COGNITO = os.environ.get("COGNITO") or str(ROOT / "target/debug/cargo-cognito")
POOL, CLIENT, PASSWORD = "us-east-1_localpool", "localclient", "Passw0rd!"


class Server:
    """A running server. It is killed with SIGKILL, unless it was ended before."""

    def __init__(self, data=None, functions=("--no-function",), setup=None):
        command = [COGNITO, "pool", *functions, "--port", "0", "--format", "json"]
        if data is not None:
            command += ["--data", str(data)]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=setup
        )
        self.errors = []
        reader = threading.Thread(target=self._read_errors, daemon=True)
        reader.start()
        line = self.process.stdout.readline()
        if not line:
            self.process.wait()
            reader.join()
            raise StartError(self.stderr())
        self.port = int(json.loads(line)["endpoint"].rpartition(":")[2])
        # The further lines are read, so that the server drops none.
        threading.Thread(target=self.process.stdout.read, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()

    def _read_errors(self):
        for line in self.process.stderr:
            self.errors.append(line.decode(errors="replace"))

    def stderr(self):
        return "".join(self.errors)

    def wait_for(self, text):
        """Waits for a text on standard error, which is written behind the calls."""
        for _ in range(600):
            if text in self.stderr():
                return
            time.sleep(0.05)
        fail(f"the server doesn't say {text!r}, but: {self.stderr()}")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def memory(self):
        """The resident memory of the process, in MB."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) / 1000

    def get(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise Refused(answer.status, body)
        return json.loads(body)

    def users(self):
        """The users of the exported state, by name."""
        return self.get("/_dev/state")["pools"][POOL].get("users", {})

    def caller(self):
        return Caller(self.port)


class StartError(Exception):
    """The server didn't start. The text is what it said."""


class Refused(Exception):
    """The server answered with an error."""

    def __init__(self, status, body):
        super().__init__(f"{status} {body[:300]!r}")
        self.status = status
        try:
            self.kind = json.loads(body).get("__type")
        except ValueError:
            self.kind = None


class Caller:
    """Makes calls on one connection, one after the other."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def call(self, operation, **members):
        headers = {
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": f"AWSCognitoIdentityProviderService.{operation}",
        }
        self.connection.request("POST", "/", json.dumps(members), headers)
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise Refused(answer.status, body)
        return json.loads(body or b"{}")

    def post(self, path, members):
        self.connection.request("POST", path, json.dumps(members), {"Content-Type": "application/json"})
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise Refused(answer.status, body)
        return json.loads(body or b"{}")


def attributes(**values):
    return [{"Name": name, "Value": value} for name, value in values.items()]


def fail(text):
    sys.exit(f"failed: {text}")
