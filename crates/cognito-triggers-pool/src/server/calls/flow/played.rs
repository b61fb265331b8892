//! A recorded call with its triggers, and what its request says.

use serde_json::{Map, Value};

use crate::calls::CallRecord;
use crate::redact::HIDDEN;
use crate::triggers::TriggerRecord;

/// A call with its triggers. Both are redacted, unless secrets were asked for.
pub(super) struct Played {
    pub(super) call: CallRecord,
    pub(super) triggers: Vec<TriggerRecord>,
}

impl Played {
    /// Whether the person is a new user after the call. A message that is sent again makes no new user.
    pub(super) fn begins(&self) -> bool {
        matches!(self.call.operation.as_str(), "SignUp" | "AdminCreateUser")
            && self.call.exception.is_none()
            && self.text("MessageAction").as_deref() != Some("RESEND")
    }

    /// Whether the call starts a sign-in with which the next calls have a challenge or tokens.
    pub(super) fn signs_in(&self) -> bool {
        self.call.operation.ends_with("InitiateAuth") && !self.needs_earlier()
    }

    /// Whether the call needs a challenge or a token of an earlier one.
    pub(super) fn needs_earlier(&self) -> bool {
        let request = self.call.request().unwrap_or_default();
        let members = ["AccessToken", "ChallengeName", "RefreshToken", "Session", "Token"];
        let mut members = members.iter().filter_map(|member| request.get(member));
        members.any(|value| !value.is_null()) || request.pointer("/AuthParameters/REFRESH_TOKEN").is_some()
    }

    /// A member of the request that is a string.
    pub(super) fn text(&self, member: &str) -> Option<String> {
        Some(self.call.request()?.get(member)?.as_str()?.to_owned())
    }
}

/// An array of `Name` and `Value` as a map. `sub` can't be chosen, so it is left out.
pub(super) fn pairs(list: Option<&Value>) -> Map<String, Value> {
    let list = list.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let pairs = list
        .iter()
        .filter_map(|pair| Some((pair.get("Name")?.as_str()?.to_owned(), pair.get("Value")?.clone())));
    pairs.filter(|(name, _)| name != "sub").collect()
}

/// Whether something in a value was replaced because it is a secret.
pub(super) fn has_secret(value: &Value) -> bool {
    value.to_string().contains(HIDDEN)
}
