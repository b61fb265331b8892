//! `cargo cognito routes`

use cognito_triggers::DEFINITIONS;
use cognito_triggers_targets::Routes;

use super::{Unable, target};
use crate::{
    args,
    output::{self, exit},
};

pub(super) async fn run(args: &args::Routes) -> Result<u8, Unable> {
    let routes = Routes::of_binary(&target::program(&args.bin).await?).await?;
    for route in &routes.routes {
        let hook = DEFINITIONS
            .iter()
            .find(|definition| definition.route.as_str() == route);
        let hook = hook.map(|definition| match definition.lambda_version {
            Some(version) => format!("{} {version}", definition.hook),
            None => definition.hook.to_owned(),
        });
        output::data(format!("{route:<32}{}\n", hook.unwrap_or_default()));
    }
    if routes.otherwise {
        output::data("otherwise                       every other trigger\n");
    }
    Ok(exit::GOOD)
}
