//! Time by size: events of up to 6 MB with ever more names, attributes, groups, rounds of a session, or attributes of a
//! provider. Prints a table, and fails if the time for a byte grows with the size. It is the processor time of the thread, so
//! it needs Linux.
//!
//! `cargo run --release -p cognito-triggers-bench --bin linear`

use std::{
    fmt::Write,
    fs,
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use cognito_triggers::{
    Attributes, Claims, Context, Event, InboundFederation, PreSignUp, PreTokenGenerationV1, Result, Router,
    TextMap, define_auth_challenge, define_auth_challenge::NextChallenge, function::Function,
    inbound_federation, pre_sign_up, pre_token_generation::GroupOverrideDetails, pre_token_generation_v1,
    router,
};
use cognito_triggers_bench::ours;
use lambda_runtime::Context as LambdaContext;

/// The sizes of events, in bytes. A synchronous call takes up to 6 MB.
const SIZES: [usize; 4] = [6_000, 60_000, 600_000, 6_000_000];

/// How much longer a byte may take in a large event than in a small one. Large events don't fit into the caches, so a byte
/// takes a little longer; in quadratic time it would take a thousand times as long.
const MOST: f64 = 8.0;

fn triggers() -> Router<()> {
    router! {
        pre_sign_up => copy_names,
        pre_token_generation_v1 => return_groups,
        define_auth_challenge => async |_, event| Ok(match event.request.session.custom_challenge_passed() {
            true => define_auth_challenge::Response::IssueTokens,
            false => define_auth_challenge::Response::Challenge(NextChallenge::CustomChallenge),
        }),
        inbound_federation => map_attributes,
    }
}

/// Copies, extends, collects, compares and removes the names of the metadata and the attributes.
async fn copy_names(_: Context<()>, event: Event<PreSignUp>) -> Result<pre_sign_up::Response> {
    let metadata = &event.request.client_metadata;
    let mut collected: TextMap = metadata.iter().collect();
    let same = collected == *metadata;
    for (name, value) in metadata.iter() {
        collected.insert(name, value);
    }
    let attributes: Attributes = event.request.user_attributes.iter().collect();
    let is_equal = same && collected == *metadata && attributes == event.request.user_attributes;
    let mut left = event.request.user_attributes.clone();
    attributes.keys().for_each(|name| assert!(left.remove(name)));
    let is_removed = metadata.keys().all(|name| collected.remove(name));
    Ok(pre_sign_up::Response {
        auto_confirm_user: is_equal && is_removed && left.is_empty() && collected.is_empty(),
        ..Default::default()
    })
}

/// Returns the groups, and the metadata as claims.
async fn return_groups(
    _: Context<()>,
    event: Event<PreTokenGenerationV1>,
) -> Result<pre_token_generation_v1::Response> {
    let mut response = pre_token_generation_v1::Response::default();
    if let Some(groups) = &event.request.group_configuration {
        response.group_override_details = GroupOverrideDetails::Override(groups.clone());
    }
    response.claims_to_add_or_override = event.request.client_metadata.iter().collect::<Claims<String>>();
    Ok(response)
}

/// Maps the attributes from the provider.
async fn map_attributes(
    _: Context<()>,
    event: Event<InboundFederation>,
) -> Result<inbound_federation::Response> {
    Ok(inbound_federation::Response {
        user_attributes_to_map: event.request.attributes.merged(),
        ..Default::default()
    })
}

/// A dimension that grows, and an event of that size.
type Dimension = (&'static str, fn(usize) -> String);

const DIMENSIONS: [Dimension; 6] = [
    ("metadata names", |count| {
        event(
            "PreSignUp_SignUp",
            &format!(r#""userAttributes":{{}},"clientMetadata":{}"#, names(count)),
        )
    }),
    ("attributes", |count| {
        event(
            "PreSignUp_SignUp",
            &format!(r#""userAttributes":{}"#, names(count)),
        )
    }),
    ("claims", |count| {
        event(
            "TokenGeneration_Authentication",
            &format!(r#""userAttributes":{{}},"clientMetadata":{}"#, names(count)),
        )
    }),
    ("groups", |count| {
        let groups = list(count, |text, index| write!(text, r#""group-{index:08}""#));
        let groups = format!(r#""userAttributes":{{}},"groupConfiguration":{{"groupsToOverride":{groups}}}"#);
        event("TokenGeneration_Authentication", &groups)
    }),
    ("session rounds", |count| {
        let rounds = list(count, |text, _| {
            text.write_str(
                r#"{"challengeName":"CUSTOM_CHALLENGE","challengeResult":false,"challengeMetadata":"x"}"#,
            )
        });
        event(
            "DefineAuthChallenge_Authentication",
            &format!(r#""userAttributes":{{}},"session":{rounds}"#),
        )
    }),
    ("provider attributes", |count| {
        let attributes = format!(
            r#""providerName":"x","providerType":"OIDC","attributes":{{"userInfo":{}}}"#,
            names(count)
        );
        event("InboundFederation_ExternalProvider", &attributes)
    }),
];

fn event(source: &str, request: &str) -> String {
    format!(
        r#"{{"version":"1","triggerSource":"{source}","userName":"ana","request":{{{request}}},"response":{{}}}}"#
    )
}

fn names(count: usize) -> String {
    let list = list(count, |text, index| write!(text, r#""name-{index:08}":"value""#));
    format!("{{{}}}", list.trim_matches(['[', ']']))
}

fn list(count: usize, item: impl Fn(&mut String, usize) -> std::fmt::Result) -> String {
    let mut text = String::from("[");
    for index in 0..count {
        if index > 0 {
            text.push(',');
        }
        item(&mut text, index).expect("memory is written");
    }
    text + "]"
}

/// How long this thread has had a processor. What else the machine does doesn't count.
fn processor_time() -> Duration {
    let text = fs::read_to_string("/proc/thread-self/schedstat").expect("Linux");
    let nanoseconds = text
        .split(' ')
        .next()
        .and_then(|nanoseconds| nanoseconds.parse().ok());
    Duration::from_nanos(nanoseconds.expect("a number"))
}

/// The mean processor time of an answer, in nanoseconds for each byte.
///
/// The system brings the time of a thread up to date some hundred times a second, so the calls together take far longer.
fn measure(function: &Function<()>, event: &Bytes) -> f64 {
    const LEAST: Duration = Duration::from_millis(400);
    let context = Arc::new(LambdaContext::default());
    let begin = Instant::now();
    // Without a time, the loop below would have no end. The thread has none yet before its first tick.
    while processor_time().is_zero() {
        assert!(
            begin.elapsed() < Duration::from_secs(10),
            "the system doesn't count the time of a thread"
        );
        drop(ours(function, event, &context));
    }
    drop(ours(function, event, &context));
    let (start, mut calls) = (processor_time(), 0);
    loop {
        drop(ours(function, event, &context));
        calls += 1;
        let took = processor_time() - start;
        if took >= LEAST {
            return took.as_secs_f64() * 1e9 / f64::from(calls) / event.len() as f64;
        }
    }
}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build();
    let runtime = runtime.expect("a runtime");
    let _guard = runtime.enter();
    // A call that would take minutes is ended with an error, also if it is the writing of the answer that takes them.
    let function = triggers().with_state(()).timeout(Duration::from_secs(60));
    let mut slower = Vec::new();
    println!(
        "{:<20}{:>12}{:>12}{:>12}{:>12}",
        "ns per byte", "6 KB", "60 KB", "600 KB", "6 MB"
    );
    for (name, event) in DIMENSIONS {
        let empty = event(0).len();
        let each = (event(1000).len() - empty) as f64 / 1000.0;
        let times = SIZES.map(|size| {
            let count = ((size - empty) as f64 / each) as usize;
            measure(&function, &Bytes::from(event(count)))
        });
        println!(
            "{name:<20}{:>12.2}{:>12.2}{:>12.2}{:>12.2}",
            times[0], times[1], times[2], times[3]
        );
        if times[3] > MOST * times[0] {
            slower.push(name);
        }
    }
    assert!(
        slower.is_empty(),
        "the time grows faster than the size: {}",
        slower.join(", ")
    );
}
