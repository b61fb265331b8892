#!/usr/bin/env python3
"""Checks what `cargo cognito wire` writes for Terraform and the CDK with the tools that read it.

    formats.py [--binary NAME]...

Terraform: the configuration is parsed by python-hcl2, and its `lambda_config` has a key for every hook. Parsing doesn't tell whether
the AWS provider has the arguments; inbound federation, which it lacks, is refused.
CDK: the stack is compiled with strict types, synthesized, and the template goes through `cargo cognito check`. Its pool has to
allow SignUp, as the pools of the other formats do.
Run from anywhere, after `cargo build --workspace --bins`. Needs node, npm, and the packages of requirements.txt; installs
the packages of package.json into a temporary folder. Exit code 0 when everything is accepted.
"""

import argparse
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import hcl2

from tools import BUILT, HERE, KEY, cargo_cognito, exit_code, npm_install

# Each stack takes seconds, so only two binaries have one.
FOR_CDK = ["every-trigger", "send-codes"]
FOR_TERRAFORM = ["invite-only", "localized-messages", "migrate-users", "passwordless", "tenant-claims"]
FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:triggers"

APP = """
import { App } from 'aws-cdk-lib';
import * as stack from './stack';

const app = new App({ outdir: 'cdk.out' });
for (const [name, Stack] of Object.entries(stack)) {
  new Stack(app, name);
}
app.synth();
"""

OPTIONS = {
    "strict": True,
    "target": "es2022",
    "module": "commonjs",
    "skipLibCheck": True,
    "noUnusedLocals": True,
    "types": ["node"],
    "outDir": "built",
}


def unquoted(value):
    """A value without the quotes that the parser keeps around names and strings."""
    if isinstance(value, dict):
        return {unquoted(key): unquoted(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [unquoted(inner) for inner in value]
    return value.strip('"') if isinstance(value, str) else value


def hooks_of(binary):
    """The attributes that the AWS provider has for the keys of the binary's LambdaConfig."""
    arns = ["--function-arn", FUNCTION, "--kms-key-arn", KEY]
    config = json.loads(cargo_cognito("wire", "--bin", BUILT / binary, "--format", "lambda-config", *arns).stdout)
    words = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
    return {words.sub("_", key).lower() for key in config}


def terraform(binary):
    """Parses the configuration and compares the keys of `lambda_config` with the routes."""
    hooks = hooks_of(binary)
    if "inbound_federation" in hooks:
        refused = cargo_cognito("wire", "--bin", BUILT / binary, "--format", "terraform", check=False)
        is_refused = refused.returncode and "no argument for `InboundFederation`" in refused.stderr
        return [] if is_refused else [f"{binary}: {refused.stdout}{refused.stderr}"]
    text = cargo_cognito("wire", "--bin", BUILT / binary, "--format", "terraform").stdout
    parsed = unquoted(hcl2.loads(text))
    pools = [block["aws_cognito_user_pool"] for block in parsed["resource"] if "aws_cognito_user_pool" in block]
    config = pools[0]["users"]["lambda_config"][0]
    found = {key for key in config if not key.startswith("__")}
    if found - {"kms_key_id"} != hooks - {"kms_key_id"}:
        return [f"{binary}: lambda_config has {sorted(found)}, and the routes need {sorted(hooks)}"]
    return []


def cdk(binary, folder):
    """Compiles and synthesizes the stack, and checks the template against the binary."""
    for name in ("built", "cdk.out", "target"):
        shutil.rmtree(folder / name, ignore_errors=True)
    (folder / "target" / "lambda" / binary).mkdir(parents=True)
    (folder / "target" / "lambda" / binary / "bootstrap").write_bytes(b"")
    text = cargo_cognito("wire", "--bin", BUILT / binary, "--format", "cdk").stdout
    (folder / "stack.ts").write_text(text, encoding="utf-8")
    (folder / "app.ts").write_text(APP, encoding="utf-8")
    (folder / "tsconfig.json").write_text(json.dumps({"compilerOptions": OPTIONS, "files": ["app.ts"]}))
    for command in (["npx", "tsc"], ["node", "built/app.js"]):
        run = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        if run.returncode:
            return [f"{binary}: {' '.join(command)}: {run.stdout}{run.stderr}"]
    problems = []
    for template in sorted((folder / "cdk.out").glob("*.template.json")):
        check = cargo_cognito("check", template, "--bin", BUILT / binary, "--run-by", f"{binary}={id_of(template)}", check=False)
        print(f"{binary}: {check.stdout.splitlines()[-1]}")
        if only_administrators_add_users(template):
            problems.append(f"{binary}: the pool of the CDK refuses SignUp")
        if check.returncode:
            problems.append(f"{binary}: {check.stdout}{check.stderr}")
    return problems


def only_administrators_add_users(template):
    """Whether a pool of a template refuses SignUp, as the construct of the CDK makes it by default."""
    resources = json.loads(template.read_text(encoding="utf-8"))["Resources"].values()
    pools = [it.get("Properties", {}) for it in resources if it["Type"] == "AWS::Cognito::UserPool"]
    return any(pool.get("AdminCreateUserConfig", {}).get("AllowAdminCreateUserOnly") for pool in pools)


def id_of(template):
    """The logical id of the function in a template."""
    resources = json.loads(template.read_text(encoding="utf-8"))["Resources"]
    return next(name for name, it in resources.items() if it["Type"] == "AWS::Lambda::Function")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--binary", action="append", help="a binary in target/debug (default: some of the examples)")
    chosen = arguments.parse_args().binary
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        shutil.copy(HERE / "package.json", folder)
        npm_install(folder)
        for binary in chosen or [*FOR_CDK, *FOR_TERRAFORM]:
            problems += terraform(binary)
        for binary in chosen or FOR_CDK:
            problems += cdk(binary, folder)
    return exit_code(problems, "Terraform and the CDK accept what wire writes")


if __name__ == "__main__":
    sys.exit(main())
