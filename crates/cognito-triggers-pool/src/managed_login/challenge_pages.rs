//! The page `/challenge` as HTML: one for each challenge of a sign-in.

use serde_json::Value;

use super::html::{Form, banner, escape, link, page};
use super::pages::{Shown, attribute, code, device_name, password};
use super::passkey_form::{self as passkey, Ceremony};
use crate::form::encoded;
use crate::oauth::authorize::AuthorizeRequest;
use crate::state::Step;

/// What begins the name of an attribute in `requiredAttributes`.
const PREFIX: &str = "userAttributes.";

/// The page of a step. `action` is its address.
pub(super) fn challenge(request: &AuthorizeRequest, action: &str, step: &Step, shown: Shown<'_>) -> String {
    let form = Form::new(action, shown.csrf);
    let (title, body) = match &*step.challenge {
        "SELECT_MFA_TYPE" => ("Choose a second factor", select_mfa(step, form)),
        "SELECT_CHALLENGE" => (
            "Choose how to sign in",
            select_challenge(step, action, shown.csrf),
        ),
        "MFA_SETUP" => ("Set up an authenticator app", set_up(request, step, form)),
        "NEW_PASSWORD_REQUIRED" => ("Choose a new password", new_password(step, form)),
        "SOFTWARE_TOKEN_MFA" => ("Enter the code of your app", app_code(step, form)),
        "WEB_AUTHN" => {
            let options = text(step, "CREDENTIAL_REQUEST_OPTIONS");
            let form = passkey::ask(form, Ceremony::Get, options, "Use a passkey");
            ("Sign in with a passkey", form)
        }
        _ => ("Enter the code", sent_code(step, form)),
    };
    let back = link(&request.page("/login").0, "Back to sign in");
    page(title, &(banner(shown.error, shown.notice) + &body + &back))
}

/// The attributes that a user with a temporary password still lacks.
pub(super) fn required_attributes(step: &Step) -> Vec<String> {
    let names = list(step, "requiredAttributes");
    let names = names.iter().filter_map(|name| name.strip_prefix(PREFIX));
    names.map(str::to_owned).collect()
}

/// A code that was sent by SMS or by email.
fn sent_code(step: &Step, form: Form) -> String {
    let medium = match text(step, "CODE_DELIVERY_DELIVERY_MEDIUM") {
        "SMS" => "by SMS",
        _ => "by email",
    };
    let to = escape(text(step, "CODE_DELIVERY_DESTINATION"));
    let sent = format!("<p>A code was sent {medium} to {to}.</p>\n");
    sent + &form.focused(code("Code")).submit("Sign in")
}

/// A code of an authenticator app.
fn app_code(step: &Step, form: Form) -> String {
    let app = match text(step, "FRIENDLY_DEVICE_NAME") {
        "" => "your authenticator app".to_owned(),
        name => escape(name),
    };
    let hint = format!("<p>Open {app}, and enter the code that it shows.</p>\n");
    hint + &form.focused(code("Code")).submit("Sign in")
}

/// The factors of the user, one button each.
fn select_mfa(step: &Step, mut form: Form) -> String {
    for factor in list(step, "MFAS_CAN_CHOOSE") {
        let label = match &*factor {
            "SMS_MFA" => "Get a code by SMS",
            "SOFTWARE_TOKEN_MFA" => "Use an authenticator app",
            _ => "Get a code by email",
        };
        form = form.button("answer", &factor, label);
    }
    form.end()
}

/// The first factors of the user: one button each, and a form of its own for the password.
fn select_challenge(step: &Step, action: &str, csrf: &str) -> String {
    let available = step
        .parameters
        .get("AvailableChallenges")
        .and_then(Value::as_array);
    let available: Vec<_> = available
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let others = [
        ("WEB_AUTHN", "Use a passkey"),
        ("EMAIL_OTP", "Get a code by email"),
        ("SMS_OTP", "Get a code by SMS"),
    ];
    let mut body = String::new();
    for (name, label) in others {
        if available.contains(&name) {
            body += &Form::new(action, csrf).button("answer", name, label).end();
        }
    }
    if available.contains(&"PASSWORD") {
        let form = Form::new(action, csrf)
            .hidden("answer", "PASSWORD")
            .field(password("Password", "current-password"));
        body += &form.submit("Sign in with the password");
    }
    if body.is_empty() {
        body.push_str("<p>There is no way to sign in for you here. Ask an administrator.</p>\n");
    }
    body
}

/// The secret of a new authenticator app, and its first code.
fn set_up(request: &AuthorizeRequest, step: &Step, form: Form) -> String {
    let secret = text(step, "SecretCode");
    let uri = escape(&uri(&request.settings.name, &step.user_name, secret));
    let secret = escape(secret);
    let hint = format!(
        "<p>You need an authenticator app to sign in. Add an account to the app with this secret, or open the address on the \
         device that has the app. Then enter the code that the app shows.</p>\n\
         <p><strong>Secret</strong><br><code>{secret}</code></p>\n\
         <p><strong>Address</strong><br><a href=\"{uri}\"><code>{uri}</code></a></p>\n"
    );
    let form = form.field(code("Code of the app")).optional(device_name());
    hint + &form.submit("Sign in")
}

/// The address that authenticator apps read: the account, its issuer, and the secret.
fn uri(issuer: &str, user_name: &str, secret: &str) -> String {
    let (issuer, user_name) = (encoded(issuer), encoded(user_name));
    format!("otpauth://totp/{issuer}:{user_name}?secret={secret}&issuer={issuer}")
}

/// A new password for a temporary one, and the attributes that are missing.
fn new_password(step: &Step, form: Form) -> String {
    let hint = "<p>Your password is temporary. Choose one of your own.</p>\n".to_owned();
    let mut form = form.field(password("New password", "new-password"));
    for name in required_attributes(step) {
        form = attribute(form, &name, "");
    }
    hint + &form.submit("Change password")
}

/// A parameter of the challenge; empty if it is missing.
fn text<'a>(step: &'a Step, name: &str) -> &'a str {
    let value = step.parameters.get(name).and_then(Value::as_str);
    value.unwrap_or_default()
}

/// A parameter that is a JSON array in a string.
fn list(step: &Step, name: &str) -> Vec<String> {
    serde_json::from_str(text(step, name)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn the_address_names_account_and_issuer() {
        assert_eq!(
            uri("My pool", "ana@example.com", "GEZDGNBV"),
            "otpauth://totp/My%20pool:ana%40example.com?secret=GEZDGNBV&issuer=My%20pool"
        );
    }
}
