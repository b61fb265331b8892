//! `/challenge`: the later steps of a sign-in, from a second factor to a new password.
//!
//! The address has the key of the step, which only the browser that began it can use. What the page shows and what its form answers
//! is stored with the step, so no address leads past one. Each step has a key of its own: two tabs don't disturb each other.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Reply;
use super::challenge_pages as pages;
use super::pages::Shown;
use super::passkey_form as passkey;
use super::progress::{self, Handled};
use super::steps;
use super::visit::Visit;
use crate::auth::hosted;
use crate::call::Call;
use crate::error::ApiError;
use crate::form::Form;
use crate::state::{Factor, Proof, Step};

/// Shows the page of a step. A step that is over, or another browser's, leads to `/login`.
pub(super) fn show(visit: Visit<'_>, query: &Form) -> Reply {
    let key = steps::key(query);
    match steps::find(visit, key).filter(|step| steps::is_open(visit, step)) {
        Some(step) => page(visit, key, &step, None),
        None => visit.go_to("/login", "", "expired"),
    }
}

/// Answers the challenge of a step with its form. Fires what the API fires for the same answer; at the end PostAuthentication and
/// `TokenGeneration_HostedAuth`, which is inferred.
///
/// While the session of the challenge is open, the page has the error, and the user can try again.
///
/// # Errors
/// Those of the challenge, if the sign-in has to begin again. An error of a trigger after the last factor is sent to the app, and
/// returned beside the reply.
pub(super) async fn submit(visit: Visit<'_>, query: &Form, form: &Form) -> Handled {
    let key = steps::key(query);
    let step =
        steps::find(visit, key).ok_or_else(|| ApiError::not_authorized("Invalid session for the user."))?;
    let chosen = form.get("answer");
    let call = Call::of_endpoint(
        visit.service,
        "managed login /challenge",
        input(visit, &step, form, chosen),
    );
    let result = if step.challenge == "MFA_SETUP" {
        hosted::set_up(&call).await
    } else {
        hosted::respond(&call).await
    };
    match result {
        Ok(progress) => {
            let proof = proven(&step, chosen);
            progress::go_on(visit, &call, progress, &step.user_name, proof).await
        }
        Err(error) if steps::is_open(visit, &step) => {
            Ok((page(visit, key, &step, Some(error.message())), Some(error)))
        }
        Err(error) => progress::elsewhere(visit, &step.user_name, error),
    }
}

/// The input of the call that answers the challenge.
fn input(visit: Visit<'_>, step: &Step, form: &Form, chosen: Option<&str>) -> Value {
    let code = form.get("code").unwrap_or_default();
    let mut responses = BTreeMap::from([("USERNAME".to_owned(), step.user_name.as_str())]);
    match &*step.challenge {
        "SELECT_MFA_TYPE" | "SELECT_CHALLENGE" => {
            responses.insert("ANSWER".to_owned(), chosen.unwrap_or_default());
            responses.extend(form.get("password").map(|typed| ("PASSWORD".to_owned(), typed)));
        }
        "NEW_PASSWORD_REQUIRED" => {
            responses.insert(
                "NEW_PASSWORD".to_owned(),
                form.get("password").unwrap_or_default(),
            );
            let attributes = pages::required_attributes(step);
            let given = attributes
                .iter()
                .filter_map(|name| Some((format!("userAttributes.{name}"), form.get(name)?)));
            responses.extend(given);
        }
        "WEB_AUTHN" => {
            let credential = form.get("credential").unwrap_or_default();
            responses.insert("CREDENTIAL".to_owned(), credential);
        }
        name => {
            responses.insert(format!("{name}_CODE"), code);
        }
    }
    let mut input = json!({
        "ClientId": visit.request.client.id,
        "ChallengeName": step.challenge,
        "Session": step.session,
        "ChallengeResponses": responses,
        "UserCode": code,
    });
    if let (Some(members), Some(name)) = (input.as_object_mut(), form.get("device_name")) {
        members.insert("FriendlyDeviceName".to_owned(), json!(name));
    }
    input
}

/// What the user has proven once the challenge is answered.
fn proven(step: &Step, chosen: Option<&str>) -> Option<Proof> {
    match (&*step.challenge, step.proof.clone()) {
        ("SELECT_CHALLENGE", proof) => (chosen == Some("PASSWORD")).then(Proof::password).or(proof),
        (name, None) => Some(Proof::first(name)),
        ("MFA_SETUP", Some(proof)) => Some(proof.and(Some(Factor::SoftwareToken))),
        ("SELECT_MFA_TYPE" | "NEW_PASSWORD_REQUIRED", proof) => proof,
        (name, Some(proof)) => Some(proof.and(Factor::parse(name))),
    }
}

/// The page of a step.
fn page(visit: Visit<'_>, key: &str, step: &Step, error: Option<&str>) -> Reply {
    let shown = Shown {
        csrf: visit.browser.csrf(),
        error,
        ..Shown::default()
    };
    let party = passkey::party_of(step);
    let elsewhere = party.and_then(|party| passkey::elsewhere(visit.browser, &party));
    let shown = Shown {
        error: elsewhere.as_deref().or(shown.error),
        ..shown
    };
    let html = pages::challenge(visit.request, &steps::address(visit, key), step, shown);
    let reply = visit.page(if error.is_some() { 400 } else { 200 }, html);
    if step.challenge == "WEB_AUTHN" {
        reply.with_script()
    } else {
        reply
    }
}
