#!/usr/bin/env python3
"""Packages services with the Serverless Framework, and checks what it writes.

    serverless.py [--tool serverless|osls]...

Serverless 3 and osls, its maintained fork, write CloudFormation without an account: `package` calls no one. Each service is
packaged, and `cargo cognito check` reads both files that hold the template. Exit code 0 when every finding is the expected
one. Run from anywhere, after `cargo build --workspace --bins`. Needs node and npm; installs the tool into a temporary folder.
"""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import zipfile

from tools import HERE, KEY, cargo_cognito, exit_code, npm_install

WRITTEN = {
    "cloudformation-template-update-stack.json": "",
    "serverless-state.json": "service.provider.compiledCloudFormationTemplate.",
}

SERVICE = {
    "service": "people",
    "frameworkVersion": "*",
    "provider": {"name": "aws", "runtime": "provided.al2023", "region": "eu-west-1", "timeout": 5},
    "package": {"individually": True, "patterns": ["!**", "bootstrap"]},
}


def event(pool, trigger, **more):
    return {"cognitoUserPool": {"pool": pool, "trigger": trigger, **more}}


def function(*events, **more):
    return {"handler": "bootstrap", "events": list(events), **more}


# What is packaged, and what `check` finds in it: with the routes of the binary, and the function that runs it.
SERVICES = {
    "plain": (
        {"functions": {"signUp": function(event("People", "PreSignUp"), event("People", "CustomMessage"))}},
        ["pre_sign_up", "custom_message"],
        [],
    ),
    "the default of six seconds": (
        {"functions": {"signUp": function(event("People", "PreSignUp"), timeout=6)}},
        ["pre_sign_up"],
        ["warning timeout-too-long Resources.SignUpLambdaFunction.Properties.Timeout"],
    ),
    "a pool that exists": (
        {"functions": {"signUp": function(event("People", "PreSignUp", existing=True))}},
        ["pre_sign_up"],
        [
            "error no-pool $",
            "not-checked custom-resource Resources.SignUpCustomCognitoUserPool1",
        ],
    ),
    "a pool that exists, and one of its own": (
        {
            "functions": {
                "signUp": function(event("People", "PreSignUp")),
                "tokens": function(event("Elsewhere", "PreTokenGeneration", existing=True)),
            }
        },
        ["pre_sign_up", "pre_token_generation_v1"],
        ["not-checked custom-resource Resources.TokensCustomCognitoUserPool1"],
    ),
    "a sender whose role may not decrypt": (
        {"functions": {"signUp": function(event("People", "CustomEmailSender", kmsKeyId=KEY))}},
        ["custom_email_sender"],
        ["error decrypt-missing Resources.CognitoUserPoolPeople.Properties.LambdaConfig.CustomEmailSender"],
    ),
    "a sender whose role may decrypt": (
        {
            "provider": {
                **SERVICE["provider"],
                "iam": {"role": {"statements": [{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": KEY}]}},
            },
            "functions": {"signUp": function(event("People", "CustomEmailSender", kmsKeyId=KEY))},
        },
        ["custom_email_sender"],
        [],
    ),
    "a pool in the resources, with a client": (
        {
            "functions": {"signUp": function(event("People", "UserMigration"))},
            "resources": {
                "Resources": {
                    "CognitoUserPoolPeople": {"Type": "AWS::Cognito::UserPool", "Properties": {"UserPoolTier": "LITE"}},
                    "App": {
                        "Type": "AWS::Cognito::UserPoolClient",
                        "Properties": {"UserPoolId": {"Ref": "CognitoUserPoolPeople"}},
                    },
                }
            },
        },
        ["user_migration"],
        ["warning flow-never-fires Resources.App"],
    ),
}


# The service of the guide, which stands in a file, and its routes.
GUIDE = HERE.parents[1] / "docs/guide/wiring/serverless.yml"
GUIDE_ROUTES = ["pre_sign_up", "pre_token_generation_v2"]


def package(tool, folder, service):
    for name in ("serverless.json", "serverless.yml"):
        (folder / name).unlink(missing_ok=True)
    if service is GUIDE:
        shutil.copy(GUIDE, folder / "serverless.yml")
        artifact = folder / "target/lambda/my-function/bootstrap.zip"
        artifact.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(artifact, "w") as archive:
            archive.writestr("bootstrap", "")
    else:
        (folder / "serverless.json").write_text(json.dumps({**SERVICE, **service}), encoding="utf-8")
    bootstrap = folder / "bootstrap"
    bootstrap.write_bytes(b"")
    bootstrap.chmod(0o755)
    quiet = {"SLS_TELEMETRY_DISABLED": "1", "SLS_NOTIFICATIONS_MODE": "off"}
    command = [folder / "node_modules" / ".bin" / tool, "package", "--stage", "test"]
    return subprocess.run(command, cwd=folder, env={**os.environ, **quiet}, capture_output=True, text=True)


def findings(folder, file, routes, function):
    """The findings of `check` as lines, without the path of the template in its file."""
    binary = folder / "triggers"
    binary.write_text(f"#!/bin/sh\necho '{json.dumps({'routes': routes, 'otherwise': False})}'\n", encoding="utf-8")
    binary.chmod(0o755)
    template = folder / ".serverless" / file
    options = ["--format", "json", "--bin", binary, "--run-by", f"triggers={function}"]
    run = cargo_cognito("check", template, *options, check=False)
    if not run.stdout:
        return [run.stderr]
    found = json.loads(run.stdout)["findings"]
    return [f"{it['severity']} {it['code']} {it['path'].removeprefix(WRITTEN[file])}" for it in found]


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--tool", action="append", choices=["serverless", "osls"], help="default: both")
    tools = arguments.parse_args().tool or ["serverless", "osls"]
    versions = json.loads((HERE / "serverless" / "package.json").read_text())["dependencies"]
    services = [(*item, "SignUpLambdaFunction") for item in SERVICES.items()]
    services.append(("the service of the guide", (GUIDE, GUIDE_ROUTES, []), "TriggersLambdaFunction"))
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        packages = [f"{tool}@{versions[tool]}" for tool in tools]
        npm_install(folder, *packages)
        for tool in tools:
            for name, (service, routes, expected), function in services:
                run = package(tool, folder, service)
                if run.returncode:
                    problems.append(f"{tool}, {name}: {run.stdout}{run.stderr}")
                    continue
                for file in WRITTEN:
                    found = findings(folder, file, routes, function)
                    if sorted(found) != sorted(expected):
                        problems.append(f"{tool}, {name}, {file}:\n  found {found}\n  expected {expected}")
    return exit_code(problems, f"check reads what {' and '.join(tools)} write: {len(services)} services")


if __name__ == "__main__":
    sys.exit(main())
