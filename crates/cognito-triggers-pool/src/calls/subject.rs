//! Whom a call is about: the pool, the app client and the user.

use serde_json::Value;

use crate::jwt::Token;
use crate::state::State;

/// The pool, the app client and the user of a call, as far as they are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Subject {
    /// `UserPoolId`, or the pool of the app client or of the token.
    pub(super) user_pool_id: Option<String>,
    /// `ClientId`, or `client_id` of a form or of the token.
    pub(super) client_id: Option<String>,
    /// The real user name if there is such a user, otherwise what the caller wrote.
    pub(super) user_name: Option<String>,
}

/// Where a request names the user. A form has the name in lowercase.
const NAMES: [&str; 4] = [
    "/Username",
    "/AuthParameters/USERNAME",
    "/ChallengeResponses/USERNAME",
    "/username",
];

/// Where requests and answers have an access token.
const TOKENS: [&str; 3] = [
    "/AccessToken",
    "/AuthenticationResult/AccessToken",
    "/access_token",
];

impl Subject {
    /// What a request says about its subject.
    pub(super) fn of_request(request: &Value) -> Self {
        let names = |places: &[&str]| places.iter().find_map(|place| string(request, place));
        let mut subject = Self {
            user_pool_id: names(&["/UserPoolId"]),
            client_id: names(&["/ClientId", "/client_id"]),
            user_name: names(&NAMES),
        };
        subject.add_token(request);
        subject
    }

    /// Adds what the answer, the triggers and the state say.
    ///
    /// A stored user wins, then the name in the events, because in a pool with `UsernameAttributes` the caller doesn't know the
    /// real name. The name that the caller wrote comes last.
    /// `of_triggers` is the user name in the call's latest event.
    pub(super) fn resolved(
        mut self,
        state: &State,
        answer: Option<&Value>,
        of_triggers: Option<&str>,
    ) -> Self {
        if let Some(answer) = answer {
            self.add_token(answer);
            self.user_pool_id = self.user_pool_id.or_else(|| string(answer, "/UserPool/Id"));
        }
        let pool = match (&self.user_pool_id, &self.client_id) {
            (Some(id), _) => state.pools.get(id),
            (None, Some(client)) => state.client(client).ok().map(|(pool, _)| pool),
            (None, None) => None,
        };
        self.user_pool_id = pool.map(|pool| pool.settings.id.clone());
        let sub = answer.and_then(|answer| string(answer, "/UserSub"));
        let user = pool.and_then(|pool| {
            let of_sub = sub.and_then(|sub| pool.users.with_sub(&sub));
            of_sub.or_else(|| pool.users.find_for_admin(self.user_name.as_deref()?))
        });
        let known = user.map(|user| user.username.clone());
        let of_triggers = of_triggers.filter(|name| !name.is_empty()).map(str::to_owned);
        self.user_name = known.or(of_triggers).or(self.user_name);
        self
    }

    /// Adds the claims of an access token. Its signature isn't checked: a wrong token is shown with what it claims.
    fn add_token(&mut self, body: &Value) {
        let token = TOKENS.iter().find_map(|place| string(body, place));
        let Some(token) = token.as_deref().and_then(Token::parse) else {
            return;
        };
        let claim = |name: &str| Some(token.claims().get(name)?.as_str()?.to_owned());
        let issuer = claim("iss");
        let pool = issuer.and_then(|issuer| Some(issuer.rsplit_once('/')?.1.to_owned()));
        self.user_pool_id = self.user_pool_id.take().or(pool);
        self.client_id = self.client_id.take().or_else(|| claim("client_id"));
        self.user_name = self.user_name.take().or_else(|| claim("username"));
    }
}

fn string(body: &Value, place: &str) -> Option<String> {
    Some(body.pointer(place)?.as_str()?.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_request_names_its_user_in_one_of_four_places() {
        for request in [
            json!({ "Username": "ana" }),
            json!({ "AuthParameters": { "USERNAME": "ana" } }),
            json!({ "ChallengeResponses": { "USERNAME": "ana" } }),
            json!({ "username": "ana" }),
        ] {
            let subject = Subject::of_request(&request);
            assert_eq!(subject.user_name.as_deref(), Some("ana"), "{request}");
        }
        let none = json!({ "Username": 5, "UserPoolId": [], "ClientId": null, "AccessToken": "a.b.c" });
        assert_eq!(Subject::of_request(&none), Subject::default());
    }

    #[test]
    fn a_pool_that_does_not_exist_is_no_subject() {
        let request = json!({ "UserPoolId": "us-east-1_none", "Username": "ana" });
        let subject = Subject::of_request(&request).resolved(&State::default(), None, Some("ana-2"));
        assert_eq!(subject.user_pool_id, None);
        assert_eq!(subject.user_name.as_deref(), Some("ana-2"));
    }
}
