//! The command as users run it, in one binary: linking one for each topic would take most of the time that it takes to compile
//! them. The expected output is in `tests/cli/`.
#![cfg(unix)]

mod cargo_lambda;
mod cli;
mod completions;
#[cfg(target_os = "linux")]
mod killed_accept;
mod support;
