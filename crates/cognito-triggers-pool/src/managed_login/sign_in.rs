//! `/login`: the first step of a sign-in in a browser.

use serde_json::{Value, json};

use super::progress::{self, Handled};
use super::visit::Visit;
use crate::auth::hosted;
use crate::form::Form;
use crate::state::Proof;

/// Checks the password, or lets the user choose another first factor.
///
/// Fires PreAuthentication, and for an unknown user with a password UserMigration (FE-09). If nothing else is needed,
/// PostAuthentication and `TokenGeneration_HostedAuth` follow (FE-06). A user who isn't confirmed or has to reset the password
/// gets to the page for that.
///
/// # Errors
/// Those of the password, of PreAuthentication and of a message with a code, which the page shows. An error of a later trigger is
/// sent to the app, and returned beside the reply.
pub(super) async fn submit(visit: Visit<'_>, form: &Form) -> Handled {
    let typed = form.get("username").unwrap_or_default();
    let call = |parameters: Value| {
        let operation = "managed login /login";
        visit.request.call(visit.service, operation, parameters)
    };
    let (call, result, proof) = if form.get("choose").is_some() {
        let call = call(json!({ "USERNAME": typed }));
        (call.clone(), hosted::choose(&call).await, None)
    } else {
        let call = call(json!({ "USERNAME": typed, "PASSWORD": form.get("password") }));
        (
            call.clone(),
            hosted::password(&call).await,
            Some(Proof::password()),
        )
    };
    match result {
        Ok(progress) => progress::go_on(visit, &call, progress, typed, proof).await,
        Err(error) => progress::elsewhere(visit, typed, error),
    }
}
