//! Steps of a sign-in in a browser.

use std::fmt;

use serde_json::{Map, Value};

use super::proof::Proof;

/// A sign-in in a browser that waits for the answer to a challenge.
#[derive(Clone)]
pub(crate) struct Step {
    /// The secret of the browser that began it. No other browser can go on with it.
    pub(crate) browser: String,
    /// What the answer has to name as `USERNAME`.
    pub(crate) user_name: String,
    /// `ChallengeName`
    pub(crate) challenge: String,
    /// `Session` of the challenge.
    pub(crate) session: String,
    /// What the page shows: `ChallengeParameters`, and `SecretCode` for an authenticator app.
    pub(crate) parameters: Map<String, Value>,
    /// What the user has proven up to now. `None` before the first factor.
    pub(crate) proof: Option<Proof>,
}

/// No secret is in debug output.
impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Step")
            .field("challenge", &self.challenge)
            .finish_non_exhaustive()
    }
}
