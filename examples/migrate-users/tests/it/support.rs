//! Old users in memory.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

use cognito_triggers::Secret;
use migrate_users::{App, Directory, Finding, Hashes, OldUser};

struct InMemory(Vec<OldUser>);

impl Directory for InMemory {
    fn find<'a>(&'a self, typed: &'a str) -> Finding<'a> {
        let user = self.0.iter().find(|user| user.email.eq_ignore_ascii_case(typed));
        Box::pin(async move { Ok(user.cloned()) })
    }
}

/// The app with the users of the cases, which all have the password of the samples.
pub(crate) fn app() -> App {
    let argon2 =
        "$argon2id$v=19$m=256,t=2,p=1$b25seSBmb3IgdGVzdHM$+eiOpltYVyUaS3ubVgN6/26V2ZU/WARajbjXawmcfCM";
    let bcrypt = bcrypt::hash_with_salt("correct-Horse7battery", 4, [7; 16])
        .unwrap()
        .to_string();
    let user = |email: &str, hash: &str| OldUser {
        email: email.to_owned(),
        email_verified: true,
        name: None,
        password_hash: Secret::new(hash),
        needs_reset: false,
    };
    let unproved = OldUser {
        email_verified: false,
        ..user("unproved@example.com", &bcrypt)
    };
    let leaked = OldUser {
        needs_reset: true,
        ..user("leaked@example.com", &bcrypt)
    };
    let users = vec![
        OldUser {
            name: Some("Emil Haas".to_owned()),
            ..user("emil@example.com", argon2)
        },
        user("bruno@example.com", &bcrypt),
        unproved,
        leaked,
    ];
    let hashes = Hashes::new("m=256,t=2,p=1", "4").unwrap();
    App::new(Box::new(InMemory(users)), hashes)
}
