//! The time of a call grows linearly with the number of names in its event.
//!
//! Anybody who signs up chooses the names of the client metadata, and an identity provider those of its attributes.

use std::{
    fs,
    time::{Duration, Instant},
};

use cognito_triggers::{
    Context, Event, PreSignUp, PreTokenGenerationV1, Result, Router, function::Function, pre_sign_up,
    pre_token_generation_v1, router,
};
use every_trigger::App;
use lambda_runtime::Context as LambdaContext;

/// The number of names in the small event. The large one has four times as many.
const NAMES: usize = 10_000;

/// How much longer the large event may take. Quadratic work takes sixteen times as long.
const MOST: u32 = 10;

fn event(source: &str, request: &str) -> String {
    format!(
        r#"{{"version":"1","triggerSource":"{source}","userName":"ana","request":{{{request}}},"response":{{}}}}"#
    )
}

/// The members of an object with this many names, each with this value.
fn members(count: usize, value: &str) -> String {
    let members: Vec<_> = (0..count)
        .map(|number| format!(r#""k{number:07}":{value}"#))
        .collect();
    members.join(",")
}

/// The processor time of this thread. Where the system doesn't count it, it reads 0, and this is the time since `begin`.
fn processor_time(begin: Instant) -> Duration {
    let nanoseconds = fs::read_to_string("/proc/thread-self/schedstat")
        .ok()
        .and_then(|text| text.split(' ').next()?.parse().ok())
        .filter(|nanoseconds| *nanoseconds > 0);
    nanoseconds.map_or_else(|| begin.elapsed(), Duration::from_nanos)
}

/// Answers an event of each size, and fails if the larger one takes far longer for each name.
async fn assert_linear<S: Send + Sync + 'static>(function: Function<S>, event: fn(usize) -> String) {
    // Only the growth is looked at, however slow the machine is.
    let function = function.timeout(Duration::from_secs(600));
    let begin = Instant::now();
    let mut times = [NAMES, 4 * NAMES].map(|count| (event(count), Duration::MAX));
    for _ in 0..3 {
        for (event, best) in &mut times {
            let start = processor_time(begin);
            let answer = function.answer(event.clone(), LambdaContext::default()).await;
            // A thread that has just begun may have no time counted yet.
            *best = (*best).min(processor_time(begin).saturating_sub(start));
            answer.unwrap();
        }
    }
    let [(_, small), (_, large)] = times;
    // The system brings the time of a thread up to date in ticks, so a short time is only known to some milliseconds.
    let tick = Duration::from_millis(50);
    assert!(large < small * MOST + tick, "{small:?}, then {large:?}");
}

#[tokio::test]
async fn many_attributes_of_a_provider_take_linear_time() {
    let function = every_trigger::triggers().with_state(App::from_env().unwrap());
    // One value has to be shortened, so the example repeats all others in its answer.
    assert_linear(function, |count| {
        let long = "x".repeat(3000);
        let names = members(count, r#""""#);
        let attributes = format!(
            r#""tokenResponse":{{}},"idToken":{{"sub":"x"}},"userInfo":{{"sub":"x","nickname":"{long}",{names}}}"#
        );
        let request =
            format!(r#""providerName":"ExampleIdP","providerType":"OIDC","attributes":{{{attributes}}}"#);
        event("InboundFederation_ExternalProvider", &request)
    })
    .await;
}

#[tokio::test]
async fn names_that_are_null_the_second_time_take_linear_time() {
    let router: Router<()> = router! { pre_sign_up => remove_all };
    assert_linear(router.with_state(()), |count| {
        let (given, taken) = (members(count, r#""x""#), members(count, "null"));
        event(
            "PreSignUp_SignUp",
            &format!(r#""clientMetadata":{{{given},"kept":"x",{taken}}}"#),
        )
    })
    .await;
}

#[tokio::test]
async fn removing_each_name_takes_linear_time() {
    let router: Router<()> = router! { pre_sign_up => remove_all };
    assert_linear(router.with_state(()), |count| {
        let names = members(count, r#""x""#);
        event("PreSignUp_SignUp", &format!(r#""clientMetadata":{{{names}}}"#))
    })
    .await;
}

#[tokio::test]
async fn many_claims_take_linear_time() {
    let router: Router<()> = router! { pre_token_generation_v1 => metadata_as_claims };
    assert_linear(router.with_state(()), token_generation).await;
}

/// The rules are checked after the handler, and find something in every claim here.
#[tokio::test]
async fn rules_take_linear_time() {
    let router: Router<()> = router! {
        pre_token_generation_v1 => |context, event: Event<PreTokenGenerationV1>| async move {
            let names: Vec<_> = event.request.client_metadata.keys().map(str::to_owned).collect();
            let mut response = metadata_as_claims(context, event.clone()).await?;
            response.claims_to_suppress = names.clone();
            assert_eq!(event.check(&response).len(), names.len());
            Ok(response)
        },
    };
    assert_linear(router.with_state(()), token_generation).await;
}

fn token_generation(names: usize) -> String {
    let metadata = members(names, r#""x""#);
    event(
        "TokenGeneration_Authentication",
        &format!(r#""clientMetadata":{{{metadata}}}"#),
    )
}

async fn remove_all(_: Context<()>, event: Event<PreSignUp>) -> Result<pre_sign_up::Response> {
    let mut metadata = event.request.client_metadata.clone();
    for name in event.request.client_metadata.keys() {
        assert!(metadata.remove(name));
    }
    assert!(metadata.is_empty());
    Ok(pre_sign_up::Response::default())
}

async fn metadata_as_claims(
    _: Context<()>,
    event: Event<PreTokenGenerationV1>,
) -> Result<pre_token_generation_v1::Response> {
    Ok(pre_token_generation_v1::Response {
        claims_to_add_or_override: event.request.client_metadata.iter().collect(),
        ..Default::default()
    })
}
