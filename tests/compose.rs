//! Composition: modules with their own state, layers, custom error types, handlers for unknown triggers.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use cognito_triggers::{
    Context, Event, OrReject, PostConfirmation, PreSignUp, Result, Router,
    error::Rejection,
    function::{ErrorType, Function, Refusal},
    layer::TriggerInfo,
    model::{answer::Answer, payload::Payload},
    otherwise, post_confirmation, pre_sign_up, router, samples,
};
use lambda_runtime::{Context as LambdaContext, LambdaEvent};
use tower::{BoxError, Service, ServiceBuilder, ServiceExt};

/// The state of one team's module.
struct Invitations {
    domain: &'static str,
}

/// The state of another team's module.
#[derive(Clone)]
struct Welcome {
    words: &'static str,
}

/// The state of the function that links both.
struct App {
    invitations: Arc<Invitations>,
    welcome: Welcome,
}

impl App {
    fn new() -> Self {
        Self {
            invitations: Arc::new(Invitations {
                domain: "@example.com",
            }),
            welcome: Welcome { words: "hello" },
        }
    }
}

async fn invite(context: Context<Invitations>, event: Event<PreSignUp>) -> Result<pre_sign_up::Response> {
    let email = event
        .request
        .user_attributes
        .email()
        .or_reject("an email address is required")?;
    let invited = email.ends_with(context.state.domain).then_some(());
    invited.or_reject(format!("not invited ({})", context.request_id()))?;
    Ok(Default::default())
}

async fn greet(context: Context<Welcome>, _: Event<PostConfirmation>) -> Result<post_confirmation::Response> {
    Err(format!(
        "{} in {:?}",
        context.state.words,
        context.remaining() <= Duration::from_secs(1)
    )
    .into())
}

async fn answer<S>(function: &Function<S>, event: &str) -> Result<Answer, Refusal> {
    let mut context = LambdaContext::default();
    context.request_id = "5f1c".to_owned();
    function.answer(event.to_owned(), context).await
}

fn sign_up(email: &str) -> String {
    format!(
        r#"{{"triggerSource":"PreSignUp_SignUp","request":{{"userAttributes":{{"email":"{email}"}}}},"response":{{}}}}"#
    )
}

#[tokio::test]
async fn two_modules_with_their_own_state_become_one_function() {
    let invitations: Router<Invitations> = router! { pre_sign_up => invite };
    let welcome: Router<Welcome> = router! { post_confirmation => greet };
    let both = invitations
        .map_state(|app: &App| Arc::clone(&app.invitations))
        .merge(welcome.map_state(|app: &App| app.welcome.clone()))
        .unwrap();
    let function = both.with_state(App::new()).timeout(Duration::from_secs(1));

    answer(&function, &sign_up("ana@example.com")).await.unwrap();
    let refused = answer(&function, &sign_up("ana@example.org")).await.unwrap_err();
    assert_eq!(refused.message(), "not invited (5f1c)");
    let event = samples::find("PostConfirmation_ConfirmSignUp", None, None)
        .unwrap()
        .json;
    let failed = answer(&function, event).await.unwrap_err();
    assert_eq!(failed.detail(), "hello in true");
}

#[tokio::test]
async fn a_handler_gets_a_part_of_the_state() {
    let router: Router<App> = router! {
        pre_sign_up => |context: Context<App>, event| invite(context.map(|app| app.invitations.clone()), event),
    };
    let function = router.with_state(App::new());
    let refused = answer(&function, &sign_up("ana@example.org")).await.unwrap_err();
    assert_eq!(refused.message(), "not invited (5f1c)");
}

#[test]
fn mapped_routers_with_the_same_route_do_not_merge() {
    let one: Router<Invitations> = router! { pre_sign_up => invite };
    let two: Router<App> = router! { pre_sign_up => |_, _| async { Ok(Default::default()) } };
    let error = one
        .map_state(|app: &App| app.invitations.clone())
        .merge(two)
        .err()
        .unwrap();
    assert_eq!(error.routes(), ["pre_sign_up"]);
}

#[tokio::test]
async fn a_new_trigger_is_answered_with_json() {
    let router: Router<()> = router! {
        otherwise => |_, event: Event<otherwise::Otherwise>| async move {
            match event.source.to_string().as_str() {
                "PasskeyEnrollment_Started" => {
                    let user = event.raw().pointer("/request/user");
                    Ok(otherwise::Response::json(serde_json::json!({ "allow": user })))
                }
                _ => Ok(otherwise::Response::default()),
            }
        },
    };
    let function = router.with_state(());
    let known = r#"{"triggerSource":"PasskeyEnrollment_Started","request":{"user":1.50},"response":null}"#;
    let expected =
        r#"{"triggerSource":"PasskeyEnrollment_Started","request":{"user":1.50},"response":{"allow":1.5}}"#;
    assert_eq!(
        answer(&function, known).await.unwrap().as_bytes(),
        expected.as_bytes()
    );
    let other = r#"{"triggerSource":"Other_Trigger","response":{"as":"it was"}}"#;
    assert_eq!(
        answer(&function, other).await.unwrap().as_bytes(),
        other.as_bytes()
    );
}

#[derive(Debug, thiserror::Error)]
enum SignUpError {
    #[error("{0} is not invited")]
    NotInvited(String, #[source] Rejection),
    #[error("the table of tenants is down")]
    Table(#[from] std::io::Error),
}

#[derive(Debug, thiserror::Error)]
#[error(transparent)]
struct ModuleError(#[from] SignUpError);

fn check(email: Option<&str>) -> Result<(), ModuleError> {
    match email {
        Some(email) if email.ends_with("@example.com") => Ok(()),
        Some(email) => Err(SignUpError::NotInvited(email.to_owned(), Rejection))?,
        None => Err(SignUpError::Table(std::io::Error::other("refused")))?,
    }
}

#[tokio::test]
async fn an_error_enum_decides_which_text_the_user_gets() {
    let router: Router<()> = router! {
        pre_sign_up => |_, event: Event<PreSignUp>| async move {
            check(event.request.user_attributes.email())?;
            Ok(Default::default())
        },
    };
    let function = router.with_state(());
    let refused = answer(&function, &sign_up("ana@example.org")).await.unwrap_err();
    assert_eq!(
        (refused.error_type(), refused.message()),
        (ErrorType::Rejected, "ana@example.org is not invited")
    );
    let failed = answer(&function, r#"{"triggerSource":"PreSignUp_SignUp"}"#)
        .await
        .unwrap_err();
    assert_eq!(
        (failed.error_type(), failed.message()),
        (ErrorType::Failed, "internal error (reference 5f1c)")
    );
    assert_eq!(failed.detail(), "the table of tenants is down: refused");
}

#[tokio::test(start_paused = true)]
async fn layers_see_bytes_route_and_outcome() {
    let router: Router<()> = router! {
        pre_sign_up => |_, _| async { Err(cognito_triggers::reject("no")) },
        post_confirmation => |_, _| std::future::pending(),
    };
    let seen = |payload: &Payload| {
        let info = TriggerInfo::of(payload).unwrap();
        format!(
            "{} bytes, {}, {:?}",
            payload.as_bytes().len(),
            info.source,
            info.route
        )
    };
    let mut service = ServiceBuilder::new().service(router.with_state(()));
    for (event, expected, outcome) in [
        (
            r#"{"triggerSource":"PreSignUp_SignUp"}"#,
            "36 bytes, PreSignUp_SignUp, Some(PreSignUp)",
            ErrorType::Rejected,
        ),
        (
            r#"{"triggerSource":"PostConfirmation_ConfirmSignUp"}"#,
            "50 bytes, PostConfirmation_ConfirmSignUp, Some(PostConfirmation)",
            ErrorType::TimedOut,
        ),
        (
            r#"{"triggerSource":"New_Trigger"}"#,
            "31 bytes, New_Trigger, None",
            ErrorType::Unhandled,
        ),
    ] {
        let payload = Payload::from(event);
        assert_eq!(seen(&payload), expected);
        let refusal = service
            .call(LambdaEvent::new(payload, LambdaContext::default()))
            .await
            .unwrap_err();
        assert_eq!(refusal.error_type(), outcome);
    }
}

#[tokio::test]
async fn a_rejection_passes_through_layers_of_tower() {
    let router: Router<()> = router! { pre_sign_up => |_, _| async { Err(cognito_triggers::reject("no")) } };
    let mut service = ServiceBuilder::new()
        .load_shed()
        .timeout(Duration::from_secs(1))
        .service(router.with_state(()));
    let event = LambdaEvent::new(
        Payload::from(sign_up("ana@example.com")),
        LambdaContext::default(),
    );
    let error: BoxError = service.ready().await.unwrap().call(event).await.unwrap_err();
    let refusal = Refusal::from_layers(error, "5f1c");
    assert_eq!(
        (refusal.error_type(), refusal.message()),
        (ErrorType::Rejected, "no")
    );
}

/// serde_json gives a key of its own a special meaning, and any caller may send this key.
#[tokio::test]
async fn a_private_key_of_serde_json_is_plain_data() {
    const KEY: &str = "$serde_json::private::RawValue";
    let router: Router<()> = router! {
        pre_sign_up => |_, event: Event<PreSignUp>| async move {
            let request = &event.request;
            let (metadata, data, attributes) =
                (&request.client_metadata, &request.validation_data, &request.user_attributes);
            let expected = event.raw().pointer("/expected").unwrap();
            let expected = expected.as_str();
            assert!([metadata, data].iter().all(|map| map.keys().eq([KEY]) && map.get(KEY) == expected));
            assert!(attributes.keys().eq([KEY]) && attributes.get(KEY) == expected);
            for member in ["clientMetadata", "validationData", "userAttributes"] {
                let pointer = event.raw().pointer(&format!("/request/{member}")).unwrap();
                assert_eq!(pointer, serde_json::json!({ KEY: expected }));
                assert_eq!(event.raw().pointer("").unwrap()["request"][member], pointer);
            }
            Ok(Default::default())
        },
    };
    let function = router.with_state(());
    for key in [KEY.to_owned(), KEY.replacen('$', "\\u0024", 1)] {
        for text in [r#"{\"tenant\":\"admin\"}"#, "not json", "1", ""] {
            let map = format!(r#"{{"{key}":"{text}"}}"#);
            let event = format!(
                r#"{{"triggerSource":"PreSignUp_SignUp","expected":"{text}","response":{{}},
                    "request":{{"userAttributes":{map},"clientMetadata":{map},"validationData":{map}}}}}"#
            );
            answer(&function, &event).await.unwrap();
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_test_context_moves_with_a_paused_clock() {
    let noon = SystemTime::UNIX_EPOCH + Duration::from_secs(1_780_315_200);
    let context = Context::builder(App::new())
        .request_id("7")
        .xray_trace_id("Root=1-5759e988-bd862e3fe1be46a994272793")
        .time_limit(Duration::from_millis(900))
        .clock(noon)
        .build();
    tokio::time::advance(Duration::from_millis(400)).await;
    assert_eq!(context.now(), noon + Duration::from_millis(400));
    assert_eq!(context.remaining(), Duration::from_millis(500));
    assert_eq!(context.request_id(), "7");
    assert_eq!(
        context.xray_trace_id(),
        Some("Root=1-5759e988-bd862e3fe1be46a994272793")
    );
    // A context for a part of the state keeps the call's other data.
    let part = context.map(|app| app.invitations.clone());
    assert_eq!(part.now(), noon + Duration::from_millis(400));
    tokio::time::advance(Duration::from_secs(60)).await;
    assert_eq!(part.remaining(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_test_context_takes_a_deadline_and_what_lambda_says() {
    let deadline = tokio::time::Instant::now().into_std() + Duration::from_secs(3);
    let mut lambda = LambdaContext::default();
    lambda.request_id = "5f1c".to_owned();
    lambda.xray_trace_id = Some("Root=1-5759e988-bd862e3fe1be46a994272793".to_owned());
    lambda.invoked_function_arn = "arn:aws:lambda:eu-west-1:123456789012:function:triggers".to_owned();
    // The deadline wins over a time limit, whichever is set last.
    let context = Context::builder(())
        .lambda(lambda)
        .deadline(deadline)
        .time_limit(Duration::from_secs(60))
        .build();
    tokio::time::advance(Duration::from_secs(1)).await;
    assert_eq!(
        (context.deadline(), context.remaining()),
        (deadline, Duration::from_secs(2))
    );
    assert_eq!(context.request_id(), "5f1c");
    assert_eq!(
        context.xray_trace_id(),
        Some("Root=1-5759e988-bd862e3fe1be46a994272793")
    );
    let arn = &context.lambda().invoked_function_arn;
    assert_eq!(arn, "arn:aws:lambda:eu-west-1:123456789012:function:triggers");
}
