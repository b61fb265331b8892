//! The end of a sign-in in a browser: back to the app, with a code, with tokens, or with an error.

use super::authorize::{AuthorizeRequest, ResponseType};
use super::location::Location;
use super::{OAuthError, is_of_trigger};
use crate::auth::hosted;
use crate::call::Call;
use crate::error::ApiError;
use crate::form::Form;
use crate::state::{Authorization, BrowserSession, TokenAnswer, User};

/// The length of a code. Cognito's are UUIDs.
const CODE_LENGTH: usize = 43;

impl AuthorizeRequest {
    /// Fires the token trigger for a user who has signed in as the session says, and sends the browser back with what the request asks for.
    ///
    /// A failing trigger sends it back with `invalid_request` and the trigger's message. `inferred` is true if it isn't
    /// documented that Cognito fires the trigger here. The error is returned too, for the feed of calls.
    pub(crate) async fn complete(
        &self,
        call: &Call,
        user: &User,
        session: &BrowserSession,
        inferred: bool,
    ) -> (Location, Option<ApiError>) {
        let scopes: Vec<_> = self.granted.scopes.iter().map(String::as_str).collect();
        let done = match hosted::token_answer(call, user, &scopes, inferred).await {
            Ok(answer) => self.succeed(call, user, session, answer).await,
            Err(error) => Err(error),
        };
        match done {
            Ok(location) => (location, None),
            Err(error) => (self.failure(call, &error), Some(error)),
        }
    }

    /// Sends the browser back with the error of a trigger, or with `invalid_request` and the message of another exception.
    pub(crate) fn failure(&self, call: &Call, error: &ApiError) -> Location {
        if is_of_trigger(error) {
            let error = OAuthError::of_trigger(error, &call.service.ids);
            return self.error(error.code, error.description.as_deref());
        }
        self.error("invalid_request", Some(error.message()))
    }

    async fn succeed(
        &self,
        call: &Call,
        user: &User,
        session: &BrowserSession,
        token_answer: TokenAnswer,
    ) -> Result<Location, ApiError> {
        let authorization = Authorization {
            client_id: self.client.id.clone(),
            redirect_uri: self.redirect_uri.clone(),
            challenge: self.challenge.clone(),
            sub: user.sub.clone(),
            auth_time: session.auth_time,
            proof: session.proof.clone(),
            granted: self.granted.clone(),
            token_answer,
        };
        let (form, separator) = match self.response_type {
            ResponseType::Code => {
                let code = call.service.ids.opaque(CODE_LENGTH);
                let now = call.now(&self.settings);
                call.service.write(|state| {
                    state
                        .pool_mut(&self.settings.id)?
                        .codes
                        .add(code.clone(), now, authorization);
                    Ok(())
                })?;
                (Form::default().with("code", &code), '?')
            }
            ResponseType::Token => {
                let tokens = hosted::tokens(call, authorization, false).await?;
                let names = [("id_token", "IdToken"), ("access_token", "AccessToken")];
                let mut form = Form::default();
                for (name, member) in names {
                    if let Some(token) = tokens.get(member).and_then(|token| token.as_str()) {
                        form = form.with(name, token);
                    }
                }
                let seconds = tokens
                    .get("ExpiresIn")
                    .map(ToString::to_string)
                    .unwrap_or_default();
                (
                    form.with("expires_in", &seconds).with("token_type", "Bearer"),
                    '#',
                )
            }
        };
        let form = match &self.state {
            Some(state) => form.with("state", state),
            None => form,
        };
        Ok(Location(form.appended_to(&self.redirect_uri, separator)))
    }
}
