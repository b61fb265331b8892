//! Lists of sources and of variants, for people and for `grep`.
//!
//! The list of sources has one line for each source. The list of variants has two lines for each: its source and options,
//! and the fact that it shows.

use std::fmt::Write;

use cognito_triggers::{model::triggers::DEFINITIONS, samples::Sample};

/// Each sample with the options that print it and the fact that it shows.
pub(super) fn variants(samples: impl Iterator<Item = &'static Sample>) -> String {
    let mut text = String::new();
    for sample in samples {
        let name = sample
            .variant
            .map(|variant| format!(" --variant {variant}"))
            .unwrap_or_default();
        let version = sample.lambda_version();
        let source = sample.source;
        // Writing to a string can't fail.
        let _ = writeln!(text, "{source} {version}{name}\n    {}", sample.fact);
    }
    text
}

/// Each source once, with its routes and when Cognito sends it, in the order of the routes.
pub(super) fn sources() -> String {
    let mut rows: Vec<(&str, Vec<&str>, &str)> = Vec::new();
    for definition in DEFINITIONS {
        for source in definition.sources {
            match rows.iter_mut().find(|(name, ..)| *name == source.name) {
                Some((_, routes, _)) => routes.push(definition.route.as_str()),
                None => rows.push((source.name, vec![definition.route.as_str()], source.description)),
            }
        }
    }
    let mut text = String::new();
    for (source, routes, fires) in rows {
        let _ = writeln!(text, "{source:<46}{:<32}{fires}", abbreviate(&routes));
    }
    text
}

/// The routes of one source in one word: `pre_token_generation_v1|v2|v3`. They differ only in their version.
fn abbreviate(routes: &[&str]) -> String {
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
