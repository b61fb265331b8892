//! The trigger before an account is created.

use cognito_triggers::{
    Context, Event, OrReject, PreSignUp, Result,
    pre_sign_up::{Response, Source},
    reject,
};

use crate::app::App;

/// Accepts invited addresses.
///
/// A sign-up still has to prove the address with a code. A federated user gets no code: the identity provider has to say that
/// the address is verified. Map its `email_verified`.
pub(crate) async fn let_invited_people_in(
    context: Context<App>,
    event: Event<PreSignUp>,
) -> Result<Response> {
    // An administrator who creates an account has decided already.
    if event.source == Source::AdminCreateUser {
        return Ok(Response::default());
    }
    let attributes = &event.request.user_attributes;
    let address = attributes.email().or_reject("an email address is required")?;
    if !context.state.invitations.includes(address) {
        return Err(reject("this address is not invited"));
    }
    if event.source == Source::ExternalProvider && attributes.email_verified() != Some(true) {
        return Err(reject("your identity provider hasn't verified this address"));
    }
    Ok(Response::default())
}
