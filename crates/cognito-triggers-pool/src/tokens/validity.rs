//! The lifetimes of the tokens and sessions of an app client.

use std::time::Duration;

use serde_json::Value;

use crate::state::AppClient;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// The lifetimes that an app client gives its tokens and sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Validity {
    /// The lifetime of an access token, which is `ExpiresIn` of the answer.
    pub(crate) access: Duration,
    /// The lifetime of an ID token.
    pub(crate) id: Duration,
    /// The lifetime of a refresh token, counted from the sign-in.
    pub(crate) refresh: Duration,
    /// How long a caller may take to answer a challenge.
    pub(crate) session: Duration,
}

impl Validity {
    /// Reads the settings. Without them, access and ID tokens live one hour, refresh tokens 30 days, and sessions
    /// three minutes.
    pub(crate) fn of(client: &AppClient) -> Self {
        let token = |name: &str, unit: u64, default: u64| {
            let number = client
                .integer(&format!("{name}Validity"))
                .and_then(|number| u64::try_from(number).ok());
            let seconds = match number {
                // For the service, 0 means "not set".
                None | Some(0) => default,
                Some(number) => number.saturating_mul(seconds(client, name).unwrap_or(unit)),
            };
            Duration::from_secs(seconds)
        };
        let minutes = client
            .integer("AuthSessionValidity")
            .and_then(|minutes| u64::try_from(minutes).ok());
        Self {
            access: token("AccessToken", HOUR, HOUR),
            id: token("IdToken", HOUR, HOUR),
            refresh: token("RefreshToken", DAY, 30 * DAY),
            session: Duration::from_secs(minutes.unwrap_or(3) * MINUTE),
        }
    }
}

/// The unit of a validity in `TokenValidityUnits`, in seconds.
fn seconds(client: &AppClient, name: &str) -> Option<u64> {
    match client
        .members
        .get("TokenValidityUnits")?
        .get(name)
        .and_then(Value::as_str)?
    {
        "seconds" => Some(1),
        "minutes" => Some(MINUTE),
        "hours" => Some(HOUR),
        "days" => Some(DAY),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::state::testing::client;

    #[test]
    fn without_settings_the_defaults_hold() {
        let validity = Validity::of(&client(json!({})));
        assert_eq!(validity.access, Duration::from_secs(3600));
        assert_eq!(validity.id, Duration::from_secs(3600));
        assert_eq!(validity.refresh, Duration::from_secs(30 * 24 * 3600));
        assert_eq!(validity.session, Duration::from_secs(180));
    }

    #[test]
    fn numbers_without_units_are_hours_and_days() {
        let members = json!({ "AccessTokenValidity": 2, "IdTokenValidity": 3, "RefreshTokenValidity": 4 });
        let validity = Validity::of(&client(members));
        assert_eq!(validity.access, Duration::from_secs(2 * 3600));
        assert_eq!(validity.id, Duration::from_secs(3 * 3600));
        assert_eq!(validity.refresh, Duration::from_secs(4 * 24 * 3600));
    }

    #[test]
    fn units_are_those_of_the_settings() {
        let members = json!({
            "AccessTokenValidity": 300,
            "RefreshTokenValidity": 90,
            "TokenValidityUnits": { "AccessToken": "seconds", "RefreshToken": "minutes" },
            "AuthSessionValidity": 15,
        });
        let validity = Validity::of(&client(members));
        assert_eq!(validity.access, Duration::from_secs(300));
        assert_eq!(validity.refresh, Duration::from_secs(90 * 60));
        assert_eq!(validity.session, Duration::from_secs(900));
    }
}
