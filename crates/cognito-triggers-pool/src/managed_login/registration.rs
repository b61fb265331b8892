//! `/signup` and `/confirmUser`.

use serde_json::json;

use super::Reply;
use super::pages;
use super::visit::Visit;
use crate::error::ApiError;
use crate::form::Form;

/// Signs a user up, as SignUp does. Fires its triggers, without client metadata (FE-10).
///
/// # Errors
/// Those of SignUp, and `NotAuthorizedException` if only administrators create users.
pub(super) async fn sign_up(visit: Visit<'_>, form: &Form) -> Result<Reply, ApiError> {
    let settings = &visit.request.settings;
    let names = pages::attributes(settings);
    let attributes: Vec<_> = names
        .iter()
        .filter_map(|name| Some(json!({ "Name": name, "Value": form.get(name)? })))
        .collect();
    let field = pages::sign_in_attribute(settings).unwrap_or("username");
    let user_name = form.get(field).unwrap_or_default();
    let input = json!({ "Password": form.get("password").unwrap_or_default(), "UserAttributes": attributes });
    let answer = visit.run("SignUp", user_name, input).await?;
    Ok(if answer.get("UserConfirmed") == Some(&json!(true)) {
        visit.go_to("/login", user_name, "signed_up")
    } else {
        visit.go_to("/confirmUser", user_name, "code_sent")
    })
}

/// Confirms a user with the code of the message, or sends a new code. Fires PostConfirmation or CustomMessage (FE-11).
///
/// # Errors
/// Those of ConfirmSignUp and ResendConfirmationCode.
pub(super) async fn confirm(visit: Visit<'_>, form: &Form) -> Result<Reply, ApiError> {
    if form.get("resend").is_some() {
        let user_name = form.get("resend_to").unwrap_or_default();
        visit.run("ResendConfirmationCode", user_name, json!({})).await?;
        return Ok(visit.go_to("/confirmUser", user_name, "code_sent"));
    }
    let user_name = form.get("username").unwrap_or_default();
    let input = json!({ "ConfirmationCode": form.get("code").unwrap_or_default() });
    visit.run("ConfirmSignUp", user_name, input).await?;
    Ok(visit.go_to("/login", user_name, "confirmed"))
}
