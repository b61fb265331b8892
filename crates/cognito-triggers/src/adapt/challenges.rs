//! Custom authentication.

use ::aws_lambda_events::cognito as peer;

use super::{Peer, header, map};
use crate::{
    ChallengeName, CreateAuthChallenge, DefineAuthChallenge, Event, Result, Secret, Session,
    VerifyAuthChallengeResponse, create_auth_challenge,
    define_auth_challenge::{self, NextChallenge},
    verify_auth_challenge_response,
};

impl Peer for DefineAuthChallenge {
    type Event = peer::CognitoEventUserPoolsDefineAuthChallenge;

    fn to_peer(event: &Event<Self>) -> Self::Event {
        let mut peer = Self::Event::default();
        peer.cognito_event_user_pools_header = header(event);
        peer.request.user_attributes = map(&event.request.user_attributes);
        peer.request.session = results(&event.request.session);
        peer.request.client_metadata = map(&event.request.client_metadata);
        peer.request.user_not_found = event.request.user_not_found.unwrap_or_default();
        peer
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

impl Peer for CreateAuthChallenge {
    type Event = peer::CognitoEventUserPoolsCreateAuthChallenge;

    fn to_peer(event: &Event<Self>) -> Self::Event {
        let mut peer = Self::Event::default();
        peer.cognito_event_user_pools_header = header(event);
        peer.request.user_attributes = map(&event.request.user_attributes);
        peer.request.challenge_name = Some(event.request.challenge_name.to_string());
        peer.request.session = results(&event.request.session);
        peer.request.client_metadata = map(&event.request.client_metadata);
        peer.request.user_not_found = event.request.user_not_found.unwrap_or_default();
        peer
    }

    fn answer(event: Self::Event) -> Result<create_auth_challenge::Response> {
        Ok(create_auth_challenge::Response {
            public_challenge_parameters: event.response.public_challenge_parameters.into_iter().collect(),
            private_challenge_parameters: event.response.private_challenge_parameters.into_iter().collect(),
            challenge_metadata: event.response.challenge_metadata.map(Secret::new),
        })
    }
}

impl Peer for VerifyAuthChallengeResponse {
    type Event = peer::CognitoEventUserPoolsVerifyAuthChallenge;

    fn to_peer(event: &Event<Self>) -> Self::Event {
        let parameters = event.request.private_challenge_parameters.iter();
        let mut peer = Self::Event::default();
        peer.cognito_event_user_pools_header = header(event);
        peer.request.user_attributes = map(&event.request.user_attributes);
        peer.request.private_challenge_parameters = parameters
            .map(|(name, secret)| (name.to_owned(), secret.expose().to_owned()))
            .collect();
        peer.request.challenge_answer = event
            .raw()
            .pointer("/request/challengeAnswer")
            .filter(|value| !value.is_null());
        peer.request.client_metadata = map(&event.request.client_metadata);
        peer.request.user_not_found = event.request.user_not_found.unwrap_or_default();
        peer
    }

    fn answer(event: Self::Event) -> Result<verify_auth_challenge_response::Response> {
        Ok(verify_auth_challenge_response::Response {
            answer_correct: event.response.answer_correct,
        })
    }
}

fn results(session: &Session) -> Vec<Option<peer::CognitoEventUserPoolsChallengeResult>> {
    let result = |result: &crate::ChallengeResult| {
        let mut peer = peer::CognitoEventUserPoolsChallengeResult::default();
        peer.challenge_name = Some(result.challenge_name.to_string());
        peer.challenge_result = result.challenge_result;
        peer.challenge_metadata = result
            .challenge_metadata
            .as_ref()
            .map(|secret| secret.expose().to_owned());
        Some(peer)
    };
    session.iter().map(result).collect()
}
