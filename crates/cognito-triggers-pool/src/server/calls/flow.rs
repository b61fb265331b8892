//! Recorded calls as a flow file, which `cargo cognito flow` plays again. `docs/flows.md` describes the format.
//!
//! A flow is about one user, so the calls are those of one person: from the sign-up, or the oldest that is remembered, to the call
//! that was asked for. A flow has no passwords, codes and tokens: its player fills them in, and it says `wrong` where they were.
//!
//! | in the flow | from the record |
//! |---|---|
//! | `user` | what was typed as the name, the attributes of the sign-up, or those that are stored now |
//! | `user.exists` | true if the sign-up isn't among the calls |
//! | `pool` | the settings that change what a person sees |
//! | `authFlow` | `AuthFlow`; a sign-in with SRP and the proof after it are one call |
//! | `password`, `code` | `wrong` if the exception says so |
//! | `answer` | `wrong` if the function said so |
//! | `clientMetadata`, `validationData`, `attributes` | what the app sent, without secrets |
//! | `input` | the other members of the request |
//! | `fail` | the drills of functions |
//! | `expect`, `triggers` | what happened |
//!
//! What can't be in a flow is left out, with the reason: a call, or a secret that an app sent. If it is the call that was asked for,
//! there is no flow.

mod call;
mod drills;
mod limits;
mod played;
mod user;

use std::sync::Arc;

use serde_json::{Value, json};

use self::played::Played;
use super::super::events::Secrets;
use crate::calls::CallRecord;
use crate::service::Service;

/// The most calls of one flow. A flow is a file that people read; the pool remembers more.
const MAX_CALLS: usize = 200;

/// The flow that ends with a call, and what was left out of it: `{"flow", "leftOut"}`.
///
/// # Errors
/// A sentence about why the call can't be in a flow.
pub(in crate::server) fn flow(
    service: &Service,
    last: &CallRecord,
    secrets: Secrets,
) -> Result<Value, String> {
    let played = |call: &Arc<CallRecord>| Played {
        triggers: secrets.apply(service.records.with_numbers(&call.triggers)),
        call: match secrets {
            Secrets::Redacted => call.redacted(),
            Secrets::Shown => CallRecord::clone(call),
        },
    };
    let Some(name) = &last.user_name else {
        return Err(format!("A flow is about one user, and {} isn't.", last.operation));
    };
    let records = service.calls.since(0).records;
    let calls = records
        .iter()
        .filter(|call| call.seq <= last.seq && call.user_name.as_ref() == Some(name))
        .filter(|call| call.user_pool_id == last.user_pool_id)
        .map(played)
        .collect();
    let (earlier, calls) = chosen(calls);

    let (mut flow_calls, mut left_out, mut groups) = (Vec::new(), Vec::new(), Vec::new());
    if !earlier.is_empty() {
        left_out.push(format!(
            "earlier calls: {}, because a flow has at most {MAX_CALLS}",
            earlier.len()
        ));
    }
    let mut waiting = calls.iter().peekable();
    while let Some(played) = waiting.next() {
        let proof = waiting.next_if(|next| is_proof(played, next));
        let is_last = played.call.seq == last.seq || proof.is_some_and(|proof| proof.call.seq == last.seq);
        match call::flow_call(played, proof) {
            Ok(written) => {
                let group = played.text("GroupName");
                groups.extend(group.filter(|group| !groups.contains(group)));
                flow_calls.push(written.call);
                let seq = played.call.seq;
                let reasons = written.secrets.into_iter().map(|place| {
                    format!("call {seq}: {place} is a secret, which the flow doesn't have; write it in")
                });
                left_out.extend(reasons);
            }
            Err(reason) if is_last => return Err(reason),
            Err(reason) => left_out.push(format!("call {}: {reason}", played.call.seq)),
        }
    }
    let user = user::user(service, last, &earlier, &calls, secrets);
    left_out.extend(user.secrets.iter().map(|name| {
        format!("user: attributes.{name} is a secret, which the flow doesn't have; write it in")
    }));
    let user = user.into_json(groups);
    let mut flow = json!({ "about": format!("{name}, recorded by the local user pool"), "user": user, "calls": flow_calls });
    let settings = user::pool_settings(service, last);
    if let (Some(flow), false) = (flow.as_object_mut(), settings.is_empty()) {
        flow.insert("pool".to_owned(), Value::Object(settings));
    }
    Ok(json!({ "flow": flow, "leftOut": left_out }))
}

/// The calls of the person's latest sign-up and after it: those before the flow, of which there are none unless they are too many,
/// and those of the flow.
///
/// A flow that would begin within a session begins with the next sign-in, if there is one.
fn chosen(mut calls: Vec<Played>) -> (Vec<Played>, Vec<Played>) {
    let begin = calls.iter().rposition(Played::begins).unwrap_or_default();
    let mut calls = calls.split_off(begin);
    let surplus = calls.len().saturating_sub(MAX_CALLS);
    if surplus == 0 {
        return (Vec::new(), calls);
    }
    let mut kept = calls.split_off(surplus);
    let sign_in = kept.iter().position(Played::signs_in).unwrap_or_default();
    if kept.iter().take(sign_in).any(Played::needs_earlier) {
        let rest = kept.split_off(sign_in);
        calls.append(&mut kept);
        kept = rest;
    }
    (calls, kept)
}

/// Whether a call answers the challenge of an SRP sign-in, which a flow counts as one call.
fn is_proof(begin: &Played, next: &Played) -> bool {
    begin.text("AuthFlow").as_deref() == Some("USER_SRP_AUTH")
        && begin.call.exception.is_none()
        && next.text("ChallengeName").as_deref() == Some("PASSWORD_VERIFIER")
}
