//! Checking passwords, with the same work for everyone.

use argon2::{
    Algorithm, Argon2, Params, Version,
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

/// One argon2 and one bcrypt, of which at most one is the user's and counts.
struct Work<'a> {
    argon2: &'a PasswordHash,
    bcrypt: &'a str,
    argon2_counts: bool,
    bcrypt_counts: bool,
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
        let work = self.work(stored_hash.as_ref());
        // Both always run, and only then is it looked at which one counts.
        let is_argon2 = Argon2::default()
            .verify_password(password.as_bytes(), work.argon2)
            .is_ok();
        let is_bcrypt = bcrypt::verify(password, work.bcrypt).unwrap_or_default();
        (is_argon2 & work.argon2_counts) | (is_bcrypt & work.bcrypt_counts)
    }

    /// What a check computes for a user with this hash, or for nobody.
    fn work<'a>(&'a self, hash: Option<&'a Stored>) -> Work<'a> {
        let dummies = Work {
            argon2: &self.argon2,
            bcrypt: &self.bcrypt,
            argon2_counts: false,
            bcrypt_counts: false,
        };
        match hash {
            Some(Stored::Argon2(argon2)) => Work {
                argon2,
                argon2_counts: true,
                ..dummies
            },
            Some(Stored::Bcrypt(bcrypt)) => Work {
                bcrypt,
                bcrypt_counts: true,
                ..dummies
            },
            None => dummies,
        }
    }
}

/// Reads a stored hash. `None` for another kind, and for one that would take more memory or time than the function has.
fn stored(hash: &str) -> Option<Stored> {
    if hash.starts_with("$argon2") {
        let hash = PasswordHash::new(hash).ok()?;
        let params = Params::try_from(&hash).ok()?;
        let is_affordable = params.m_cost() <= MEMORY && params.t_cost() <= PASSES;
        // Otherwise no work would be done. Without a version it is a hash of before 2016, which would be taken for one of today.
        Algorithm::try_from(hash.algorithm.as_str()).ok()?;
        Version::try_from(hash.version?).ok()?;
        let is_whole = hash.salt.is_some() && hash.hash.is_some();
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
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
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
    fn everyone_costs_the_same() {
        let hashes = hashes();
        let costs = |hash: Option<&str>| {
            let hash = hash.and_then(stored);
            let work = hashes.work(hash.as_ref());
            let params = Params::try_from(work.argon2).unwrap();
            let bcrypt = work.bcrypt.parse::<HashParts>().unwrap().get_cost();
            (params, bcrypt, work.argon2_counts, work.bcrypt_counts)
        };
        let (params, bcrypt_cost, ..) = costs(None);
        assert_eq!(
            (params.m_cost(), params.t_cost(), params.p_cost(), bcrypt_cost),
            (64, 1, 1, 4)
        );
        let of_users = [
            (argon2("a"), true, false),
            (bcrypt("a"), false, true),
            (Secret::new("plain"), false, false),
        ];
        for (hash, argon2_counts, bcrypt_counts) in of_users {
            let expected = (params.clone(), bcrypt_cost, argon2_counts, bcrypt_counts);
            assert_eq!(costs(Some(hash.expose())), expected);
        }
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
            "$argon2x$v=19$m=64,t=1,p=1$c2FsdCBvZiBub2JvZHk$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "$argon2id$v=20$m=64,t=1,p=1$c2FsdCBvZiBub2JvZHk$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
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
