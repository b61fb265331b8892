//! `cargo cognito routes`: what a binary routes, as it says itself.
//!
//! A line is a route and the key of `LambdaConfig` that calls it, with its `LambdaVersion` if it has one. The binary is
//! started for this question, without AWS credentials, and ends after it.

use cognito_triggers::model::triggers::DEFINITIONS;
use cognito_triggers_targets::Routes;

use crate::{args, binary, error::CommandError, exit_code, output};

/// Prints the routes of a binary.
///
/// # Errors
/// Fails if there is no such binary, it doesn't compile, or it doesn't say what it routes.
pub(super) async fn run(args: &args::Routes) -> Result<u8, CommandError> {
    let routes = Routes::of_binary(&binary::resolve(args.bin.as_deref()).await?).await?;
    for route in &routes.routes {
        let hook = DEFINITIONS
            .iter()
            .find(|definition| definition.route.as_str() == route);
        let hook = hook.map(|definition| match definition.lambda_version {
            Some(version) => format!("{} {version}", definition.hook),
            None => definition.hook.to_owned(),
        });
        output::report(format!("{route:<32}{}\n", hook.unwrap_or_default()));
    }
    if routes.otherwise {
        output::report("otherwise                       every other trigger\n");
    }
    Ok(exit_code::SUCCESS)
}
