//! Logs the way Lambda wants them.

use std::{env, panic::PanicHookInfo};

use tracing::{Level, Metadata, Subscriber, level_filters::LevelFilter};
use tracing_subscriber::filter::{FilterFn, Targets};
use tracing_subscriber::{fmt, layer::SubscriberExt, registry::LookupSpan, util::SubscriberInitExt};

/// Installs a subscriber for `tracing`, unless there is one, and sends panics through it.
///
/// `AWS_LAMBDA_LOG_FORMAT` and `AWS_LAMBDA_LOG_LEVEL` are what Lambda sets from a function's logging configuration.
pub(crate) fn init() {
    let json = env::var("AWS_LAMBDA_LOG_FORMAT").is_ok_and(|format| format.eq_ignore_ascii_case("json"));
    let registry = filtered(targets());
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

/// What every line has to pass before it is written.
fn filtered(targets: Targets) -> impl Subscriber + for<'a> LookupSpan<'a> + Send + Sync {
    tracing_subscriber::registry()
        .with(targets)
        .with(FilterFn::new(is_no_request))
}

fn targets() -> Targets {
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
    const OF_THE_SDK: [&str; 7] = [
        "aws_config",
        "aws_credential_types",
        "aws_runtime",
        "aws_sdk_",
        "aws_sigv4",
        "aws_smithy_",
        "aws_types",
    ];
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

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use tracing_subscriber::layer::{Context, Layer};

    use super::*;

    /// The targets of the events that arrive.
    #[derive(Clone, Default)]
    struct Arrived(Arc<Mutex<Vec<String>>>);

    impl<S: Subscriber> Layer<S> for Arrived {
        fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
            let what = format!("{} {}", event.metadata().level(), event.metadata().target());
            self.0.lock().unwrap().push(what);
        }
    }

    #[test]
    fn what_the_sdk_says_at_trace_does_not_arrive() {
        let arrived = Arrived::default();
        // Asked for by name, even.
        let targets: Targets = "trace,aws_smithy_runtime::client=trace".parse().unwrap();
        tracing::subscriber::with_default(filtered(targets).with(arrived.clone()), || {
            tracing::trace!(target: "aws_smithy_runtime::client::orchestrator", "transmitting request");
            tracing::trace!(target: "aws_sdk_sesv2::operation", "request");
            tracing::trace!(target: "aws_sigv4::http_request", "canonical request");
            tracing::debug!(target: "aws_smithy_runtime::client::retries", "an attempt");
            tracing::trace!(target: "mine", "a step");
        });
        let arrived = arrived.0.lock().unwrap();
        assert_eq!(
            *arrived,
            ["DEBUG aws_smithy_runtime::client::retries", "TRACE mine"]
        );
    }
}
