//! The layer around the function: a span for each call.

use std::{
    collections::HashMap,
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{self, Poll},
    time::Duration,
};

use cognito_triggers::{
    function::Refusal,
    layer::{Answer, LambdaEvent, Payload, TriggerInfo},
};
use lambda_runtime::tower::{Layer, Service};
use opentelemetry::{
    Context,
    context::FutureExt,
    propagation::TextMapPropagator,
    trace::{SpanKind, TraceContextExt, Tracer, TracerProvider},
};
use opentelemetry_aws::trace::XrayPropagator;
use opentelemetry_sdk::trace::SdkTracerProvider;

use crate::faas::{self, SCOPE};

/// How long a call waits for its spans to be taken. What isn't sent by then goes out with the next call.
const FLUSH_LIMIT: Duration = Duration::from_millis(250);

/// The layer: a span for each call, with the parent that X-Ray sends.
///
/// At the end of a call its spans are sent, before the answer: after that, Lambda may freeze the process.
pub fn traced(provider: SdkTracerProvider) -> TracedLayer {
    TracedLayer(provider)
}

/// Made by [`traced`].
#[derive(Clone, Debug)]
pub struct TracedLayer(SdkTracerProvider);

impl<N> Layer<N> for TracedLayer {
    type Service = Traced<N>;

    fn layer(&self, next: N) -> Traced<N> {
        Traced {
            next,
            provider: self.0.clone(),
            is_cold: Arc::new(AtomicBool::new(true)),
        }
    }
}

/// A function with [`traced`] around it.
#[derive(Clone, Debug)]
pub struct Traced<N> {
    next: N,
    provider: SdkTracerProvider,
    /// Whether the process has had no call yet.
    is_cold: Arc<AtomicBool>,
}

impl<N> Service<LambdaEvent<Payload>> for Traced<N>
where
    N: Service<LambdaEvent<Payload>, Response = Answer, Error = Refusal>,
    N::Future: Send + 'static,
{
    type Response = Answer;
    type Error = Refusal;
    type Future = Pin<Box<dyn Future<Output = Result<Answer, Refusal>> + Send>>;

    fn poll_ready(&mut self, cx: &mut task::Context<'_>) -> Poll<Result<(), Refusal>> {
        self.next.poll_ready(cx)
    }

    fn call(&mut self, event: LambdaEvent<Payload>) -> Self::Future {
        let is_cold = self.is_cold.swap(false, Ordering::Relaxed);
        let context = &event.context;
        let parent = parent(context.xray_trace_id.as_deref());
        let info = TriggerInfo::of(&event.payload);
        let name = match context.env_config.function_name.as_str() {
            "" => "function".to_owned(),
            name => name.to_owned(),
        };
        let tracer = self.provider.tracer(SCOPE);
        let span = tracer
            .span_builder(name)
            .with_kind(SpanKind::Server)
            .with_attributes(faas::of_call(context, info.as_ref(), is_cold))
            .start_with_context(&tracer, &parent);
        let context = parent.with_span(span);
        let (future, provider) = (self.next.call(event), self.provider.clone());
        Box::pin(async move {
            // Spans of the handler have this one as their parent, because it is in the current context.
            let result = future.with_context(context.clone()).await;
            faas::end(&context.span(), &result);
            context.span().end();
            flush(provider).await;
            result
        })
    }
}

/// The parent of a call's span: what X-Ray's header says. Without a header, the span begins a trace.
fn parent(header: Option<&str>) -> Context {
    let header = header.map(|header| ("x-amzn-trace-id".to_owned(), header.to_owned()));
    let headers: HashMap<_, _> = header.into_iter().collect();
    // Not in the current context: calls don't belong to each other.
    XrayPropagator::default().extract_with_context(&Context::new(), &headers)
}

/// Sends what has ended. It blocks a thread that isn't the one of the calls.
async fn flush(provider: SdkTracerProvider) {
    let flushed = tokio::task::spawn_blocking(move || provider.force_flush());
    match tokio::time::timeout(FLUSH_LIMIT, flushed).await {
        Ok(Ok(Ok(()))) => {}
        Ok(Ok(Err(error))) => tracing::warn!(%error, "spans weren't sent"),
        Ok(Err(_)) | Err(_) => tracing::warn!("spans aren't sent yet"),
    }
}
