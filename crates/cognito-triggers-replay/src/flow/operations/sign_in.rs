//! Sign-in with a password, and everything that ends with tokens.

use crate::flow::{
    call::{AuthFlow, Password},
    pool::{CallResult, PendingChallenge, Pool, Status},
    response::{exception, wrong_password},
    run::ApiResult,
};

impl Pool<'_> {
    /// `InitiateAuth`, in each of its flows.
    pub(super) async fn initiate_auth(&mut self, auth_flow: AuthFlow, password: Password) -> CallResult {
        self.challenge = None;
        self.session.clear();
        match auth_flow {
            AuthFlow::RefreshTokenAuth => self.refresh().await,
            AuthFlow::CustomAuth => self.begin_custom(false).await,
            AuthFlow::CustomAuthWithSrp => self.begin_custom(true).await,
            AuthFlow::UserPasswordAuth | AuthFlow::UserSrpAuth => {
                if self.status.is_none() && auth_flow == AuthFlow::UserPasswordAuth {
                    self.migrate_at_sign_in().await?;
                }
                self.password_sign_in(password).await
            }
        }
    }

    /// The sign-in of a user who may exist.
    async fn password_sign_in(&mut self, password: Password) -> CallResult {
        if self.status.is_none() {
            return Err(wrong_password());
        }
        // The trigger runs before the password is checked, so its error counts even for a wrong password.
        self.pre_authentication().await?;
        if password == Password::Wrong {
            return Err(wrong_password());
        }
        match self.status {
            Some(Status::Unconfirmed) => Err(exception("UserNotConfirmedException: User is not confirmed.")),
            Some(Status::ResetRequired) => Err(exception(
                "PasswordResetRequiredException: Password reset required for the user",
            )),
            Some(Status::ForceChangePassword) => {
                // As observed, both triggers run now, and again after the new password.
                self.tokens("TokenGeneration_Authentication").await?;
                self.has_tokens = false;
                self.challenge = Some(PendingChallenge::NewPassword);
                Ok(ApiResult::Challenge {
                    name: "NEW_PASSWORD_REQUIRED".to_owned(),
                    parameters: Vec::new(),
                })
            }
            _ => self.tokens("TokenGeneration_Authentication").await,
        }
    }

    /// Calls pre authentication.
    pub(super) async fn pre_authentication(&mut self) -> Result<(), ApiResult> {
        self.trigger("PreAuthentication_Authentication", &[]).await?;
        Ok(())
    }

    /// The end of every sign-in: post authentication, then token generation of the given source.
    pub(super) async fn tokens(&mut self, source: &str) -> CallResult {
        self.trigger("PostAuthentication_Authentication", &[]).await?;
        self.trigger(source, &[]).await?;
        self.has_tokens = true;
        Ok(ApiResult::Tokens)
    }

    /// `InitiateAuth` with a refresh token.
    async fn refresh(&mut self) -> CallResult {
        if !self.has_tokens {
            return Err(exception("NotAuthorizedException: Invalid Refresh Token"));
        }
        self.trigger("TokenGeneration_RefreshTokens", &[]).await?;
        Ok(ApiResult::Tokens)
    }

    /// The answer to `NEW_PASSWORD_REQUIRED`.
    pub(super) async fn new_password(&mut self) -> CallResult {
        self.status = Some(Status::Confirmed);
        self.tokens("TokenGeneration_NewPasswordChallenge").await
    }

    /// A token for a machine.
    pub(super) async fn client_credentials(&mut self) -> CallResult {
        self.trigger("TokenGeneration_ClientCredentials", &[]).await?;
        Ok(ApiResult::Tokens)
    }
}
