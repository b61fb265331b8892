//! `cargo cognito event`

use std::fmt::Write;

use cognito_triggers::{DEFINITIONS, testing::samples};

use super::Unable;
use crate::{
    args,
    output::{self, exit},
};

pub(super) fn run(args: &args::Event) -> Result<u8, Unable> {
    let Some(source) = &args.source else {
        output::data(list());
        return Ok(exit::GOOD);
    };
    let sample = samples::find(source, None, None)
        .ok_or_else(|| format!("no trigger source `{source}`; `cargo cognito event` lists them"))?;
    output::data(sample.json);
    Ok(exit::GOOD)
}

/// Every source once, with the routes that take it and when it fires.
fn list() -> String {
    let mut rows: Vec<(&str, Vec<&str>, &str)> = Vec::new();
    for definition in DEFINITIONS {
        for source in definition.sources {
            match rows.iter_mut().find(|(name, ..)| *name == source.name) {
                Some((_, routes, _)) => routes.push(definition.route),
                None => rows.push((source.name, vec![definition.route], source.fires)),
            }
        }
    }
    let mut text = String::new();
    for (source, routes, fires) in rows {
        let _ = writeln!(text, "{source:<44}{:<31}{fires}", abridged(&routes));
    }
    text
}

/// `pre_token_generation_v1|v2|v3`: the routes of one source differ in the version only.
fn abridged(routes: &[&str]) -> String {
    let mut text = String::new();
    for route in routes {
        match route.rsplit_once('_') {
            Some((_, version)) if !text.is_empty() => {
                let _ = write!(text, "|{version}");
            }
            _ => text.push_str(route),
        }
    }
    text
}
