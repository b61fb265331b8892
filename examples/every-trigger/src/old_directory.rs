//! The directory that users migrate from.

use cognito_triggers::Secret;

/// A stand-in for the directory of an old system, with one user.
///
/// **A real directory is queried over the network and stores no passwords.** This one compares clear text, which only an
/// example may do, and everybody can read its password. So a release build knows nobody.
pub struct OldDirectory {
    users: Vec<OldUser>,
}

/// A user in the old directory.
pub struct OldUser {
    /// The email address, which was verified there.
    pub email: String,
    /// The name.
    pub name: String,
    clear_text_password_for_this_example_only: Secret,
}

impl OldDirectory {
    /// The directory with the one user of `cases/`, at a reserved domain. It is empty in a release build.
    pub fn of_the_example() -> Self {
        let emil = OldUser {
            email: "emil@example.com".to_owned(),
            name: "Emil Haas".to_owned(),
            clear_text_password_for_this_example_only: Secret::new("correct-Horse7battery"),
        };
        let users = if cfg!(debug_assertions) {
            vec![emil]
        } else {
            Vec::new()
        };
        Self { users }
    }

    /// The user with this address.
    pub fn find(&self, email: &str) -> Option<&OldUser> {
        self.users
            .iter()
            .find(|user| user.email.eq_ignore_ascii_case(email))
    }

    /// The user with this address, if the password is right.
    pub fn sign_in(&self, email: &str, password: &Secret) -> Option<&OldUser> {
        self.find(email).filter(|user| {
            user.clear_text_password_for_this_example_only
                .matches(password.expose())
        })
    }
}
