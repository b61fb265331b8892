//! Logs the way Lambda wants them.

mod level;

use std::{env, panic::PanicHookInfo};

use tracing::{Level, Metadata, Subscriber};
use tracing_subscriber::filter::{FilterFn, Targets};
use tracing_subscriber::{fmt, layer::SubscriberExt, registry::LookupSpan, util::SubscriberInitExt};

use self::level::{Levels, levels};

/// Installs a subscriber for `tracing`, unless there is one, and sends panics through it.
///
/// `AWS_LAMBDA_LOG_FORMAT` and `AWS_LAMBDA_LOG_LEVEL` are what Lambda sets from a function's logging configuration.
pub(crate) fn init() {
    let json =
        env::var("AWS_LAMBDA_LOG_FORMAT").is_ok_and(|format| format.trim().eq_ignore_ascii_case("json"));
    let variable = |name| env::var_os(name).map(|value| value.to_string_lossy().into_owned());
    let Levels { targets, odd } = levels(
        variable("AWS_LAMBDA_LOG_LEVEL").as_deref(),
        variable("RUST_LOG").as_deref(),
    );
    let registry = filtered(targets);
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
        if let Some(odd) = odd {
            tracing::warn!("{odd}");
        }
    }
}

/// What every line has to pass before it is written.
fn filtered(targets: Targets) -> impl Subscriber + for<'a> LookupSpan<'a> + Send + Sync {
    tracing_subscriber::registry()
        .with(targets)
        .with(FilterFn::new(is_no_request))
}

/// Whether the line is none of the AWS SDK at TRACE: those have whole requests and answers, with addresses and messages.
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

/// A panic as a log line with its place, within the span of the call it ends.
fn log_panic(info: &PanicHookInfo<'_>) {
    let message = info.payload_as_str().unwrap_or("a value that is not a string");
    let place = info.location().map(ToString::to_string).unwrap_or_default();
    tracing::error!(place, "panic: {message}");
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use tracing_subscriber::layer::{Context, Layer};

    use super::*;

    /// Records the targets of the events that arrive.
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
