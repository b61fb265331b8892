#!/usr/bin/env python3
"""Builds the three functions of this folder in release mode and prints what the decryptor costs, as ratios.

It measures the size, and the time from the start of the process to its first request for an event: medians of rounds in
which every function starts once, in random order. Each function is linked twice: by cargo's default, and at a fixed address
like examples/send-codes. The script needs neither AWS nor Python packages.

    weigh.py [ROUNDS]
"""

import os
import pathlib
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
# A package each, so that none is built with the features that only another one enables.
NAMES = ("bare", "sdk", "decryptor")
LINKED = {"by default": (), "at a fixed address": ("-C", "link-arg=-no-pie")}
ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 60
ENVIRONMENT = {
    "AWS_LAMBDA_FUNCTION_NAME": "weigh",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
    "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
    "AWS_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "COGNITO_KMS_KEY_ARN": "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    "COGNITO_USER_POOL_IDS": "eu-central-1_aB3dE6gHi",
}


def build(folder):
    """Builds the functions. Returns their paths by name and linking."""
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release"
    binaries = {}
    for name in NAMES:
        package = f"weigh-{name}"
        for number, (linked, options) in enumerate(LINKED.items()):
            command = ["cargo", "rustc", "--release", "--package", package, "--bin", package, "--", *options]
            subprocess.run(command, cwd=ROOT, check=True)
            # The next build overwrites the binary.
            binaries[name, linked] = shutil.copy(target / package, folder / f"{name}-{number}")
    return binaries


def start(binary, listener):
    """Returns the milliseconds from the start of the process to its first request."""
    address = "{}:{}".format(*listener.getsockname())
    begun = time.perf_counter()
    process = subprocess.Popen([binary], env={**ENVIRONMENT, "AWS_LAMBDA_RUNTIME_API": address}, stdout=subprocess.DEVNULL)
    try:
        with listener.accept()[0] as connection:
            request = connection.recv(4096)
            took = (time.perf_counter() - begun) * 1000
    except TimeoutError:
        raise SystemExit(f"{binary} requests no event") from None
    finally:
        process.kill()
        process.wait()
    assert b"/runtime/invocation/next" in request, request
    return took


def measure(binaries):
    """Returns the median time of each function."""
    times = {which: [] for which in binaries}
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)
        for _ in range(ROUNDS):
            # A process leaves its mark on the caches, so the order is random.
            for which in random.sample(list(binaries), len(binaries)):
                times[which].append(start(binaries[which], listener))
    return {which: statistics.median(of_one) for which, of_one in times.items()}


def main():
    with tempfile.TemporaryDirectory() as folder:
        binaries = build(pathlib.Path(folder))
        size = {which: os.stat(binary).st_size for which, binary in binaries.items()}
        median = measure(binaries)
    for name, linked in binaries:
        print(
            f"{name:9} linked {linked:18} {size[name, linked] / 1024:8.0f} KiB"
            f"   first request after {median[name, linked]:6.3f} ms"
        )
    for linked in LINKED:
        larger = size["decryptor", linked] / size["sdk", linked]
        longer, by_sdk = (median[name, linked] / median["bare", linked] for name in ("decryptor", "sdk"))
        print(f"linked {linked}: size, decryptor to sdk {larger:.3f}; start, decryptor to bare {longer:.3f}, sdk to bare {by_sdk:.3f}")
    usual, fixed = LINKED
    crossed = median["decryptor", fixed] / median["bare", usual]
    print(f"start: decryptor linked {fixed} to bare linked {usual} {crossed:.3f}")


if __name__ == "__main__":
    main()
