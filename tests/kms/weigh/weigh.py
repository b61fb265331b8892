#!/usr/bin/env python3
"""Builds the three functions of this folder in release and says what the decryptor costs, in ratios.

Size, and the time from the start of the process to its first request for an event: medians of interleaved
runs. No AWS and no Python package is needed.

    weigh.py [RUNS [OPTION…]]

The options go to rustc as it links the functions: `weigh.py 250 -C link-arg=-no-pie`.
"""

import os
import pathlib
import socket
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
NAMES = ("bare", "sdk", "decryptor")
RUNS = int(sys.argv[1]) if len(sys.argv) > 1 else 60
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


def start(binary, listener):
    """Milliseconds from the start of the process to its first request."""
    address = "{}:{}".format(*listener.getsockname())
    begun = time.perf_counter()
    process = subprocess.Popen([binary], env={**ENVIRONMENT, "AWS_LAMBDA_RUNTIME_API": address}, stdout=subprocess.DEVNULL)
    connection, _ = listener.accept()
    request = connection.recv(4096)
    took = (time.perf_counter() - begun) * 1000
    process.kill()
    process.wait()
    connection.close()
    assert b"/runtime/invocation/next" in request, request
    return took


def main():
    build = ["cargo", "rustc", "--release", "--package", "cognito-triggers-kms-weigh", "--bin"]
    for name in NAMES:
        subprocess.run([*build, name, "--", *sys.argv[2:]], cwd=ROOT, check=True)
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release"
    size = {name: (target / name).stat().st_size for name in NAMES}
    times = {name: [] for name in NAMES}
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)
        for _ in range(RUNS):
            for name in NAMES:
                times[name].append(start(target / name, listener))
    median = {name: statistics.median(times[name]) for name in NAMES}
    for name in NAMES:
        print(f"{name:10} {size[name] / 1024:8.0f} KiB   first request after {median[name]:6.2f} ms")
    print(f"size: decryptor to sdk {size['decryptor'] / size['sdk']:.3f}")
    print(f"start: decryptor to bare {median['decryptor'] / median['bare']:.3f}, sdk to bare {median['sdk'] / median['bare']:.3f}")


if __name__ == "__main__":
    main()
