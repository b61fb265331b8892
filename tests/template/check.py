#!/usr/bin/env python3
"""Translates SAM templates to CloudFormation and lints the result.

    check.py [--out DIR] TEMPLATE...

cfn-lint doesn't look into AWS::Serverless resources, so linting the source would find little.
With --out the translated templates are kept, as JSON: `cargo cognito check` must find in them what it finds in
the source. Needs the packages of requirements.txt; installs nothing and calls no one.
Exit code 0 when every template is translated and lints without a finding.
"""

import argparse
import json
import logging
import os
import pathlib
import sys

# The translator asks boto3 for a region and never uses it.
os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
# It also reports that it didn't report metrics.
logging.disable(logging.WARNING)

from cfnlint.api import lint
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse


class NoPolicies:
    """The managed policies by name, with their ARNs. The templates name none, or use the ARN."""

    def load(self):
        return {}


def translate(text):
    template = yaml_parse(text)
    parameters = {
        name: parameter.get("Default", "example@example.com")
        for name, parameter in template.get("Parameters", {}).items()
    }
    for resource in template["Resources"].values():
        # A local path is uploaded before the translation; any S3 address stands for that.
        for kind, member in (("Function", "CodeUri"), ("LayerVersion", "ContentUri")):
            if resource["Type"] == f"AWS::Serverless::{kind}":
                resource["Properties"][member] = "s3://bucket/key"
    translated = transform(template, parameters, NoPolicies())
    translated.pop("Transform", None)
    return json.dumps(translated, indent=1, default=str)


def main():
    arguments = argparse.ArgumentParser(description="Translates SAM templates and lints the result.")
    arguments.add_argument("--out", type=pathlib.Path, metavar="DIR", help="keep the translated templates there")
    arguments.add_argument("templates", nargs="+", type=pathlib.Path, metavar="TEMPLATE")
    arguments = arguments.parse_args()
    findings = 0
    for path in arguments.templates:
        translated = translate(path.read_text(encoding="utf-8"))
        if arguments.out:
            arguments.out.mkdir(parents=True, exist_ok=True)
            (arguments.out / f"{path.stem}.json").write_text(translated, encoding="utf-8")
        matches = lint(translated, regions=["us-east-1"])
        for match in matches:
            place = "/".join(str(step) for step in match.path or [])
            print(f"{path}: {match.rule.id} {place}: {match.message}")
        findings += len(matches)
        print(f"{path}: {len(json.loads(translated)['Resources'])} resources, {len(matches)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
