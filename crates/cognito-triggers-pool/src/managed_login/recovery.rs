//! `/forgotPassword` and `/confirmForgotPassword`.

use serde_json::json;

use super::Reply;
use super::visit::Visit;
use crate::error::ApiError;
use crate::form::Form;

/// Sends a code, as ForgotPassword does. Fires its triggers, without client metadata (FE-12).
///
/// # Errors
/// Those of ForgotPassword.
pub(super) async fn forgot(visit: Visit<'_>, form: &Form) -> Result<Reply, ApiError> {
    let user_name = form.get("username").unwrap_or_default();
    visit.run("ForgotPassword", user_name, json!({})).await?;
    Ok(visit.go_to("/confirmForgotPassword", user_name, "code_sent"))
}

/// Changes the password, as ConfirmForgotPassword does. Fires PostConfirmation (FE-13).
///
/// # Errors
/// Those of ConfirmForgotPassword.
pub(super) async fn confirm(visit: Visit<'_>, form: &Form) -> Result<Reply, ApiError> {
    let user_name = form.get("username").unwrap_or_default();
    let input = json!({
        "ConfirmationCode": form.get("code").unwrap_or_default(),
        "Password": form.get("password").unwrap_or_default(),
    });
    visit.run("ConfirmForgotPassword", user_name, input).await?;
    Ok(visit.go_to("/login", user_name, "password_changed"))
}
