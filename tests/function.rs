//! The function as Lambda calls it: time limits, panics, events without a route, and layers of tower.

mod size;
mod time_limit;

use std::{convert::Infallible, time::Duration};

use cognito_triggers::{
    Context, Event, PreSignUp, Result, Router,
    function::{ErrorType, Function, Refusal},
    model::{answer::Answer, payload::Payload},
    pass_through, pre_sign_up, reject, router, samples,
};
use lambda_runtime::{Context as LambdaContext, Diagnostic, LambdaEvent};
use tower::{Service, ServiceBuilder, ServiceExt, timeout::error::Elapsed};

fn event(source: &str) -> &'static [u8] {
    samples::find(source, None, None).expect(source).json.as_bytes()
}

fn event_in(source: &str, lambda_version: &str) -> &'static [u8] {
    samples::find(source, Some(lambda_version), None)
        .expect(source)
        .json
        .as_bytes()
}

async fn answer<S>(function: &Function<S>, event: &'static [u8]) -> Result<Answer, Refusal> {
    let mut context = LambdaContext::default();
    context.request_id = "5f1c".to_owned();
    function.answer(event, context).await
}

async fn refusal<S>(function: &Function<S>, event: &'static [u8]) -> Refusal {
    answer(function, event).await.expect_err("a refusal")
}

async fn confirm(_: Context<()>, _: Event<PreSignUp>) -> Result<pre_sign_up::Response> {
    Ok(pre_sign_up::Response {
        auto_confirm_user: true,
        ..Default::default()
    })
}

/// Panics when it is dropped, unless the thread is panicking.
struct Grenade;

impl Drop for Grenade {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            panic!("hunter2 in a drop");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_panic_in_a_drop_ends_only_the_call() {
    let late: Router<()> = router! {
        pre_sign_up => |_, _| async {
            let _grenade = Grenade;
            std::future::pending().await
        },
    };
    let late = refusal(&late.with_state(()), event("PreSignUp_SignUp")).await;
    assert_eq!(
        (late.error_type(), late.message()),
        (ErrorType::TimedOut, "internal error (reference 5f1c)")
    );

    let thrown: Router<()> = router! { pre_sign_up => |_, _| async { std::panic::panic_any(Grenade) } };
    let thrown = refusal(&thrown.with_state(()), event("PreSignUp_SignUp")).await;
    assert_eq!(thrown.error_type(), ErrorType::Failed);
    assert_eq!(
        thrown.detail(),
        "the handler panicked: a value that is not a string"
    );
}

#[tokio::test]
async fn an_array_is_not_an_event() {
    let router: Router<()> = router! { otherwise => pass_through };
    let function = router.with_state(());
    for list in [
        &br#"["1","PostAuthentication_Authentication"]"#[..],
        b"[]",
        b"\"PreSignUp_SignUp\"",
        b"null",
    ] {
        assert_eq!(refusal(&function, list).await.error_type(), ErrorType::Malformed);
    }
    let request = br#"{"triggerSource":"PreSignUp_SignUp","request":[{"email":"ana@example.com"}]}"#;
    let function = (router! { pre_sign_up => confirm }).with_state(());
    let refusal = refusal(&function, request).await;
    assert_eq!(
        refusal.detail(),
        "`request`: expected an object (line 1, column 47)"
    );
}

#[tokio::test]
async fn a_panic_ends_one_call() {
    let router: Router<()> = router! {
        pre_sign_up => |_, event: Event<PreSignUp>| {
            // One panic before there is a future, one within it.
            assert!(event.user_pool_id() != "eu-central-1_atonce", "before");
            async move {
                match event.source {
                    pre_sign_up::Source::SignUp => Ok(Default::default()),
                    source => panic!("no idea what to do about {source}"),
                }
            }
        },
    };
    let function = router.with_state(());
    let failed = refusal(&function, event("PreSignUp_AdminCreateUser")).await;
    assert_eq!(failed.error_type(), ErrorType::Failed);
    assert_eq!(failed.message(), "internal error (reference 5f1c)");
    let detail = "the handler panicked: no idea what to do about PreSignUp_AdminCreateUser";
    assert_eq!(failed.detail(), detail);

    let at_once = br#"{"triggerSource": "PreSignUp_SignUp", "userPoolId": "eu-central-1_atonce"}"#;
    assert_eq!(
        refusal(&function, at_once).await.detail(),
        "the handler panicked: before"
    );

    answer(&function, event("PreSignUp_SignUp")).await.unwrap();
}

#[tokio::test]
async fn the_error_for_an_unrouted_event_names_the_fix() {
    let router: Router<()> = router! {
        pre_sign_up => confirm,
        pre_token_generation_v1 => |_, _| async { Ok(Default::default()) },
        pre_token_generation_v3 => |_, _| async { Ok(Default::default()) },
    };
    let function = router.with_state(());
    for (event, detail) in [
        (
            event("PostConfirmation_ConfirmSignUp"),
            "no line for PostConfirmation_ConfirmSignUp in the router: add `post_confirmation => …`, or take the \
             function out of the pool's `PostConfirmation` trigger; `otherwise => pass_through` lets through whatever \
             has no line",
        ),
        (
            event_in("TokenGeneration_HostedAuth", "V2_0"),
            "TokenGeneration_HostedAuth comes in version 2, and the router has no line for it: add \
             `pre_token_generation_v2 => …`, or set `LambdaVersion` of the pool's PreTokenGenerationConfig to V1_0 or \
             V3_0",
        ),
        (
            br#"{"triggerSource": "TokenGeneration_HostedAuth", "version": "$LATEST"}"#,
            "TokenGeneration_HostedAuth comes in version \"$LATEST\", which is none of 1, 2 and 3; an emulator may \
             have sent it, or a newer version of cognito-triggers may know it",
        ),
        (
            br#"{"triggerSource": "PasskeyEnrolment_Started", "version": "1"}"#,
            "PasskeyEnrolment_Started belongs to no trigger known here; a newer version of cognito-triggers may know \
             it, and `otherwise => pass_through` lets it through",
        ),
    ] {
        let unhandled = refusal(&function, event).await;
        assert_eq!(unhandled.error_type(), ErrorType::Unhandled);
        assert_eq!(unhandled.message(), "internal error (reference 5f1c)");
        assert_eq!(unhandled.detail(), detail);
    }
}

/// The error must name the invalid JSON first, since a route wouldn't help.
#[tokio::test]
async fn invalid_json_is_reported_before_a_missing_route() {
    let broken = br#"{"triggerSource":"PostConfirmation_ConfirmSignUp","request":{"userAttributes":{]}}}"#;
    let none: Router<()> = Router::new();
    let passing: Router<()> = router! { otherwise => pass_through };
    for router in [none, passing] {
        let malformed = refusal(&router.with_state(()), broken).await;
        assert_eq!(malformed.error_type(), ErrorType::Malformed);
        assert!(
            malformed.detail().starts_with("not a JSON object: "),
            "{}",
            malformed.detail()
        );
    }
}

#[tokio::test]
async fn a_router_without_token_routes_is_not_told_of_versions() {
    let router: Router<()> = router! { pre_sign_up => confirm };
    let unhandled = refusal(
        &router.with_state(()),
        event_in("TokenGeneration_HostedAuth", "V2_0"),
    )
    .await;
    assert!(
        unhandled.detail().contains("add `pre_token_generation_v2 => …`"),
        "{}",
        unhandled.detail()
    );
    assert!(
        !unhandled.detail().contains("LambdaVersion"),
        "{}",
        unhandled.detail()
    );
}

#[tokio::test]
async fn otherwise_takes_only_events_without_a_route() {
    let router: Router<()> = router! {
        pre_sign_up => confirm,
        otherwise => pass_through,
    };
    let function = router.with_state(());
    let unknown: &[u8] = br#"{ "triggerSource": "PasskeyEnrolment_Started", "response": {"asItWas": 1.0} }"#;
    for unrouted in [
        event("PostConfirmation_ConfirmSignUp"),
        event("CustomSMSSender_SignUp"),
        unknown,
    ] {
        assert_eq!(answer(&function, unrouted).await.unwrap().as_bytes(), unrouted);
    }
    let routed = answer(&function, event("PreSignUp_SignUp")).await.unwrap();
    assert!(
        std::str::from_utf8(routed.as_bytes())
            .unwrap()
            .contains(r#""autoConfirmUser":true"#)
    );
    // It takes unknown triggers, but not events of other services.
    assert_eq!(
        refusal(&function, b"{\"Records\": []}").await.error_type(),
        ErrorType::Malformed
    );
}

#[tokio::test]
async fn the_request_type_also_identifies_a_sender() {
    let router: Router<()> = router! {
        pre_sign_up => confirm,
        custom_email_sender => |_, event| async move {
            assert!(event.request.code.is_some());
            Ok(Default::default())
        },
    };
    let function = router.with_state(());
    let foreign: &[u8] = br#"{"triggerSource": "PreSignUp_SignUp", "version": "1",
        "request": {"type": "customEmailSenderRequestV1", "code": "AYAD"}}"#;
    assert_eq!(answer(&function, foreign).await.unwrap().as_bytes(), foreign);

    // With a `response`, only the source counts.
    let sign_up: &[u8] = br#"{"triggerSource": "PreSignUp_SignUp", "version": "1",
        "request": {"type": "customEmailSenderRequestV1"}, "response": {}}"#;
    let answer = answer(&function, sign_up).await.unwrap();
    assert!(
        std::str::from_utf8(answer.as_bytes())
            .unwrap()
            .contains("autoConfirmUser")
    );
}

#[tokio::test]
async fn the_source_of_a_sender_wins_over_the_request_type() {
    let router: Router<()> = router! {
        custom_sms_sender => |_, event| async move {
            assert_eq!(event.request.request_type, "customEmailSenderRequestV1");
            Ok(Default::default())
        },
        custom_email_sender => |_, _| async { Err(reject("no email was meant")) },
    };
    let function = router.with_state(());
    // An event like this is in the test data of a published library.
    let sms: &[u8] = br#"{"triggerSource": "CustomSMSSender_SignUp", "version": "1",
        "request": {"type": "customEmailSenderRequestV1", "code": "AYAD"}}"#;
    assert_eq!(answer(&function, sms).await.unwrap().as_bytes(), sms);
}

#[test]
fn merging_fails_if_a_route_occurs_twice() {
    let sign_up = || -> Router<()> {
        router! { pre_sign_up => confirm, otherwise => pass_through }
    };
    let tokens: Router<()> = router! { pre_token_generation_v2 => |_, _| async { Ok(Default::default()) } };
    let both = sign_up().merge(tokens).unwrap();
    let routes: Vec<_> = both.routes().map(|route| route.as_str()).collect();
    assert_eq!(routes, ["pre_sign_up", "pre_token_generation_v2"]);

    let clash = both.merge(sign_up()).err().unwrap();
    assert_eq!(clash.routes(), ["pre_sign_up", "otherwise"]);
    assert_eq!(
        clash.to_string(),
        "both routers have a line for `pre_sign_up` and `otherwise`; keep one of them"
    );
}

#[tokio::test]
async fn layers_of_tower_go_around_it() {
    let router: Router<()> = router! {
        pre_sign_up => confirm,
        post_confirmation => |_, _| std::future::pending(),
    };
    let mut service = ServiceBuilder::new()
        .timeout(Duration::from_millis(20))
        .map_request(|event: &'static [u8]| LambdaEvent::new(Payload::from(event), LambdaContext::default()))
        .service(router.with_state(()));
    let answer = service
        .ready()
        .await
        .unwrap()
        .call(event("PreSignUp_SignUp"))
        .await
        .unwrap();
    assert!(answer.as_bytes().len() > 100);

    let error = service
        .oneshot(event("PostConfirmation_ConfirmSignUp"))
        .await
        .unwrap_err();
    assert!(error.is::<Elapsed>(), "{error}");
}

#[tokio::test]
async fn it_reads_and_writes_as_lambda_runtime_asks() {
    let router: Router<()> = router! { pre_sign_up => confirm };
    let mut function = router.with_state(());
    let received = event("PreSignUp_SignUp");
    let payload: Payload = serde_json::from_slice(received).unwrap();
    let answer = function
        .call(LambdaEvent::new(payload, LambdaContext::default()))
        .await
        .unwrap();
    let written = serde_json::to_vec(&answer).unwrap();
    assert_eq!(written, answer.as_bytes());

    let malformed: Payload = serde_json::from_str("[1]").unwrap();
    let refusal = function
        .call(LambdaEvent::new(malformed, LambdaContext::default()))
        .await
        .unwrap_err();
    let diagnostic = Diagnostic::from(refusal);
    assert_eq!(diagnostic.error_type, "Malformed");
    assert_eq!(diagnostic.error_message, "internal error");
}

/// This function is never called. It only has to compile.
#[expect(dead_code, reason = "what is tested is that the types fit")]
async fn plain_lambda_runtime_runs_it(router: Router<()>) -> Result<Infallible, lambda_runtime::Error> {
    lambda_runtime::run(router.with_state(())).await?;
    std::future::pending().await
}
