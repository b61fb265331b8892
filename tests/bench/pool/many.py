"""Many clients at once, each with a connection of its own: how many sign-ups a server acknowledges in a second."""

import json
import selectors
import socket
import sys
import time

from client import HEADERS, PASSWORD, Refused

CONNECTIONS = 64
# After how many seconds without an answer a server counts as one that can't do this.
PATIENCE = 30


def sign_up(port, client, name):
    """The bytes of a request."""
    attributes = [{"Name": "email", "Value": f"{name}@example.com"}]
    members = {"ClientId": client, "Username": name, "Password": PASSWORD, "UserAttributes": attributes}
    body = json.dumps(members).encode()
    headers = {
        "Host": f"127.0.0.1:{port}",
        **HEADERS,
        "X-Amz-Target": "AWSCognitoIdentityProviderService.SignUp",
        "Content-Length": str(len(body)),
    }
    lines = ["POST / HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def is_whole(answer):
    head, end, body = answer.partition(b"\r\n\r\n")
    if not end:
        return False
    lines = head.lower().split(b"\r\n")
    length = next(int(line.partition(b":")[2]) for line in lines if line.startswith(b"content-length:"))
    return len(body) >= length


def sign_ups(port, client, count):
    """Signs up so many users. Returns how many were acknowledged in a second by the clock on the wall; `None` if it got stuck."""
    requests = iter([sign_up(port, client, f"many-{number}") for number in range(count)])
    selector = selectors.DefaultSelector()
    answers = {}
    for _ in range(CONNECTIONS):
        connection = socket.create_connection(("127.0.0.1", port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        selector.register(connection, selectors.EVENT_READ)
        answers[connection] = b""
    began = time.perf_counter()
    for connection in answers:
        connection.sendall(next(requests))
    missing = count
    while missing:
        if not (ready := selector.select(PATIENCE)):
            print(f"{missing} of {count} sign-ups got no answer in {PATIENCE} s", file=sys.stderr)
            return None
        for key, _ in ready:
            connection = key.fileobj
            if not (received := connection.recv(65536)):
                print("the server ended a connection", file=sys.stderr)
                return None
            answers[connection] += received
            if not is_whole(answers[connection]):
                continue
            if not answers[connection].startswith(b"HTTP/1.1 200"):
                raise Refused(answers[connection][:300])
            answers[connection] = b""
            missing -= 1
            if request := next(requests, None):
                connection.sendall(request)
    taken = time.perf_counter() - began
    for connection in answers:
        connection.close()
    return count / taken
