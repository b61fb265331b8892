#!/usr/bin/env python3
"""Makes many calls of many kinds at `cargo cognito pool --data`, with functions, and checks every answer.

    tests/pool/data/load.py [CALLS]

The command is that of the variable COGNITO, and the function `every-trigger`. Each client has users of its own: no user may be lost
or doubled, and no token may be another user's. There are at most USERS users at a time, sign-ins expire, and the server keeps the
latest 10,000 events, messages and calls. So its memory has to stay as it is once those are there.
"""

import base64
import json
import multiprocessing
import pathlib
import random
import sys
import tempfile
import time

from server import CLIENT, PASSWORD, POOL, Caller, Refused, Server, attributes, fail

CLIENTS, USERS = 8, 1000
# After how many calls the server has the most events and calls that it keeps, and after how many also the most messages, of which only a
# sign-up sends one; how much its memory may grow from there.
WARM, WARM_WITH_MESSAGES, GROWTH = 12_000, 120_000, 1.25
DAY = 24 * 3600


def claims(token):
    body = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))


class Client:
    def __init__(self, port, number):
        self.caller, self.prefix, self.random = Caller(port), f"c{number}", random.Random(number)
        # The sub, the nickname and the latest tokens of each user.
        self.users, self.next, self.calls = {}, 0, 0

    def call(self, operation, **members):
        self.calls += 1
        return self.caller.call(operation, **members)

    def step(self):
        kinds = ["sign in", "sign in", "refresh", "whoami", "rename", "look", "sign up", "delete", "wrong"]
        kind = self.random.choice(kinds)
        if len(self.users) < 3 or (kind == "sign up" and len(self.users) < USERS // CLIENTS):
            return self.sign_up()
        name = self.random.choice(list(self.users))
        user = self.users[name]
        if kind == "delete":
            self.call("AdminDeleteUser", UserPoolId=POOL, Username=name)
            del self.users[name]
        elif kind == "sign in" or (kind in ("refresh", "whoami", "rename") and not user["tokens"]):
            self.sign_in(name)
        elif kind == "refresh":
            parameters = {"REFRESH_TOKEN": user["tokens"]["RefreshToken"]}
            try:
                answer = self.call("InitiateAuth", ClientId=CLIENT, AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters=parameters)
                self.own(name, answer["AuthenticationResult"])
            except Refused as refused:
                self.expired(user, refused)
        elif kind == "whoami":
            try:
                self.is_user(name, self.call("GetUser", AccessToken=user["tokens"]["AccessToken"]), "UserAttributes")
            except Refused as refused:
                self.expired(user, refused)
        elif kind == "rename":
            nickname = str(self.random.randrange(10**9))
            members = {"UserAttributes": attributes(nickname=nickname)}
            self.call("AdminUpdateUserAttributes", UserPoolId=POOL, Username=name, **members)
            user["nickname"] = nickname
        elif kind == "look":
            self.is_user(name, self.call("AdminGetUser", UserPoolId=POOL, Username=name), "UserAttributes")
        else:
            parameters = {"USERNAME": name, "PASSWORD": "not it"}
            try:
                self.call("InitiateAuth", ClientId=CLIENT, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters)
                fail(f"{name} signs in with a wrong password")
            except Refused as refused:
                if refused.kind != "NotAuthorizedException":
                    fail(f"a wrong password answers {refused}")
            self.call("AdminSetUserPassword", UserPoolId=POOL, Username=name, Password=PASSWORD, Permanent=True)
            # Only a right one ends the count of wrong ones, of which the fifth locks the user out.
            self.sign_in(name)

    def sign_in(self, name):
        parameters = {"USERNAME": name, "PASSWORD": PASSWORD}
        answer = self.call("InitiateAuth", ClientId=CLIENT, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters)
        self.own(name, answer["AuthenticationResult"])
        self.users[name]["tokens"] = answer["AuthenticationResult"]

    def sign_up(self):
        name = f"{self.prefix}-{self.next}"
        self.next += 1
        email = attributes(email=f"{name}@example.com")
        answer = self.call("SignUp", ClientId=CLIENT, Username=name, Password=PASSWORD, UserAttributes=email)
        if not answer["UserConfirmed"]:
            self.call("AdminConfirmSignUp", UserPoolId=POOL, Username=name)
        self.users[name] = {"sub": answer["UserSub"], "nickname": None, "tokens": None}

    def own(self, name, tokens):
        """Fails if a token is another user's."""
        for kind, member in (("IdToken", "cognito:username"), ("AccessToken", "username")):
            found = claims(tokens[kind])
            if (found["sub"], found[member]) != (self.users[name]["sub"], name):
                fail(f"{name} has a token of {found[member]}")

    def is_user(self, name, answer, member):
        found = {pair["Name"]: pair["Value"] for pair in answer[member]}
        expected = self.users[name]
        if (answer["Username"], found["sub"], found.get("nickname")) != (name, expected["sub"], expected["nickname"]):
            fail(f"{name} is {answer}")

    def expired(self, user, refused):
        """The clock has moved: the tokens are too old."""
        if refused.kind != "NotAuthorizedException":
            fail(f"an expired token answers {refused}")
        user["tokens"] = None


def run(port, number, calls, results):
    client = Client(port, number)
    while client.calls < calls:
        client.step()
    results.put({name: user["sub"] for name, user in client.users.items()})


def main(calls):
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        data = pathlib.Path(folder, "data")
        functions = ("--bin", "every-trigger")
        with Server(data, functions) as server:
            caller = server.caller()
            validity = {"RefreshTokenValidity": 1, "TokenValidityUnits": {"RefreshToken": "days"}}
            flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
            caller.call("UpdateUserPoolClient", UserPoolId=POOL, ClientId=CLIENT, ExplicitAuthFlows=flows, **validity)
            results = multiprocessing.Queue()
            share = (calls + CLIENTS - 1) // CLIENTS
            clients = [multiprocessing.Process(target=run, args=(server.port, number, share, results)) for number in range(CLIENTS)]
            for client in clients:
                client.start()
            expected, memory = watch(server, caller, clients, results)
            users = server.users()
            compare(users, expected)
            size = (data / "pool.data").stat().st_size / 1e6
        with Server(data, functions) as server:
            compare(server.users(), expected)
    begin = WARM_WITH_MESSAGES if calls > 2 * WARM_WITH_MESSAGES else WARM
    warm = max(memory[: int(len(memory) * min(1, begin / calls)) + 1])
    if max(memory) > warm * GROWTH:
        fail(f"the memory grows from {warm:.0f} to {max(memory):.0f} MB: {memory[:: len(memory) // 20 + 1]}")
    rate = share * CLIENTS / (time.monotonic() - began)
    print(
        f"load: ok ({share * CLIENTS} calls, {rate:.0f} in a second, {len(expected)} users at the end, "
        f"memory {warm:.0f} MB after {begin} calls and at most {max(memory):.0f} MB, file {size:.0f} MB)"
    )


def watch(server, caller, clients, results):
    """Moves the clock and reads the memory until all clients are done. Returns all users and the memory in the course of time."""
    expected, memory, done = {}, [], 0
    while done < len(clients):
        try:
            for name, sub in results.get(timeout=1).items():
                expected[name] = sub
            done += 1
        except Exception as error:
            if type(error).__name__ != "Empty":
                raise
            if any(client.exitcode not in (None, 0) for client in clients):
                fail("a client has failed")
        memory.append(server.memory())
        caller.post("/_dev/clock", {"advance": DAY // 4})
    for client in clients:
        client.join()
    return expected, memory


def compare(users, expected):
    found = {name: user["sub"] for name, user in users.items()}
    if found != expected:
        lost, extra = expected.keys() - found.keys(), found.keys() - expected.keys()
        fail(f"lost {sorted(lost)[:3]} of {len(lost)}, not expected {sorted(extra)[:3]} of {len(extra)}")
    if len(set(found.values())) != len(found):
        fail("two users have the same sub")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
