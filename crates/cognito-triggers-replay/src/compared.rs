//! What of an answer is compared with the approved one.

use cognito_triggers_model::json::{Json, Value};

/// What of an answer a replay compares with the approved one; see [`Replay::compare`](crate::Replay::compare).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Compared {
    /// The whole answer, as received: the event around `response` comes back as it was sent, and null isn't an absent key.
    #[default]
    Answer,
    /// What the answer does: only `response` counts, and in it a member that is null, `{}` or `[]`, or that holds nothing else,
    /// counts as absent.
    ///
    /// Functions in typed languages write such members where others leave them out, and repeat a `request` that has them. Two
    /// things that look empty aren't, and so they count: `groupOverrideDetails`, which removes all groups of a user even as `{}`,
    /// and the value of a claim, an attribute or a challenge parameter.
    ///
    /// Rejections and failures are compared as with [`Answer`](Self::Answer).
    Response,
}

/// Whether an empty value of an object differs from a key that isn't there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Emptiness {
    /// It does.
    Counts,
    /// It doesn't, but for the exceptions of [`Compared::Response`].
    IsAbsence,
}

/// A member that does something even if it is empty.
const GROUPS: &str = "groupOverrideDetails";

/// Objects whose keys are names of the pool or of the function, so that each value has a meaning, also an empty one.
const MAPS: [&str; 5] = [
    "claimsToAddOrOverride",
    "publicChallengeParameters",
    "privateChallengeParameters",
    "userAttributes",
    "userAttributesToMap",
];

impl Emptiness {
    /// Whether the member of an object counts as one that isn't there.
    pub(crate) fn is_absent(self, key: &str, value: &Json) -> bool {
        if self == Self::Counts || key == GROUPS {
            return false;
        }
        match &value.value {
            Value::Null => true,
            Value::Array(items) => items.is_empty(),
            Value::Object(members) => {
                let within = self.within(key);
                members
                    .iter()
                    .all(|member| within.is_absent(&member.key, &member.value))
            }
            _ => false,
        }
    }

    /// What holds for the members of the object that this member is.
    pub(crate) fn within(self, key: &str) -> Self {
        match MAPS.contains(&key) {
            true => Self::Counts,
            false => self,
        }
    }
}
