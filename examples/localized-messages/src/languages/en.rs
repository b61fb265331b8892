//! English.

use crate::text::{Language, Text};

pub(super) const TEXTS: Language = Language {
    locale: "en",
    direction: "ltr",
    greeting: "Hello {name},",
    nameless_greeting: "Hello,",
    closing: "If you didn't ask {product} for this message, ignore it.",
    sign_up: Text {
        subject: "Confirm your account at {product}",
        email: "Your code for {product} is {####}.",
        sms: "{product}: your code is {####}.",
    },
    sign_up_link: "One step is left: {##confirm your account##}.",
    invitation: Text {
        subject: "You are invited to {product}",
        email: "Your user name is {username}, and your temporary password is {####}",
        sms: "{product}: user name {username}, temporary password {####}",
    },
    new_password: Text {
        subject: "A new password for {product}",
        email: "Your code for a new password is {####}.",
        sms: "{product}: your code for a new password is {####}.",
    },
    details: Text {
        subject: "Confirm your details at {product}",
        email: "Your code is {####}.",
        sms: "{product}: confirm your details with {####}.",
    },
    sign_in: Text {
        subject: "Your code for {product}",
        email: "Your code for signing in is {####}. Give it to nobody.",
        sms: "{product}: your code for signing in is {####}. Give it to nobody.",
    },
};
