//! The pages with a form, as HTML.

use super::html::{Field, Form, banner, button_link, link, page};
use crate::oauth::authorize::AuthorizeRequest;
use crate::service::Service;
use crate::state::Settings;

/// What a page shows besides its form.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Shown<'a> {
    /// The token against forged forms.
    pub(super) csrf: &'a str,
    /// The user name that the field begins with.
    pub(super) user_name: &'a str,
    /// Why the last attempt failed.
    pub(super) error: Option<&'a str>,
    /// What the last page achieved.
    pub(super) notice: Option<&'a str>,
}

/// `/login`: user name and password, the identity providers of the client, and the ways to the other pages.
pub(super) fn login(service: &Service, request: &AuthorizeRequest, shown: Shown<'_>) -> String {
    let mut body = banner(shown.error, shown.notice);
    for provider in request.providers(service) {
        let query = request.query.clone().with("identity_provider", &provider.name);
        let address = query.appended_to("/oauth2/authorize", '?');
        body.push_str(&button_link(
            &address,
            &format!("Continue with {}", provider.name),
        ));
    }
    if request.client.supports_provider("COGNITO") {
        let form = Form::new(&request.page("/login").0, shown.csrf)
            .field(user_name(&request.settings, shown.user_name))
            .field(password("Password", "current-password"));
        if may_choose(request) {
            let form = form.raw("<button type=\"submit\">Sign in</button>\n");
            let form = form.other_button("choose", "true", "Sign in without a password");
            body.push_str(&form.end());
        } else {
            body.push_str(&form.submit("Sign in"));
        }
        body.push_str(&link(&request.page("/forgotPassword").0, "Forgot your password?"));
        if !request.settings.admins_create_users() {
            body.push_str(&link(&request.page("/signup").0, "Create an account"));
        }
    }
    page("Sign in", &body)
}

/// Whether users may choose a first factor other than the password: both the app client and the pool have to allow it.
fn may_choose(request: &AuthorizeRequest) -> bool {
    let mut factors = request.settings.first_factors();
    request.client.allows(&["ALLOW_USER_AUTH"]) && factors.any(|name| !name.starts_with("PASSWORD"))
}

/// `/signup`: user name, required attributes and password.
///
/// `values` has what the user typed already, by name of the field.
pub(super) fn sign_up(request: &AuthorizeRequest, shown: Shown<'_>, values: &crate::form::Form) -> String {
    let mut form = Form::new(&request.page("/signup").0, shown.csrf);
    if sign_in_attribute(&request.settings).is_none() {
        form = form.field(user_name(&request.settings, shown.user_name));
    }
    for name in attributes(&request.settings) {
        form = attribute(form, &name, values.get(&name).unwrap_or_default());
    }
    let form = form.field(password("Password", "new-password")).submit("Sign up");
    let back = link(&request.page("/login").0, "Have an account already? Sign in");
    page(
        "Create an account",
        &(banner(shown.error, shown.notice) + &form + &back),
    )
}

/// `/confirmUser`: the code of a sign-up message.
pub(super) fn confirm_user(request: &AuthorizeRequest, shown: Shown<'_>) -> String {
    let form = Form::new(&request.page("/confirmUser").0, shown.csrf)
        .field(user_name(&request.settings, shown.user_name))
        .field(code("Code"))
        .submit("Confirm account");
    let again = Form::new(&request.page("/confirmUser").0, shown.csrf)
        .hidden("resend", "true")
        .field(Field {
            name: "resend_to",
            label: "Nothing arrived? Send a new code to",
            ..user_name(&request.settings, shown.user_name)
        })
        .submit_other("Send a new code");
    page(
        "Confirm your account",
        &(banner(shown.error, shown.notice) + &form + &again),
    )
}

/// `/forgotPassword`: the user name.
pub(super) fn forgot_password(request: &AuthorizeRequest, shown: Shown<'_>) -> String {
    let form = Form::new(&request.page("/forgotPassword").0, shown.csrf)
        .field(user_name(&request.settings, shown.user_name))
        .submit("Send a code");
    let back = link(&request.page("/login").0, "Back to sign in");
    page(
        "Forgot your password?",
        &(banner(shown.error, shown.notice) + &form + &back),
    )
}

/// `/confirmForgotPassword`: the code and the new password.
pub(super) fn confirm_forgot_password(request: &AuthorizeRequest, shown: Shown<'_>) -> String {
    let form = Form::new(&request.page("/confirmForgotPassword").0, shown.csrf)
        .field(user_name(&request.settings, shown.user_name))
        .field(code("Code"))
        .field(password("New password", "new-password"))
        .submit("Change password");
    page(
        "Change your password",
        &(banner(shown.error, shown.notice) + &form),
    )
}

/// The attribute that the user name of a new user is: `email` or `phone_number`. `None` if it has a field of its own, because it
/// isn't an attribute, or the user chooses which of the two it is.
pub(super) fn sign_in_attribute(settings: &Settings) -> Option<&'static str> {
    match ["email", "phone_number"].map(|name| settings.is_username(name)) {
        [true, false] => Some("email"),
        [false, true] => Some("phone_number"),
        _ => None,
    }
}

/// The attributes that the sign-up page asks for: what users sign in with, what the pool verifies, and what the schema requires.
///
/// If users sign in with either an email address or a phone number, neither is asked for unless the schema requires it.
pub(super) fn attributes(settings: &Settings) -> Vec<String> {
    let by_either = settings.is_username("email") && settings.is_username("phone_number");
    let required = settings.schema.iter().filter(|attribute| {
        let name = &attribute.name;
        let is_address = !by_either && (settings.is_username(name) || settings.auto_verifies(name));
        name != "sub" && (attribute.required || is_address)
    });
    required.map(|attribute| attribute.name.clone()).collect()
}

/// Adds the field for an attribute.
pub(super) fn attribute(form: Form, name: &str, value: &str) -> Form {
    let (kind, autocomplete) = match name {
        "email" => ("email", "email"),
        "phone_number" => ("tel", "tel"),
        "name" => ("text", "name"),
        "given_name" => ("text", "given-name"),
        "family_name" => ("text", "family-name"),
        _ => ("text", "on"),
    };
    form.field(Field {
        name,
        label: &label(name),
        kind,
        autocomplete,
        value,
    })
}

/// The field for the name that users sign in with.
fn user_name<'a>(settings: &Settings, value: &'a str) -> Field<'a> {
    let (email, phone) = (
        settings.is_username("email"),
        settings.is_username("phone_number"),
    );
    let (label, kind) = match (email, phone) {
        (true, true) => ("Email or phone number", "text"),
        (true, false) => ("Email", "email"),
        (false, true) => ("Phone number", "tel"),
        (false, false) => ("Username", "text"),
    };
    Field {
        name: "username",
        label,
        kind,
        autocomplete: "username",
        value,
    }
}

pub(super) fn password<'a>(label: &'a str, autocomplete: &'a str) -> Field<'a> {
    Field {
        name: "password",
        label,
        kind: "password",
        autocomplete,
        value: "",
    }
}

pub(super) fn code(label: &str) -> Field<'_> {
    Field {
        name: "code",
        label,
        kind: "text",
        autocomplete: "one-time-code",
        value: "",
    }
}

/// The field for what the user calls an authenticator app.
pub(super) fn device_name() -> Field<'static> {
    Field {
        name: "device_name",
        label: "Name of the app (optional)",
        kind: "text",
        autocomplete: "off",
        value: "",
    }
}

/// The name of an attribute for people: `Phone number` for `phone_number`.
fn label(attribute: &str) -> String {
    let name = attribute.trim_start_matches("custom:").replace('_', " ");
    let mut letters = name.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => name,
    }
}
