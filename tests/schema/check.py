#!/usr/bin/env python3
"""Validates answers and flows with the JSON Schemas that `cargo cognito schema` prints, by the implementation of jsonschema.

Needs Cargo and the packages of requirements.txt.
"""

import json
import pathlib
import subprocess
import sys

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parents[2]
ANSWER = json.loads((ROOT / "crates/cargo-cognito/schema/answer.schema.json").read_text())

EVENT = {"version": "1", "triggerSource": "PreSignUp_SignUp", "request": {}}
TOKENS = {"version": "2", "triggerSource": "TokenGeneration_Authentication", "request": {}}

VALID_ANSWERS = [
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

INVALID_ANSWERS = [
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


def flow(**call):
    return {"calls": [call]}


VALID_FLOWS = [
    {"$schema": "./flow.schema.json", "about": "", "user": {"exists": True}, "calls": [{"call": "SignUp"}]},
    flow(call="SignUp", expect="success", triggers=["PreSignUp_SignUp"], fail={"PreSignUp_SignUp": "timeout"}),
    flow(call="InitiateAuth", authFlow="USER_SRP_AUTH", password="wrong", clientMetadata={"a": "b"}),
    flow(call="RespondToAuthChallenge", answer={"private": "code"}, times=3),
    flow(call="GetTokensFromRefreshToken", claims={"id": {"email": None, "level": 3}, "access": {"scope": ["a", "b"]}}),
    flow(call="ListUsers", input={"Limit": 1}),
    flow(call="FederatedSignIn", provider="Google", subject="1", attributes={"email": "a@example.com"}, claims={"id": {}}),
    flow(call="ClientCredentials", scopes=["orders/read"], clientMetadata={"a": "b"}, claims={"access": {}}),
]

INVALID_FLOWS = [
    flow(call="SignUp", claims={"id": {}}),
    flow(call="SignUp", provider="Google"),
    flow(call="FederatedSignIn", scopes=["orders/read"]),
    flow(call="ClientCredentials", scopes="orders/read"),
    flow(call="RespondToAuthChallenge", claims={"acess": {}}),
    flow(call="RespondToAuthChallenge", claims={"id": ["sub"]}),
    [],
    {},
    {"calls": []},
    {"call": [{"call": "SignUp"}]},
    {"user": {"exists": "yes"}, "calls": [{"call": "SignUp"}]},
    flow(call="Signup"),
    flow(call="InitiateAuth"),
    flow(call="InitiateAuth", authFlow="SRP"),
    flow(call="SignUp", authFlow="USER_SRP_AUTH"),
    flow(call="SignUp", triggers=["PreSignUp"]),
    flow(call="SignUp", fail={"PreSignUp_SignUp": "slow"}),
    flow(call="RespondToAuthChallenge", answer={"private": "code", "text": "1"}),
    flow(call="RespondToAuthChallenge", times=0),
]


def printed_schema(name):
    """Returns what `cargo cognito schema NAME` prints."""
    command = ["cargo", "run", "--quiet", "--package", "cargo-cognito", "--", "cognito", "schema", name]
    return json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)


def problems(schema, files, valid, invalid):
    """Returns a line for each file and each value that the schema judges wrongly."""
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    found = [
        f"{path.relative_to(ROOT)}: {error.json_path}: {error.message}"
        for path in files
        for error in validator.iter_errors(json.loads(path.read_text()))
    ]
    found += [f"valid, but refused: {json.dumps(value)}" for value in valid if not validator.is_valid(value)]
    found += [f"invalid, but accepted: {json.dumps(value)}" for value in invalid if validator.is_valid(value)]
    return found


def main():
    samples = sorted((ROOT / "crates").glob("*/samples/**/*.json"))
    answers = sorted((ROOT / "examples").glob("*/cases/**/*.answer.json"))
    flows = sorted((ROOT / "crates").glob("*/flows/*.flow.json"))
    assert len(samples) > 50 and len(answers) > 50, "the samples or the answers have moved"
    assert len(flows) > 20, "the flows have moved"
    found = problems(ANSWER, samples + answers, VALID_ANSWERS, INVALID_ANSWERS)
    found += problems(printed_schema("flow"), flows, VALID_FLOWS, INVALID_FLOWS)
    print("\n".join(found) or f"{len(samples)} samples, {len(answers)} answers and {len(flows)} flows are valid")
    sys.exit(bool(found))


main()
