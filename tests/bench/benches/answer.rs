//! Measures the time from received bytes to answered bytes for each route: with this library's typed handlers, with the
//! types of `aws_lambda_events`, with `serde_json::Value`, and for the least work that any of them has to do (the floor).
//! The second and third are parsed in the same way as in `lambda_runtime`.
//!
//! `cargo bench -p cognito-triggers-bench` prints the ratios at the end.

use std::{
    hint::black_box,
    sync::Arc,
    time::{Duration, Instant},
};

use aws_lambda_events::cognito as peer;
use bytes::Bytes;
use cognito_triggers::{function::Function, model::triggers::DEFINITIONS};
use cognito_triggers_bench::{floor, ours, triggers};
use criterion::{BenchmarkId, Criterion};
use lambda_runtime::Context as LambdaContext;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

/// Reads, edits and writes an event as a handler under `lambda_runtime` does.
fn edited<T: DeserializeOwned + Serialize>(event: &[u8], edit: impl FnOnce(&mut T)) -> Vec<u8> {
    let deserializer = &mut serde_json::Deserializer::from_slice(event);
    let mut event: T = serde_path_to_error::deserialize(deserializer).expect("the type reads this sample");
    edit(&mut event);
    serde_json::to_vec(&event).expect("the type can be written")
}

/// The same changes with the types of `aws_lambda_events`. `None` for triggers without a type there.
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

/// The same changes with `Value`.
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

/// The ways from bytes to bytes, in the order of the columns. The first is what the others are measured against.
fn ways<'a>(route: &'a str, event: &'a Bytes, function: &'a Function<()>) -> Vec<(&'static str, Way<'a>)> {
    let context = Arc::new(LambdaContext::default());
    let mut ways: Vec<(_, Way<'a>)> = vec![
        ("floor", Box::new(|| drop(black_box(floor(black_box(event)))))),
        (
            "ours",
            Box::new(move || drop(black_box(ours(function, black_box(event), &context)))),
        ),
        (
            "value",
            Box::new(|| drop(black_box(value(route, black_box(event))))),
        ),
    ];
    if theirs(route, event).is_some() {
        let way = || drop(black_box(theirs(route, black_box(event))));
        ways.push(("aws_lambda_events", Box::new(way)));
    }
    ways
}

type Way<'a> = Box<dyn Fn() + 'a>;

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime");
    let _guard = runtime.enter();
    let function = triggers().with_state(());
    let quick = Duration::from_millis(700);
    let mut criterion = Criterion::default()
        .warm_up_time(quick / 2)
        .measurement_time(quick)
        .sample_size(40)
        .configure_from_args();

    let mut rows = Vec::new();
    for definition in DEFINITIONS {
        let route = definition.route.as_str();
        let event = cognito_triggers_bench::event(definition.route);
        let ways = ways(route, &event, &function);
        let mut group = criterion.benchmark_group(route);
        for (name, way) in &ways {
            group.bench_function(BenchmarkId::from_parameter(name), |b| b.iter(way));
        }
        group.finish();
        rows.push(Row::measured(route, &ways));
    }
    criterion.final_summary();
    report(&rows);
}

/// The result for one route: the time of the floor, and the other ways as multiples of it.
struct Row<'a> {
    route: &'a str,
    floor: Duration,
    ours: f64,
    value: f64,
    theirs: Option<f64>,
}

impl<'a> Row<'a> {
    /// Measures all ways in each round, and takes the median of the ratios of the rounds. Criterion measures one way after
    /// the other; on a shared machine the speed may change in between.
    fn measured(route: &'a str, ways: &[(&str, Way<'_>)]) -> Self {
        const ROUNDS: usize = 151;
        const CALLS: u32 = 256;
        let mut rounds = vec![Vec::new(); ways.len()];
        for _ in 0..ROUNDS {
            for ((_, way), times) in ways.iter().zip(&mut rounds) {
                let start = Instant::now();
                (0..CALLS).for_each(|_| way());
                times.push(start.elapsed().as_secs_f64());
            }
        }
        let to_floor = |way: usize| {
            let pairs = rounds.get(way)?.iter().zip(&rounds[0]);
            Some(median(pairs.map(|(time, floor)| time / floor).collect()))
        };
        Self {
            route,
            floor: Duration::from_secs_f64(median(rounds[0].clone())) / CALLS,
            ours: to_floor(1).unwrap_or(f64::NAN),
            value: to_floor(2).unwrap_or(f64::NAN),
            theirs: to_floor(3),
        }
    }
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

/// Prints the ratios of all ways to the floor, and of this library to the others.
fn report(rows: &[Row<'_>]) {
    println!(
        "\n{:<32}{:>9}{:>8}{:>8}{:>8}{:>12}{:>12}",
        "median", "floor", "ours", "a_l_e", "value", "ours/a_l_e", "ours/value"
    );
    let or_dash = |ratio: Option<f64>| ratio.map_or_else(|| "–".to_owned(), |ratio| format!("{ratio:.2}"));
    for row in rows {
        println!(
            "{:<32}{:>6} ns{:>8.2}{:>8}{:>8.2}{:>12}{:>12.2}",
            row.route,
            row.floor.as_nanos(),
            row.ours,
            or_dash(row.theirs),
            row.value,
            or_dash(row.theirs.map(|theirs| row.ours / theirs)),
            row.ours / row.value,
        );
    }
    let all = |of: fn(&Row<'_>) -> Option<f64>| over_all(rows, of);
    println!(
        "\nover all routes: ours = {:.2} × floor = {:.2} × aws_lambda_events = {:.2} × Value",
        all(|_| Some(1.0)),
        all(|row| row.theirs),
        all(|row| Some(row.value)),
    );
}

/// The total time of this library divided by that of another way, over the routes that have this way. A long event has more
/// weight than a short one.
fn over_all(rows: &[Row<'_>], other: fn(&Row<'_>) -> Option<f64>) -> f64 {
    let times = rows.iter().filter_map(|row| {
        let floor = row.floor.as_secs_f64();
        Some((floor * row.ours, floor * other(row)?))
    });
    let (ours, others) = times.fold((0.0, 0.0), |sum, row| (sum.0 + row.0, sum.1 + row.1));
    ours / others
}
