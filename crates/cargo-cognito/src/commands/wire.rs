//! `cargo cognito wire`: the settings that a user pool needs to call a binary.
//!
//! It only prints and never calls AWS. For an existing pool, `--describe` takes the output of
//! `aws cognito-idp describe-user-pool`.

use std::path::PathBuf;

use cognito_triggers_wiring::{
    Binary, Source,
    wire::{self, Arns, WireError},
};

use crate::{
    args::{self, WireFormat},
    binary,
    error::CommandError,
    exit_code, files, output,
};

/// A client of AWS drops what its own service model doesn't have, from the description and from the input, and this command
/// can't see it.
const OLD_CLIENTS: &str = "\
use a current AWS CLI: an older one leaves out settings that it doesn't know, and the update then resets them
afterwards describe the pool again, and compare: nothing may differ but these changes and the date
";

/// Prints the settings in the format of `--format`.
///
/// # Errors
/// Fails if the binary doesn't say what it routes, an ARN is missing, or the description of the pool can't be used.
pub(super) async fn run(args: args::Wire) -> Result<u8, CommandError> {
    let binary = binary::program(args.bin.as_deref()).await?;
    let arns = Arns {
        function: args.function_arn,
        kms_key: args.kms_key_arn,
    };
    match args.format {
        WireFormat::Sam => output::print(wire::sam(&binary)?),
        WireFormat::Terraform => output::print(wire::terraform(&binary).map_err(with_option)?),
        WireFormat::Cdk => output::print(wire::cdk(&binary)?),
        WireFormat::LambdaConfig => {
            let config = wire::lambda_config(&binary, &arns).map_err(with_option)?;
            output::print(format!("{}\n", serde_json::to_string_pretty(&config)?));
        }
        WireFormat::UpdateUserPool => update_user_pool(args.describe, &binary, &arns).await?,
    }
    Ok(exit_code::SUCCESS)
}

/// Prints the input of `aws cognito-idp update-user-pool`, and on standard error what it changes and what it leaves out.
///
/// That call resets every setting that its input lacks. So the input has the settings of the description too.
///
/// # Errors
/// Fails if the description can't be read, has a setting that isn't known here, or an ARN is missing.
async fn update_user_pool(
    describe: Option<PathBuf>,
    binary: &Binary,
    arns: &Arns,
) -> Result<(), CommandError> {
    let path = describe.ok_or("--format update-user-pool needs --describe FILE")?;
    let text = files::read_all(vec![path.clone()]).await?.concat();
    let source = Source::new(path.display().to_string(), text);
    let update = wire::update_user_pool(&source, binary, arns).map_err(|error| match error {
        WireError::Refused { .. } => format!(
            "{error}\nthe settings are those of {}; correct them there",
            path.display()
        )
        .into(),
        other => with_option(other),
    })?;
    output::print(format!("{}\n", serde_json::to_string_pretty(&update.input)?));
    for change in &update.changes {
        output::message(format!("changes {change}\n"));
    }
    for left_out in &update.left_out {
        output::message(format!("{left_out}\n"));
    }
    output::message(match update.changes.is_empty() {
        true => "nothing changes: the pool is wired for this binary\n",
        false => OLD_CLIENTS,
    });
    Ok(())
}

/// Adds the option that helps to the error. Other errors are unchanged.
fn with_option(error: WireError) -> CommandError {
    match error {
        WireError::NoFunction => format!("{error}: --function-arn ARN").into(),
        WireError::NoKey => format!("{error}: --kms-key-arn ARN").into(),
        WireError::NotInTerraform => format!("{error}: --format sam, or --format update-user-pool").into(),
        other => other.into(),
    }
}
