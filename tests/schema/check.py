#!/usr/bin/env python3
"""Validates answers with the JSON Schema that `cargo cognito schema` prints, with another implementation than ours.

Needs the packages of requirements.txt. Run it from the root of the repository.
"""

import json
import pathlib
import sys

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "crates/cargo-cognito/schema/answer.schema.json").read_text())

EVENT = {"version": "1", "triggerSource": "PreSignUp_SignUp", "request": {}}
TOKENS = {"version": "2", "triggerSource": "TokenGeneration_Authentication", "request": {}}

VALID = [
    {"$schema": "./answer.schema.json", "rejected": "not invited: ${any}"},
    {"failed": "Unhandled"},
    EVENT | {"response": {"autoConfirmUser": True, "autoVerifyEmail": "${any}", "autoVerifyPhone": None}},
    EVENT | {"response": "${any}"},
    TOKENS | {"response": {"claimsAndScopeOverrideDetails": {"idTokenGeneration": {"claimsToSuppress": ["email"]}}}},
    {"version": "1", "triggerSource": "NewTrigger_First", "response": {"anything": 1}},
    {"triggerSource": "CustomEmailSender_SignUp", "response": {"anything": 1}},
    {},
    None,
]

INVALID = [
    {"rejected": 1},
    {"rejected": "a", "failed": "Failed"},
    {"rejected": "a", "response": {}},
    {"failed": None},
    EVENT | {"response": {"autoConfirmuser": True}},
    EVENT | {"response": {"autoConfirmUser": "true"}},
    EVENT | {"response": []},
    TOKENS | {"response": {"claimsOverrideDetails": None}},
    TOKENS | {"response": {"claimsAndScopeOverrideDetails": {"groupOverrideDetails": {"groupsToOverride": "a"}}}},
    {"version": "1", "triggerSource": "PostConfirmation_ConfirmSignUp", "response": {"autoConfirmUser": True}},
    "a string",
    [],
]


def main():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    validator = jsonschema.Draft202012Validator(SCHEMA)
    samples = sorted((ROOT / "crates").glob("*/samples/**/*.json"))
    answers = sorted((ROOT / "examples").glob("*/cases/**/*.answer.json"))
    assert len(samples) > 50 and len(answers) > 50, "the samples or the answers have moved"
    problems = [
        f"{path.relative_to(ROOT)}: {error.json_path}: {error.message}"
        for path in samples + answers
        for error in validator.iter_errors(json.loads(path.read_text()))
    ]
    problems += [f"valid, but refused: {json.dumps(answer)}" for answer in VALID if not validator.is_valid(answer)]
    problems += [f"invalid, but taken: {json.dumps(answer)}" for answer in INVALID if validator.is_valid(answer)]
    print("\n".join(problems) or f"{len(samples)} samples and {len(answers)} answers are valid")
    sys.exit(bool(problems))


main()
