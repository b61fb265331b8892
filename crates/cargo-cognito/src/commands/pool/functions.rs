//! The functions of the pools, and the hooks of a pool that has none of its own.

use std::{collections::BTreeSet, ffi::OsString};

use cognito_triggers_loopback::seal::KEY_ARN;
use cognito_triggers_pool::TargetFunctions;
use cognito_triggers_targets::{HttpTarget, MultiTarget, Process, Routes};
use serde_json::{Map, Value, json};

use super::sources::Sources;
use crate::{args, binary, error::CommandError, kms::Kms};

/// Functions, and the KMS that has to run as long as they do.
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
    ) -> cognito_triggers_targets::BoxFuture<'a, Result<bytes::Bytes, cognito_triggers_pool::InvokeError>>
    {
        self.functions.invoke(arn, event, limit)
    }
}

/// Opens the functions. A pool without a source gets a hook for each route of the binaries.
///
/// # Errors
/// If a binary is missing or doesn't compile, two have the same route, or the URL can't be used.
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
    let mut hooks = BTreeSet::new();
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
        hooks.extend(routes.routes.iter().map(|route| (route.clone(), name.clone())));
        all.add(&name, routes, start(path))?;
    }
    if sources.is_empty() {
        sources.set_hooks(lambda_config(&hooks));
    } else {
        sources.check_hooks(&hooks.iter().map(|(route, _)| route.as_str()).collect())?;
    }
    Ok(OpenFunctions {
        functions: TargetFunctions::new(all),
        _kms: kms,
    })
}

/// A `LambdaConfig` with a hook for each route. Of the versions of token generation the highest is wired.
fn lambda_config(hooks: &BTreeSet<(String, String)>) -> Value {
    let mut config = Map::new();
    for definition in cognito_triggers::model::triggers::DEFINITIONS {
        let Some((_, name)) = hooks
            .iter()
            .find(|(route, _)| *route == definition.route.as_str())
        else {
            continue;
        };
        let arn = format!("arn:aws:lambda:us-east-1:123456789012:function:{name}");
        if !definition.synchronous {
            let hook = json!({ "LambdaVersion": "V1_0", "LambdaArn": arn });
            config.insert(definition.hook.to_owned(), hook);
            config.insert("KMSKeyID".to_owned(), json!(key_arn()));
        } else if definition.hook == "PreTokenGeneration" {
            let hook =
                json!({ "LambdaVersion": definition.lambda_version.unwrap_or("V1_0"), "LambdaArn": arn });
            config.insert("PreTokenGenerationConfig".to_owned(), hook);
        } else if definition.hook != "InboundFederation" {
            config.insert(definition.hook.to_owned(), json!(arn));
        }
    }
    Value::Object(config)
}

/// The key under which codes are sealed: the one that the function is told to use.
fn key_arn() -> String {
    let named = std::env::var("COGNITO_KMS_KEY_ARN").ok();
    named
        .filter(|arn| !arn.trim().is_empty())
        .unwrap_or_else(|| KEY_ARN.to_owned())
}
