//! Opens the functions of the pools, and compares their routes with the hooks in `LambdaConfig`.
//!
//! A function gets the same KMS as in `replay`, and the endpoint of the pool as
//! `AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER`: a handler that calls Cognito calls this pool.

use std::ffi::OsString;

use cognito_triggers_pool::TargetFunctions;
use cognito_triggers_targets::{HttpTarget, MultiTarget, Process, Routes};

use super::{
    hooks::{self, RoutedBy},
    sources::Sources,
};
use crate::{args, binary, error::CommandError, kms::Kms};

/// The functions, and the KMS that runs as long as they do.
pub(super) struct OpenFunctions {
    functions: TargetFunctions,
    _kms: Option<Kms>,
}

impl cognito_triggers_pool::Functions for OpenFunctions {
    fn invoke<'a>(
        &'a self,
        arn: &'a str,
        event: bytes::Bytes,
        limit: std::time::Duration,
    ) -> cognito_triggers_targets::BoxFuture<'a, Result<bytes::Bytes, cognito_triggers_pool::LambdaError>>
    {
        self.functions.invoke(arn, event, limit)
    }
}

/// Opens the functions. `endpoint` is the URL of the pools.
///
/// A pool without a source gets a hook for each route of the binaries. An endpoint (`--url`) doesn't list its routes, so it
/// needs a source, and its hooks aren't checked.
///
/// # Errors
/// If a binary is missing or doesn't compile, two have the same route, a hook has no route, or the URL can't be used.
pub(super) async fn open(
    args: &args::Pool,
    endpoint: &str,
    sources: &mut Sources,
) -> Result<OpenFunctions, CommandError> {
    if let Some(url) = &args.function.url {
        if sources.is_empty() {
            return Err("--url can't be asked for its routes; give a SOURCE that has a LambdaConfig".into());
        }
        return Ok(OpenFunctions {
            functions: TargetFunctions::new(HttpTarget::new(url)?),
            _kms: None,
        });
    }
    let kms = Kms::start(&sources.pool_ids(), args.with_aws).await?;
    let start = |binary| {
        let process = Process::new(binary)
            .with_aws(args.with_aws)
            .env("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", endpoint);
        match &kms {
            Some(kms) => kms.configure(process),
            None => process,
        }
    };
    let mut all = MultiTarget::new();
    let mut routed_by = RoutedBy::new();
    let bins: Vec<Option<&OsString>> = match args.function.bin.as_slice() {
        [] => vec![None],
        bins => bins.iter().map(Some).collect(),
    };
    for bin in bins {
        let path = binary::resolve(bin.map(OsString::as_os_str)).await?;
        let name = binary::name(&path).into_owned();
        let routes = Routes::of_binary(&path)
            .await
            .map_err(|error| format!("{name}: {error}"))?;
        routed_by.extend(routes.routes.iter().map(|route| (route.clone(), name.clone())));
        all.add(&name, routes, start(path))?;
    }
    if sources.is_empty() {
        sources.set_hooks(hooks::lambda_config(&routed_by));
    }
    for config in sources.lambda_configs() {
        hooks::check(config, &routed_by)?;
    }
    Ok(OpenFunctions {
        functions: TargetFunctions::new(all),
        _kms: kms,
    })
}
