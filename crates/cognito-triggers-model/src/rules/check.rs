//! Checks an answer against the rules.

use bytes::Bytes;
use serde_json::Value;

use crate::{
    envelope::EventBytes,
    event::Event,
    plain_value,
    route::Route,
    rules::{
        answered::{Answered, Json, ReceivedEvent, WholeAnswer, route},
        findings::Findings,
        rule::{Certainty, Finding, Rule, Test},
        table::RULES,
    },
    trigger::{Source, Trigger},
};

/// Checks an answer, as JSON, against the event that it answers. Returns what Cognito would refuse or ignore.
///
/// A replay fails on [`Certain`](crate::rules::Certainty::Certain) findings and warns about the others.
///
/// Cognito ignores the answers of custom senders, so nothing is found in them. For an event of an unknown trigger only the
/// rules for the answer as a whole are checked.
///
/// Findings come in the order of the table of rules, so those about the answer as a whole come first. An answer that
/// is null or not an object gets only these.
///
/// ```
/// use cognito_triggers_model::rules::check;
/// use serde_json::json;
///
/// let event = json!({
///     "version": "1", "triggerSource": "CustomMessage_SignUp", "userName": "ana",
///     "request": {"codeParameter": "{####}"},
///     "response": {"smsMessage": null},
/// });
/// let mut answer = event.clone();
/// answer["response"]["smsMessage"] = "Welcome!".into();
///
/// let found = check(&event, &answer);
/// assert_eq!(found[0].path, "response.smsMessage");
/// assert_eq!(found[0].rule.code, "custom-message-without-code");
/// ```
pub fn check(event: &Value, answer: &Value) -> Vec<Finding> {
    let route = route(event);
    let is_awaited = route.map_or(event.get("response").is_some(), |route| !route.is_custom_sender());
    // Only the events of custom senders have `request.type`; reports say that they come under other sources too.
    if !is_awaited || event.pointer("/request/type").is_some() {
        return Vec::new();
    }
    let whole = WholeAnswer { event, answer };
    let mut found = Vec::new();
    for rule in RULES {
        if let Test::Whole(test) = rule.test {
            report(rule, &mut found, |findings| test(&whole, findings));
        }
    }
    if let (Some(route), Some(response)) = (route, answer.get("response")) {
        found.extend(check_response(route, &ReceivedEvent::parsed(event), response));
    }
    found
}

/// Checks the answer of a function to an event of `route`, both as bytes. Returns what Cognito would refuse or ignore.
///
/// Only the rules for `response` are checked: the rest of an [`Answer`](crate::answer::Answer) is the received event.
///
/// Returns nothing if the event can't be read or has no `response`. A function calls this for its own
/// answers and logs the findings, so the event is parsed only if a rule asks for a value in it.
pub fn check_answer(route: Route, event: &Bytes, answer: &[u8]) -> Vec<Finding> {
    let event = EventBytes::new(event);
    let Ok(received) = event.read() else {
        return Vec::new();
    };
    let response = received
        .response_in(answer)
        .and_then(|response| plain_value::from_slice(response).ok());
    let event = ReceivedEvent {
        source: received.source(),
        json: Json::Bytes(received.bytes()),
    };
    response.map_or_else(Vec::new, |response| check_response(route, &event, &response))
}

/// Runs the rules for `response` that apply to the route. Finds nothing in the answers of custom senders, and nothing
/// in a `response` that isn't an object.
fn check_response(route: Route, event: &ReceivedEvent<'_>, response: &Value) -> Vec<Finding> {
    let (Some(response), false) = (response.as_object(), route.is_custom_sender()) else {
        return Vec::new();
    };
    let answered = Answered::new(route, event, response);
    let mut found = Vec::new();
    for rule in RULES.iter().filter(|rule| rule.applies_to(route)) {
        if let Test::Response(test) = rule.test {
            report(rule, &mut found, |findings| test(&answered, findings));
        }
    }
    found
}

/// Runs one test and adds what it has found to `found`. A violation is as certain as its rule, unless the test says
/// that this case is less certain.
fn report(rule: &'static Rule, found: &mut Vec<Finding>, test: impl FnOnce(&mut Findings)) {
    let mut findings = Findings::default();
    test(&mut findings);
    found.extend(findings.take().map(|violation| Finding {
        rule,
        certainty: if violation.is_uncertain {
            Certainty::Uncertain
        } else {
            rule.certainty
        },
        path: violation.path,
        message: violation.message,
    }));
}

impl<T: Trigger> Event<T> {
    /// Checks a response to this event. Returns what Cognito would refuse or ignore. For unit tests.
    ///
    /// An `Event` of a type without a route, such as that of `otherwise`, has no rules, so nothing is found.
    ///
    /// ```
    /// use cognito_triggers::{CustomMessage, Event, custom_message};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let event = Event::<CustomMessage>::from_json(r#"{"triggerSource": "CustomMessage_SignUp"}"#)?;
    /// let response = custom_message::Response {
    ///     sms_message: Some("Welcome!".to_owned()),
    ///     ..Default::default()
    /// };
    /// assert_eq!(event.check(&response)[0].rule.code, "custom-message-without-code");
    /// # Ok(())
    /// # }
    /// ```
    pub fn check(&self, response: &T::Response) -> Vec<Finding> {
        let response = serde_json::to_value(response).unwrap_or_default();
        let event = ReceivedEvent {
            source: self.source.as_str(),
            json: Json::Bytes(self.raw().as_bytes()),
        };
        T::ROUTE.map_or_else(Vec::new, |route| check_response(route, &event, &response))
    }
}
