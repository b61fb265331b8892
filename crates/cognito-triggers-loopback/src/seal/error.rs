//! Why a code can't be sealed.

use std::fmt;

use aws_lc_rs::error::Unspecified;

/// Why a code wasn't sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SealError {
    /// A part of the message is longer than 65,535 bytes, which the format can't express.
    TooLong,
    /// The cryptographic library failed, for example because the system has no source of randomness.
    Cryptography,
}

impl fmt::Display for SealError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLong => "a part of the message is longer than 65,535 bytes",
            Self::Cryptography => {
                "the cryptographic library failed; check that the system has a source of randomness"
            }
        })
    }
}

impl std::error::Error for SealError {}

impl From<Unspecified> for SealError {
    fn from(_: Unspecified) -> Self {
        Self::Cryptography
    }
}
