"""Reads what `cargo test --no-run --message-format json` prints, and prints where the integration tests of cognito-triggers-dynamodb are."""

import json
import sys

for line in sys.stdin:
    message = json.loads(line)
    if message.get("executable") and message["target"]["src_path"].endswith("cognito-triggers-dynamodb/tests/it/main.rs"):
        print(message["executable"])
