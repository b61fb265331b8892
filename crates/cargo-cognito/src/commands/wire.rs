//! `cargo cognito wire`

use cognito_triggers_wiring::{
    Program,
    wire::{self, Arns, WireError},
};

use super::{Unable, check, target};
use crate::{
    args::{self, WireFormat},
    output::{self, exit},
};

pub(super) async fn run(args: &args::Wire) -> Result<u8, Unable> {
    let program = target::routed(&args.bin).await?;
    let arns = Arns {
        function: args.function_arn.clone(),
        kms_key: args.kms_key_arn.clone(),
    };
    match args.format {
        WireFormat::Sam => output::data(wire::sam(&program)?),
        WireFormat::LambdaConfig => {
            let config = wire::lambda_config(&program, &arns).map_err(with_option)?;
            output::data(format!("{}\n", serde_json::to_string_pretty(&config)?));
        }
        WireFormat::UpdateUserPool => update_user_pool(args, &program, &arns)?,
    }
    Ok(exit::GOOD)
}

fn update_user_pool(args: &args::Wire, program: &Program, arns: &Arns) -> Result<(), Unable> {
    let path = args
        .describe
        .as_deref()
        .ok_or("--format update-user-pool needs --describe FILE")?;
    let update = wire::update_user_pool(&check::read(path)?, program, arns).map_err(with_option)?;
    output::data(format!("{}\n", serde_json::to_string_pretty(&update.input)?));
    for change in &update.changes {
        output::talk(format!("changes {change}\n"));
    }
    for left_out in &update.left_out {
        output::talk(format!("{left_out}\n"));
    }
    if update.changes.is_empty() {
        output::talk("nothing changes: the pool is wired for this binary\n");
    }
    Ok(())
}

/// What is missing, and the option that takes it.
fn with_option(error: WireError) -> Unable {
    match error {
        WireError::NoFunction => format!("{error}: --function-arn ARN").into(),
        WireError::NoKey => format!("{error}: --kms-key-arn ARN").into(),
        other => other.into(),
    }
}
