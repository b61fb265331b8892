"""The servers that are measured: how each is installed and started, and what its process costs."""

import json
import os
import pathlib
import socket
import subprocess
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
INSTALLED = ROOT / "target/bench-pool"
COGNITO_LOCAL = "5.3.0"
MOTO = "5.2.5"


class Server:
    """A running server, on the core `core`. Leave the `with` block to end it."""

    def __init__(self, name, command, core, port=None, env=None, files=None):
        self.name, self.command, self.core, self.port = name, command, core, port
        self.env, self.files = {**os.environ, **(env or {})}, files or {}

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory()
        for path, text in self.files.items():
            path = pathlib.Path(self.folder.name, path)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        began = time.perf_counter()
        self.process = subprocess.Popen(
            ["taskset", "--cpu-list", str(self.core), *map(str, self.command)],
            cwd=self.folder.name,
            env=self.env,
            stdout=subprocess.PIPE if self.port is None else subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            self.wait_until_ready()
        except BaseException:
            self.__exit__()
            raise
        self.start_up = time.perf_counter() - began
        return self

    def wait_until_ready(self):
        """Waits for the line of JSON, or for the port of a server that prints none."""
        if self.port is None:
            line = self.process.stdout.readline()
            if not line:
                raise RuntimeError(f"{self.name} ended with {self.process.wait()}")
            ready = json.loads(line)
            self.port = int(ready["endpoint"].rpartition(":")[2])
            # The further lines are read, so that the server never waits for a full pipe.
            threading.Thread(target=self.process.stdout.read, daemon=True).start()
            return
        for _ in range(6000):
            if self.process.poll() is not None:
                raise RuntimeError(f"{self.name} ended with {self.process.returncode}")
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except OSError:
                time.sleep(0.005)
        raise RuntimeError(f"{self.name} doesn't listen at port {self.port}")

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.folder.cleanup()

    def cpu(self):
        """The processor time that all threads of the process have used, in seconds, with those that have ended."""
        # The clock of a process, as clock_getcpuclockid makes its number.
        return time.clock_gettime(~self.process.pid << 3 | 2)

    def memory(self):
        """The resident memory of the process, in MB."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) / 1000


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def build(binary=None):
    """The path of our command, built with the release profile unless one is given."""
    if binary:
        return pathlib.Path(binary).resolve()
    command = ["cargo", "build", "--release", "--package", "cargo-cognito", "--message-format", "json-render-diagnostics"]
    lines = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout.splitlines()
    return next(path for path in (json.loads(line).get("executable") for line in lines) if path)


def ours(binary, core, *options):
    """Our pool, without a function. Files that the options name are on the disk of the temporary directory."""
    name = " ".join(["ours", *options[:1]])
    return Server(name, [binary, "pool", "--no-function", "--port", "0", "--format", "json", *options], core)


def cognito_local(core):
    """cognito-local. By default its users have to sign up with an email address; here they choose a name, as with ours."""
    folder = INSTALLED / "cognito-local"
    if not (folder / f"{COGNITO_LOCAL}.installed").exists():
        command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", folder]
        subprocess.run([*command, f"cognito-local@{COGNITO_LOCAL}"], check=True)
        (folder / f"{COGNITO_LOCAL}.installed").touch()
    port = free_port()
    script = folder / "node_modules/cognito-local/lib/bin/start.js"
    env = {"PORT": str(port), "HOST": "127.0.0.1"}
    files = {".cognito/config.json": json.dumps({"UserPoolDefaults": {"UsernameAttributes": []}})}
    return Server("cognito-local", ["node", script], core, port, env, files)


def moto(core):
    """The server of moto."""
    folder = INSTALLED / "moto"
    if not (folder / f"{MOTO}.installed").exists():
        subprocess.run(["python3", "-m", "venv", folder], check=True)
        pip = [folder / "bin/pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, f"moto[server,cognitoidp]=={MOTO}"], check=True)
        (folder / f"{MOTO}.installed").touch()
    port = free_port()
    return Server("moto", [folder / "bin/moto_server", "--port", port], core, port)


def versions():
    """What the run compares."""
    node = subprocess.run(["node", "--version"], check=True, capture_output=True, text=True).stdout.strip()
    python = subprocess.run(["python3", "--version"], check=True, capture_output=True, text=True).stdout.split()[1]
    return f"cognito-local {COGNITO_LOCAL} with Node {node}, moto {MOTO} with Python {python}"
