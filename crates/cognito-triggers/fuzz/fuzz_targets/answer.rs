//! Text from an event that becomes claims, challenge parameters and messages. The answer has it unchanged.

#![no_main]

use std::collections::BTreeMap;
use std::sync::LazyLock;

use cognito_triggers::{
    Context, CreateAuthChallenge, CustomMessage, Event, PreTokenGenerationV1, PreTokenGenerationV2, Result,
    TextMap, create_auth_challenge, custom_message, function::Function, pre_token_generation_v1,
    pre_token_generation_v2, router,
};
use cognito_triggers_fuzz::{Node, call, is_json, same_outside_response};
use libfuzzer_sys::fuzz_target;

static FUNCTION: LazyLock<Function<()>> = LazyLock::new(|| {
    router! {
        custom_message => message,
        create_auth_challenge => challenge,
        pre_token_generation_v1 => claims_v1,
        pre_token_generation_v2 => claims_v2,
    }
    .with_state(())
});

async fn message(_: Context<()>, event: Event<CustomMessage>) -> Result<custom_message::Response> {
    Ok(custom_message::Response {
        email_subject: event
            .request
            .client_metadata
            .iter()
            .next()
            .map(|(_, value)| value.to_owned()),
        ..Default::default()
    })
}

async fn challenge(
    _: Context<()>,
    event: Event<CreateAuthChallenge>,
) -> Result<create_auth_challenge::Response> {
    Ok(create_auth_challenge::Response {
        public_challenge_parameters: event.request.client_metadata.iter().collect(),
        ..Default::default()
    })
}

async fn claims_v1(
    _: Context<()>,
    event: Event<PreTokenGenerationV1>,
) -> Result<pre_token_generation_v1::Response> {
    Ok(pre_token_generation_v1::Response {
        claims_to_add_or_override: event.request.client_metadata.iter().collect(),
        ..Default::default()
    })
}

async fn claims_v2(
    _: Context<()>,
    event: Event<PreTokenGenerationV2>,
) -> Result<pre_token_generation_v2::Response> {
    let mut response = pre_token_generation_v2::Response::default();
    response.access_token_generation.claims_to_add_or_override =
        event.request.client_metadata.iter().collect();
    Ok(response)
}

/// Compares an object of the answer with the metadata that it was made from. Null stands for an empty object.
fn compare(found: Option<&Node>, metadata: &TextMap) {
    let expected: BTreeMap<_, _> = metadata.iter().collect();
    let found: BTreeMap<_, _> = match found {
        Some(Node::Object(members)) => members
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str().expect("a string")))
            .collect(),
        None | Some(Node::Null) => BTreeMap::new(),
        Some(_) => panic!("not an object"),
    };
    assert_eq!(found, expected);
}

fuzz_target!(|bytes: &[u8]| {
    let Some(answer) = call(&FUNCTION, bytes) else {
        return;
    };
    assert!(is_json(&answer), "the answer isn't JSON");
    same_outside_response(bytes, &answer);
    let Some(node) = Node::parse(&answer).filter(|node| !node.has_duplicates()) else {
        return;
    };
    let source = node
        .get("triggerSource")
        .and_then(Node::as_str)
        .unwrap_or_default()
        .to_owned();
    let version = node
        .get("version")
        .and_then(Node::as_str)
        .unwrap_or_default()
        .to_owned();
    let at = |path: &[&str]| path.iter().try_fold(&node, |node, name| node.get(name));
    match (source.split_once('_').map(|(prefix, _)| prefix), version.as_str()) {
        (Some("CustomMessage"), _) => {
            let event = Event::<CustomMessage>::from_json(bytes).expect("it was answered");
            let expected = event
                .request
                .client_metadata
                .iter()
                .next()
                .map(|(_, value)| value);
            assert_eq!(at(&["response", "emailSubject"]).and_then(Node::as_str), expected);
        }
        (Some("CreateAuthChallenge"), _) => {
            let event = Event::<CreateAuthChallenge>::from_json(bytes).expect("it was answered");
            compare(
                at(&["response", "publicChallengeParameters"]),
                &event.request.client_metadata,
            );
        }
        (Some("TokenGeneration"), "1") => {
            let event = Event::<PreTokenGenerationV1>::from_json(bytes).expect("it was answered");
            let path = ["response", "claimsOverrideDetails", "claimsToAddOrOverride"];
            compare(at(&path), &event.request.client_metadata);
        }
        (Some("TokenGeneration"), "2") => {
            let event = Event::<PreTokenGenerationV2>::from_json(bytes).expect("it was answered");
            let path = [
                "response",
                "claimsAndScopeOverrideDetails",
                "accessTokenGeneration",
                "claimsToAddOrOverride",
            ];
            compare(at(&path), &event.request.client_metadata);
        }
        _ => {}
    }
});
