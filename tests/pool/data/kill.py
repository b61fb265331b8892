#!/usr/bin/env python3
"""Kills `cargo cognito pool --data` while clients write, and compares what it has after a restart with what it acknowledged.

    tests/pool/data/kill.py [ROUNDS]

The command is that of the variable COGNITO. Each client has users of its own and makes one call at a time, so it knows what each
of its users has to be: as the last acknowledged call left them, or as the call that was running at the kill would.
"""

import http.client
import pathlib
import random
import sys
import tempfile
import threading
import time

from server import POOL, CLIENT, PASSWORD, Refused, Server, StartError, attributes, fail

CLIENTS = 6
# A directory is used this many times, so that files that were often reopened are tried too.
REOPENED = 20


class Client(threading.Thread):
    """Signs up, changes and deletes its users until the server is gone."""

    def __init__(self, server, name, users, seed):
        super().__init__()
        self.caller, self.prefix, self.random = server.caller(), name, random.Random(seed)
        # What each user has to be: `None` for one who doesn't exist, otherwise status, nickname and groups.
        self.users, self.next, self.running = users, len(users), None
        self.acknowledged, self.problem = 0, None

    def run(self):
        try:
            while True:
                self.step()
        except (OSError, http.client.HTTPException):
            pass
        except Refused as refused:
            self.problem = f"{self.running}: {refused}"

    def step(self):
        present = [name for name, user in self.users.items() if user]
        kind = self.random.choice(["sign up", "sign up", "nickname", "nickname", "confirm", "group", "delete"])
        if not present or kind == "sign up":
            name = f"{self.prefix}-{self.next}"
            self.next += 1
            self.make(name, ("UNCONFIRMED", None, ()), "SignUp", ClientId=CLIENT, Username=name, Password=PASSWORD)
            return
        name = self.random.choice(present)
        status, nickname, groups = self.users[name]
        if kind == "nickname":
            nickname = str(self.random.randrange(10**9))
            self.make(name, (status, nickname, groups), "AdminUpdateUserAttributes", UserPoolId=POOL, Username=name,
                      UserAttributes=attributes(nickname=nickname))
        elif kind == "confirm" and status == "UNCONFIRMED":
            self.make(name, ("CONFIRMED", nickname, groups), "AdminConfirmSignUp", UserPoolId=POOL, Username=name)
        elif kind == "group":
            self.make(name, (status, nickname, ("staff",)), "AdminAddUserToGroup", UserPoolId=POOL, Username=name,
                      GroupName="staff")
        elif kind == "delete":
            self.make(name, None, "AdminDeleteUser", UserPoolId=POOL, Username=name)

    def make(self, name, becomes, operation, **members):
        """Makes a call. Until it is acknowledged, the user may be as before or as after."""
        self.running = (name, self.users.get(name), becomes)
        self.caller.call(operation, **members)
        self.users[name] = becomes
        self.running = None
        self.acknowledged += 1


def found(users):
    """What each user is, from an exported state."""
    return {
        name: (user["status"], user["attributes"].get("nickname"), tuple(user["groups"]))
        for name, user in users.items()
    }


def compare(users, clients):
    """Returns how many of the running calls were kept."""
    present, kept = found(users), 0
    subs = [user["sub"] for user in users.values()]
    if len(set(subs)) != len(subs):
        fail("two users have the same sub")
    expected = {}
    for client in clients:
        for name, user in client.users.items():
            expected[name] = [user]
        if client.running:
            name, before, after = client.running
            expected[name] = [before, after]
    for name, possible in expected.items():
        user = present.pop(name, None)
        if user not in possible:
            fail(f"{name} is {user}, and has to be {' or '.join(map(str, possible))}")
        kept += len(possible) == 2 and user == possible[1]
    if present:
        fail(f"nobody signed up {sorted(present)[:5]}")
    for client in clients:
        if client.running:
            name = client.running[0]
            client.users[name] = found(users).get(name)
    return kept


def main(rounds):
    acknowledged = kept = 0
    generator = random.Random(1)
    for number in range(rounds):
        if number % REOPENED == 0:
            folder = tempfile.TemporaryDirectory()
            users = [{} for _ in range(CLIENTS)]
        data = pathlib.Path(folder.name, "data")
        with Server(data) as server:
            if number % REOPENED == 0:
                server.caller().call("CreateGroup", UserPoolId=POOL, GroupName="staff")
            clients = [Client(server, f"c{index}", users[index], number * CLIENTS + index) for index in range(CLIENTS)]
            for client in clients:
                client.start()
            time.sleep(generator.uniform(0.05, 1.0))
            server.kill()
            for client in clients:
                client.join()
                if client.problem:
                    fail(client.problem)
        try:
            with Server(data) as server:
                kept += compare(server.users(), clients)
        except StartError as error:
            fail(f"the file is unreadable after round {number}: {error}")
        acknowledged += sum(client.acknowledged for client in clients)
    print(f"kill: ok ({rounds} kills, {acknowledged} acknowledged writes, none lost, {kept} unacknowledged ones kept)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
