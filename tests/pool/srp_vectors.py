#!/usr/bin/env python3
"""Writes SRP proofs that pycognito computed, as known answers for the pool's own arithmetic.

    python3 tests/pool/srp_vectors.py > crates/cognito-triggers-srp/tests/data/srp.json

Needs pycognito, whose version is pinned in requirements.txt. The server's public value is computed here, by the
formula of SRP-6a; salt, secrets and passwords come from a seed, so that the output is always the same.
"""

import base64
import hashlib
import hmac
import json
import random

from pycognito import aws_srp
from pycognito.aws_srp import AWSSRP, hex_hash, hex_to_long, pad_hex

TIMESTAMP = "Sat Sep 5 08:09:10 UTC 2026"


class Clock(AWSSRP):
    """A client whose time stands still, so that its signature is always the same."""

    @staticmethod
    def get_cognito_formatted_timestamp(_now):
        return TIMESTAMP


def vector(source, password):
    pool_id, user = "us-east-1_" + "%09x" % source.getrandbits(36), "user-%d" % source.getrandbits(20)
    client = Clock(user, password, pool_id, "client", client=object())
    client.small_a_value = source.getrandbits(256)
    client.large_a_value = client.calculate_a()
    n, g, k = client.big_n, client.val_g, client.val_k

    salt = "%032x" % (source.getrandbits(128) | 1 << 124)
    inner = hashlib.sha256(f"{pool_id.split('_')[1]}{user}:{password}".encode()).hexdigest()
    verifier = pow(g, hex_to_long(hex_hash(pad_hex(salt) + inner)), n)
    b = source.getrandbits(256)
    public = (k * verifier + pow(g, b, n)) % n
    block = source.randbytes(48)
    answer = client.process_challenge(
        {
            "USERNAME": user,
            "USER_ID_FOR_SRP": user,
            "SALT": salt,
            "SRP_B": "%x" % public,
            "SECRET_BLOCK": base64.b64encode(block).decode(),
        },
        {"USERNAME": user},
    )
    return {
        "poolName": pool_id.split("_")[1],
        "user": user,
        "password": password,
        "salt": salt,
        "a": "%064x" % client.small_a_value,
        "A": "%x" % client.large_a_value,
        "b": "%064x" % b,
        "B": "%x" % public,
        "verifier": "%x" % verifier,
        "secretBlock": block.hex(),
        "timestamp": answer["TIMESTAMP"],
        "signature": base64.b64decode(answer["PASSWORD_CLAIM_SIGNATURE"]).hex(),
    }


def main():
    source = random.Random(2026)
    passwords = ["Passw0rd!", "pässwörd 密码", "a:b", " ", "x" * 256] + ["P%d" % i for i in range(11)]
    print(json.dumps([vector(source, password) for password in passwords], ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
