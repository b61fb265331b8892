//! German.

use crate::text::{Language, Text};

pub(super) const TEXTS: Language = Language {
    locale: "de",
    direction: "ltr",
    greeting: "Guten Tag {name},",
    nameless_greeting: "Guten Tag,",
    closing: "Falls Sie diese Nachricht nicht von {product} erwarten, können Sie sie ignorieren.",
    sign_up: Text {
        subject: "Bestätigen Sie Ihr Konto bei {product}",
        email: "Ihr Code für {product} lautet {####}.",
        sms: "{product}: Ihr Code lautet {####}.",
    },
    sign_up_link: "ein Schritt fehlt noch: {##Konto bestätigen##}.",
    invitation: Text {
        subject: "Ihre Einladung zu {product}",
        email: "Ihr Benutzername ist {username}, Ihr vorläufiges Passwort {####}",
        sms: "{product}: Benutzername {username}, vorläufiges Passwort {####}",
    },
    new_password: Text {
        subject: "Ein neues Passwort für {product}",
        email: "Ihr Code für ein neues Passwort lautet {####}.",
        sms: "{product}: Ihr Code für ein neues Passwort lautet {####}.",
    },
    details: Text {
        subject: "Bestätigen Sie Ihre Angaben bei {product}",
        email: "Ihr Code lautet {####}.",
        sms: "{product}: Bestätigen Sie Ihre Angaben mit {####}.",
    },
    sign_in: Text {
        subject: "Ihr Code für {product}",
        email: "Ihr Code für die Anmeldung lautet {####}. Geben Sie ihn niemandem.",
        sms: "{product}: Ihr Code für die Anmeldung lautet {####}. Geben Sie ihn niemandem.",
    },
};
