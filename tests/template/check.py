#!/usr/bin/env python3
"""Translates SAM templates to CloudFormation and lints the result.

    check.py TEMPLATE...

cfn-lint doesn't look into AWS::Serverless resources, so linting the source would say little.
Needs the packages of requirements.txt; installs nothing and calls no one.
Exit code 0 when every template is translated and lints without a finding.
"""

import json
import os
import sys

# The translator asks boto3 for a region and never uses it; the lint knows the types of this one.
os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")

from cfnlint.api import lint
from samtranslator.parser.parser import Parser
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

# The translator replaces names of managed policies by their ARNs. The templates name none, or give the ARN.
MANAGED_POLICIES = {}


class NoPolicies:
    def load(self):
        return MANAGED_POLICIES


def translate(text):
    template = yaml_parse(text)
    parameters = {
        name: parameter.get("Default", "example@example.com")
        for name, parameter in template.get("Parameters", {}).items()
    }
    for resource in template["Resources"].values():
        # A local path is uploaded before the translation; any S3 address stands for that.
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = "s3://bucket/key"
    translated = transform(template, parameters, NoPolicies())
    translated.pop("Transform", None)
    return translated


def main(paths):
    findings = 0
    for path in paths:
        with open(path, encoding="utf-8") as file:
            translated = translate(file.read())
        matches = lint(json.dumps(translated, indent=1), regions=["us-east-1"])
        for match in matches:
            way = "/".join(str(step) for step in match.path or [])
            print(f"{path}: {match.rule.id} {way}: {match.message}")
        findings += len(matches)
        print(f"{path}: {len(translated['Resources'])} resources, {len(matches)} findings")
    return 1 if findings or not paths else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
