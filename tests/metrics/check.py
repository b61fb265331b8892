#!/usr/bin/env python3
"""Reads the lines of metrics that a function writes, with what AWS publishes about the embedded metric format.

    pip install --requirement tests/metrics/requirements.txt
    pip install --no-deps --requirement tests/metrics/schema.txt
    tests/metrics/check.py

The functions of the tests run as processes, against a Lambda Runtime API in this script, and get every sample event in
every mode. Each line has to fit the schema of Powertools for AWS Lambda, and its metrics the validators of AWS's embedded
metrics client. The sums of the metrics that are read have to be the calls that were made.
"""

import collections
import datetime
import http.server
import importlib.metadata
import json
import os
import pathlib
import subprocess
import threading

import jsonschema
from aws_embedded_metrics import storage_resolution, validator

ROOT = pathlib.Path(__file__).resolve().parents[2]
EVENTS = [path.read_bytes() for path in sorted(ROOT.glob("crates/cognito-triggers-model/samples/*/*.json"))]
# A new source of a known trigger, which has a handler, and two events without one.
ODD_EVENTS = [b'{"triggerSource": "PreSignUp_New", "response": {}}', b'{"triggerSource": "New_One"}', b"[]"]

# The outcome of every sample event in each mode of tests/functions/logs_everything.rs.
MODES = {
    "answer": "Answered",
    "reject": "Rejected",
    "fail": "Failed",
    "panic": "Panicked",
    "layer-fails": "Failed",
    "layer-panics": "Panicked",
}


def schema():
    """The schema of the format, as Powertools published it."""
    files = importlib.metadata.files("aws-lambda-powertools")
    file = next(file for file in files if file.name == "schema.json" and file.parent.name == "metrics")
    return jsonschema.Draft7Validator(json.loads(file.read_text()))


def build():
    """Builds the functions, unless BUILT is set, and returns the path of the binary."""
    if os.environ.get("BUILT"):
        return ROOT / "target/debug/functions"
    command = ["cargo", "build", "--package", "cognito-triggers-tests", "--bin", "functions"]
    lines = subprocess.run(
        [*command, "--message-format", "json-render-diagnostics"], cwd=ROOT, check=True, stdout=subprocess.PIPE
    ).stdout.splitlines()
    paths = [json.loads(line).get("executable") for line in lines]
    return next(path for path in paths if path)


class RuntimeApi(http.server.ThreadingHTTPServer):
    """Sends the events, one each, and notes when all are answered."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, events):
        super().__init__(("127.0.0.1", 0), Handler)
        self.events = list(enumerate(events))
        self.open = len(self.events)
        self.lock = threading.Lock()
        self.done = threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # One segment for a reply: the second would wait until the client has acknowledged the first.
    wbufsize = -1

    def do_GET(self):
        with self.server.lock:
            event = self.server.events.pop(0) if self.server.events else None
        if event is None:
            self.server.done.wait()
            return self.reply(500, {}, b"")
        number, body = event
        self.reply(200, {"Lambda-Runtime-Aws-Request-Id": f"id-{number}"}, body)

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.reply(202, {}, b"{}")
        with self.server.lock:
            self.server.open -= 1
            if not self.server.open:
                self.server.done.set()

    def reply(self, status, headers, body):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, *_):
        pass


def printed(binary, mode, events, **settings):
    """Runs a function until it has answered all events, and returns what it printed."""
    api = RuntimeApi(events)
    environment = {
        "PATH": os.environ["PATH"],
        "FUNCTION": "logs_everything",
        "MODE": mode,
        "RUST_BACKTRACE": "0",
        "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{api.server_port}",
        "AWS_LAMBDA_FUNCTION_NAME": "example",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
        "AWS_LAMBDA_FUNCTION_VERSION": "1",
        **settings,
    }
    process = subprocess.Popen([binary], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    text = []
    reader = threading.Thread(target=lambda: text.append(process.stdout.read()))
    reader.start()
    assert api.done.wait(120), f"{mode}: {api.open} events have no answer"
    process.terminate()
    process.wait(20)
    reader.join()
    api.server_close()
    return text[0].decode()


def data_points(line):
    """Reads a line as CloudWatch does: each metric with each set of dimensions."""
    assert len(line) < 256 * 1024
    document = json.loads(line)
    SCHEMA.validate(document)
    time = datetime.datetime.fromtimestamp(document["_aws"]["Timestamp"] / 1000)
    validator.validate_timestamp(time)
    for directive in document["_aws"]["CloudWatchMetrics"]:
        validator.validate_namespace(directive["Namespace"])
        assert len(directive["Metrics"]) <= 100
        for names in directive["Dimensions"]:
            dimensions = {name: document[name] for name in names}
            assert all(isinstance(value, str) for value in dimensions.values()), dimensions
            validator.validate_dimension_set(dimensions)
            for metric in directive["Metrics"]:
                value = document[metric["Name"]]
                assert type(value) in (int, float), metric
                standard = storage_resolution.StorageResolution.STANDARD
                validator.validate_metric(metric["Name"], value, metric["Unit"], standard, {})
                yield metric["Name"], dimensions, value


def read(text):
    """The sums of all metrics in what a function printed, by name, route, and source."""
    sums = collections.Counter()
    lines = [line for line in text.splitlines() if "CloudWatchMetrics" in line]
    for line in lines:
        for name, dimensions, value in data_points(line):
            sums[name, dimensions["route"], dimensions.get("source")] += value
    return len(lines), sums


def check(binary, mode, outcome, **settings):
    """Compares the metrics with the calls that were made."""
    lines, sums = read(printed(binary, mode, EVENTS + ODD_EVENTS, **settings))
    calls = len(EVENTS) + len(ODD_EVENTS)
    assert lines == calls, f"{mode}: {lines} lines for {calls} calls"

    def total(name, by_source):
        return sum(value for (metric, _, source), value in sums.items() if metric == name and bool(source) == by_source)

    for by_source in (False, True):
        assert total("Calls", by_source) == calls, mode
        expected = calls if mode.startswith("layer") else len(EVENTS) + 1
        assert total(outcome, by_source) == expected, f"{mode}: {total(outcome, by_source)} {outcome}"
        assert total("Duration", by_source) > 0
    by_events = collections.Counter(json.loads(event)["triggerSource"] for event in EVENTS)
    for source, count in by_events.items():
        counted = sum(value for (name, _, of), value in sums.items() if (name, of) == ("Calls", source))
        assert counted == count, f"{mode}: {counted} calls of {source}, and there were {count}"
    assert {source for _, _, source in sums if source} == {*by_events, "other", "none"}, mode
    print(f"{mode:13} {lines:4} lines, {len(sums):4} metrics")


def main():
    binary = build()
    for mode, outcome in MODES.items():
        check(binary, mode, outcome)
    check(binary, "panic", "Panicked", AWS_LAMBDA_MAX_CONCURRENCY="16")
    check(binary, "reject", "Rejected", AWS_LAMBDA_LOG_FORMAT="JSON", AWS_LAMBDA_LOG_LEVEL="ERROR")
    # Lines that CloudWatch wouldn't read, so that the check can't pass by finding nothing.
    directive = {"Namespace": "a", "Dimensions": [["route"]], "Metrics": [{"Name": ""}]}
    bad = {"_aws": {"Timestamp": 1, "CloudWatchMetrics": [directive]}}
    try:
        SCHEMA.validate(bad)
    except jsonschema.ValidationError:
        return
    raise SystemExit("the schema accepts a metric without a name")


SCHEMA = schema()

if __name__ == "__main__":
    main()
