//! Received bytes to answered bytes, route by route: our typed handlers, the types of `aws_lambda_events` and
//! `serde_json::Value` read the way `lambda_runtime` reads them, and the floor, below which no reader gets.
//!
//! `cargo bench -p cognito-triggers-bench` prints the ratios at its end.

use std::{
    future::Future,
    hint::black_box,
    path::PathBuf,
    pin::pin,
    sync::Arc,
    task::{Context as TaskContext, Poll, Waker},
    time::Duration,
};

use aws_lambda_events::cognito as peer;
use bytes::Bytes;
use cognito_triggers::{
    Answer, Claims, Cx, DEFINITIONS, Event, Function, Result, Router, SecretMap, TextMap, Trigger,
    create_auth_challenge, custom_message,
    define_auth_challenge::{self, NextChallenge},
    pre_sign_up, pre_token_generation_v1, pre_token_generation_v2, router,
    testing::samples,
    user_migration, verify_auth_challenge_response,
};
use criterion::{BenchmarkId, Criterion};
use lambda_runtime::Context;
use serde::{Serialize, de::DeserializeOwned, de::IgnoredAny};
use serde_json::{Value, json};

/// The same small decision for every trigger that decides something, and none for the others.
fn triggers() -> Router<()> {
    router! {
        pre_sign_up => async |_, event| Ok(pre_sign_up::Response {
            auto_confirm_user: event.request.user_attributes.email().is_some(),
            ..Default::default()
        }),
        custom_message => async |_, event| Ok(custom_message::Response {
            email_message: Some(format!("Your code: {}", event.request.code_parameter)),
            ..Default::default()
        }),
        post_confirmation => async |_, _| Ok(Default::default()),
        pre_authentication => async |_, _| Ok(Default::default()),
        post_authentication => async |_, _| Ok(Default::default()),
        define_auth_challenge => async |_, event| Ok(if event.request.session.custom_challenge_passed() {
            define_auth_challenge::Response::IssueTokens
        } else {
            define_auth_challenge::Response::Challenge(NextChallenge::CustomChallenge)
        }),
        create_auth_challenge => async |_, _| Ok(create_auth_challenge::Response {
            public_challenge_parameters: TextMap::from([("hint", "mail")]),
            private_challenge_parameters: SecretMap::from([("code", "481516")]),
            challenge_metadata: None,
        }),
        verify_auth_challenge_response => async |_, event| Ok(verify_auth_challenge_response::Response {
            answer_correct: event.request.answers("code"),
        }),
        pre_token_generation_v1 => async |_, _| Ok(pre_token_generation_v1::Response {
            claims_to_add_or_override: Claims::from([("tenant", "acme")]),
            ..Default::default()
        }),
        pre_token_generation_v2 => add_tenant,
        pre_token_generation_v3 => add_tenant,
        user_migration => async |_, _| Ok(user_migration::Response {
            user_attributes: [("email", "emil@example.com")].into(),
            ..Default::default()
        }),
        custom_sms_sender => async |_, _| Ok(Default::default()),
        custom_email_sender => async |_, _| Ok(Default::default()),
        inbound_federation => async |_, _| Ok(Default::default()),
    }
}

async fn add_tenant<T>(_: Cx<()>, _: Event<T>) -> Result<pre_token_generation_v2::Response>
where
    T: Trigger<Request = pre_token_generation_v2::Request>,
{
    let claims_to_add_or_override = Claims::from([("tenant", "acme")]);
    let access_token_generation = pre_token_generation_v2::AccessTokenGeneration {
        claims_to_add_or_override,
        ..Default::default()
    };
    Ok(pre_token_generation_v2::Response {
        access_token_generation,
        ..Default::default()
    })
}

fn ours(function: &Function<()>, event: &Bytes, context: &Arc<Context>) -> Answer {
    let mut answer = pin!(function.answer(event.clone(), Arc::clone(context)));
    match answer.as_mut().poll(&mut TaskContext::from_waker(Waker::noop())) {
        Poll::Ready(answer) => answer.expect("the router answers every sample"),
        Poll::Pending => unreachable!("no handler waits for anything"),
    }
}

/// Reads, edits and writes an event as a handler under `lambda_runtime` does.
fn edited<T: DeserializeOwned + Serialize>(event: &[u8], edit: impl FnOnce(&mut T)) -> Vec<u8> {
    let deserializer = &mut serde_json::Deserializer::from_slice(event);
    let mut event: T = serde_path_to_error::deserialize(deserializer).expect("the type reads this sample");
    edit(&mut event);
    serde_json::to_vec(&event).expect("the type can be written")
}

/// The same decisions on the types of `aws_lambda_events`; `None` for the triggers that it has no type for.
fn theirs(route: &str, event: &[u8]) -> Option<Vec<u8>> {
    Some(match route {
        "pre_sign_up" => edited(event, |event: &mut peer::CognitoEventUserPoolsPreSignup| {
            event.response.auto_confirm_user = event.request.user_attributes.contains_key("email");
        }),
        "custom_message" => edited(event, |event: &mut peer::CognitoEventUserPoolsCustomMessage| {
            let code = event.request.code_parameter.as_deref().unwrap_or_default();
            event.response.email_message = Some(format!("Your code: {code}"));
        }),
        "post_confirmation" => edited(event, |_: &mut peer::CognitoEventUserPoolsPostConfirmation| {}),
        "pre_authentication" => edited(event, |_: &mut peer::CognitoEventUserPoolsPreAuthentication| {}),
        "post_authentication" => edited(event, |_: &mut peer::CognitoEventUserPoolsPostAuthentication| {}),
        "define_auth_challenge" => edited(
            event,
            |event: &mut peer::CognitoEventUserPoolsDefineAuthChallenge| {
                let passed = event.request.session.last().and_then(Option::as_ref);
                let passed = passed.is_some_and(|last| {
                    last.challenge_name.as_deref() == Some("CUSTOM_CHALLENGE") && last.challenge_result
                });
                event.response.issue_tokens = passed;
                event.response.challenge_name = (!passed).then(|| "CUSTOM_CHALLENGE".to_owned());
            },
        ),
        "create_auth_challenge" => edited(
            event,
            |event: &mut peer::CognitoEventUserPoolsCreateAuthChallenge| {
                event
                    .response
                    .public_challenge_parameters
                    .insert("hint".to_owned(), "mail".to_owned());
                event
                    .response
                    .private_challenge_parameters
                    .insert("code".to_owned(), "481516".to_owned());
            },
        ),
        "verify_auth_challenge_response" => edited(
            event,
            |event: &mut peer::CognitoEventUserPoolsVerifyAuthChallenge| {
                let answer = event.request.challenge_answer.as_ref().and_then(Value::as_str);
                let code = event
                    .request
                    .private_challenge_parameters
                    .get("code")
                    .map(String::as_str);
                event.response.answer_correct = answer.is_some() && answer == code;
            },
        ),
        "pre_token_generation_v1" => edited(event, |event: &mut peer::CognitoEventUserPoolsPreTokenGen| {
            let mut details = peer::ClaimsOverrideDetails::default();
            details
                .claims_to_add_or_override
                .insert("tenant".to_owned(), "acme".to_owned());
            event.response.claims_override_details = Some(details);
        }),
        "pre_token_generation_v2" => edited(event, |event: &mut peer::CognitoEventUserPoolsPreTokenGenV2| {
            let mut token = peer::CognitoAccessTokenGenerationV2::default();
            token
                .claims_to_add_or_override
                .insert("tenant".to_owned(), "acme".into());
            let mut details = peer::ClaimsAndScopeOverrideDetailsV2::default();
            details.access_token_generation = Some(token);
            event.response.claims_and_scope_override_details = Some(details);
        }),
        "user_migration" => edited(event, |event: &mut peer::CognitoEventUserPoolsMigrateUser| {
            let response = &mut event.cognito_event_user_pools_migrate_user_response;
            response
                .user_attributes
                .insert("email".to_owned(), "emil@example.com".to_owned());
        }),
        _ => return None,
    })
}

/// The same decisions on a `Value`.
fn value(route: &str, event: &[u8]) -> Vec<u8> {
    edited(event, |event: &mut Value| match route {
        "pre_sign_up" => {
            event["response"]["autoConfirmUser"] =
                event["request"]["userAttributes"]["email"].is_string().into()
        }
        "custom_message" => {
            let code = event["request"]["codeParameter"].as_str().unwrap_or_default();
            event["response"]["emailMessage"] = format!("Your code: {code}").into();
        }
        "define_auth_challenge" => event["response"]["challengeName"] = "CUSTOM_CHALLENGE".into(),
        "create_auth_challenge" => {
            event["response"]["publicChallengeParameters"] = json!({"hint": "mail"});
            event["response"]["privateChallengeParameters"] = json!({"code": "481516"});
        }
        "verify_auth_challenge_response" => {
            let correct =
                event["request"]["challengeAnswer"] == event["request"]["privateChallengeParameters"]["code"];
            event["response"]["answerCorrect"] = correct.into();
        }
        "pre_token_generation_v1" => {
            event["response"]["claimsOverrideDetails"] = json!({"claimsToAddOrOverride": {"tenant": "acme"}});
        }
        "pre_token_generation_v2" | "pre_token_generation_v3" => {
            event["response"]["claimsAndScopeOverrideDetails"] =
                json!({"accessTokenGeneration": {"claimsToAddOrOverride": {"tenant": "acme"}}});
        }
        "user_migration" => event["response"]["userAttributes"] = json!({"email": "emil@example.com"}),
        _ => {}
    })
}

/// Below this nobody gets who looks at the whole event and hands out bytes of their own.
fn floor(event: &[u8]) -> Vec<u8> {
    serde_json::from_slice::<IgnoredAny>(event).expect("a sample is JSON");
    event.to_vec()
}

const WAYS: [&str; 4] = ["floor", "ours", "aws_lambda_events", "value"];

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime");
    let _guard = runtime.enter();
    let function = triggers().with_app(());
    let context = Arc::new(Context::default());
    let quick = Duration::from_millis(700);
    let mut criterion = Criterion::default()
        .warm_up_time(quick / 2)
        .measurement_time(quick)
        .sample_size(40)
        .configure_from_args();

    for definition in DEFINITIONS {
        let route = definition.route;
        let sample = samples::all()
            .find(|sample| sample.route == route)
            .expect("every route has a sample");
        // As Cognito sends it: without the blanks that make a sample readable.
        let compact = serde_json::from_str::<Value>(sample.json)
            .expect("a sample is JSON")
            .to_string();
        let event = Bytes::from(compact);
        let mut group = criterion.benchmark_group(route);
        group.bench_function(BenchmarkId::from_parameter("floor"), |b| {
            b.iter(|| floor(black_box(&event)))
        });
        group.bench_function(BenchmarkId::from_parameter("ours"), |b| {
            b.iter(|| ours(&function, black_box(&event), &context))
        });
        if theirs(route, &event).is_some() {
            let id = BenchmarkId::from_parameter("aws_lambda_events");
            group.bench_function(id, |b| b.iter(|| theirs(route, black_box(&event))));
        }
        group.bench_function(BenchmarkId::from_parameter("value"), |b| {
            b.iter(|| value(route, black_box(&event)))
        });
        group.finish();
    }
    criterion.final_summary();
    report();
}

/// Prints what criterion measured as ratios: to the floor, and of ours to the others.
fn report() {
    println!(
        "\n{:<32}{:>9}{:>8}{:>8}{:>8}{:>12}{:>12}",
        "median", "floor", "ours", "a_l_e", "value", "ours/a_l_e", "ours/value"
    );
    let mut sums = [Sum::default(); 3];
    for definition in DEFINITIONS {
        let [floor, ours, theirs, value] = WAYS.map(|way| median_ns(definition.route, way));
        let (Some(floor), Some(ours), Some(value)) = (floor, ours, value) else {
            continue;
        };
        sums[0].add(ours, floor);
        sums[2].add(ours, value);
        if let Some(theirs) = theirs {
            sums[1].add(ours, theirs);
        }
        let ratio = |time: f64| format!("{:.2}", time / floor);
        let of =
            |other: Option<f64>| other.map_or_else(|| "–".to_owned(), |other| format!("{:.2}", ours / other));
        println!(
            "{:<32}{:>6.0} ns{:>8}{:>8}{:>8}{:>12}{:>12}",
            definition.route,
            floor,
            ratio(ours),
            theirs.map_or_else(|| "–".to_owned(), ratio),
            ratio(value),
            of(theirs),
            of(Some(value)),
        );
    }
    let [floor, theirs, value] = sums.map(Sum::ratio);
    println!(
        "\nover all routes: ours = {floor:.2} × floor = {theirs:.2} × aws_lambda_events = {value:.2} × Value"
    );
}

/// A ratio of two sums, so that a long event counts for more than a short one.
#[derive(Clone, Copy, Default)]
struct Sum {
    ours: f64,
    other: f64,
}

impl Sum {
    fn add(&mut self, ours: f64, other: f64) {
        self.ours += ours;
        self.other += other;
    }

    fn ratio(self) -> f64 {
        self.ours / self.other
    }
}

/// What criterion wrote down for one way on one route, if it ran.
fn median_ns(route: &str, way: &str) -> Option<f64> {
    let home = std::env::var_os("CRITERION_HOME").map(PathBuf::from);
    let home = home.or_else(|| {
        Some(
            std::env::current_exe()
                .ok()?
                .ancestors()
                .nth(3)?
                .join("criterion"),
        )
    })?;
    let text = std::fs::read_to_string(home.join(route).join(way).join("new/estimates.json")).ok()?;
    serde_json::from_str::<Value>(&text).ok()?["median"]["point_estimate"].as_f64()
}
