//! The pages of managed login: plain HTML, without scripts except for passkeys.
//!
//! A page has the parameters of the authorization request in its own address, so that nothing is stored until the user signs in.
//! Its forms run the operations of the API, which fire the triggers. The rows of the truth table are FE-06 and FE-09 to FE-14.

mod add_passkey;
mod browser;
mod challenge;
mod challenge_pages;
mod entry;
mod forms;
mod html;
mod pages;
mod passkey_form;
mod progress;
mod provider;
mod recovery;
mod registration;
mod session;
mod sign_in;
mod stand_in;
mod steps;
mod visit;

pub(crate) use self::add_passkey::{
    OPERATION as ADD_PASSKEY_OPERATION, PATH as ADD_PASSKEY, add as add_passkey,
};
pub(crate) use self::browser::Browser;
pub(crate) use self::entry::{Entry, authorize};
pub(crate) use self::forms::{Path, answer, refused};
pub(crate) use self::html::{STYLE, message_page};
pub(crate) use self::passkey_form::SCRIPT;
pub(crate) use self::provider::idp_response;
pub(crate) use self::stand_in::{PATH as STAND_IN, stand_in};

use crate::oauth::location::Location;

/// What a browser gets.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) content: Content,
    /// Values for `Set-Cookie`.
    pub(crate) cookies: Vec<String>,
}

/// A page or another address.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    /// HTML with an HTTP status.
    Page {
        status: u16,
        html: String,
    },
    /// The same, with the script of passkeys.
    ScriptPage {
        status: u16,
        html: String,
    },
    Redirect(Location),
}

impl Reply {
    pub(crate) fn page(status: u16, html: String) -> Self {
        Self {
            content: Content::Page { status, html },
            cookies: Vec::new(),
        }
    }

    /// Lets the page run the script of passkeys.
    fn with_script(mut self) -> Self {
        if let Content::Page { status, html } = self.content {
            self.content = Content::ScriptPage { status, html };
        }
        self
    }
}

impl From<Location> for Reply {
    fn from(location: Location) -> Self {
        Self {
            content: Content::Redirect(location),
            cookies: Vec::new(),
        }
    }
}
