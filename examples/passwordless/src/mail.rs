//! The mail with the code and the link, and who sends it.

use std::{future::Future, pin::Pin, time::Duration};

use cognito_triggers::{Result, Secret};

/// A mail to one person.
#[derive(Debug)]
pub struct Mail<'a> {
    /// The address.
    pub to: &'a str,
    /// The subject. It has no code, because a locked screen shows it.
    pub subject: &'static str,
    /// The text, with the code and the link.
    pub text: Secret,
}

/// Sending one mail.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>;

/// Sends mails. Implement it for your own mail service, and give it to [`App::with_mailer`](crate::App::with_mailer).
pub trait Mailer: Send + Sync {
    /// Sends a mail within this time. The caller gives up then.
    ///
    /// # Errors
    /// Fails if the service doesn't accept the mail. The text is logged, so keep addresses and codes out of it.
    fn send<'a>(&'a self, mail: Mail<'a>, within: Duration) -> Sending<'a>;
}

/// Only logs that a mail would be sent, for trying the function.
pub(crate) struct LogOnly;

impl Mailer for LogOnly {
    fn send<'a>(&'a self, _: Mail<'a>, _: Duration) -> Sending<'a> {
        Box::pin(async {
            tracing::info!("a mail would be sent: set MAIL_FROM to send it");
            Ok(())
        })
    }
}

/// The mail for a sign-in.
pub(crate) fn sign_in<'a>(to: &'a str, code: &Secret, link: &Secret, minutes: u64) -> Mail<'a> {
    Mail {
        to,
        subject: "Your sign-in code",
        text: Secret::new(format!(
            "Your code is {}.\n\n\
             Or open this link in the browser in which you are signing in:\n{}\n\n\
             Both work once, for {minutes} minutes. If you aren't signing in, ignore this mail: nobody gets in without it.\n",
            code.expose(),
            link.expose()
        )),
    }
}
