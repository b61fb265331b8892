//! Logs the way Lambda wants them.

use std::{env, panic::PanicHookInfo};

use tracing::{Level, Metadata, level_filters::LevelFilter};
use tracing_subscriber::filter::{FilterFn, Targets};
use tracing_subscriber::{fmt, layer::SubscriberExt, util::SubscriberInitExt};

/// Installs a subscriber for `tracing`, unless there is one, and sends panics through it.
///
/// `AWS_LAMBDA_LOG_FORMAT` and `AWS_LAMBDA_LOG_LEVEL` are what Lambda sets from a function's logging configuration.
pub(crate) fn init() {
    let json = env::var("AWS_LAMBDA_LOG_FORMAT").is_ok_and(|format| format.eq_ignore_ascii_case("json"));
    let registry = tracing_subscriber::registry()
        .with(filter())
        .with(FilterFn::new(is_no_request));
    let installed = if json {
        registry
            .with(fmt::layer().json().flatten_event(true).with_span_list(false))
            .try_init()
    } else {
        registry.with(fmt::layer().with_ansi(false)).try_init()
    };
    // Otherwise the program has a subscriber of its own, and perhaps a panic hook: they stay.
    if installed.is_ok() {
        std::panic::set_hook(Box::new(log_panic));
    }
}

fn filter() -> Targets {
    let targets = match env::var("AWS_LAMBDA_LOG_LEVEL") {
        Ok(level) => Targets::new().with_default(lambda_level(&level)),
        Err(_) => env::var("RUST_LOG")
            .ok()
            .and_then(|directives| directives.parse().ok())
            .unwrap_or_else(|| Targets::new().with_default(Level::INFO)),
    };
    // This layer of the runtime repeats every error that a function returns, rejections too, as an error of its own.
    targets.with_target("lambda_runtime::layers::panic", LevelFilter::OFF)
}

/// At TRACE the AWS SDK logs requests and answers as they are: to whom a message goes, what it says. No setting brings them
/// into our log.
fn is_no_request(metadata: &Metadata<'_>) -> bool {
    const OF_THE_SDK: [&str; 4] = ["aws_runtime", "aws_sdk_", "aws_sigv4", "aws_smithy_"];
    *metadata.level() != Level::TRACE
        || !OF_THE_SDK
            .iter()
            .any(|prefix| metadata.target().starts_with(prefix))
}

fn lambda_level(level: &str) -> LevelFilter {
    match level.to_ascii_uppercase().as_str() {
        "TRACE" => LevelFilter::TRACE,
        "DEBUG" => LevelFilter::DEBUG,
        "WARN" => LevelFilter::WARN,
        "ERROR" | "FATAL" => LevelFilter::ERROR,
        _ => LevelFilter::INFO,
    }
}

/// A panic as a log line with its place, within the span of the call it ends.
fn log_panic(info: &PanicHookInfo<'_>) {
    let message = info.payload_as_str().unwrap_or("a value that is no text");
    let place = info.location().map(ToString::to_string).unwrap_or_default();
    tracing::error!(place, "panic: {message}");
}
