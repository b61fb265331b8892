//! Sign-in with a password, and whatever ends with tokens.

use serde_json::Value;

use super::{exception, sign_up::metadata, wrong_password};
use crate::flow::{
    Seen,
    act::{Password, SignIn, Texts},
    pool::{Ended, Open, Pool, Status, along},
};

impl Pool<'_> {
    pub(super) async fn initiate_auth(
        &mut self,
        auth_flow: SignIn,
        password: Password,
        client_metadata: &Texts,
    ) -> Ended {
        self.open = None;
        self.session.clear();
        match auth_flow {
            SignIn::RefreshTokenAuth => self.refresh(client_metadata).await,
            SignIn::CustomAuth => self.begin_custom(false).await,
            SignIn::CustomAuthWithSrp => self.begin_custom(true).await,
            SignIn::UserPasswordAuth | SignIn::UserSrpAuth => {
                if self.status.is_none() && auth_flow == SignIn::UserPasswordAuth {
                    self.migrate_at_sign_in(client_metadata).await?;
                }
                self.password_sign_in(password, client_metadata).await
            }
        }
    }

    async fn password_sign_in(&mut self, password: Password, client_metadata: &Texts) -> Ended {
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
                self.open = Some(Open::NewPassword);
                Ok(Seen::Challenge {
                    name: "NEW_PASSWORD_REQUIRED".to_owned(),
                    parameters: Vec::new(),
                })
            }
            _ => self.tokens("TokenGeneration_Authentication", &[]).await,
        }
    }

    pub(super) async fn pre_authentication(&mut self, client_metadata: &Texts) -> Result<(), Seen> {
        // What the app calls ClientMetadata arrives here under another name.
        let along: Vec<_> = along("validationData", client_metadata).into_iter().collect();
        self.trigger("PreAuthentication_Authentication", &along).await?;
        Ok(())
    }

    /// The end of every sign-in: post authentication, then token generation.
    pub(super) async fn tokens(&mut self, source: &str, along: &[(&str, Value)]) -> Ended {
        self.trigger("PostAuthentication_Authentication", along).await?;
        self.trigger(source, along).await?;
        self.has_tokens = true;
        Ok(Seen::Tokens)
    }

    async fn refresh(&mut self, client_metadata: &Texts) -> Ended {
        if !self.has_tokens {
            return Err(exception("NotAuthorizedException: Invalid Refresh Token"));
        }
        self.trigger("TokenGeneration_RefreshTokens", &metadata(client_metadata))
            .await?;
        Ok(Seen::Tokens)
    }

    pub(super) async fn new_password(&mut self, client_metadata: &Texts) -> Ended {
        self.status = Some(Status::Confirmed);
        self.tokens("TokenGeneration_NewPasswordChallenge", &metadata(client_metadata))
            .await
    }

    pub(super) async fn client_credentials(&mut self, client_metadata: &Texts) -> Ended {
        self.trigger("TokenGeneration_ClientCredentials", &metadata(client_metadata))
            .await?;
        Ok(Seen::Tokens)
    }
}
