//! Custom authentication.

use ::aws_lambda_events::cognito as legacy;

use cognito_triggers_model::{
    Event,
    challenge::{ChallengeName, ChallengeResult, Session},
    secret::Secret,
    triggers::{
        CreateAuthChallenge, DefineAuthChallenge, VerifyAuthChallengeResponse, create_auth_challenge,
        define_auth_challenge::{self, NextChallenge},
        verify_auth_challenge_response,
    },
};

use super::{LegacyEvent, header, map, response};
use crate::error::Result;

impl LegacyEvent for DefineAuthChallenge {
    type Event = legacy::CognitoEventUserPoolsDefineAuthChallenge;

    fn to_legacy(event: &Event<Self>) -> Self::Event {
        let mut legacy = Self::Event::default();
        legacy.cognito_event_user_pools_header = header(event);
        legacy.response = response(event);
        legacy.request.user_attributes = map(event.request.user_attributes.as_received());
        legacy.request.session = results(&event.request.session);
        legacy.request.client_metadata = map(&event.request.client_metadata);
        legacy.request.user_not_found = event.request.user_not_found.unwrap_or_default();
        legacy
    }

    fn answer(event: Self::Event) -> Result<define_auth_challenge::Response> {
        use define_auth_challenge::Response;

        let response = event.response;
        if response.fail_authentication {
            return Ok(Response::FailAuthentication);
        }
        if response.issue_tokens {
            return Ok(Response::IssueTokens);
        }
        match response.challenge_name.as_deref().map(ChallengeName::parse) {
            Some(ChallengeName::CustomChallenge) => Ok(Response::Challenge(NextChallenge::CustomChallenge)),
            Some(ChallengeName::PasswordVerifier) => Ok(Response::Challenge(NextChallenge::PasswordVerifier)),
            Some(other) => Err(format!("define auth challenge can't ask for the challenge {other}").into()),
            None => {
                Err("define auth challenge asked for no challenge, issued no tokens and didn't fail".into())
            }
        }
    }
}

impl LegacyEvent for CreateAuthChallenge {
    type Event = legacy::CognitoEventUserPoolsCreateAuthChallenge;

    fn to_legacy(event: &Event<Self>) -> Self::Event {
        let mut legacy = Self::Event::default();
        legacy.cognito_event_user_pools_header = header(event);
        legacy.response = response(event);
        legacy.request.user_attributes = map(event.request.user_attributes.as_received());
        legacy.request.challenge_name = Some(event.request.challenge_name.to_string());
        legacy.request.session = results(&event.request.session);
        legacy.request.client_metadata = map(&event.request.client_metadata);
        legacy.request.user_not_found = event.request.user_not_found.unwrap_or_default();
        legacy
    }

    fn answer(event: Self::Event) -> Result<create_auth_challenge::Response> {
        Ok(create_auth_challenge::Response {
            public_challenge_parameters: event.response.public_challenge_parameters.into_iter().collect(),
            private_challenge_parameters: event.response.private_challenge_parameters.into_iter().collect(),
            challenge_metadata: event.response.challenge_metadata.map(Secret::new),
            ..Default::default()
        })
    }
}

impl LegacyEvent for VerifyAuthChallengeResponse {
    type Event = legacy::CognitoEventUserPoolsVerifyAuthChallenge;

    fn to_legacy(event: &Event<Self>) -> Self::Event {
        let parameters = event.request.private_challenge_parameters.iter();
        let mut legacy = Self::Event::default();
        legacy.cognito_event_user_pools_header = header(event);
        legacy.response = response(event);
        legacy.request.user_attributes = map(event.request.user_attributes.as_received());
        legacy.request.private_challenge_parameters = parameters
            .map(|(name, secret)| (name.to_owned(), secret.expose().to_owned()))
            .collect();
        legacy.request.challenge_answer = event
            .raw()
            .pointer("/request/challengeAnswer")
            .filter(|value| !value.is_null());
        legacy.request.client_metadata = map(&event.request.client_metadata);
        legacy.request.user_not_found = event.request.user_not_found.unwrap_or_default();
        legacy
    }

    fn answer(event: Self::Event) -> Result<verify_auth_challenge_response::Response> {
        Ok(verify_auth_challenge_response::Response {
            answer_correct: event.response.answer_correct,
            ..Default::default()
        })
    }
}

fn results(session: &Session) -> Vec<Option<legacy::CognitoEventUserPoolsChallengeResult>> {
    let result = |result: &ChallengeResult| {
        let mut legacy = legacy::CognitoEventUserPoolsChallengeResult::default();
        legacy.challenge_name = Some(result.challenge_name.to_string());
        legacy.challenge_result = result.challenge_result;
        legacy.challenge_metadata = result
            .challenge_metadata
            .as_ref()
            .map(|secret| secret.expose().to_owned());
        Some(legacy)
    };
    session.iter().map(result).collect()
}
