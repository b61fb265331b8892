#!/usr/bin/env python3
"""Makes `src/model/table.rs` from the service model of Amazon Cognito user pools.

    model/generate.py                      writes the table from the stripped model beside this script
    model/generate.py --check              fails if the checked-in table isn't what would be written
    model/generate.py --strip SERVICE      makes the stripped model from botocore's `service-2.json` (or `.json.gz`)

The stripped model is botocore's without documentation, examples and operations that the pool doesn't build.
"""

import gzip
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
MODEL = HERE / "cognito-idp.json"
TABLE = HERE.parent / "src" / "model" / "table.rs"

# The operations that the pool simulates, or will simulate; all others fail with an error that names the operation.
BUILT = """
AddCustomAttributes AdminAddUserToGroup AdminConfirmSignUp AdminCreateUser AdminDeleteUser AdminDeleteUserAttributes
AdminDisableProviderForUser AdminDisableUser AdminEnableUser AdminForgetDevice AdminGetDevice AdminGetUser
AdminGetUserAuthFactors AdminInitiateAuth AdminLinkProviderForUser AdminListDevices AdminListGroupsForUser
AdminRemoveUserFromGroup AdminResetUserPassword AdminRespondToAuthChallenge AdminSetUserMFAPreference
AdminSetUserPassword AdminSetUserSettings AdminUpdateDeviceStatus AdminUpdateUserAttributes AdminUserGlobalSignOut
AssociateSoftwareToken ChangePassword CompleteWebAuthnRegistration ConfirmDevice ConfirmForgotPassword ConfirmSignUp
CreateGroup CreateIdentityProvider CreateResourceServer CreateUserPool CreateUserPoolClient CreateUserPoolDomain
DeleteGroup DeleteIdentityProvider DeleteResourceServer DeleteUser DeleteUserAttributes DeleteUserPool
DeleteUserPoolClient DeleteUserPoolDomain DeleteWebAuthnCredential DescribeIdentityProvider DescribeResourceServer
DescribeUserPool DescribeUserPoolClient DescribeUserPoolDomain ForgetDevice ForgotPassword GetClientToken GetDevice
GetGroup GetIdentityProviderByIdentifier GetTokensFromRefreshToken GetUser GetUserAttributeVerificationCode
GetUserAuthFactors GetUserPoolMfaConfig GlobalSignOut InitiateAuth ListDevices ListGroups ListIdentityProviders
ListResourceServers ListTagsForResource ListUserPoolClients ListUserPools ListUsers ListUsersInGroup
ListWebAuthnCredentials ResendConfirmationCode RespondToAuthChallenge RevokeToken SetUserMFAPreference
SetUserPoolMfaConfig SetUserSettings SignUp StartWebAuthnRegistration TagResource UntagResource UpdateDeviceStatus
UpdateGroup UpdateIdentityProvider UpdateResourceServer UpdateUserAttributes UpdateUserPool UpdateUserPoolClient
UpdateUserPoolDomain VerifySoftwareToken VerifyUserAttribute
""".split()

# Each pattern has a predicate of this name in `src/patterns.rs`.
PATTERNS = {
    r"(?s).*": "Anything",
    r"(arn:[\w+=/,.@-]+:[\w+=/,.@-]+:([\w+=/,.@-]*)?:[0-9]+:[\w+=/,.@-]+(:[\w+=/,.@-]+)?(:[\w+=/,.@-]+)?)?": "OptionalArn",
    r".*\{####\}.*": "SmsWithCode",
    r"Level[1-4]": "AcrLevel",
    r"[0-9]+": "Digits",
    r"[A-Za-z0-9-_=.]+": "Token",
    r"[A-Za-z0-9]+": "Alphanumeric",
    r"[\S]+": "NoWhitespace",
    r"[\p{L}\p{M}\p{S}\p{N}\p{P}\p{Z}]+": "VisibleOrSeparator",
    r"[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*": "VisibleOrWhitespaceOrEmpty",
    r"[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*\{####\}[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*": "EmailWithCode",
    r"[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*\{##[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*##\}[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*": "EmailWithLink",
    r"[\p{L}\p{M}\p{S}\p{N}\p{P}\s]+": "VisibleOrWhitespace",
    r"[\p{L}\p{M}\p{S}\p{N}\p{P}\t\n\r ]+": "AttributeName",
    r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+": "Visible",
    r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+@[\p{L}\p{M}\p{S}\p{N}\p{P}]+": "EmailAddress",
    r"[\w+=/]+": "SecretHash",
    r"[\w+]+": "ClientId",
    r"[\w-]+_[0-9a-f-]+": "DeviceKey",
    r"[\w-]+_[0-9a-zA-Z]+": "UserPoolId",
    r"[\w\s+=,.@-]+": "ResourceName",
    r"[\w\s+=.@-]+": "IdpIdentifier",
    r"[\x21\x23-\x2E\x30-\x5B\x5D-\x7E]+": "ScopeName",
    r"[\x21\x23-\x5B\x5D-\x7E]+": "Scope",
    r"[^_\p{Z}][\p{L}\p{M}\p{S}\p{N}\p{P}][^_\p{Z}]+": "ProviderName",
    r"^[0-9A-Za-z\.\-_]*(?<!\.)$": "S3Bucket",
    r"^[0-9a-fA-F]+$": "Hex",
    r"^[a-z0-9](?:[a-z0-9\-\.]{0,61}[a-z0-9])?$": "Domain",
    r"^[a-zA-Z0-9_-]+$": "ConfigurationSet",
    r"^arn\:(aws|aws-us-gov|aws-eusc)\:secretsmanager\:([\d\w\-]+):(\d{12})\:secret\/[\w+=\/,.@\-]+$": "SecretArn",
    r"arn:[\w+=/,.@-]+:[\w+=/,.@-]+:([\w+=/,.@-]*)?:[0-9]+:[\w+=/,.@-]+(:[\w+=/,.@-]+)?(:[\w+=/,.@-]+)?": "Arn",
    r"^[\S]+.*[\S]+$": "Password",
}

# Known differences between the service and its model.
OVERRIDES = {
    # Custom domains have dots, which the model's pattern would refuse.
    "DomainType": {"pattern": r"^[a-z0-9](?:[a-z0-9\-\.]{0,61}[a-z0-9])?$"},
    # The service's validation message has this pattern; the model's pattern would refuse inner spaces.
    "PasswordType": {"pattern": r"^[\S]+.*[\S]+$"},
}
MORE_VALUES = {
    # The developer guide documents this value and a live pool accepts it, but the model's enumeration doesn't have it.
    "ExplicitAuthFlowsType": ["ALLOW_CLIENT_TOKEN_AUTH"],
}

HEAD = """\
// Generated by `model/generate.py` from botocore's cognito-idp service model, version {version}. Do not edit.
//
// botocore is Copyright Amazon.com, Inc. or its affiliates, licensed under the Apache License, Version 2.0
// (http://www.apache.org/licenses/LICENSE-2.0). Operations, shapes and constraints are taken over; texts are not.

use super::shape::Authorization::{{AccessToken, ClientId, SigV4}};
use super::shape::Kind::{{Boolean, Document, Integer, List, Map, String, Structure, Timestamp}};
use super::shape::{{Operation, OtherOperation, Shape, member, required}};
use crate::patterns::Pattern;

"""


def strip(path):
    raw = pathlib.Path(path).read_bytes()
    model = json.loads(gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw)
    operations = {}
    for name, operation in model["operations"].items():
        kept = {"authorization": authorization(name, operation, model)}
        if name in BUILT:
            kept["input"] = operation["input"]["shape"]
            kept["output"] = operation.get("output", {}).get("shape")
            kept["errors"] = [error["shape"] for error in operation["errors"]]
        operations[name] = kept
    shapes = {}
    for operation in operations.values():
        for key in ("input", "output"):
            reach(operation.get(key), model["shapes"], shapes)
    missing = set(BUILT) - set(operations)
    if missing:
        sys.exit(f"the model lacks {sorted(missing)}")
    stripped = {
        "version": model["metadata"]["uid"],
        "notice": "from botocore, Copyright Amazon.com, Inc. or its affiliates, Apache License 2.0; stripped",
        "operations": dict(sorted(operations.items())),
        "shapes": dict(sorted(shapes.items())),
    }
    MODEL.write_text(json.dumps(stripped, indent=1) + "\n")


def authorization(name, operation, model):
    if operation.get("authtype") != "none":
        return "SigV4"
    members = model["shapes"][operation["input"]["shape"]]["members"]
    return "AccessToken" if "AccessToken" in members else "ClientId"


def reach(name, shapes, found):
    if name is None or name in found:
        return
    shape = shapes[name]
    kept = {key: shape[key] for key in ("type", "min", "max", "pattern", "enum", "sensitive", "required", "document") if key in shape}
    found[name] = kept
    if "members" in shape:
        kept["members"] = {member: target["shape"] for member, target in shape["members"].items()}
    for key in ("member", "key", "value"):
        if key in shape:
            kept[key] = shape[key]["shape"]
    for target in list(kept.get("members", {}).values()) + [kept[key] for key in ("member", "key", "value") if key in kept]:
        reach(target, shapes, found)


def constant(name):
    words = ""
    for index, char in enumerate(name):
        before, after = name[index - 1 : index], name[index + 1 : index + 2]
        if char.isupper() and before and (not before.isupper() or after.islower()):
            words += "_"
        words += char.upper()
    return words


def kind(name, shape):
    if shape.get("document"):
        return "Document"
    match shape["type"]:
        case "structure":
            needed = shape.get("required", [])
            members = ", ".join(
                f"{'required' if member in needed else 'member'}({text(member)}, &{constant(target)})"
                for member, target in shape["members"].items()
            )
            return f"Structure(&[{members}])"
        case "list":
            return f"List(&{constant(shape['member'])})"
        case "map":
            return f"Map(&{constant(shape['key'])}, &{constant(shape['value'])})"
        case "string":
            return "String"
        case "integer" | "long":
            return "Integer"
        case "boolean":
            return "Boolean"
        case "timestamp":
            return "Timestamp"
        case other:
            sys.exit(f"{name} is a {other}, which the generator doesn't know")


def text(value):
    return json.dumps(value)


def option(value):
    return "None" if value is None else f"Some({value})"


def table(model):
    out = [HEAD.format(version=model["version"])]
    operations = model["operations"]
    out.append("pub(super) static OPERATIONS: &[Operation] = &[\n")
    for name, operation in operations.items():
        if "input" in operation:
            output = operation["output"]
            errors = ", ".join(text(error) for error in operation["errors"])
            out.append(
                f"    Operation {{ name: {text(name)}, authorization: {operation['authorization']}, "
                f"input: &{constant(operation['input'])}, output: {option(output and '&' + constant(output))}, "
                f"errors: &[{errors}] }},\n"
            )
    out.append("];\n\npub(super) static OTHER_OPERATIONS: &[OtherOperation] = &[\n")
    for name, operation in operations.items():
        if "input" not in operation:
            out.append(
                f"    OtherOperation {{ name: {text(name)}, authorization: {operation['authorization']} }},\n"
            )
    out.append("];\n\n")
    for name, shape in model["shapes"].items():
        shape = shape | OVERRIDES.get(name, {})
        values = shape.get("enum", []) + MORE_VALUES.get(name, [])
        pattern = shape.get("pattern")
        if pattern is not None and pattern not in PATTERNS:
            sys.exit(f"{name} has a pattern without a predicate: {pattern}")
        out.append(
            f"static {constant(name)}: Shape = Shape {{ name: {text(name)}, kind: {kind(name, shape)}, "
            f"min: {option(shape.get('min'))}, max: {option(shape.get('max'))}, "
            f"pattern: {option(pattern and 'Pattern::' + PATTERNS[pattern])}, "
            f"values: &[{', '.join(text(value) for value in values)}], "
            f"sensitive: {str(shape.get('sensitive', False)).lower()} }};\n"
        )
    return "".join(out)


def main(arguments):
    match arguments:
        case ["--strip", path]:
            strip(path)
        case ["--check"]:
            if TABLE.read_text() != table(json.loads(MODEL.read_text())):
                sys.exit("src/model/table.rs isn't what model/generate.py writes: run it and commit the result")
            return
        case []:
            pass
        case _:
            sys.exit(__doc__)
    TABLE.write_text(table(json.loads(MODEL.read_text())))


main(sys.argv[1:])
