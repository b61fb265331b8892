"""Starts a pool of the template of an example, with the example's binary as its function."""

import os
import pathlib

from local_pool import ROOT, LocalPool


def start(name, **environment):
    """The pool of `examples/NAME/template.yaml`. The binary inherits `environment`."""
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug"
    cognito = os.environ.get("COGNITO") or str(target / "cargo-cognito")
    os.environ.update(environment)
    template = f"examples/{name}/template.yaml"
    return LocalPool([cognito, "pool", template, "--bin", str(target / name), "--port", "0", "--format", "json"])
