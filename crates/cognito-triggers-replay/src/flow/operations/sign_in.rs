//! Sign-in with a password, and whatever ends with tokens.

use serde_json::Value;

use crate::flow::{
    call::{AuthFlow, Password, StringMap},
    pool::{CallResult, PendingChallenge, Pool, Status},
    request::{self, validation_data},
    response::{exception, wrong_password},
    run::ApiResult,
};

impl Pool<'_> {
    pub(super) async fn initiate_auth(
        &mut self,
        auth_flow: AuthFlow,
        password: Password,
        client_metadata: &StringMap,
    ) -> CallResult {
        self.challenge = None;
        self.session.clear();
        match auth_flow {
            AuthFlow::RefreshTokenAuth => self.refresh(client_metadata).await,
            AuthFlow::CustomAuth => self.begin_custom(false).await,
            AuthFlow::CustomAuthWithSrp => self.begin_custom(true).await,
            AuthFlow::UserPasswordAuth | AuthFlow::UserSrpAuth => {
                if self.status.is_none() && auth_flow == AuthFlow::UserPasswordAuth {
                    self.migrate_at_sign_in(client_metadata).await?;
                }
                self.password_sign_in(password, client_metadata).await
            }
        }
    }

    async fn password_sign_in(&mut self, password: Password, client_metadata: &StringMap) -> CallResult {
        if self.status.is_none() {
            return Err(wrong_password());
        }
        // The trigger runs before the password is checked: its error wins over a right one.
        self.pre_authentication(client_metadata).await?;
        if password == Password::Wrong {
            return Err(wrong_password());
        }
        match self.status {
            Some(Status::Unconfirmed) => Err(exception("UserNotConfirmedException: User is not confirmed.")),
            Some(Status::ResetRequired) => Err(exception(
                "PasswordResetRequiredException: Password reset required for the user",
            )),
            Some(Status::ForceChangePassword) => {
                // Reported: both triggers run now and once more after the new password.
                self.tokens("TokenGeneration_Authentication", &[]).await?;
                self.has_tokens = false;
                self.challenge = Some(PendingChallenge::NewPassword);
                Ok(ApiResult::Challenge {
                    name: "NEW_PASSWORD_REQUIRED".to_owned(),
                    parameters: Vec::new(),
                })
            }
            _ => self.tokens("TokenGeneration_Authentication", &[]).await,
        }
    }

    pub(super) async fn pre_authentication(&mut self, client_metadata: &StringMap) -> Result<(), ApiResult> {
        // What the app calls ClientMetadata arrives here under another name.
        self.trigger(
            "PreAuthentication_Authentication",
            &validation_data(client_metadata),
        )
        .await?;
        Ok(())
    }

    /// The end of every sign-in: post authentication, then token generation.
    pub(super) async fn tokens(&mut self, source: &str, request: &[(&str, Value)]) -> CallResult {
        self.trigger("PostAuthentication_Authentication", request).await?;
        self.trigger(source, request).await?;
        self.has_tokens = true;
        Ok(ApiResult::Tokens)
    }

    async fn refresh(&mut self, client_metadata: &StringMap) -> CallResult {
        if !self.has_tokens {
            return Err(exception("NotAuthorizedException: Invalid Refresh Token"));
        }
        self.trigger(
            "TokenGeneration_RefreshTokens",
            &request::client_metadata(client_metadata),
        )
        .await?;
        Ok(ApiResult::Tokens)
    }

    pub(super) async fn new_password(&mut self, client_metadata: &StringMap) -> CallResult {
        self.status = Some(Status::Confirmed);
        self.tokens(
            "TokenGeneration_NewPasswordChallenge",
            &request::client_metadata(client_metadata),
        )
        .await
    }

    pub(super) async fn client_credentials(&mut self, client_metadata: &StringMap) -> CallResult {
        self.trigger(
            "TokenGeneration_ClientCredentials",
            &request::client_metadata(client_metadata),
        )
        .await?;
        Ok(ApiResult::Tokens)
    }
}
