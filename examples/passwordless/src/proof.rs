//! What proves one sign-in: a code, and a link that only this sign-in accepts.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cognito_triggers::{
    Result, Secret, SecretMap, code::random_code, model::challenge::Session, signed_link::SignedLinks,
};

/// The digits of a code. Three attempts then succeed with a probability of 3 in 100 million.
const DIGITS: usize = 8;

/// The prefix of a proof in the metadata of a challenge.
const MARK: &str = "MAIL";

/// The names of the private parameters.
const CODE: &str = "code";
const LINK: &str = "link";
const EXPIRES: &str = "expires";

/// The proof that one sign-in accepts.
///
/// Cognito keeps it between the calls: in the private parameters for the verify trigger, and in the metadata for the next
/// challenge. The app sees neither. The link itself isn't kept, only its random id.
pub(crate) struct Proof {
    code: Secret,
    link_id: Secret,
    expires: u64,
}

impl Proof {
    /// A new proof for a user of a pool, and the token of its link.
    ///
    /// # Errors
    /// Fails if there are no random numbers.
    pub(crate) fn new(
        links: &SignedLinks,
        pool: &str,
        user: &str,
        now: SystemTime,
    ) -> Result<(Self, Secret)> {
        let token = links.token(&subject(pool, user), now)?;
        let link = links.verify(token.expose(), now)?;
        let proof = Self {
            code: random_code(DIGITS)?,
            link_id: Secret::new(link.id()),
            expires: seconds(link.expires()),
        };
        Ok((proof, token))
    }

    /// The proof that was sent earlier in this sign-in.
    pub(crate) fn of_session(session: &Session) -> Option<Self> {
        session.iter().rev().find_map(|challenge| {
            let metadata = challenge.challenge_metadata.as_ref()?;
            let mut parts = metadata.expose().split(' ');
            (parts.next() == Some(MARK)).then_some(())?;
            Some(Self {
                code: Secret::new(parts.next()?),
                link_id: Secret::new(parts.next()?),
                expires: parts.next()?.parse().ok()?,
            })
        })
    }

    /// The proof that create put into the private parameters.
    pub(crate) fn of_parameters(parameters: &SecretMap) -> Option<Self> {
        Some(Self {
            code: parameters.get(CODE)?.clone(),
            link_id: parameters.get(LINK)?.clone(),
            expires: parameters.get(EXPIRES)?.expose().parse().ok()?,
        })
    }

    pub(crate) fn code(&self) -> &Secret {
        &self.code
    }

    pub(crate) fn to_parameters(&self) -> SecretMap {
        SecretMap::from([
            (CODE, self.code.clone()),
            (LINK, self.link_id.clone()),
            (EXPIRES, Secret::new(self.expires.to_string())),
        ])
    }

    pub(crate) fn to_metadata(&self) -> Secret {
        let (code, link_id, expires) = (self.code.expose(), self.link_id.expose(), self.expires);
        Secret::new(format!("{MARK} {code} {link_id} {expires}"))
    }

    /// Whether an answer is the code or the token of the link. Both are compared in constant time, and both are always looked at.
    pub(crate) fn accepts(
        &self,
        answer: &Secret,
        links: &SignedLinks,
        pool: &str,
        user: &str,
        now: SystemTime,
    ) -> bool {
        // People paste codes with the spaces around them.
        let typed: String = answer.expose().split_whitespace().collect();
        let typed = Secret::new(typed);
        let is_code = self.code.matches(typed.expose());
        let is_link = links.verify(typed.expose(), now).is_ok_and(|link| {
            let is_for_them = Secret::new(link.subject()).matches(subject(pool, user));
            is_for_them & self.link_id.matches(link.id())
        });
        (is_code | is_link) & (seconds(now) < self.expires)
    }
}

/// Whom a link signs in: a user name is unique in its pool, and `/` occurs in no pool id.
fn subject(pool: &str, user: &str) -> String {
    format!("{pool}/{user}")
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH)
        .unwrap_or(Duration::ZERO)
        .as_secs()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const POOL: &str = "eu-central-1_Tr1gg3rs0";

    fn links() -> SignedLinks {
        let key = Secret::new("only for tests: 32 bytes or more");
        SignedLinks::new(&key, Duration::from_secs(600)).unwrap()
    }

    #[test]
    fn a_link_is_bound_to_user_pool_and_sign_in() {
        let (links, now) = (links(), SystemTime::now());
        let (proof, token) = Proof::new(&links, POOL, "ana", now).unwrap();
        let accepts = |token: &Secret, pool, user| proof.accepts(token, &links, pool, user, now);
        assert!(accepts(&token, POOL, "ana"));
        assert!(!accepts(&token, POOL, "emil"));
        assert!(!accepts(&token, "eu-central-1_Another00", "ana"));

        // The same user, in a sign-in that began at the same time.
        let (_, of_other_sign_in) = Proof::new(&links, POOL, "ana", now).unwrap();
        assert!(!accepts(&of_other_sign_in, POOL, "ana"));

        let key = Secret::new("another key, also of 32 bytes or more");
        let forger = SignedLinks::new(&key, Duration::from_secs(600)).unwrap();
        let forged = forger.token(&subject(POOL, "ana"), now).unwrap();
        assert!(!accepts(&forged, POOL, "ana"));
    }

    #[test]
    fn code_and_link_expire_together() {
        let (links, now) = (links(), SystemTime::now());
        let (proof, token) = Proof::new(&links, POOL, "ana", now).unwrap();
        let code = proof.code().clone();
        for (later, valid) in [(599 - 1, true), (601, false)] {
            let later = now + Duration::from_secs(later);
            for answer in [&code, &token] {
                assert_eq!(proof.accepts(answer, &links, POOL, "ana", later), valid);
            }
        }
    }

    #[test]
    fn spaces_in_a_code_are_forgiven_and_nothing_else() {
        let (links, now) = (links(), SystemTime::now());
        let (proof, _) = Proof::new(&links, POOL, "ana", now).unwrap();
        let accepts = |answer: &str| proof.accepts(&Secret::new(answer), &links, POOL, "ana", now);
        let code = proof.code().expose();
        assert!(accepts(code) && accepts(&format!(" {} {}\n", &code[..4], &code[4..])));
        for wrong in [
            "",
            " ",
            &code[1..],
            &format!("{code}0"),
            proof.link_id.expose(),
            "0.0.0.0",
        ] {
            assert!(!accepts(wrong), "{wrong}");
        }
    }

    #[test]
    fn a_proof_survives_metadata_and_parameters() {
        let (links, now) = (links(), SystemTime::now());
        let (proof, token) = Proof::new(&links, POOL, "ana", now).unwrap();
        let metadata = proof.to_metadata();
        let session = json!([
            {"challengeName": "CUSTOM_CHALLENGE", "challengeResult": false, "challengeMetadata": metadata.expose()},
            {"challengeName": "CUSTOM_CHALLENGE", "challengeResult": false, "challengeMetadata": "of something else"},
        ]);
        let session: Session = serde_json::from_value(session).unwrap();
        let of_session = Proof::of_session(&session).unwrap();
        let of_parameters = Proof::of_parameters(&proof.to_parameters()).unwrap();
        for same in [of_session, of_parameters] {
            assert!(same.accepts(&token, &links, POOL, "ana", now));
            assert!(same.code().matches(proof.code().expose()));
        }
        assert!(Proof::of_session(&Session::default()).is_none());
        assert!(Proof::of_parameters(&SecretMap::from([("code", Secret::new("1"))])).is_none());
    }
}
