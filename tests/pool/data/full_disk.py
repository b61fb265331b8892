#!/usr/bin/env python3
"""Fills the disk under `cargo cognito pool --data`: calls fail, and nothing that was acknowledged is lost.

    tests/pool/data/full_disk.py

The command is that of the variable COGNITO. The disk is full at different lengths of the file (RLIMIT_FSIZE), and, for root on
Linux, a small tmpfs is.
"""

import os
import pathlib
import resource
import signal
import subprocess
import tempfile

from server import CLIENT, PASSWORD, POOL, Refused, Server, StartError, fail


def fill(data, setup=None):
    """Signs up users until a call fails. Returns the names of those that were acknowledged."""
    names = []
    with Server(data, setup=setup) as server:
        caller = server.caller()
        while True:
            name = f"user-{len(names)}"
            try:
                caller.call("SignUp", ClientId=CLIENT, Username=name, Password=PASSWORD)
            except Refused as refused:
                if (refused.status, refused.kind) != (500, "InternalErrorException"):
                    fail(f"a full disk answers {refused}")
                break
            names.append(name)
            if len(names) > 20_000:
                fail("the disk is never full")
        # From now on nobody is told anything, not even what is in memory.
        for operation in ("AdminGetUser", "AdminConfirmSignUp"):
            try:
                caller.call(operation, UserPoolId=POOL, Username=names[0] if names else "nobody")
                fail(f"{operation} is answered after the disk failed")
            except Refused as refused:
                if refused.status != 500:
                    fail(f"after a full disk, {operation} answers {refused}")
        server.wait_for("no call is answered until this server is started again")
    return names


def check(data, names, setup=None):
    with Server(data, setup=setup) as server:
        users = set(server.users())
    if not set(names) <= users or len(users) > len(names) + 1:
        fail(f"{len(names)} users were acknowledged, and {len(users)} are there")


def limit(length):
    def setup():
        # Without this, the signal of a file that is too long ends the process.
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (length, resource.RLIM_INFINITY))

    return setup


def main():
    acknowledged = 0
    for length in range(18_000, 60_000, 7_001):
        with tempfile.TemporaryDirectory() as folder:
            data = pathlib.Path(folder, "data")
            names = fill(data, limit(length))
            # It starts while there still is no room, and with more of it.
            check(data, names, limit(length))
            check(data, names)
            acknowledged += len(names)
    with tempfile.TemporaryDirectory() as folder:
        try:
            with Server(pathlib.Path(folder, "data"), setup=limit(5_000)):
                fail("it starts without room for the file")
        except StartError as error:
            if "can't be written" not in str(error):
                fail(f"without room for the file it says {error}")
    if os.geteuid() != 0:
        print("skipped: only root can mount a small disk")
    else:
        acknowledged += small_disk()
    print(f"full_disk: ok ({acknowledged} acknowledged writes, none lost)")


def small_disk():
    disk = tempfile.mkdtemp()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", disk], check=False)
    if mounted.returncode != 0:
        print("skipped: this system mounts no small disk")
        return 0
    try:
        data = pathlib.Path(disk, "data")
        names = fill(data)
        check(data, names)
        return len(names)
    finally:
        subprocess.run(["umount", disk], check=True)
        os.rmdir(disk)


if __name__ == "__main__":
    main()
