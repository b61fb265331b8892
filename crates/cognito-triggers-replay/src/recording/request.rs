//! Makes the request of a recorded call ready for this run: fills in what is known, and computes what an app computes.
//!
//! | placeholder | value in this run |
//! |---|---|
//! | known from an earlier answer, message or event | that value |
//! | `password` | a made-up one, the same for the same placeholder; one against the policy if the API refused it for that |
//! | `srp-a`, `signature` | of a key pair of this run, and the password that the user has |
//! | `secret-hash` | computed with the client's secret in this run |
//! | `client-secret`, where the call names the client | the client's secret in this run |
//! | a token, session, code or client secret, if the message of the exception is about it | a wrong one |
//! | an answer, if the API or the function refused it | a wrong one |
//! | another one | none: the call isn't made |
//!
//! A value is never guessed where the recording says that it was right, and none has a form that the API refuses. So a call that needs a
//! secret from before the recording, or one with a wrong form, is named, and not reported as a difference.

mod refused_form;

use std::collections::{BTreeMap, BTreeSet};

use cognito_triggers_pool::{LocalPool, recording::RecordedCall, srp};
use serde_json::{Value, json};

use self::refused_form::refused_form;
use super::{
    passwords::{Passwords, against_policy, made_up, secret},
    values::Values,
};

/// Where a request has the secret of the app client that it names.
const CLIENT_SECRETS: [&str; 2] = ["/Secret", "/ClientSecret"];

/// Exceptions that a wrong code, session, token, client secret or answer leads to.
const REFUSALS: [&str; 9] = [
    "CodeMismatchException",
    "EnableSoftwareTokenMFAException",
    "ExpiredCodeException",
    "InvalidParameterException",
    "LimitExceededException",
    "NotAuthorizedException",
    "TooManyFailedAttemptsException",
    "UnauthorizedException",
    "UserNotFoundException",
];

/// What the configuration of an OIDC provider tells the pool.
const ADDRESSES: [&str; 4] = ["attributes_url", "authorize_url", "jwks_uri", "token_url"];

/// What the pool says if an OIDC provider on this machine doesn't tell it.
const UNDISCOVERED: &str = "The OpenID configuration can't be read";

/// What Cognito says about a wrong password.
const INCORRECT: &str = "Incorrect username or password.";

/// A sign-in with SRP that waits for the proof.
struct Exchange {
    /// The placeholder of `SRP_A`.
    client: String,
    /// `ChallengeParameters` of this run.
    parameters: Value,
}

/// What the apps of the recording know.
///
/// Several people may sign in at the same time, so each exchange is found by what the recording itself says: the proof has the
/// secret block of the challenge that it answers.
#[derive(Default)]
pub(super) struct Apps {
    /// The key pairs of sign-ins with SRP, by the placeholder of `SRP_A`.
    clients: BTreeMap<String, srp::Client>,
    /// The sign-ins that wait for the proof, by the placeholder of the secret block.
    exchanges: BTreeMap<String, Exchange>,
}

impl Apps {
    /// The request of a call in this run.
    ///
    /// Placeholders that nothing is known of yet get their values here, so that a later call with the same one sends the same.
    ///
    /// # Errors
    /// Fails with the reason why the call can't be made.
    pub(super) fn request(
        &mut self,
        pool: &LocalPool,
        values: &mut Values,
        passwords: &Passwords,
        call: &RecordedCall,
    ) -> Result<Value, String> {
        check_kind(call)?;
        if let Some(name) = refused_form(values, call) {
            return Err(format!(
                "the form of {name} was refused, and what stands for it in a playback has another one"
            ));
        }
        let mut unknown = BTreeSet::new();
        values.fill(&call.request, &mut unknown);
        values.unknown_names(&call.request, &mut unknown);
        let mut missing = None;
        for name in &unknown {
            let kind = name.rsplit_once('-').map_or(name.as_str(), |(kind, _)| kind);
            match kind {
                "password" => {
                    let message = call.error.as_ref().map_or("", |error| error.message.as_str());
                    let made = against_policy(name, message).filter(|_| is_policy(call));
                    values.set(name, made.unwrap_or_else(|| made_up(name)));
                }
                "srp-a" => {
                    let client = srp::Client::new().map_err(|_| "this machine has no random numbers")?;
                    values.set(name, client.srp_a());
                    self.clients.insert(name.clone(), client);
                }
                "secret-hash" => match secret_hash(pool, values, call) {
                    Some(hash) => values.set(name, hash),
                    None => missing = missing.or(Some(name)),
                },
                "client-secret" if !is_blamed(kind, call) => match client_secret(pool, values, call, name) {
                    Some(secret) => values.set(name, secret),
                    None => missing = missing.or(Some(name)),
                },
                // Computed below, with the password.
                "signature" => {}
                kind => match wrong(kind, name).filter(|_| is_blamed(kind, call)) {
                    Some(wrong) => values.set(name, wrong),
                    None => missing = missing.or(Some(name)),
                },
            }
        }
        if let Some(name) = missing {
            return Err(format!(
                "it needs {{{{{name}}}}}, which no earlier answer or message of the recording has; give it with --value {name}=VALUE"
            ));
        }
        let mut request = values.fill(&call.request, &mut BTreeSet::new());
        discovered(call, &mut request);
        if let Some(responses) = request.get_mut("ChallengeResponses")
            && responses.get("PASSWORD_CLAIM_SIGNATURE").is_some()
        {
            self.prove(pool, values, passwords, call, responses)?;
        }
        Ok(request)
    }

    /// Puts the proof of the password into `ChallengeResponses`.
    ///
    /// The recording doesn't say which password was typed. If Cognito accepted the proof, or failed for another reason, it was that of
    /// the user; otherwise any other one is as wrong. The time in the proof is that of the pool's clock, which the player has moved.
    ///
    /// # Errors
    /// Fails with the reason why there is none.
    fn prove(
        &self,
        pool: &LocalPool,
        values: &Values,
        passwords: &Passwords,
        call: &RecordedCall,
        responses: &mut Value,
    ) -> Result<(), String> {
        let block = call
            .request
            .pointer("/ChallengeResponses/PASSWORD_CLAIM_SECRET_BLOCK")
            .and_then(|block| secret(block.as_str()?));
        let exchange = block.and_then(|block| self.exchanges.get(block));
        let begun =
            exchange.and_then(|exchange| Some((self.clients.get(&exchange.client)?, &exchange.parameters)));
        let (client, parameters) = begun.ok_or("the sign-in with SRP began before the recording")?;
        let was_wrong = call
            .error
            .as_ref()
            .is_some_and(|error| error.message == INCORRECT);
        let password = match passwords.of(call) {
            Some(password) if !was_wrong => password,
            None if !was_wrong => {
                return Err("the password that it proves was set before the recording".to_owned());
            }
            _ => "wrong",
        };
        let pool_id = call.user_pool_id.clone().unwrap_or_default();
        let pool_id = values.fill(&json!(pool_id), &mut BTreeSet::new());
        let now = pool.clock().now();
        let proof = srp::responses(
            client,
            pool_id.as_str().unwrap_or_default(),
            password,
            parameters,
            now,
        );
        let proof = proof.ok_or("the challenge of the sign-in with SRP can't be read")?;
        for name in ["PASSWORD_CLAIM_SIGNATURE", "TIMESTAMP"] {
            if let (Some(responses), Some(value)) = (responses.as_object_mut(), proof.get(name)) {
                responses.insert(name.to_owned(), value.clone());
            }
        }
        Ok(())
    }

    /// Remembers a sign-in with SRP that has begun.
    pub(super) fn remember(&mut self, call: &RecordedCall, answer: &Value) {
        let places = ["/AuthParameters/SRP_A", "/ChallengeResponses/SRP_A"];
        let client = places
            .iter()
            .find_map(|place| call.request.pointer(place)?.as_str());
        let recorded = call
            .answer
            .as_ref()
            .and_then(|answer| answer.get("ChallengeParameters"));
        let block = recorded.and_then(|recorded| recorded.get("SECRET_BLOCK")?.as_str());
        let names = client.and_then(secret).zip(block.and_then(secret));
        if let (Some((client, block)), Some(parameters)) = (names, answer.get("ChallengeParameters")) {
            self.exchanges.insert(
                block.to_owned(),
                Exchange {
                    client: client.to_owned(),
                    parameters: parameters.clone(),
                },
            );
        }
    }
}

/// Refuses calls that a player can't make, whatever it knows.
///
/// # Errors
/// The reason.
fn check_kind(call: &RecordedCall) -> Result<(), String> {
    let challenge = call.request.get("ChallengeName").and_then(Value::as_str);
    let is_refused = call.error.is_some();
    let is_undiscovered = call
        .error
        .as_ref()
        .is_some_and(|error| error.message.starts_with(UNDISCOVERED));
    let reason =
        if call.is_endpoint || call.operation.starts_with("OAuth ") || call.operation.starts_with("Page ") {
            "it is an OAuth endpoint or a page, which needs a browser"
        } else if call.by_function {
            "a function made it while it ran; the function of this run makes its own calls"
        } else if challenge.is_some_and(|name| name.starts_with("DEVICE_")) && !is_refused {
            "it proves a device, whose password isn't in a recording"
        } else if call.operation == "ConfirmDevice" && !is_refused {
            "it remembers a device, whose password isn't in a recording"
        } else if call.operation == "CompleteWebAuthnRegistration" && !is_refused {
            "it registers a passkey, which only an authenticator can"
        } else if is_undiscovered {
            "it asked an identity provider on this machine, and a playback asks none"
        } else {
            return Ok(());
        };
    Err(reason.to_owned())
}

/// Adds to a request what an OIDC provider on this machine said when the call was recorded. The pools of a playback ask no provider.
fn discovered(call: &RecordedCall, request: &mut Value) {
    let answer = call.answer.as_ref();
    let found = answer.and_then(|answer| answer.pointer("/IdentityProvider/ProviderDetails")?.as_object());
    let sent = request.get_mut("ProviderDetails").and_then(Value::as_object_mut);
    let (Some(found), Some(sent)) = (found, sent) else {
        return;
    };
    for (name, address) in found
        .iter()
        .filter(|(name, _)| ADDRESSES.contains(&name.as_str()))
    {
        sent.entry(name.clone()).or_insert_with(|| address.clone());
    }
}

/// Whether the call failed because a password breaks the policy.
fn is_policy(call: &RecordedCall) -> bool {
    call.error
        .as_ref()
        .is_some_and(|error| error.class == "InvalidPasswordException")
}

/// Whether the call was refused because of a secret of this kind.
///
/// A call with a token from before the recording may have failed for any reason. With a wrong token in its place it would fail because of
/// the token, and that would be a difference which isn't one.
fn is_blamed(kind: &str, call: &RecordedCall) -> bool {
    let word = match kind {
        "access-token" | "id-token" | "refresh-token" => "token",
        "session" => "session",
        "code" => "code",
        "client-secret" => "secret",
        _ => return is_refused(call),
    };
    let error = call
        .error
        .as_ref()
        .filter(|error| REFUSALS.contains(&error.class.as_str()));
    error.is_some_and(|error| error.message.to_ascii_lowercase().contains(word))
}

/// Whether what the call gave was wrong: the API or the function says so.
///
/// The function comes first. It judges the answer to a custom challenge, and a wrong one isn't an exception as long as there is
/// another round.
fn is_refused(call: &RecordedCall) -> bool {
    let refused = |class: &str| REFUSALS.contains(&class);
    let judged = call
        .triggers
        .iter()
        .find_map(|trigger| trigger.answer.as_ref()?.get("answerCorrect")?.as_bool());
    match judged {
        Some(is_right) => !is_right,
        None => call.error.as_ref().is_some_and(|error| refused(&error.class)),
    }
}

/// A value that is wrong in every run, in the form that the service model asks for: otherwise the API would refuse its form.
///
/// `None` if a wrong one can't have the right form.
fn wrong(kind: &str, name: &str) -> Option<Value> {
    let number: u32 = name.rsplit_once('-')?.1.parse().ok()?;
    Some(match kind {
        "code" => json!(format!("{:06}", number % 1_000_000)),
        "answer" | "secret" => json!(format!("wrong-{number}")),
        "session" => json!(format!("a-session-of-another-run-{number:0>20}")),
        "access-token" | "id-token" | "refresh-token" => json!("a.wrong.token"),
        "client-secret" => json!(format!("a_wrong_secret_of_a_client_{number:0>10}")),
        _ => return None,
    })
}

/// The secret of the app client that a call names, if `name` is the placeholder of that secret.
fn client_secret(pool: &LocalPool, values: &Values, call: &RecordedCall, name: &str) -> Option<String> {
    let is_of_client = CLIENT_SECRETS
        .iter()
        .filter_map(|place| secret(call.request.pointer(place)?.as_str()?))
        .any(|found| found == name);
    let client = values.fill(call.request.get("ClientId")?, &mut BTreeSet::new());
    is_of_client
        .then(|| pool.client_secret(client.as_str()?))
        .flatten()
}

/// The secret hash of a call: over the name that the request has, or over the real one if it has none, as for a refresh token.
///
/// One that was wrong in the recording is wrong again.
fn secret_hash(pool: &LocalPool, values: &Values, call: &RecordedCall) -> Option<String> {
    let was_wrong = call
        .error
        .as_ref()
        .is_some_and(|error| error.message.contains("secret hash") || error.message.contains("SecretHash"));
    if was_wrong {
        return Some("d3Jvbmc=".to_owned());
    }
    let places = [
        "/Username",
        "/AuthParameters/USERNAME",
        "/ChallengeResponses/USERNAME",
    ];
    let typed = places.iter().find_map(|place| call.request.pointer(place));
    let typed = typed.cloned().or_else(|| Some(json!(call.user_name.clone()?)))?;
    let text = |value: &Value| {
        let filled = values.fill(value, &mut BTreeSet::new());
        filled.as_str().map(str::to_owned)
    };
    let client = text(call.request.get("ClientId").unwrap_or(&json!(call.client_id)))?;
    pool.secret_hash(&client, &text(&typed)?)
}
