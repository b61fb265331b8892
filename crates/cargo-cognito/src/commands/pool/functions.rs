//! Opens the functions of the pools, and compares their routes with the hooks in `LambdaConfig`.
//!
//! | arguments | which function gets an event |
//! |---|---|
//! | `--url` | the endpoint |
//! | one `--bin`, or none | the binary, whatever function a hook names |
//! | several `--bin` | the binary that routes the trigger |
//! | `--run-by` | the binary that the function of the hook runs, as `check` finds it |
//!
//! A function gets the variables that its template sets, as far as they are known here, the same KMS as in `replay`, and the endpoint of the pool as
//! `AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER`: a handler that calls Cognito calls this pool. `AWS_SDK_UA_APP_ID` tells its calls
//! from those of clients.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use bytes::Bytes;
use cognito_triggers_pool::{Functions, Invoked, LambdaError, TargetFunctions, recording::FUNCTION_APP_ID};
use cognito_triggers_targets::{BoxFuture, HttpTarget, Process};
use serde_json::{Map, Value};

use super::{
    endpoint::Endpoint,
    hooks,
    programs::{Program, Programs},
    sources::Sources,
    variables::Variables,
};
use crate::{
    args::{self, Logs},
    error::CommandError,
    kms::Kms,
    output,
};

/// The functions of the pools, which `--watch` replaces.
///
/// Clones share them. A call keeps the functions that it began with, and their processes end after the last such call.
#[derive(Clone)]
pub(super) struct SharedFunctions(Arc<RwLock<Arc<dyn Functions>>>);

impl SharedFunctions {
    fn new(functions: impl Functions) -> Self {
        Self(Arc::new(RwLock::new(Arc::new(functions))))
    }

    fn get(&self) -> Arc<dyn Functions> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn replace(&self, functions: impl Functions) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(functions);
    }
}

impl Functions for SharedFunctions {
    fn invoke<'a>(
        &'a self,
        arn: &'a str,
        event: Bytes,
        limit: Duration,
    ) -> BoxFuture<'a, Result<Bytes, LambdaError>> {
        Box::pin(async move { self.get().invoke(arn, event, limit).await })
    }

    fn invoke_with_log<'a>(&'a self, arn: &'a str, event: Bytes, limit: Duration) -> BoxFuture<'a, Invoked> {
        Box::pin(async move { self.get().invoke_with_log(arn, event, limit).await })
    }
}

/// The functions, and what is needed to open them again.
pub(super) struct OpenFunctions<'a> {
    args: &'a args::Pool,
    endpoint: &'a str,
    sources: Sources,
    /// `None` for an endpoint.
    programs: Option<Programs>,
    pub(super) functions: SharedFunctions,
    /// Runs as long as the functions do.
    kms: Option<Kms>,
}

impl<'a> OpenFunctions<'a> {
    /// Opens the functions. `endpoint` is the URL of the pools.
    ///
    /// A pool without a source gets a hook for each route of the binaries. An endpoint (`--url`) and a function in another
    /// language don't list their routes, so they need a source, and their hooks aren't checked.
    ///
    /// # Errors
    /// If a binary is missing or doesn't compile, two have the same route, a hook has no function or no route, or the URL
    /// can't be used.
    pub(super) async fn open(
        args: &'a args::Pool,
        endpoint: &'a str,
        sources: &mut Sources,
    ) -> Result<Self, CommandError> {
        if let Some(url) = &args.function.url {
            return Self::open_url(args, endpoint, sources, url);
        }
        let kms = Kms::start(&sources.pool_ids(), args.with_aws).await?;
        let programs = Programs::ask(Program::build_all(args).await?, &args.run_by).await?;
        if sources.is_empty() {
            if let Some(name) = programs.unasked.first() {
                return Err(cannot_be_asked(name));
            }
            sources.set_hooks(hooks::lambda_config(&programs.routed_by()));
        }
        let (functions, lacking) = start(args, endpoint, kms.as_ref(), sources, &programs)?;
        lacking.iter().for_each(output::warning);
        for name in &programs.unasked {
            warn_about_routes(name);
        }
        let by_route = is_by_route(args, sources);
        for sentence in programs.left_to_otherwise(sources, by_route, sources.lambda_configs())? {
            output::warning(sentence);
        }
        for name in programs.unused(sources)? {
            output::warning(format_args!(
                "no hook calls a function that runs {name}; it gets no event"
            ));
        }
        Ok(Self {
            args,
            endpoint,
            sources: sources.clone(),
            programs: Some(programs),
            functions: SharedFunctions::new(functions),
            kms,
        })
    }

    /// Opens an endpoint.
    ///
    /// # Errors
    /// If the URL can't be used, or there is no source.
    fn open_url(
        args: &'a args::Pool,
        endpoint: &'a str,
        sources: &Sources,
        url: &str,
    ) -> Result<Self, CommandError> {
        if sources.is_empty() {
            return Err(cannot_be_asked("--url"));
        }
        let functions = SharedFunctions::new(Endpoint(HttpTarget::new(url)?));
        warn_about_routes(url);
        Ok(Self {
            args,
            endpoint,
            sources: sources.clone(),
            programs: None,
            functions,
            kms: None,
        })
    }

    /// Says which hooks of stored pools no function answers, or only `otherwise`. `configs` has the `LambdaConfig` of each pool by its id.
    ///
    /// They are no error, because only a running pool can change what is stored.
    pub(super) fn check_stored(&self, configs: &BTreeMap<String, Map<String, Value>>) {
        let Some(programs) = &self.programs else {
            return;
        };
        let is_by_route = is_by_route(self.args, &self.sources);
        let left_to_otherwise = |configs: &mut dyn Iterator<Item = &Map<String, Value>>| {
            let sentences = programs.left_to_otherwise(&self.sources, is_by_route, configs);
            sentences.unwrap_or_default()
        };
        let said = left_to_otherwise(&mut self.sources.lambda_configs());
        for (id, config) in configs {
            if let Err(error) = programs.check_stored(&self.sources, is_by_route, config) {
                output::warning(format_args!("the stored pool {id}: {error}"));
            }
            for sentence in left_to_otherwise(&mut std::iter::once(config)).difference(&said) {
                output::warning(format_args!("the stored pool {id}: {sentence}"));
            }
        }
    }

    /// Whether a file that the functions run was replaced, though they weren't.
    pub(super) fn are_changed(&self) -> bool {
        let programs = self.programs.iter().flat_map(|programs| &programs.programs);
        programs.into_iter().any(Program::is_changed)
    }

    /// Builds the binaries again, and replaces the functions. The functions from before stay if that fails.
    ///
    /// Returns `false` if cargo had nothing to build, so that the functions are the same.
    ///
    /// # Errors
    /// Those of [`open`](Self::open).
    pub(super) async fn reopen(&mut self) -> Result<bool, CommandError> {
        let Some(before) = &self.programs else {
            return Ok(false);
        };
        let programs = Program::rebuild_all(&before.programs).await?;
        if programs == before.programs && !programs.iter().any(Program::is_given_by_path) {
            return Ok(false);
        }
        let programs = Programs::ask(programs, &self.args.run_by).await?;
        // What the functions lack was said at the start.
        let (functions, _) = start(
            self.args,
            self.endpoint,
            self.kms.as_ref(),
            &self.sources,
            &programs,
        )?;
        if self.sources.is_empty() {
            let routes = before.routed_by();
            for route in programs
                .routed_by()
                .keys()
                .filter(|route| !routes.contains_key(*route))
            {
                output::warning(format_args!(
                    "the route `{route}` is new and has no hook; start the pool again to get one"
                ));
            }
        }
        self.functions.replace(functions);
        self.programs = Some(programs);
        Ok(true)
    }
}

/// Compares the hooks with the routes, and makes the functions that run the binaries, with a sentence for each variable that one
/// of them lacks. Nothing is started yet.
///
/// # Errors
/// If two binaries have the same route, or a hook has no function or no route.
fn start(
    args: &args::Pool,
    endpoint: &str,
    kms: Option<&Kms>,
    sources: &Sources,
    programs: &Programs,
) -> Result<(TargetFunctions, BTreeSet<String>), CommandError> {
    let variables = match sources.is_empty() {
        true => Variables::default(),
        false => Variables::new(sources.wiring()?.variables_of_each_function(), args.with_aws),
    };
    let process = |program: &Program, functions: &[&str]| {
        let process = variables
            .configure(Process::new(&program.path), functions)
            .retry_start(true)
            .with_aws(args.with_aws)
            .env("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", endpoint)
            .env("AWS_SDK_UA_APP_ID", FUNCTION_APP_ID);
        match kms {
            Some(kms) => kms.configure(process),
            None => process,
        }
    };
    let functions = if is_by_route(args, sources) {
        programs.by_route(sources, &variables, process)?
    } else {
        programs.by_function(sources, process)?
    };
    let functions = match args.log {
        Logs::All => functions.all_logs(),
        Logs::Failed => functions,
    };
    Ok((functions, variables.lacking()))
}

/// Whether the route of an event decides which binary gets it, and not the function of the hook.
fn is_by_route(args: &args::Pool, sources: &Sources) -> bool {
    args.run_by.is_empty() || sources.is_empty()
}

/// The error for a pool that would get its hooks from the routes of such a function.
fn cannot_be_asked(function: &str) -> CommandError {
    format!("{function} can't be asked for its routes; give a SOURCE that has a LambdaConfig").into()
}

/// Says that the hooks of a function aren't compared with its routes.
fn warn_about_routes(function: &str) {
    output::warning(format_args!(
        "{function} can't be asked for its routes; the hooks that call it aren't checked"
    ));
}
