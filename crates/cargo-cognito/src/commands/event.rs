//! `cargo cognito event`

use std::fmt::Write;

use cognito_triggers::{
    DEFINITIONS,
    json::{Json, Path},
    samples::{self, Sample, edit},
};

use super::{Unable, seal};
use crate::{
    args,
    output::{self, exit},
};

pub(super) fn run(args: args::Event) -> Result<u8, Unable> {
    match &args.source {
        None if args.variants => output::data(variants(samples::all())),
        None => output::data(list()),
        Some(source) => {
            let known = known(source, args.lambda_version.as_deref())?;
            if args.variants {
                output::data(variants(known.into_iter()));
            } else {
                output::data(format!("{:#}\n", event(args, &known)?));
            }
        }
    }
    Ok(exit::GOOD)
}

/// The samples of a source.
fn known(source: &str, version: Option<&str>) -> Result<Vec<&'static Sample>, String> {
    let of_source: Vec<_> = samples::all().filter(|sample| sample.source == source).collect();
    if of_source.is_empty() {
        return Err(format!(
            "no trigger source `{source}`{}; `cargo cognito event` lists them",
            similar(source)
        ));
    }
    let Some(version) = version else {
        return Ok(of_source);
    };
    let mut versions: Vec<_> = of_source.iter().map(|sample| sample.lambda_version()).collect();
    versions.dedup();
    let is_fitting = |sample: &&Sample| sample.lambda_version() == version;
    let fitting: Vec<_> = of_source.into_iter().filter(is_fitting).collect();
    if fitting.is_empty() {
        return Err(format!(
            "{source} doesn't come in {version}; it comes in {}",
            versions.join(", ")
        ));
    }
    Ok(fitting)
}

/// The source that was perhaps meant.
fn similar(source: &str) -> String {
    let plain = |text: &str| text.to_ascii_lowercase().replace(['_', '-'], "");
    let wanted = plain(source);
    let found = samples::all().map(|sample| sample.source).find(|known| {
        let known = plain(known);
        known == wanted || (wanted.len() > 3 && known.contains(&wanted))
    });
    found
        .map(|found| format!("; did you mean `{found}`?"))
        .unwrap_or_default()
}

/// A sample with the changes asked for.
fn event(args: args::Event, known: &[&'static Sample]) -> Result<Json, Unable> {
    let sample = known
        .iter()
        .find(|sample| sample.variant == args.variant.as_deref())
        .ok_or_else(|| {
            let names: Vec<_> = known.iter().filter_map(|sample| sample.variant).collect();
            let variant = args.variant.as_deref().unwrap_or_default();
            match names.as_slice() {
                [] => format!("no variant `{variant}`: this source has none"),
                names => format!("no variant `{variant}`; there is {}", names.join(", ")),
            }
        })?;
    let mut event = Json::parse(sample.json)?;
    let key = |key: &str| Path::default().key(key);
    let named = [
        (key("userPoolId"), args.user_pool_id),
        (key("callerContext").key("clientId"), args.client_id),
        (key("region"), args.region),
        (key("userName"), args.user),
    ];
    for (path, value) in named {
        if let Some(value) = value {
            edit::set(&mut event, sample.route, &path, Json::string(&value))?;
        }
    }
    for (path, value) in args.set {
        edit::set(&mut event, sample.route, &path, value)?;
    }
    for path in args.unset {
        edit::unset(&mut event, &path)?;
    }
    // Last, since it is sealed for the pool that the event now has.
    if let Some(code) = args.code {
        seal::seal(&mut event, &code, args.key_arn.as_deref())?;
    }
    Ok(event)
}

/// The samples with the fact that each of them shows.
fn variants(samples: impl Iterator<Item = &'static Sample>) -> String {
    let mut text = String::new();
    for sample in samples {
        let name = sample
            .variant
            .map(|variant| format!("--variant {variant}"))
            .unwrap_or_default();
        let version = sample.lambda_version();
        let source = sample.source;
        let _ = writeln!(text, "{source} {version} {name}\n    {}", sample.fact);
    }
    text
}

/// Every source once, with the routes that take it and when it fires.
fn list() -> String {
    let mut rows: Vec<(&str, Vec<&str>, &str)> = Vec::new();
    for definition in DEFINITIONS {
        for source in definition.sources {
            match rows.iter_mut().find(|(name, ..)| *name == source.name) {
                Some((_, routes, _)) => routes.push(definition.route.as_str()),
                None => rows.push((source.name, vec![definition.route.as_str()], source.fires)),
            }
        }
    }
    let mut text = String::new();
    for (source, routes, fires) in rows {
        let _ = writeln!(text, "{source:<46}{:<32}{fires}", abridged(&routes));
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
