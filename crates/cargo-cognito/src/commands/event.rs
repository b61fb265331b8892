//! `cargo cognito event`: the sample events of the model, with changes.
//!
//! | arguments | output |
//! |---|---|
//! | none | every source, its routes, and when it fires |
//! | `--variants` | every variant, and what it shows |
//! | a source | its plain event, or that of `--variant` and `--lambda-version`, with the changes of the other options |
//! | `--all-routed DIR` | an event file for every source and variant that a binary routes |

mod all_routed;
mod edited;
mod list;

use cognito_triggers::samples::{self, Sample};

use crate::{args, error::CommandError, exit_code, output, sources};

/// Prints an event or a list, or writes event files.
///
/// # Errors
/// Fails if there is no such source, version or variant, or a change doesn't fit the event; for `--all-routed`, if the binary
/// doesn't say what it routes or a file can't be written.
pub(super) async fn run(args: args::Event) -> Result<u8, CommandError> {
    if let Some(directory) = &args.all_routed {
        all_routed::write(directory, args.bin.as_deref()).await?;
        return Ok(exit_code::SUCCESS);
    }
    match &args.source {
        None if args.variants => output::report(list::variants(samples::all())),
        None => output::report(list::sources()),
        Some(source) => {
            let known = known(source, args.lambda_version.as_deref())?;
            if args.variants {
                output::report(list::variants(known.into_iter()));
            } else {
                output::print(format!("{:#}\n", edited::event(args, &known)?));
            }
        }
    }
    Ok(exit_code::SUCCESS)
}

/// The samples of a source, in one version or in all.
///
/// # Errors
/// Fails if there is no such source, or it doesn't come in this version.
fn known(source: &str, version: Option<&str>) -> Result<Vec<&'static Sample>, String> {
    let of_source: Vec<_> = samples::all().filter(|sample| sample.source == source).collect();
    if of_source.is_empty() {
        let meant = sources::did_you_mean(source);
        return Err(format!(
            "there is no trigger source `{source}`; {}`cargo cognito event` lists them",
            meant.map_or_else(String::new, |meant| format!("did you mean `{meant}`? "))
        ));
    }
    let Some(version) = version else {
        return Ok(of_source);
    };
    let mut versions: Vec<_> = of_source.iter().map(|sample| sample.lambda_version()).collect();
    versions.dedup();
    let of_version = |sample: &&Sample| sample.lambda_version() == version;
    let known: Vec<_> = of_source.into_iter().filter(of_version).collect();
    if known.is_empty() {
        return Err(format!(
            "{source} has no version {version}; its versions are {}",
            versions.join(", ")
        ));
    }
    Ok(known)
}
