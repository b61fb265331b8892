//! `cargo cognito pool`: serves a local user pool, whose triggers are the functions of `--bin` or `--url`.
//!
//! | file | what it does |
//! |---|---|
//! | `sources` | reads pools, app clients and users from templates and descriptions |
//! | `functions`, `programs`, `endpoint`, `hooks` | open the functions and compare their routes with the pools' `LambdaConfig` |
//! | `variables` | the variables that templates set for the functions |
//! | `watch` | opens the functions again when a file changes |
//! | `activity` | prints calls, triggers and messages as they happen |
//! | `listener` | listens, and says why the pools can't start |
//! | `cases` | saves what functions are sent and answer, for `--save-cases` |
//! | `record` | opens the file of a recording |
//! | `playback` | makes the calls of a recording again |
//! | `tls` | makes or reads the certificate of `--tls`, and says how clients trust it |
//! | `command` | runs a command against the pool, and ends with it |

mod activity;
mod cases;
mod command;
mod endpoint;
mod functions;
mod hooks;
mod listener;
mod playback;
mod programs;
mod record;
mod sources;
mod tls;
mod variables;
mod watch;

use std::{future::pending, net::Ipv4Addr};

use cognito_triggers_pool::LocalPool;
use serde_json::json;

use self::{
    cases::{SavedCases, SavingFunctions},
    functions::OpenFunctions,
    listener::{endpoint, listen, start_error},
    tls::Tls,
    watch::PoolWatch,
};
use crate::{
    args::{self, Issuer, Logs, PoolFormat},
    error::CommandError,
    exit_code, output,
};

/// Serves the pools until a signal comes, or until the command after `--` ends. The exit code is then that of the command.
///
/// # Errors
/// Fails if the port is taken, a source can't be read, a function can't be opened, or a pool has a trigger that no function
/// routes.
pub(super) async fn run(args: args::Pool) -> Result<u8, CommandError> {
    if let Some(path) = &args.replay {
        return playback::run(&args, path).await;
    }
    let host = args.host.unwrap_or(Ipv4Addr::LOCALHOST.into());
    let listener = listen(host, args.port).await?;
    let endpoint = endpoint(&listener)?;
    let tls = Tls::open(&args, host)?;
    let mut sources = sources::read(&args.sources).await?;
    let watch = PoolWatch::start(&args).await?;
    let functions = if args.no_function {
        None
    } else {
        Some(OpenFunctions::open(&args, &endpoint, &mut sources).await?)
    };

    let mut builder = LocalPool::builder().listener(listener);
    if let Some(seed) = args.seed {
        builder = builder.seed(seed);
    }
    if let Some(code) = &args.code {
        builder = builder.code(code);
    }
    if let Some(deadline) = args.deadline {
        builder = builder.deadline(deadline);
    }
    if args.log == Logs::All {
        builder = builder.all_logs();
    }
    if args.issuer == Issuer::Aws {
        builder = builder.aws_issuer();
    }
    if let Some(directory) = &args.data {
        builder = builder.data(directory);
    }
    for name in &args.allow_host {
        builder = builder.allow_host(name);
    }
    if let Some(tls) = &tls {
        builder = builder.tls(tls.certificate.clone());
    }
    if let Some(path) = &args.record {
        builder = builder.record(record::create(path)?);
    }
    if let Some(open) = &functions {
        let cases = args.save_cases.as_deref().map(SavedCases::open).transpose()?;
        builder = builder.functions(SavingFunctions {
            functions: open.functions.clone(),
            cases,
        });
    }
    let first_ids = sources.first_ids();
    let pool = sources.add_to(builder).start().await.map_err(start_error)?;
    if !host.is_loopback() {
        output::warning(format_args!(
            "everyone who reaches {} can use these pools; they are for development only",
            pool.endpoint()
        ));
    }
    for setting in pool.settings_without_effect() {
        output::warning(format_args!(
            "{setting} has no effect in the local pool; it is only stored and returned"
        ));
    }
    if let Some(open) = functions.as_ref().filter(|_| args.data.is_some()) {
        open.check_stored(&pool.lambda_configs());
    }
    for fact in pool.loaded() {
        output::message(format_args!("{fact}\n"));
    }
    announce(&pool, tls.as_ref(), args.format);
    // A call never waits for who reads the lines.
    output::in_background()?;

    let activities = pool.activities();
    let command = async {
        match args.command.as_slice() {
            [] => pending().await,
            command => command::run(command, &pool, &first_ids, tls.as_ref()).await,
        }
    };
    tokio::select! {
        // The activities before the end of the command are printed first.
        biased;
        () = activity::print(activities, args.format) => Ok(exit_code::SUCCESS),
        code = command => code,
        Err(error) = watch::keep(functions, watch) => Err(error),
    }
}

/// Prints the endpoint and the ids of the pools and their app clients.
///
/// With `--format json` it is one line of JSON on standard output, `{"endpoint": "…", "userPools": […]}`, which also tells
/// a program that the pools are ready. With `--tls` it has a member `certificate` too. Otherwise it is text on standard error.
fn announce(pool: &LocalPool, tls: Option<&Tls>, format: PoolFormat) {
    let pools = pool.user_pools();
    let endpoint = pool.endpoint();
    if format == PoolFormat::Json {
        let mut line = json!({ "endpoint": endpoint, "userPools": pools });
        if let (Some(line), Some(tls)) = (line.as_object_mut(), tls) {
            line.insert("certificate".to_owned(), tls.to_json());
        }
        output::print(format_args!("{line}\n"));
        return;
    }
    let mut text = format!("user pools at {endpoint}\n");
    if let Some(tls) = tls {
        text.push_str(&tls.to_string());
    }
    for pool in pools.as_array().into_iter().flatten() {
        let field = |value: &serde_json::Value, name: &str| {
            value
                .get(name)
                .and_then(|text| text.as_str())
                .unwrap_or_default()
                .to_owned()
        };
        text.push_str(&format!(
            "  pool {} ({})\n",
            field(pool, "id"),
            field(pool, "name")
        ));
        for client in pool
            .get("clients")
            .and_then(|list| list.as_array())
            .into_iter()
            .flatten()
        {
            text.push_str(&format!(
                "    app client {} ({})\n",
                field(client, "id"),
                field(client, "name")
            ));
        }
    }
    text.push_str("For development and tests only. Press Ctrl-C to end.\n");
    output::message(text);
}
