//! The trigger before an account is created.

use cognito_triggers::{Context, Event, OrReject, PreSignUp, Result, pre_sign_up, reject};

use crate::app::App;

/// Accepts invited addresses. The user still has to prove the address with a code.
pub(crate) async fn let_invited_people_in(
    context: Context<App>,
    event: Event<PreSignUp>,
) -> Result<pre_sign_up::Response> {
    // An administrator who creates an account has decided already.
    if event.source == pre_sign_up::Source::AdminCreateUser {
        return Ok(pre_sign_up::Response::default());
    }
    let address = event.request.user_attributes.email();
    let address = address.or_reject("an email address is required")?;
    if !context.state.invitations.includes(address) {
        return Err(reject("this address is not invited"));
    }
    Ok(pre_sign_up::Response::default())
}
