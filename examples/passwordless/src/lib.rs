//! Signs people in with a code or a signed link by email, without a password.
//!
//! The three triggers of custom authentication: define decides the next step, create sends the mail, and verify checks what the
//! user typed, or the link that the user opened. All three behave in the same way for people who don't exist.

mod app;
pub mod create_auth_challenge;
pub mod define_auth_challenge;
pub mod mail;
mod proof;
#[cfg(feature = "ses")]
mod ses;
pub mod verify_auth_challenge_response;

use cognito_triggers::{Router, router};

pub use app::App;
pub use mail::{Mail, Mailer};

/// The router: the handler for each trigger.
pub fn triggers() -> Router<App> {
    router! {
        define_auth_challenge          => define_auth_challenge::allow_three_attempts,
        create_auth_challenge          => create_auth_challenge::mail_a_code_and_a_link,
        verify_auth_challenge_response => verify_auth_challenge_response::check_the_code_or_the_link,
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{Arc, Mutex, PoisonError},
        time::Duration,
    };

    use cognito_triggers::Secret;

    use crate::{
        app::App,
        mail::{Mail, Mailer, Sending},
    };

    /// Remembers the mails, and takes its time.
    #[derive(Clone, Default)]
    pub(crate) struct Recording {
        pub(crate) mails: Arc<Mutex<Vec<(String, Secret)>>>,
        pub(crate) takes: Duration,
        pub(crate) fails: bool,
    }

    impl Recording {
        pub(crate) fn sent(&self) -> Vec<(String, Secret)> {
            self.mails.lock().unwrap_or_else(PoisonError::into_inner).clone()
        }
    }

    impl Mailer for Recording {
        fn send<'a>(&'a self, mail: Mail<'a>, _: Duration) -> Sending<'a> {
            Box::pin(async move {
                tokio::time::sleep(self.takes).await;
                if self.fails {
                    return Err("the mail server is down".into());
                }
                let mut mails = self.mails.lock().unwrap_or_else(PoisonError::into_inner);
                mails.push((mail.to.to_owned(), mail.text));
                Ok(())
            })
        }
    }

    /// The app of a test, with its mailer.
    pub(crate) fn app(mailer: &Recording) -> App {
        let variable = |name: &str| match name {
            "LINK_KEY" => Some("only for tests: 32 bytes or more".to_owned()),
            "SIGN_IN_URL" => Some("https://app.example.com/sign-in".to_owned()),
            _ => None,
        };
        App::from_variables(variable).unwrap().with_mailer(mailer.clone())
    }
}
