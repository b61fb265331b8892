//! The names of OpenTelemetry's semantic conventions for functions.
//!
//! <https://opentelemetry.io/docs/specs/semconv/faas/faas-spans/> and
//! <https://opentelemetry.io/docs/specs/semconv/faas/aws-lambda/>, in their state of 2026-11.

use cognito_triggers::{
    function::{ErrorType, Refusal},
    layer::{Answer, TriggerInfo},
    model::Route,
};
use lambda_runtime::Context;
use opentelemetry::{
    KeyValue,
    trace::{SpanRef, Status},
};
use opentelemetry_sdk::Resource;

/// The name of the instrumentation.
pub(crate) const SCOPE: &str = "traced";

/// What is the same for all calls, from the variables that Lambda sets.
pub(crate) fn resource(variable: impl Fn(&str) -> Option<String>) -> Resource {
    let mut attributes = vec![
        KeyValue::new("cloud.provider", "aws"),
        KeyValue::new("cloud.platform", "aws_lambda"),
    ];
    for (attribute, name) in [
        ("cloud.region", "AWS_REGION"),
        ("faas.name", "AWS_LAMBDA_FUNCTION_NAME"),
        ("faas.version", "AWS_LAMBDA_FUNCTION_VERSION"),
        ("faas.instance", "AWS_LAMBDA_LOG_STREAM_NAME"),
    ] {
        attributes.extend(variable(name).map(|value| KeyValue::new(attribute, value)));
    }
    // In bytes; the variable has it in mebibytes.
    let memory: Option<i64> = variable("AWS_LAMBDA_FUNCTION_MEMORY_SIZE").and_then(|size| size.parse().ok());
    attributes.extend(memory.map(|size| KeyValue::new("faas.max_memory", size * 1024 * 1024)));
    let name = variable("AWS_LAMBDA_FUNCTION_NAME").unwrap_or_else(|| "function".to_owned());
    Resource::builder()
        .with_service_name(name)
        .with_attributes(attributes)
        .build()
}

/// What is known at the beginning of a call. Nothing of it is about a user.
pub(crate) fn of_call(context: &Context, info: Option<&TriggerInfo>, is_cold: bool) -> Vec<KeyValue> {
    let mut attributes = vec![
        KeyValue::new("faas.trigger", "other"),
        KeyValue::new("faas.invocation_id", context.request_id.clone()),
        KeyValue::new("faas.coldstart", is_cold),
    ];
    if !context.invoked_function_arn.is_empty() {
        attributes.push(KeyValue::new(
            "cloud.resource_id",
            context.invoked_function_arn.clone(),
        ));
    }
    if let Some(info) = info {
        let route = info.route.map_or("none", Route::as_str);
        attributes.push(KeyValue::new("cognito.route", route));
        attributes.push(KeyValue::new("cognito.trigger_source", known_source(info)));
    }
    attributes
}

/// The source, if a table has it. A source that is made up may be any text.
fn known_source(info: &TriggerInfo) -> &'static str {
    let sources = info.route.map_or(&[][..], |route| route.definition().sources);
    let known = sources.iter().find(|source| source.name == info.source);
    known.map_or("other", |source| source.name)
}

/// What became of a call. A rejection is an answer to the user and no error of the function.
pub(crate) fn end(span: &SpanRef<'_>, result: &Result<Answer, Refusal>) {
    if let Err(refusal) = result {
        let error_type = refusal.error_type();
        if error_type == ErrorType::Rejected {
            span.set_attribute(KeyValue::new("cognito.rejected", true));
        } else {
            span.set_attribute(KeyValue::new("error.type", error_type.as_str()));
            // The texts of errors may have anything in them, so they stay in the log.
            span.set_status(Status::error(""));
        }
    }
}
