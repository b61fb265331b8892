//! Sign-in with custom challenges: define, create, verify, define, and so on.

use serde_json::{Map, Value, json};

use crate::flow::{
    call::{Answer, Password},
    pool::{CallResult, PendingChallenge, Pool},
    response::{exception, flag, object},
    run::ApiResult,
};

const DEFINE: &str = "DefineAuthChallenge_Authentication";
const CREATE: &str = "CreateAuthChallenge_Authentication";
const VERIFY: &str = "VerifyAuthChallengeResponse_Authentication";

/// Parts of the name of the private parameter that holds the right answer.
const ANSWERS: [&str; 5] = ["answer", "code", "otp", "pin", "secret"];

impl Pool<'_> {
    /// `InitiateAuth` with `CUSTOM_AUTH`, with or without the password first.
    pub(super) async fn begin_custom(&mut self, with_password: bool) -> CallResult {
        if self.status.is_none() {
            return Err(exception("UserNotFoundException: User does not exist."));
        }
        if with_password {
            self.session.push(result("SRP_A", true, Value::Null));
        }
        self.define().await
    }

    /// `RespondToAuthChallenge`, for every kind of challenge.
    pub(super) async fn respond(&mut self, answer: &Answer, password: Password) -> CallResult {
        match self.challenge.take() {
            None => Err(exception("NotAuthorizedException: Invalid session for the user.")),
            Some(PendingChallenge::NewPassword) => self.new_password().await,
            Some(PendingChallenge::Password) => {
                self.pre_authentication().await?;
                let right = password == Password::Right;
                self.session.push(result("PASSWORD_VERIFIER", right, Value::Null));
                self.define().await
            }
            Some(PendingChallenge::Custom {
                private,
                metadata: of_challenge,
            }) => {
                let answer = answer_to(&private, answer).map_err(ApiResult::Unknown)?;
                let fields = vec![
                    ("privateChallengeParameters", Value::Object(private)),
                    ("challengeAnswer", json!(answer)),
                ];
                let verdict = self.trigger(VERIFY, &fields).await?.ok_or_else(not_configured)?;
                let right = flag(&verdict, "answerCorrect");
                self.session.push(result("CUSTOM_CHALLENGE", right, of_challenge));
                self.define().await
            }
        }
    }

    /// Asks define auth challenge what comes next, and does it.
    async fn define(&mut self) -> CallResult {
        let fields = vec![("session", json!(self.session))];
        let decision = self.trigger(DEFINE, &fields).await?.ok_or_else(not_configured)?;
        if flag(&decision, "failAuthentication") {
            return Err(exception(
                "NotAuthorizedException: Incorrect username or password.",
            ));
        }
        if flag(&decision, "issueTokens") {
            return self.tokens("TokenGeneration_Authentication").await;
        }
        match decision.get("challengeName").and_then(Value::as_str) {
            Some("CUSTOM_CHALLENGE") => self.create().await,
            Some("PASSWORD_VERIFIER") if self.session.last() == Some(&result("SRP_A", true, Value::Null)) => {
                self.challenge = Some(PendingChallenge::Password);
                Ok(challenge("PASSWORD_VERIFIER", &Map::new()))
            }
            Some(other) => Err(ApiResult::Unknown(format!(
                "define auth challenge asked for {other}, which isn't possible now"
            ))),
            None => Err(ApiResult::Unknown(
                "define auth challenge named no challenge, issued no tokens and didn't fail".to_owned(),
            )),
        }
    }

    /// Asks create auth challenge for a challenge.
    async fn create(&mut self) -> CallResult {
        let fields = vec![
            ("challengeName", json!("CUSTOM_CHALLENGE")),
            ("session", json!(self.session)),
        ];
        let made = self.trigger(CREATE, &fields).await?.ok_or_else(not_configured)?;
        self.challenge = Some(PendingChallenge::Custom {
            private: object(&made, "privateChallengeParameters"),
            metadata: made.get("challengeMetadata").cloned().unwrap_or_default(),
        });
        Ok(challenge(
            "CUSTOM_CHALLENGE",
            &object(&made, "publicChallengeParameters"),
        ))
    }
}

/// The exception if one of the three triggers is missing.
fn not_configured() -> ApiResult {
    exception("InvalidParameterException: Custom auth lambda trigger is not configured for the user pool.")
}

/// A challenge as the app gets it.
fn challenge(name: &str, parameters: &Map<String, Value>) -> ApiResult {
    ApiResult::Challenge {
        name: name.to_owned(),
        parameters: parameters.keys().cloned().collect(),
    }
}

/// An entry of `request.session`.
fn result(name: &str, right: bool, metadata: Value) -> Value {
    json!({"challengeName": name, "challengeResult": right, "challengeMetadata": metadata})
}

/// The text that the user answers with, or why it isn't known.
fn answer_to(private: &Map<String, Value>, answer: &Answer) -> Result<String, String> {
    let text = |name: &str| private.get(name).and_then(Value::as_str).map(str::to_owned);
    match answer {
        Answer::Text(text) => Ok(text.clone()),
        Answer::Private(name) => {
            let names: Vec<_> = private.keys().map(String::as_str).collect();
            text(name).ok_or_else(|| {
                format!("the challenge has no private parameter `{name}`; it has {}", names.join(", "))
            })
        }
        Answer::Right => right(private).ok_or_else(|| {
            "it isn't clear which private parameter is the right answer; write {\"answer\": {\"private\": \"NAME\"}} in the flow".to_owned()
        }),
        Answer::Wrong => Ok(right(private).map_or_else(|| "wrong".to_owned(), |right| wrong(&right))),
    }
}

/// The right answer, if only one private parameter can be it.
fn right(private: &Map<String, Value>) -> Option<String> {
    let is_answer = |name: &str| ANSWERS.iter().any(|answer| name.to_lowercase().contains(answer));
    let named: Vec<_> = private.iter().filter(|(name, _)| is_answer(name)).collect();
    let all: Vec<_> = private.iter().collect();
    match (named.as_slice(), all.as_slice()) {
        ([(_, value)], _) | ([], [(_, value)]) => value.as_str().map(str::to_owned),
        _ => None,
    }
}

/// Another text of the same kind: six digits become six other digits.
fn wrong(right: &str) -> String {
    let other = |c: char| match c {
        '9' => '0',
        '0'..='8' => char::from_u32(u32::from(c) + 1).unwrap_or('0'),
        'x' => 'y',
        _ => 'x',
    };
    match right.is_empty() {
        true => "wrong".to_owned(),
        false => right.chars().map(other).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn private(json: Value) -> Map<String, Value> {
        json.as_object().unwrap().clone()
    }

    #[test]
    fn the_right_answer_is_found_if_it_is_clear() {
        let answer = |json, answer| answer_to(&private(json), &answer);
        assert_eq!(
            answer(json!({"code": "481516"}), Answer::Right).unwrap(),
            "481516"
        );
        assert_eq!(
            answer(json!({"secretLoginCode": "1", "sentAt": "2"}), Answer::Right).unwrap(),
            "1"
        );
        assert_eq!(answer(json!({"nonce": "1"}), Answer::Right).unwrap(), "1");
        assert!(
            answer(json!({"one": "1", "two": "2"}), Answer::Right)
                .unwrap_err()
                .contains("private")
        );
        assert!(answer(json!({}), Answer::Right).is_err());
        let named = answer(json!({"one": "1"}), Answer::Private("two".to_owned()));
        assert_eq!(
            named.unwrap_err(),
            "the challenge has no private parameter `two`; it has one"
        );
    }

    #[test]
    fn a_wrong_answer_looks_like_the_right_one() {
        let wrong = |json| answer_to(&private(json), &Answer::Wrong).unwrap();
        assert_eq!(wrong(json!({"code": "481916"})), "592027");
        assert_eq!(wrong(json!({"answer": "max"})), "xxy");
        assert_eq!(wrong(json!({})), "wrong");
    }
}
