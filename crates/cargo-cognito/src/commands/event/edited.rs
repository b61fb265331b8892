//! A sample event with the changes that the options ask for.
//!
//! A change has to fit the event. A key that no event of the trigger has is refused; with a typo it would become a field
//! that the function ignores.

use cognito_triggers::{
    model::json::{Json, Path},
    samples::{Sample, edit},
};

use crate::{args, error::CommandError, sealed_code};

/// The event of a variant, with every change of the arguments. `known` are the samples of the source.
///
/// The changes are applied in this order: the options with names of their own (`--user-pool-id`, `--client-id`, `--region`,
/// `--user`), `--set`, `--unset`, `--code`.
///
/// # Errors
/// Fails if there is no such variant, or a change doesn't fit the event.
pub(super) fn event(args: args::Event, known: &[&'static Sample]) -> Result<Json, CommandError> {
    let sample = known
        .iter()
        .find(|sample| sample.variant == args.variant.as_deref())
        .ok_or_else(|| no_variant(known, args.variant.as_deref().unwrap_or_default()))?;
    let mut event = Json::parse(sample.json)?;
    let key = |key: &str| Path::default().key(key);
    let pool = args
        .user_pool_id
        .or_else(|| pool_in_region(&event, args.region.as_deref()?));
    let named = [
        (key("userPoolId"), pool),
        (key("callerContext").key("clientId"), args.client_id),
        (key("region"), args.region),
        (key("userName"), args.user),
    ];
    for (path, value) in named {
        if let Some(value) = value {
            edit::set(&mut event, sample.route, &path, Json::string(value))?;
        }
    }
    for (path, value) in args.set {
        edit::set(&mut event, sample.route, &path, value)?;
    }
    for path in args.unset {
        edit::unset(&mut event, &path)?;
    }
    // Last, because it is encrypted for the pool that the event now has.
    if let Some(code) = args.code {
        sealed_code::seal(&mut event, &code, args.key_arn.as_deref())?;
    }
    Ok(event)
}

/// The event's pool id with another region: an id begins with the region of its pool, as in `eu-central-1_Tr1gg3rs0`.
/// `None` if the event has no such id.
fn pool_in_region(event: &Json, region: &str) -> Option<String> {
    let id = event.get("userPoolId")?.as_str()?;
    let (_, rest) = id.split_once('_')?;
    Some(format!("{region}_{rest}"))
}

/// The error for a variant that the source doesn't have. It lists the variants.
fn no_variant(known: &[&Sample], variant: &str) -> String {
    let names: Vec<_> = known.iter().filter_map(|sample| sample.variant).collect();
    match names.as_slice() {
        [] => format!("there is no variant `{variant}`: this source has none"),
        names => format!(
            "there is no variant `{variant}`; the variants are {}",
            names.join(", ")
        ),
    }
}
