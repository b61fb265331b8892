//! Calling a function with an event.

use std::cell::LazyCell;

use cognito_triggers::{
    CreateAuthChallenge, CustomEmailSender, CustomMessage, CustomSmsSender, DefineAuthChallenge, Event,
    InboundFederation, PostAuthentication, PostConfirmation, PreAuthentication, PreSignUp,
    PreTokenGenerationV1, PreTokenGenerationV2, PreTokenGenerationV3, UserMigration,
    VerifyAuthChallengeResponse, function::Function, model::Trigger, otherwise::Otherwise,
};
use lambda_runtime::Context;
use tokio::runtime::{Builder, Runtime};

use crate::json::members;

/// Returns the answer to an event, or `None` if the function fails.
pub fn call(function: &Function<()>, event: &[u8]) -> Option<Vec<u8>> {
    thread_local! {
        static RUNTIME: LazyCell<Runtime> =
            LazyCell::new(|| Builder::new_current_thread().enable_time().build().expect("a runtime"));
    }
    let answer =
        RUNTIME.with(|runtime| runtime.block_on(function.answer(event.to_vec(), Context::default())));
    answer.ok().map(|answer| answer.as_bytes().to_vec())
}

/// Passes the event to `visit` as the event of every trigger that can read it.
pub fn events(json: &[u8], visit: &mut impl VisitEvent) {
    macro_rules! visit {
        ($($trigger:ty)+) => { $(
            if let Ok(event) = Event::<$trigger>::from_json(json) {
                visit.visit(&event);
            }
        )+ };
    }
    visit! {
        CreateAuthChallenge CustomEmailSender CustomMessage CustomSmsSender DefineAuthChallenge InboundFederation
        Otherwise PostAuthentication PostConfirmation PreAuthentication PreSignUp PreTokenGenerationV1
        PreTokenGenerationV2 PreTokenGenerationV3 UserMigration VerifyAuthChallengeResponse
    }
}

/// What [`events`] does with each event.
pub trait VisitEvent {
    fn visit<T: Trigger>(&mut self, event: &Event<T>);
}

/// Checks that an answer is the event byte by byte, but for the value of `response`.
pub fn same_outside_response(event: &[u8], answer: &[u8]) {
    let Some(received) = members(event) else { return };
    let answered = members(answer).expect("an answer is an object");
    let without_response = |members: &[(String, &str)]| -> Vec<(String, String)> {
        let rest = members.iter().filter(|(name, _)| name != "response");
        rest.map(|(name, value)| (name.clone(), (*value).to_owned()))
            .collect()
    };
    assert_eq!(without_response(&received), without_response(&answered));

    let response = received.iter().find(|(name, _)| name == "response");
    let replaced = response.map_or(0, |(_, value)| value.len());
    let prefix = event.iter().zip(answer).take_while(|(a, b)| a == b).count();
    let suffix = event[prefix..].iter().rev().zip(answer[prefix..].iter().rev());
    let suffix = suffix.take_while(|(a, b)| a == b).count();
    assert!(
        event.len() - prefix - suffix <= replaced,
        "more than the response was replaced"
    );
}
