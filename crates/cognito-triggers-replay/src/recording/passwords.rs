//! The passwords of a recording: which user has which one, and what stands in for those that nobody wrote down.
//!
//! A proof of SRP doesn't have the password, so the player has to know which one the user has at this point. It follows from the calls:
//! a sign-up, a change, a reset or an administrator sets one, and a sign-in with a password proves one. Users who are there from the
//! beginning get a made-up password. If such a user proves one later, it is the one of that placeholder from the start.

use std::collections::{BTreeMap, BTreeSet};

use cognito_triggers_pool::recording::{Entry, Header, Part, RecordedCall, Recording, parts};
use serde_json::Value;

/// A pool and a user in it.
pub(super) type Owner = (String, String);

/// A class of characters.
type Class = fn(char) -> bool;

/// Where a request has the password that a user proves.
const PROVED: [&str; 3] = [
    "/AuthParameters/PASSWORD",
    "/ChallengeResponses/PASSWORD",
    "/PreviousPassword",
];

/// The password that each user has at the moment.
#[derive(Clone, Debug, Default)]
pub(super) struct Passwords(BTreeMap<Owner, String>);

impl Passwords {
    /// The passwords of the users who are there from the beginning and whom a call is about.
    ///
    /// If such a user proved a password that has a placeholder, it is `value` of this placeholder. A call that succeeded proves it for
    /// sure; one that failed for another reason than a wrong password may have failed before the password was looked at, so it counts
    /// only without one that succeeded. A drill proves nothing. After a reset the users have these passwords again, so calls prove them
    /// again; after an import of the state, or anything else that this version doesn't know, they prove nothing.
    pub(super) fn initial(recording: &Recording, value: impl Fn(&str) -> String) -> Self {
        let mut found = BTreeMap::new();
        let mut changed = BTreeSet::new();
        let mut is_other = false;
        for entry in &recording.entries {
            let call = match entry {
                Entry::Call(call) if !is_other && call.drills.is_empty() => call,
                Entry::Done(what) => {
                    changed.clear();
                    is_other = what != "reset";
                    continue;
                }
                _ => continue,
            };
            let Some(owner) = owner(call) else { continue };
            if changed.contains(&owner) || !had_password(&recording.header, &owner) {
                continue;
            }
            let proved = PROVED
                .iter()
                .find_map(|place| call.request.pointer(place)?.as_str());
            let is_right = call
                .error
                .as_ref()
                .is_none_or(|error| error.class != "NotAuthorizedException");
            let name = proved.filter(|_| is_right).and_then(secret);
            let (sure, likely) = found.entry(owner.clone()).or_insert((None, None));
            let known = if call.error.is_none() { sure } else { likely };
            *known = known.take().or(name.map(str::to_owned));
            if chosen(call).is_some() && call.error.is_none() {
                changed.insert(owner);
            }
        }
        let passwords = found.into_iter().map(|(owner, (sure, likely))| {
            let password = match sure.or(likely) {
                Some(name) => value(&name),
                None => made_up(&format!("of {}", owner.1)),
            };
            (owner, password)
        });
        Self(passwords.collect())
    }

    /// The passwords by pool and user, for the pool of the playback.
    pub(super) fn to_map(&self) -> BTreeMap<Owner, String> {
        self.0.clone()
    }

    /// The password of the user of a call. `None` if it isn't known.
    pub(super) fn of(&self, call: &RecordedCall) -> Option<&str> {
        self.0.get(&owner(call)?).map(String::as_str)
    }

    /// Remembers the password that a call has set or proved. `value` is what a text of the recording stands for.
    pub(super) fn remember(&mut self, call: &RecordedCall, value: impl Fn(&str) -> Option<String>) {
        let Some(owner) = owner(call) else { return };
        // A function that fails after the change doesn't undo it.
        let may_have_failed =
            ["ConfirmForgotPassword", "RespondToAuthChallenge"].contains(&call.operation.as_str());
        let is_set = call
            .error
            .as_ref()
            .is_none_or(|error| may_have_failed && error.class.contains("Lambda"));
        if !is_set {
            return;
        }
        // A function may also fail before the password is looked at.
        let proved = PROVED
            .iter()
            .find_map(|place| call.request.pointer(place)?.as_str())
            .filter(|_| call.error.is_none());
        if let Some(password) = chosen(call).or(proved).and_then(value) {
            self.0.insert(owner, password);
        } else if matches!(call.operation.as_str(), "AdminDeleteUser" | "DeleteUser") {
            self.0.remove(&owner);
        }
    }
}

/// The user whom a call is about.
fn owner(call: &RecordedCall) -> Option<Owner> {
    Some((call.user_pool_id.clone()?, call.user_name.clone()?))
}

/// Whether the user was there at the beginning, with a password. The state without secrets has `***` in its place.
///
/// A pool in which case doesn't matter has its users by their names in lowercase.
fn had_password(header: &Header, (pool, user): &Owner) -> bool {
    let users = header
        .state
        .get("pools")
        .and_then(|pools| pools.get(pool)?.get("users"));
    let named = |name: &str| {
        let found = users?.get(name)?;
        let is_same = found
            .get("username")
            .is_none_or(|name| name.as_str() == Some(user));
        is_same.then_some(found)
    };
    let found = named(user).or_else(|| named(&user.to_lowercase()));
    found
        .and_then(|user| user.get("password"))
        .is_some_and(|password| !Value::is_null(password))
}

/// The password that a call sets, if it succeeds. That of a new user may be one that the pool has made and sent.
fn chosen(call: &RecordedCall) -> Option<&str> {
    let request = |place: &str| call.request.pointer(place)?.as_str();
    let sent = || call.messages.iter().map(|message| message.code.as_str());
    match call.operation.as_str() {
        "SignUp" | "ConfirmForgotPassword" | "AdminSetUserPassword" => request("/Password"),
        "ChangePassword" => request("/ProposedPassword"),
        "RespondToAuthChallenge" | "AdminRespondToAuthChallenge" => {
            request("/ChallengeResponses/NEW_PASSWORD")
        }
        "AdminCreateUser" => request("/TemporaryPassword").or_else(|| sent().find(|code| !code.is_empty())),
        _ => None,
    }
}

/// The name of the placeholder that a text consists of.
pub(super) fn secret(text: &str) -> Option<&str> {
    match parts(text).as_slice() {
        [Part::Secret(name)] => Some(name),
        _ => None,
    }
}

/// A password that satisfies every policy, the same for the same name. Policies have at most 99 characters as the minimum.
pub(super) fn made_up(name: &str) -> String {
    let password = format!("Aa1!-made-up-{}", name.replace(char::is_whitespace, "-"));
    format!("{password:-<99}")
}

/// A password that breaks the policy as one did with this message. `None` for other messages.
pub(super) fn against_policy(name: &str, message: &str) -> Option<String> {
    let rules: [(&str, Class); 4] = [
        ("uppercase", |c| c.is_ascii_uppercase()),
        ("lowercase", |c| c.is_ascii_lowercase()),
        ("numeric", |c| c.is_ascii_digit()),
        ("symbol", |c| !c.is_ascii_alphanumeric()),
    ];
    if message.contains("not long enough") {
        return Some("Aa1!".to_owned());
    }
    let (word, is_missing) = rules.iter().find(|(word, _)| message.contains(word))?;
    let password: String = made_up(name).chars().filter(|c| !is_missing(*c)).collect();
    Some(match *word {
        "lowercase" => format!("{password:9<99}"),
        _ => format!("{password:x<99}"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn call(operation: &str, request: &Value, class: Option<&str>, drills: &[&str]) -> Value {
        let error = class.map(|class| json!({ "class": class, "message": "m" }));
        json!({ "call": {
            "seq": 1, "operation": operation, "isEndpoint": false, "byFunction": false, "userPoolId": "p", "clientId": "c",
            "userName": "old", "at": 0, "tookMs": 0, "drills": drills, "request": request, "answer": null, "error": error,
            "triggers": [], "messages": [],
        } })
    }

    /// The password that the user has at the beginning of a recording with these lines. Empty if the user has none.
    fn password(entries: &[Value]) -> String {
        let header = json!({
            "recording": 1, "endpoint": "", "awsIssuer": false,
            "state": { "pools": { "p": { "users": { "old": { "password": "***" } } } } },
        });
        let lines: Vec<_> = [&header]
            .into_iter()
            .chain(entries)
            .map(Value::to_string)
            .collect();
        let recording = Recording::parse(lines.join("\n") + "\n").unwrap();
        let passwords = Passwords::initial(&recording, str::to_owned);
        passwords.0.values().next().cloned().unwrap_or_default()
    }

    #[test]
    fn a_reset_gives_the_first_password_back() {
        let change = json!({ "Password": "{{password-1}}" });
        let change = call("AdminSetUserPassword", &change, None, &[]);
        let sign_in = |place: &str| {
            call(
                "Any",
                &json!({ place: { "PASSWORD": "{{password-2}}" } }),
                None,
                &[],
            )
        };
        let (reset, state) = (json!({ "done": "reset" }), json!({ "done": "state" }));
        let made_up = made_up("of old");
        for place in ["AuthParameters", "ChallengeResponses"] {
            let sign_in = sign_in(place);
            for (entries, expected) in [
                (vec![&sign_in], "password-2"),
                (vec![&change, &sign_in], made_up.as_str()),
                (vec![&change, &reset, &sign_in], "password-2"),
                (vec![&change, &state, &sign_in], made_up.as_str()),
                (vec![&change, &state, &reset, &sign_in], "password-2"),
            ] {
                let entries: Vec<_> = entries.into_iter().cloned().collect();
                assert_eq!(password(&entries), expected, "{entries:?}");
            }
        }
    }

    #[test]
    fn a_call_that_succeeded_proves_a_password() {
        let call = |password: &str, class: Option<&str>, drills: &[&str]| {
            let request = json!({ "AuthParameters": { "USERNAME": "old", "PASSWORD": password } });
            call("InitiateAuth", &request, class, drills)
        };
        let lambda = Some("UserLambdaValidationException");
        let (wrong, right) = (
            call("{{password-1}}", lambda, &[]),
            call("{{password-2}}", None, &[]),
        );
        assert_eq!(password(&[wrong.clone(), right.clone()]), "password-2");
        assert_eq!(password(&[wrong]), "password-1");
        let drill = call("{{password-3}}", None, &["SignUp: error"]);
        assert_eq!(password(&[drill, right]), "password-2");
    }

    #[test]
    fn a_made_up_password_satisfies_each_rule_but_one() {
        let classes: [(&str, Class); 4] = [
            ("uppercase", |c| c.is_ascii_uppercase()),
            ("lowercase", |c| c.is_ascii_lowercase()),
            ("numeric", |c| c.is_ascii_digit()),
            ("symbol", |c| c.is_ascii_punctuation()),
        ];
        let good = made_up("password-1");
        assert!(
            good.len() >= 99 && classes.iter().all(|(_, has)| good.contains(has)),
            "{good}"
        );
        assert_ne!(good, made_up("password-2"));
        for (missing, _) in classes {
            let message =
                format!("Password did not conform with policy: Password must have {missing} characters");
            let password = against_policy("password-1", &message).unwrap();
            assert!(password.len() >= 99);
            for (class, has) in classes {
                assert_eq!(password.contains(has), class != missing, "{class} {password}");
            }
        }
        assert_eq!(
            against_policy("password-1", "Password has previously been used"),
            None
        );
    }
}
