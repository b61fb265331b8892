"""Drives a page of Chromium over its DevTools protocol."""

import base64
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

import websocket

PATIENCE = 20

# What a page gets wrong for people who don't see it, or see little of it, as a list of sentences.
FAULTS = """[
    ...[...document.querySelectorAll('input:not([type=hidden]), textarea')]
        .filter((field) => !field.labels.length || !field.labels[0].innerText.trim())
        .map((field) => `${field.name} has no label`),
    ...[...document.querySelectorAll('input[name=code]')]
        .filter((field) => field.autocomplete !== 'one-time-code' || field.inputMode !== 'numeric')
        .map((field) => `${field.name} isn't known as a code`),
    ...[...document.querySelectorAll('button, a')]
        .filter((element) => !element.innerText.trim())
        .map((element) => `a ${element.tagName} has no text`),
    ...[...document.querySelectorAll('[id]')]
        .filter((element, index, all) => all.findIndex((other) => other.id === element.id) !== index)
        .map((element) => `the id ${element.id} is there twice`),
    ...(document.querySelectorAll('h1').length === 1 ? [] : ['there must be one heading']),
    ...(document.documentElement.lang ? [] : ['the language is missing']),
    ...(document.documentElement.scrollWidth > innerWidth ? ['it is wider than the window'] : []),
].join(', ')"""


def installed():
    """The program of a browser; `None` if there is none."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


class BusyError(Exception):
    """The page can't answer now: it is being replaced by the next one."""


class Chromium:
    """A page in a headless browser with a new profile."""

    def __init__(self, program, *options):
        self.program, self.options = program, options

    def __enter__(self):
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0", *self.options]
        self.process = subprocess.Popen(
            [self.program, *options, f"--user-data-dir={self.profile.name}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )
        for line in self.process.stderr:
            if line.startswith("DevTools listening on "):
                url = line.removeprefix("DevTools listening on ").strip()
                break
        self.socket = websocket.create_connection(url, suppress_origin=True)
        self.number, self.session = 0, None
        target = next(t for t in self.send("Target.getTargets")["targetInfos"] if t["type"] == "page")
        attached = self.send("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self.session = attached["sessionId"]
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()
        self.profile.cleanup()

    def send(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        self.socket.send(json.dumps(message))
        while True:
            answer = json.loads(self.socket.recv())
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise BusyError(answer["error"]["message"])
                return answer["result"]

    def run(self, script):
        return self.send("Runtime.evaluate", expression=script)["result"].get("value")

    def url(self):
        history = self.send("Page.getNavigationHistory")
        return history["entries"][history["currentIndex"]]["url"]

    def wait(self, what, reads):
        """Reads until `what` is in it: pages load while the script goes on."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                found = reads() or ""
            except BusyError as error:
                found = f"({error})"
            if what in found:
                return
            assert time.monotonic() < end, f"{found!r} has no {what!r}"
            time.sleep(0.05)

    def open(self, url):
        self.send("Page.navigate", url=url)

    def shows(self, text):
        self.wait(text, lambda: self.run("document.readyState === 'complete' ? document.body.innerText : ''"))

    def comes_to(self, url):
        self.wait(url, self.url)

    def submit(self, **values):
        for name, value in values.items():
            self.run(f"document.getElementsByName({json.dumps(name)})[0].value = {json.dumps(value)}")
        self.run("document.forms[0].querySelector('button').click()")

    def look(self, name):
        """Looks for faults at the width of a small phone, and takes pictures if SCREENSHOTS names a folder for them."""
        folder = os.environ.get("SCREENSHOTS")
        views = [("phone", 320, 640, "dark"), ("phone", 320, 640, "light"), ("desktop", 1200, 800, "dark")]
        for device, width, height, scheme in [*views, ("desktop", 1200, 800, "light")]:
            self.send(
                "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                mobile=device == "phone",
            )
            scheme_feature = {"name": "prefers-color-scheme", "value": scheme}
            self.send("Emulation.setEmulatedMedia", features=[scheme_feature])
            faults = self.run(FAULTS)
            assert faults == "", f"{name} on a {device}: {faults}"
            if folder:
                picture = self.send("Page.captureScreenshot", captureBeyondViewport=True)
                path = pathlib.Path(folder, f"{name}-{device}-{scheme}.png")
                path.write_bytes(base64.b64decode(picture["data"]))
        self.send("Emulation.clearDeviceMetricsOverride")
