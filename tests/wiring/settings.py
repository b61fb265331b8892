#!/usr/bin/env python3
"""Compares the tables of settings in the wiring crate with AWS's service model, as the installed botocore has it.

Run from anywhere; needs the packages of requirements.txt, installs nothing and calls no one.
Exit code 0 when they agree, and a line for each difference otherwise.
"""

import pathlib
import re
import sys

import botocore
import botocore.session

CRATES = pathlib.Path(__file__).resolve().parents[2] / "crates"
SETTINGS = "cognito-triggers-wiring/src/wire/settings.rs"
KEYS = "cognito-triggers-model/src/lambda_config.rs"


def table(file, start, end):
    """The names in a table of a Rust source, each with the versions after it."""
    source = (CRATES / file).read_text(encoding="utf-8")
    found = re.search(rf"^{start}\n(.*?)\n{end}$", source, re.DOTALL | re.MULTILINE)
    if found is None:
        sys.exit(f"crates/{file}: there is no table that begins with `{start}`; adapt tests/wiring/settings.py")
    body = found.group(1)
    names = {}
    for word in re.findall(r'"([^"]+)"', body):
        if re.fullmatch(r"V\d_\d", word):
            names[list(names)[-1]].add(word)
        else:
            names[word] = set()
    return names


def constant(name):
    """The names in a constant list of the settings."""
    return table(SETTINGS, rf"pub const {name}: .*?= &?\[", r"\];")


def compare(what, ours, theirs):
    differences = [f"{what}: `{name}` isn't in the table" for name in sorted(theirs - ours)]
    return differences + [f"{what}: `{name}` is in the table only" for name in sorted(ours - theirs)]


def main():
    model = botocore.session.get_session().get_service_model("cognito-idp")
    described = model.operation_model("DescribeUserPool").output_shape.members["UserPool"].members
    update = model.operation_model("UpdateUserPool").input_shape.members
    both = {name for name in described if name in update and described[name].name == update[name].name}
    differences = compare("SETTABLE", set(constant("SETTABLE")), both)
    differences += compare("READ_ONLY", set(constant("READ_ONLY")), set(described) - both)
    renamed = {"UserPoolId", "PoolName"}
    differences += [f"UpdateUserPool takes `{name}`, which nothing fills" for name in set(update) - both - renamed]

    config = model.shape_for("LambdaConfigType").members
    keys = table(KEYS, r"keys! \{", r"\}")
    differences += compare("KEYS", set(keys), set(config))
    for name, shape in config.items():
        versions = set(shape.members["LambdaVersion"].enum) if shape.type_name == "structure" else set()
        differences += compare(f"versions of {name}", keys.get(name, set()), versions)

    print("\n".join(differences) or f"the tables agree with botocore {botocore.__version__}, API {model.api_version}")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
