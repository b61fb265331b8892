#!/usr/bin/env python3
"""Measures the local user pool beside cognito-local and moto, and how its calls grow with the number of users.

    tests/bench/pool/run.py [--binary PATH] [--users N] [--no-peers]

Needs Linux with two cores, taskset, Rust and, for the peers, Node with npm and Python with venv. It builds the command
with the release profile and installs the peers into target/bench-pool. Each server runs alone on one core, and the client
on the other. A rate is the number of calls in a second of the server's processor time, so neither the client's work nor
what else the machine does counts. It prints the tables of tests/bench/README.md.
"""

import argparse
import datetime
import os
import statistics
import subprocess
import sys

import servers
from client import GROUP, Client, Refused
from many import CONNECTIONS, sign_ups

CLIENT_CORE, SERVER_CORE = 0, 1
# What is measured at each size, with the number of calls. A call of ListUsers with a filter may look at every user.
CALLS = {
    "sign-up": (Client.sign_up, 1000),
    "password sign-in": (Client.sign_in, 300),
    "SRP sign-in": (Client.sign_in_with_srp, 100),
    "AdminGetUser": (Client.get_user, 1000),
    "ListUsers, first page": (Client.first_page, 300),
    "ListUsers, email filter": (Client.find_by_email, 300),
    "ListUsersInGroup": (Client.list_group, 300),
}
GOALS = {"sign-up": 2000, "password sign-in": 200, "SRP sign-in": 100}
PEERS_USERS = 1000
# How many users sign up over many connections at once.
MANY = 10_000
# How many different users the calls are about.
USERS = 300


def measure(server, run, subjects, kind):
    """The processor time of one call in milliseconds; `None` if the server doesn't have it."""
    before = server.cpu()
    try:
        for subject in subjects:
            run(subject)
    except (Refused, KeyError, ValueError) as error:
        print(f"{server.name}: {kind}: {error!r}", file=sys.stderr)
        return None
    return (server.cpu() - before) * 1000 / len(subjects)


def sizes(server, client, counts):
    """Measures every kind of call at each number of users. Returns the times by number and kind, and the memory."""
    times, memory, users = {}, {}, 0
    # The keys of tokens are made in the background, which must not count as the time of the first calls.
    client.sign_up("first")
    client.confirm("first")
    client.sign_in("first")
    for count in counts:
        while users < count:
            client.sign_up(users)
            users += 1
        memory[count] = server.memory()
        # These users come on top of the count, and the further calls are about them.
        fresh = range(users, users + CALLS["sign-up"][1])
        users = fresh.stop
        times[count] = {"sign-up": measure(server, client.sign_up, fresh, "sign-up")}
        for number in fresh[:USERS]:
            client.confirm(number)
        group = f"group-{count}"
        client.make_group(group, fresh[:GROUP])
        for kind, (run, calls) in CALLS.items():
            if kind != "sign-up":
                subjects = [group if kind == "ListUsersInGroup" else fresh[index % USERS] for index in range(calls)]
                times[count][kind] = measure(server, lambda subject: run(client, subject), subjects, kind)
        print(f"{server.name}: {count} users: {times[count]}", file=sys.stderr)
    return times, memory


def start_up(make, starts):
    """The median time until a server can be called, in milliseconds."""
    taken = []
    for _ in range(starts):
        with make() as server:
            taken.append(server.start_up * 1000)
    return statistics.median(taken)


def number(value):
    """A number with three digits."""
    return "–" if value is None else f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def rate(milliseconds):
    return None if milliseconds is None else 1000 / max(milliseconds, 0.001)


def table(*rows):
    head, *rows = rows
    for row in [head, ["---"] * len(head), *rows]:
        print("| " + " | ".join(row) + " |")
    print()


def floor():
    """The time of what a sign-in can't do without, in milliseconds, by name."""
    command = ["cargo", "run", "--quiet", "--release", "--package", "cognito-triggers-bench", "--bin", "sign_in_floor"]
    text = subprocess.run(command, cwd=servers.ROOT, check=True, capture_output=True, text=True).stdout
    return {name: float(time) for name, _, time in (line.rpartition(" ") for line in text.splitlines())}


def main():
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--binary", help="a built cargo-cognito, instead of building it")
    arguments.add_argument("--users", type=int, default=100_000, help="the greatest number of users")
    arguments.add_argument("--no-peers", action="store_true", help="measure ours alone")
    given = arguments.parse_args()

    load = os.getloadavg()
    binary = servers.build(given.binary)
    makers = {
        "ours": lambda: servers.ours(binary, SERVER_CORE),
        "ours --data": lambda: servers.ours(binary, SERVER_CORE, "--data", "data"),
        "ours --record": lambda: servers.ours(binary, SERVER_CORE, "--record", "calls.jsonl"),
    }
    if not given.no_peers:
        makers["cognito-local"] = lambda: servers.cognito_local(SERVER_CORE)
        makers["moto"] = lambda: servers.moto(SERVER_CORE)
    floors = floor()
    os.sched_setaffinity(0, {CLIENT_CORE})
    growth = sorted({0, *(count for count in (1000, 10_000, 100_000) if count <= given.users), given.users})

    results, memories, starts, many = {}, {}, {}, {}
    for name, make in makers.items():
        starts[name] = start_up(make, 15 if name.startswith("ours") else 3)
        with make() as server:
            counts = growth if name in ("ours", "ours --data") else [0, PEERS_USERS]
            results[name], memories[name] = sizes(server, Client(server), counts)
        with make() as server:
            many[name] = sign_ups(server.port, Client(server).client, MANY if name.startswith("ours") else PEERS_USERS)

    print(f"{datetime.date.today()}, load {load[0]:.1f} before and {os.getloadavg()[0]:.1f} after, {os.cpu_count()} processors")
    if not given.no_peers:
        print(servers.versions())
    print()
    print_rates(results, memories, starts)
    print_many(many)
    print_growth(results)
    print_floor(floors, results["ours"][0]["password sign-in"])


def print_rates(results, memories, starts):
    """Rates without users, beside the peers."""
    ours, peers = results["ours"][0], [name for name in results if name != "ours"]
    rows = [["calls in a second of one core", "goal", "ours", *peers, *(f"ours / {name}" for name in peers)]]
    for kind in CALLS:
        rates = {name: rate(results[name][0][kind]) for name in results}
        ratios = [rates["ours"] / rates[peer] if rates[peer] else None for peer in peers]
        rows.append([kind, number(GOALS.get(kind)), *map(number, rates.values()), *map(number, ratios)])
    for what, goal, values in [
        ("start-up, ms", "50", starts),
        ("memory without users, MB", "–", {name: memory[0] for name, memory in memories.items()}),
        ("memory with 10,000 users, MB", "40", {name: memory.get(10_000) for name, memory in memories.items()}),
    ]:
        ratios = [values["ours"] / values[peer] if values["ours"] and values[peer] else None for peer in peers]
        rows.append([what, goal, *(number(values[name]) for name in results), *map(number, ratios)])
    table(*rows)


def print_many(many):
    """Rates by the clock on the wall. Calls that are made at once share a wait for the disk."""
    head = f"{CONNECTIONS} clients at once, by the clock on the wall"
    table([head, "goal", *many], ["sign-ups in a second", number(GOALS["sign-up"]), *map(number, many.values())])


def print_growth(results):
    """Times by number of users."""
    rows = [["processor time of a call, ms", *(f"{name}, {count:,} users" for name in results for count in results[name])]]
    for kind in CALLS:
        rows.append([kind, *(number(times[kind]) for counts in results.values() for times in counts.values())])
    table(*rows)


def print_floor(floors, sign_in):
    """What a password sign-in can't do without."""
    rows = [[name, number(time), "–"] for name, time in floors.items()]
    for power in ("power", "power from a table"):
        needed = 2 * floors["RSA signature"] + floors[power]
        rows.append([f"two signatures and one {power}", number(needed), number(sign_in / needed)])
    table(["what a sign-in needs", "wall-clock time, ms", "password sign-in, as a ratio"], *rows)


if __name__ == "__main__":
    main()
