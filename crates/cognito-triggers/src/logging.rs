//! Logs the way Lambda wants them.

mod fields;
mod level;
mod printed;
mod spans;
mod subscriber;
mod timestamp;

#[cfg(feature = "metrics")]
pub(crate) use self::timestamp::write_timestamp;

use std::{
    env,
    io::{self, Write},
    panic::PanicHookInfo,
};

use self::{
    fields::Format,
    level::{Levels, levels},
    subscriber::LogSubscriber,
};

/// Installs a subscriber for `tracing`, unless there is one, and sends panics through it. Returns whether it was installed.
///
/// `AWS_LAMBDA_LOG_FORMAT` and `AWS_LAMBDA_LOG_LEVEL` are what Lambda sets from a function's logging configuration.
pub(crate) fn init() -> bool {
    let is_json =
        env::var("AWS_LAMBDA_LOG_FORMAT").is_ok_and(|format| format.trim().eq_ignore_ascii_case("json"));
    let format = if is_json { Format::Json } else { Format::Text };
    let variable = |name| env::var_os(name).map(|value| value.to_string_lossy().into_owned());
    let Levels { targets, odd } = levels(
        variable("AWS_LAMBDA_LOG_LEVEL").as_deref(),
        variable("RUST_LOG").as_deref(),
    );
    let subscriber = LogSubscriber::new(targets, format, write);
    let is_installed = tracing::subscriber::set_global_default(subscriber).is_ok();
    // Otherwise the program has a subscriber of its own, and perhaps a panic hook: they stay.
    if is_installed {
        std::panic::set_hook(Box::new(log_panic));
        if let Some(odd) = odd {
            tracing::warn!("{odd}");
        }
    }
    is_installed
}

/// Writes a line to standard output. If that is closed, the line is lost.
pub(crate) fn write(line: &[u8]) {
    let _ = io::stdout().lock().write_all(line);
}

/// A panic as a log line with its location, within the span of the call it ends.
fn log_panic(info: &PanicHookInfo<'_>) {
    let message = info.payload_as_str().unwrap_or("a value that is not a string");
    let location = info.location().map(ToString::to_string).unwrap_or_default();
    tracing::error!(location, "panic: {message}");
}

#[cfg(test)]
pub(crate) mod tests;
