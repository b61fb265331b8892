//! Which fields of a request are secret, by their names in JSON.
//!
//! The types of this crate wrap the same fields in [`Secret`](crate::secret::Secret). This table is for code that reads an event
//! without its type, such as a hash or a log.

/// A field that is secret wherever it is in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SecretField {
    /// The name in JSON.
    pub name: &'static str,
    /// What the field holds.
    pub kind: SecretKind,
}

/// What a secret field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SecretKind {
    /// A password in plain text.
    Password,
    /// What the user answered to a challenge.
    ChallengeAnswer,
    /// What a function keeps about its own challenge, often the code itself.
    ChallengeParameter,
    /// A token that gives access, of an identity provider or of Cognito.
    Token,
    /// The encrypted code of a custom sender. Every encryption differs, so it also tells two messages apart.
    EncryptedCode,
}

impl SecretKind {
    /// Whether the answer to an event may depend on the value.
    ///
    /// Two events that differ in nothing else may then need different answers: a wrong password and the right one.
    pub const fn may_decide(self) -> bool {
        matches!(self, Self::Password | Self::ChallengeAnswer | Self::Token)
    }
}

const fn field(name: &'static str, kind: SecretKind) -> SecretField {
    SecretField { name, kind }
}

/// The secret fields of all requests.
///
/// | field | trigger |
/// |---|---|
/// | `password` | user migration |
/// | `challengeAnswer`, `privateChallengeParameters` | verify auth challenge response |
/// | `challengeMetadata` | define and create auth challenge, in `session` |
/// | `access_token`, `id_token`, `refresh_token` | inbound federation |
/// | `FEEDBACK_TOKEN` | custom email sender, in a notice |
/// | `code` | custom senders |
pub const SECRET_FIELDS: &[SecretField] = &[
    field("password", SecretKind::Password),
    field("challengeAnswer", SecretKind::ChallengeAnswer),
    field("privateChallengeParameters", SecretKind::ChallengeParameter),
    field("challengeMetadata", SecretKind::ChallengeParameter),
    field("access_token", SecretKind::Token),
    field("id_token", SecretKind::Token),
    field("refresh_token", SecretKind::Token),
    field("FEEDBACK_TOKEN", SecretKind::Token),
    field("code", SecretKind::EncryptedCode),
];

/// What a field of this name holds; `None` if it isn't secret.
///
/// ```
/// use cognito_triggers_model::secret_fields::{SecretKind, kind_of};
///
/// assert_eq!(kind_of("password"), Some(SecretKind::Password));
/// assert_eq!(kind_of("userAttributes"), None);
/// ```
pub fn kind_of(name: &str) -> Option<SecretKind> {
    SECRET_FIELDS
        .iter()
        .find(|field| field.name == name)
        .map(|field| field.kind)
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    fn camel_case(name: &str) -> String {
        let mut words = name.split('_');
        let first = words.next().unwrap().to_owned();
        words.fold(first, |name, word| name + &word[..1].to_uppercase() + &word[1..])
    }

    #[test]
    fn every_field_of_a_secret_type_is_in_the_table() {
        let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let triggers = fs::read_dir(src.join("triggers")).unwrap();
        let files = triggers.map(|entry| entry.unwrap().path());
        let mut found = 0;
        for file in files.chain([src.join("challenge.rs")]) {
            let source = fs::read_to_string(&file).unwrap();
            let shipped = source.split("#[cfg(test)]").next().unwrap();
            for line in shipped.lines() {
                let Some((name, of)) = line
                    .trim()
                    .strip_prefix("pub ")
                    .and_then(|line| line.split_once(": "))
                else {
                    continue;
                };
                if of.starts_with("Secret") || of.starts_with("Option<Secret") {
                    let known = kind_of(name).or_else(|| kind_of(&camel_case(name)));
                    assert!(known.is_some(), "{name} of {} isn't in the table", file.display());
                    found += 1;
                }
            }
        }
        assert!(found >= 10, "only {found} secret fields were found");
    }
}
