//! Checking passwords, with the same work for everyone.

use argon2::{
    Argon2, Params,
    password_hash::{PasswordVerifier, phc::PasswordHash},
};
use bcrypt::HashParts;
use cognito_triggers::Secret;

/// The most memory that one check may take, in KiB: a part of what `template.yaml` gives the function.
const MEMORY: u32 = 128 * 1024;

/// The most passes of argon2 over the memory.
const PASSES: u32 = 10;

/// The highest cost of bcrypt. With the processor of `template.yaml`, 12 takes about a second, and each one more doubles it.
const BCRYPT: u32 = 12;

/// Checks passwords against hashes of both kinds.
///
/// Every check does the work of one argon2 and of one bcrypt, whether there is a user and whichever hash the user has. What isn't
/// needed is a dummy with the usual costs, so the time doesn't tell who has an account in the old system.
pub struct Hashes {
    argon2: PasswordHash,
    bcrypt: String,
}

/// A stored hash that this function can afford.
enum Stored {
    Argon2(Box<PasswordHash>),
    Bcrypt(String),
}

impl Hashes {
    /// Sets the costs that most users have: those of argon2 as in a PHC string, and that of bcrypt.
    ///
    /// # Errors
    /// Fails if a cost can't be read, or is more than a function can afford.
    pub fn new(argon2: &str, bcrypt: &str) -> Result<Self, String> {
        let salt_and_output = "c2FsdCBvZiBub2JvZHk$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        let dummy = format!("$argon2id$v=19${argon2}${salt_and_output}");
        let argon2 = match stored(&dummy) {
            Some(Stored::Argon2(hash)) => *hash,
            _ => {
                return Err(format!(
                    "ARGON2_COST is `{argon2}`: use one like m=19456,t=2,p=1, with m up to {MEMORY} and t up to {PASSES}"
                ));
            }
        };
        let cost: u32 = bcrypt.parse().unwrap_or_default();
        let dummy = format!("$2b${cost:02}$abcdefghijklmnopqrstuuabcdefghijklmnopqrstuvwxyzabcde");
        match stored(&dummy) {
            Some(Stored::Bcrypt(bcrypt)) => Ok(Self { argon2, bcrypt }),
            _ => Err(format!("BCRYPT_COST is `{bcrypt}`: use 4 to {BCRYPT}")),
        }
    }

    /// Whether this is the password of a stored hash. Without one, the same work says no. It takes tenths of a second of the processor.
    pub(crate) fn check(&self, password: &Secret, hash: Option<&Secret>) -> bool {
        let password = password.expose();
        let stored_hash = hash.and_then(|hash| stored(hash.expose()));
        if hash.is_some() && stored_hash.is_none() {
            tracing::warn!(
                "a stored hash is of another kind or costs too much: this user can only reset the password"
            );
        }
        let (mut argon2, mut bcrypt) = (&self.argon2, &self.bcrypt);
        let (mut has_argon2, mut has_bcrypt) = (false, false);
        match &stored_hash {
            Some(Stored::Argon2(hash)) => (argon2, has_argon2) = (hash.as_ref(), true),
            Some(Stored::Bcrypt(hash)) => (bcrypt, has_bcrypt) = (hash, true),
            None => {}
        }
        let is_argon2 = Argon2::default()
            .verify_password(password.as_bytes(), argon2)
            .is_ok();
        let is_bcrypt = bcrypt::verify(password, bcrypt).unwrap_or_default();
        (is_argon2 & has_argon2) | (is_bcrypt & has_bcrypt)
    }
}

/// Reads a stored hash. `None` for another kind, and for one that would take more memory or time than the function has.
fn stored(hash: &str) -> Option<Stored> {
    if hash.starts_with("$argon2") {
        let hash = PasswordHash::new(hash).ok()?;
        let params = Params::try_from(&hash).ok()?;
        let is_affordable = params.m_cost() <= MEMORY && params.t_cost() <= PASSES;
        // Without a version it is one of before 2016, which would be taken for one of today.
        let is_whole = hash.version.is_some() && hash.salt.is_some() && hash.hash.is_some();
        return (is_affordable && is_whole).then(|| Stored::Argon2(Box::new(hash)));
    }
    let cost = hash.parse::<HashParts>().ok()?.get_cost();
    (4..=BCRYPT)
        .contains(&cost)
        .then(|| Stored::Bcrypt(hash.to_owned()))
}

#[cfg(test)]
mod tests {
    use argon2::password_hash::PasswordHasher;

    use super::*;

    fn hashes() -> Hashes {
        Hashes::new("m=64,t=1,p=1", "4").unwrap()
    }

    fn argon2(password: &str) -> Secret {
        let params = Params::new(64, 1, 1, None).unwrap();
        let argon2 = Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
        let hash: PasswordHash = argon2
            .hash_password_with_salt(password.as_bytes(), b"only for tests")
            .unwrap();
        Secret::new(hash.to_string())
    }

    fn bcrypt(password: &str) -> Secret {
        let parts = bcrypt::hash_with_salt(password, 4, [7; 16]).unwrap();
        Secret::new(parts.to_string())
    }

    #[test]
    fn only_the_right_password_passes() {
        let (right, wrong) = (Secret::new("correct-Horse7battery"), Secret::new("guess"));
        for hash in [argon2(right.expose()), bcrypt(right.expose())] {
            assert!(hashes().check(&right, Some(&hash)));
            assert!(!hashes().check(&wrong, Some(&hash)));
        }
        assert!(!hashes().check(&right, None));
        assert!(!hashes().check(&Secret::new(""), None));
    }

    #[test]
    fn hashes_of_other_systems_are_read() {
        // A vector of OpenBSD's bcrypt, and the prefix that PHP writes.
        let known = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
        for hash in [known.to_owned(), known.replace("$2a$", "$2y$")] {
            assert!(
                hashes().check(&Secret::new("U*U"), Some(&Secret::new(hash.as_str()))),
                "{hash}"
            );
        }
    }

    #[test]
    fn a_hash_that_costs_too_much_is_no_way_in() {
        let costly = "$argon2id$v=19$m=1048576,t=2,p=1$c2FsdCBvZiBub2JvZHk$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        assert!(stored(costly).is_none());
        assert!(stored("$2b$14$abcdefghijklmnopqrstuuabcdefghijklmnopqrstuvwxyzabcde").is_none());
        for other in [
            "",
            "hunter2",
            "$6$salt$hash",
            "$argon2id$",
            "$argon2id$v=19$m=64,t=1,p=1$c2FsdCBvZiBub2JvZHk",
            "$argon2id$m=64,t=1,p=1$c2FsdCBvZiBub2JvZHk$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "$2b$10$short",
        ] {
            assert!(stored(other).is_none(), "{other}");
            assert!(!hashes().check(&Secret::new("hunter2"), Some(&Secret::new(other))));
        }
    }

    #[test]
    fn costs_that_cannot_be_read_are_named() {
        let error = Hashes::new("19456", "10").err().unwrap();
        assert!(error.starts_with("ARGON2_COST is `19456`"), "{error}");
        for cost in ["", "3", "13", "ten"] {
            let error = Hashes::new("m=64,t=1,p=1", cost).err().unwrap();
            assert!(error.starts_with("BCRYPT_COST is"), "{error}");
        }
    }
}
