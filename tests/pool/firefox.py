"""A page in Firefox, driven over WebDriver BiDi, which Firefox speaks itself."""

import base64
import json
import subprocess
import tempfile
import time

import websocket

PATIENCE = 30


class Firefox:
    """A page in a headless Firefox with a new profile."""

    def __init__(self, program):
        self.program = program

    def __enter__(self):
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        options = ["--headless", "--no-remote", "--remote-debugging-port", "0", "--width", "1360", "--height", "900"]
        self.process = subprocess.Popen(
            [self.program, *options, "--profile", self.profile.name, "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )
        for line in self.process.stderr:
            if "WebDriver BiDi listening on " in line:
                url = line.split("listening on ")[1].strip()
                break
        self.socket = websocket.create_connection(f"{url}/session", suppress_origin=True, timeout=PATIENCE)
        self.number = 0
        self.send("session.new", capabilities={})
        self.context = self.send("browsingContext.getTree")["contexts"][0]["context"]
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()
        self.profile.cleanup()

    def send(self, method, **parameters):
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self.socket.recv())
            if answer.get("id") == self.number:
                assert answer["type"] == "success", answer
                return answer["result"]

    def open(self, url):
        self.send("browsingContext.navigate", context=self.context, url=url, wait="complete")

    def value(self, expression):
        """The value of an expression, which is a string, a number or a boolean."""
        target = {"context": self.context}
        answer = self.send("script.evaluate", expression=expression, target=target, awaitPromise=True)
        assert answer["type"] == "success", answer
        return answer["result"].get("value")

    def until(self, expression):
        """Waits until an expression is true. An error counts as false: what it reads may not be there yet."""
        end = time.monotonic() + PATIENCE
        while not self.value(f"(() => {{ try {{ return Boolean({expression}); }} catch {{ return false; }} }})()"):
            assert time.monotonic() < end, f"{expression}: {self.value('document.body.innerText')}"
            time.sleep(0.05)

    def picture(self):
        return base64.b64decode(self.send("browsingContext.captureScreenshot", context=self.context)["data"])
