//! The spans of calls in this process.

use std::sync::{LazyLock, Mutex};

use cognito_triggers::{
    Router,
    layer::{LambdaEvent, Payload},
    router, samples,
};
use lambda_runtime::{
    Context,
    tower::{Layer, Service},
};
use opentelemetry::{
    Value,
    trace::{SpanKind, Status},
};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider, SpanData};

const HEADER: &str = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";

/// The subscriber is there once for the whole process, so the tests share what it exports, one after the other.
static SHARED: LazyLock<Mutex<(InMemorySpanExporter, SdkTracerProvider)>> = LazyLock::new(|| {
    let exporter = InMemorySpanExporter::default();
    let provider = traced::provider(exporter.clone());
    traced::subscribe(&provider).unwrap();
    Mutex::new((exporter, provider))
});

/// The spans of calls of one function, each with a header, as they are right after each answer.
fn spans(router: &dyn Fn() -> Router<()>, events: &[&str], header: Option<&str>) -> Vec<Vec<SpanData>> {
    let shared = SHARED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let (exporter, provider) = &*shared;
    let mut service = traced::traced(provider.clone()).layer(router().with_state(()));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let call = |event: &&str| {
        exporter.reset();
        let mut context = Context::default();
        context.request_id = "8476a536".to_owned();
        context.invoked_function_arn = "arn:aws:lambda:eu-central-1:123456789012:function:sign-in".to_owned();
        context.xray_trace_id = header.map(str::to_owned);
        let event = LambdaEvent::new(Payload::from((*event).to_owned()), context);
        let _ = runtime.block_on(service.call(event));
        // No flush here: the layer has done it.
        exporter.get_finished_spans().unwrap()
    };
    events.iter().map(call).collect()
}

fn attribute(span: &SpanData, name: &str) -> Option<String> {
    let found = span
        .attributes
        .iter()
        .find(|attribute| attribute.key.as_str() == name)?;
    Some(match &found.value {
        Value::Bool(value) => value.to_string(),
        Value::String(value) => value.to_string(),
        value => panic!("{name} is {value:?}"),
    })
}

#[test]
fn a_call_is_one_span_with_the_parent_of_the_header() {
    let router = || router! { pre_sign_up => |_, _| async { Ok(Default::default()) } };
    let event = samples::find("PreSignUp_SignUp", None, None).unwrap().json;
    let calls = spans(&router, &[event, event], Some(HEADER));
    for (spans, is_cold) in calls.iter().zip(["true", "false"]) {
        let [span] = &spans[..] else { panic!("{spans:?}") };
        assert_eq!(
            span.span_context.trace_id().to_string(),
            "5759e988bd862e3fe1be46a994272793"
        );
        assert_eq!(span.parent_span_id.to_string(), "53995c3f42cd8ad8");
        assert!(span.parent_span_is_remote);
        assert_eq!(span.span_kind, SpanKind::Server);
        assert_eq!(span.status, Status::Unset);
        for (name, value) in [
            ("faas.trigger", "other"),
            ("faas.invocation_id", "8476a536"),
            ("faas.coldstart", is_cold),
            (
                "cloud.resource_id",
                "arn:aws:lambda:eu-central-1:123456789012:function:sign-in",
            ),
            ("cognito.route", "pre_sign_up"),
            ("cognito.trigger_source", "PreSignUp_SignUp"),
        ] {
            assert_eq!(attribute(span, name).as_deref(), Some(value), "{name}");
        }
    }
}

#[test]
fn a_span_of_the_handler_is_a_child_of_the_call() {
    let event = samples::find("PreSignUp_SignUp", None, None).unwrap().json;
    let [spans] = &spans(&traced::triggers, &[event], Some(HEADER))[..] else {
        panic!()
    };
    let [lookup, call] = &spans[..] else {
        panic!("{spans:?}")
    };
    assert_eq!(lookup.name, "find the tenant");
    assert_eq!(lookup.parent_span_id, call.span_context.span_id());
    assert_eq!(lookup.span_context.trace_id(), call.span_context.trace_id());
}

#[test]
fn a_trace_that_is_not_sampled_is_not_exported() {
    let header = HEADER.replace("Sampled=1", "Sampled=0");
    let event = samples::find("PreSignUp_SignUp", None, None).unwrap().json;
    assert_eq!(spans(&traced::triggers, &[event], Some(&header)), [[]]);
    // Without a header, a call begins a trace.
    let alone = spans(&traced::triggers, &[event], None);
    assert_eq!(alone[0].len(), 2);
    assert_eq!(alone[0][1].parent_span_id, opentelemetry::trace::SpanId::INVALID);
}

#[test]
fn failures_are_errors_and_rejections_are_not() {
    let router = || {
        router! {
            pre_sign_up => |_, _| async { Err(cognito_triggers::reject("not invited")) },
            post_confirmation => |_, _| async { Err("Ana's table is down".into()) },
            post_authentication => |_, _| async { panic!("Ana's number") },
        }
    };
    let sample = |source| samples::find(source, None, None).unwrap().json;
    let calls = spans(
        &router,
        &[
            sample("PreSignUp_SignUp"),
            sample("PostConfirmation_ConfirmSignUp"),
            sample("PostAuthentication_Authentication"),
            r#"{"triggerSource": "PreSignUp_Ana", "response": {}}"#,
            "[]",
        ],
        Some(HEADER),
    );
    let found: Vec<_> = calls
        .iter()
        .map(|spans| (attribute(&spans[0], "error.type"), spans[0].status.clone()))
        .collect();
    let error = |error_type: &str| (Some(error_type.to_owned()), Status::error(""));
    assert_eq!(
        found,
        [
            (None, Status::Unset),
            error("Failed"),
            error("Failed"),
            (None, Status::Unset),
            error("Malformed"),
        ]
    );
    assert_eq!(
        attribute(&calls[3][0], "cognito.trigger_source").as_deref(),
        Some("other")
    );
}

/// Every sample has an address, a name or a secret. None of them is in a span.
#[test]
fn spans_have_nothing_personal() {
    let events: Vec<_> = samples::all().map(|sample| sample.json).collect();
    let router = || router! { pre_sign_up => traced::allow_known_tenants, otherwise => cognito_triggers::pass_through };
    let calls = spans(&router, &events, Some(HEADER));
    assert!(calls.iter().all(|spans| !spans.is_empty()));
    let all = format!("{calls:?}");
    for personal in [
        "@example",
        "+49",
        "correct-Horse7battery",
        "620418",
        "userName",
        "AYAD",
    ] {
        assert!(!all.contains(personal), "{personal}");
    }
}
