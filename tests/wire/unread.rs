//! The keys of sample events that no type of the model reads. The index of the samples lists exactly these.

use std::collections::BTreeSet;

use cognito_triggers::{
    CreateAuthChallenge, CustomEmailSender, CustomMessage, CustomSmsSender, DefineAuthChallenge,
    InboundFederation, PostAuthentication, PostConfirmation, PreAuthentication, PreSignUp,
    PreTokenGenerationV1, PreTokenGenerationV2, PreTokenGenerationV3, UserMigration,
    VerifyAuthChallengeResponse,
    model::{Trigger, triggers::DEFINITIONS},
    samples::{self, Sample},
};
use serde_json::Value;

use super::support;

/// The keys of the envelope for which [`Event`](cognito_triggers::Event) has a field.
const ENVELOPE: [&str; 8] = [
    "version",
    "triggerSource",
    "region",
    "userPoolId",
    "userName",
    "callerContext",
    "request",
    "response",
];
const CALLER_CONTEXT: [&str; 2] = ["awsSdkVersion", "clientId"];

type Reader = fn(&Value) -> BTreeSet<String>;

fn reader<T: Trigger>() -> (&'static str, Reader) {
    let route = T::ROUTE.map_or("", |route| route.as_str());
    (route, unread::<T>)
}

fn unread<T: Trigger>(request: &Value) -> BTreeSet<String> {
    let mut unread = BTreeSet::new();
    let note = |path: serde_ignored::Path<'_>| {
        unread.insert(format!("request.{path}"));
    };
    serde_ignored::deserialize::<_, _, T::Request>(request, note).expect("a request");
    unread
}

fn readers() -> [(&'static str, Reader); 15] {
    [
        reader::<PreSignUp>(),
        reader::<CustomMessage>(),
        reader::<PostConfirmation>(),
        reader::<PreAuthentication>(),
        reader::<PostAuthentication>(),
        reader::<DefineAuthChallenge>(),
        reader::<CreateAuthChallenge>(),
        reader::<VerifyAuthChallengeResponse>(),
        reader::<PreTokenGenerationV1>(),
        reader::<PreTokenGenerationV2>(),
        reader::<PreTokenGenerationV3>(),
        reader::<UserMigration>(),
        reader::<CustomSmsSender>(),
        reader::<CustomEmailSender>(),
        reader::<InboundFederation>(),
    ]
}

fn unread_of(sample: &Sample) -> BTreeSet<String> {
    let event: Value = serde_json::from_str(sample.json).unwrap();
    let (_, read) = readers()
        .into_iter()
        .find(|(route, _)| *route == sample.route.as_str())
        .unwrap();
    let mut unread = read(&event["request"]);
    let beyond = |object: &Value, known: &[&str]| -> Vec<String> {
        let keys = object.as_object().into_iter().flatten().map(|(key, _)| key);
        keys.filter(|key| !known.contains(&key.as_str()))
            .cloned()
            .collect()
    };
    unread.extend(beyond(&event, &ENVELOPE));
    let caller_context = beyond(&event["callerContext"], &CALLER_CONTEXT);
    unread.extend(
        caller_context
            .into_iter()
            .map(|key| format!("callerContext.{key}")),
    );
    unread
}

#[test]
fn every_trigger_has_a_reader_here() {
    let routes: Vec<_> = DEFINITIONS
        .iter()
        .map(|definition| definition.route.as_str())
        .collect();
    assert_eq!(readers().map(|(route, _)| route).to_vec(), routes);
}

#[test]
fn the_index_lists_exactly_the_unread_keys() {
    for sample in samples::all() {
        let named: BTreeSet<_> = sample.unread.iter().map(|&path| path.to_owned()).collect();
        assert_eq!(unread_of(sample), named, "{}", support::name(sample));
    }
}
