//! The addresses of the pages, and what every form has to pass.

use std::sync::Arc;

use super::browser::Browser;
use super::html::{forged, message_page};
use super::pages::{self, Shown};
use super::visit::Visit;
use super::{Reply, challenge, recovery, registration, sign_in, steps};
use crate::error::ApiError;
use crate::form::Form;
use crate::oauth::authorize::{AuthorizeRequest, Refusal};
use crate::service::Service;

/// A page of managed login, by its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Path {
    Login,
    SignUp,
    ConfirmUser,
    ForgotPassword,
    ConfirmForgotPassword,
    /// The challenge of a sign-in that has begun. The name of the page is ours.
    Challenge,
}

impl Path {
    /// The page at a path, in any case, as AWS's documentation writes it in several ways.
    pub(crate) fn parse(path: &str) -> Option<Self> {
        match path.to_ascii_lowercase().as_str() {
            "/login" => Some(Self::Login),
            "/signup" => Some(Self::SignUp),
            "/confirmuser" => Some(Self::ConfirmUser),
            "/forgotpassword" => Some(Self::ForgotPassword),
            "/confirmforgotpassword" => Some(Self::ConfirmForgotPassword),
            steps::PATH => Some(Self::Challenge),
            _ => None,
        }
    }

    /// The name of what its form does, in records.
    pub(crate) fn operation(self) -> &'static str {
        match self {
            Self::Login => "managed login /login",
            Self::SignUp => "managed login /signup",
            Self::ConfirmUser => "managed login /confirmUser",
            Self::ForgotPassword => "managed login /forgotPassword",
            Self::ConfirmForgotPassword => "managed login /confirmForgotPassword",
            Self::Challenge => "managed login /challenge",
        }
    }
}

/// Shows a page, or handles its form. `form` is `None` for a visit without one.
///
/// # Errors
/// That of the operation behind the form, or of a trigger after it. The page has its text, or the app gets it.
pub(crate) async fn answer(
    service: &Arc<Service>,
    browser: &Browser,
    path: Path,
    query: &Form,
    form: Option<&Form>,
) -> (Reply, Option<ApiError>) {
    let request = match AuthorizeRequest::parse(service, query) {
        Ok(request) => request,
        Err(refusal) => return (refused(refusal), None),
    };
    let visit = Visit {
        service,
        request: &request,
        browser,
    };
    // The other pages are about passwords of the pool.
    let is_open = request.client.supports_provider("COGNITO");
    let Some(form) = form else {
        if !is_open && path != Path::Login {
            return (visit.go_to("/login", "", ""), None);
        }
        if path == Path::Challenge {
            return (challenge::show(visit, query), None);
        }
        let user_name = query.get("username").or(query.get("login_hint"));
        let shown = Shown {
            user_name: user_name.unwrap_or_default(),
            notice: query.get("notice").and_then(notice),
            ..Shown::default()
        };
        return (page(visit, path, 200, shown, &Form::default()), None);
    };
    if !browser.sent(form.get("_csrf")) {
        return (forged(), None);
    }
    let succeeded = |reply| (reply, None);
    let handled = match path {
        _ if !is_open => Err(ApiError::not_authorized(
            "The app client doesn't let users of the pool sign in here.",
        )),
        Path::Login => sign_in::submit(visit, form).await,
        Path::SignUp => registration::sign_up(visit, form).await.map(succeeded),
        Path::ConfirmUser => registration::confirm(visit, form).await.map(succeeded),
        Path::ForgotPassword => recovery::forgot(visit, form).await.map(succeeded),
        Path::ConfirmForgotPassword => recovery::confirm(visit, form).await.map(succeeded),
        Path::Challenge => challenge::submit(visit, query, form).await,
    };
    match handled {
        Ok(handled) => handled,
        Err(error) => {
            let shown = Shown {
                user_name: form.get("username").unwrap_or_default(),
                error: Some(error.message()),
                ..Shown::default()
            };
            let shown_path = match path {
                // A challenge whose session is over: the sign-in begins again.
                Path::Challenge => Path::Login,
                path if is_open => path,
                _ => Path::Login,
            };
            (page(visit, shown_path, 400, shown, form), Some(error))
        }
    }
}

/// What a browser gets for a refused authorization request.
pub(crate) fn refused(refusal: Refusal) -> Reply {
    match refusal {
        Refusal::Redirect(location) => location.into(),
        Refusal::Page(code) => error_page(code),
    }
}

/// The page for an error that can't be sent to the app.
fn error_page(code: &str) -> Reply {
    let text = match code {
        "redirect_mismatch" => {
            "The address to return to must be exactly one of the app client's CallbackURLs or LogoutURLs."
        }
        "invalid_client" => "There is no app client with this client_id.",
        "unauthorized_client" => {
            "The app client doesn't use OAuth: AllowedOAuthFlowsUserPoolClient is false."
        }
        _ => "A parameter is missing: client_id, redirect_uri or logout_uri.",
    };
    Reply::page(400, message_page(&format!("Error: {code}"), text))
}

/// The page itself, with the cookie that its form needs.
fn page(visit: Visit<'_>, path: Path, status: u16, shown: Shown<'_>, values: &Form) -> Reply {
    let shown = Shown {
        csrf: visit.browser.csrf(),
        ..shown
    };
    let html = match path {
        Path::Login | Path::Challenge => pages::login(visit.service, visit.request, shown),
        Path::SignUp => pages::sign_up(visit.request, shown, values),
        Path::ConfirmUser => pages::confirm_user(visit.request, shown),
        Path::ForgotPassword => pages::forgot_password(visit.request, shown),
        Path::ConfirmForgotPassword => pages::confirm_forgot_password(visit.request, shown),
    };
    visit.page(status, html)
}

/// The text for the name of a notice. The address of a page has only the name, so that nobody can put a text into a page.
fn notice(name: &str) -> Option<&'static str> {
    match name {
        "confirmed" => Some("The account is confirmed. Sign in now."),
        "code_sent" => Some("A code is on its way."),
        "signed_up" => Some("The account exists. Sign in now."),
        "password_changed" => Some("The password is changed. Sign in now."),
        "reset_required" => Some("You need a new password. Get a code to choose one."),
        "expired" => Some("The sign-in took too long, or began in another browser. Sign in again."),
        _ => None,
    }
}
