//! Conditions of a template, without which a part of it doesn't exist.
//!
//! | written | exists only if |
//! |---|---|
//! | `Condition: IsProd` of a resource | `IsProd` |
//! | `!If [IsProd, value, !Ref AWS::NoValue]` | `IsProd` |
//! | `!If [IsProd, !Ref AWS::NoValue, value]` | not `IsProd` |

use std::fmt;

/// A condition that has to hold, or not to hold, for a part of a template to exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OnlyIf {
    /// The name of the condition.
    pub(crate) condition: String,
    /// Whether it has to hold.
    pub(crate) holds: bool,
}

impl OnlyIf {
    /// The first condition of a part that another part doesn't have. `None` if the first part exists wherever the other one does.
    pub(crate) fn beyond<'a>(part: &'a [Self], other: &[Self]) -> Option<&'a Self> {
        part.iter().find(|needed| !other.contains(needed))
    }
}

/// For a message after "only if".
impl fmt::Display for OnlyIf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let not = if self.holds { "" } else { "not " };
        write!(f, "{not}`{}`", self.condition)
    }
}
