//! A function whose calls are spans of OpenTelemetry.
//!
//! - [`provider`] makes spans and hands them to an exporter: OTLP on Lambda, memory in a test.
//! - [`subscribe`] connects `tracing` with it, so that the spans of a handler are children of the call's.
//! - [`traced`] is the layer around the function: a span for each call, and a flush at its end.

mod collector;
mod faas;
mod layer;

use std::{error::Error, io};

use cognito_triggers::{Context, Event, PreSignUp, Result, Router, pre_sign_up, reject, router};
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{SpanExporter as OtlpExporter, WithHttpConfig};
use opentelemetry_sdk::trace::{SdkTracerProvider, SpanExporter};
use tracing::Instrument;
use tracing_subscriber::{Layer, filter::filter_fn, layer::SubscriberExt, registry};

use self::faas::SCOPE;
pub use layer::{Traced, TracedLayer, traced};

/// The router of this function.
pub fn triggers() -> Router<()> {
    router! { pre_sign_up => allow_known_tenants }
}

/// Accepts users of a known tenant. The lookup is a span of its own, in the span of the call.
///
/// It looks at the address alone, which a sign-up still has to prove with a code. For federated users, look at `email_verified` too.
pub async fn allow_known_tenants(_: Context<()>, event: Event<PreSignUp>) -> Result<pre_sign_up::Response> {
    let email = event.request.user_attributes.email().unwrap_or_default();
    // The span has no attribute of the user: whoever reads traces isn't whoever may read personal data.
    let is_known = is_known(email)
        .instrument(tracing::info_span!("find the tenant"))
        .await;
    if !is_known {
        return Err(reject("this email domain is not invited"));
    }
    Ok(pre_sign_up::Response::default())
}

/// Stands for a call of a database.
async fn is_known(email: &str) -> bool {
    tokio::task::yield_now().await;
    email.ends_with("@example.com")
}

/// An exporter to a collector, by OTLP over HTTP. `OTEL_EXPORTER_OTLP_ENDPOINT` has its address; without it, it is
/// `http://localhost:4318`, where a Lambda layer with a collector listens.
///
/// # Errors
/// If the address is no URL.
pub fn exporter() -> std::result::Result<OtlpExporter, Box<dyn Error>> {
    let builder = OtlpExporter::builder().with_http();
    Ok(builder.with_http_client(collector::Collector).build()?)
}

/// Makes spans. Those that have ended go to the exporter in batches, at the latest when a call ends.
pub fn provider(exporter: impl SpanExporter + 'static) -> SdkTracerProvider {
    SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_resource(faas::resource(|name| std::env::var(name).ok()))
        .build()
}

/// Installs a subscriber: lines of log as JSON, and spans for OpenTelemetry.
///
/// The library's own span of a call, `trigger`, stays in the log. OpenTelemetry gets the one of the layer in its place, which
/// has the names of the semantic conventions.
///
/// # Errors
/// If there is a subscriber already.
pub fn subscribe(provider: &SdkTracerProvider) -> std::result::Result<(), Box<dyn Error>> {
    let of_handlers = filter_fn(|metadata| !metadata.target().starts_with("cognito_triggers::"));
    let spans = tracing_opentelemetry::layer().with_tracer(provider.tracer(SCOPE));
    let lines = tracing_subscriber::fmt::layer().json().with_writer(io::stdout);
    let at_info = filter_fn(|metadata| *metadata.level() <= tracing::Level::INFO);
    let subscriber = registry()
        .with(lines.with_filter(at_info.clone()))
        .with(spans.with_filter(of_handlers));
    Ok(tracing::subscriber::set_global_default(subscriber)?)
}
