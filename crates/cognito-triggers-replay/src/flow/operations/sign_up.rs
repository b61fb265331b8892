//! New users, and forgotten passwords.

use serde_json::{Map, Value, json};

use crate::flow::{
    pool::{CallResult, Pool, Status},
    response::{exception, flag},
    run::ApiResult,
};

impl Pool<'_> {
    /// `SignUp`.
    pub(super) async fn sign_up(&mut self) -> CallResult {
        if self.status.is_some() {
            return Err(exception("UsernameExistsException: User already exists"));
        }
        let answer = self.trigger("PreSignUp_SignUp", &[]).await?.unwrap_or_default();
        self.verify(&answer);
        if flag(&answer, "autoConfirmUser") {
            self.status = Some(Status::Confirmed);
            self.trigger("PostConfirmation_ConfirmSignUp", &[]).await?;
            return Ok(ApiResult::Success("the user is confirmed".to_owned()));
        }
        self.status = Some(Status::Unconfirmed);
        self.message("SignUp").await?;
        Ok(ApiResult::Success("a code is on its way".to_owned()))
    }

    /// `ConfirmSignUp`.
    pub(super) async fn confirm_sign_up(&mut self) -> CallResult {
        match self.status {
            Some(Status::Unconfirmed) => {}
            Some(_) => return Err(exception("NotAuthorizedException: User cannot be confirmed.")),
            None => return Err(exception("UserNotFoundException")),
        }
        // The code verifies the address that it was sent to. The user stays confirmed even if the trigger fails.
        self.status = Some(Status::Confirmed);
        self.verify_address();
        self.trigger("PostConfirmation_ConfirmSignUp", &[]).await?;
        Ok(ApiResult::Success("the user is confirmed".to_owned()))
    }

    /// `AdminCreateUser`.
    pub(super) async fn admin_create_user(&mut self) -> CallResult {
        if self.status.is_some() {
            return Err(exception("UsernameExistsException: User account already exists"));
        }
        self.trigger("PreSignUp_AdminCreateUser", &[]).await?;
        self.status = Some(Status::ForceChangePassword);
        self.message("AdminCreateUser").await?;
        Ok(ApiResult::Success(
            "a temporary password is on its way".to_owned(),
        ))
    }

    /// `ForgotPassword`. It migrates a user who doesn't exist.
    pub(super) async fn forgot_password(&mut self) -> CallResult {
        if self.status.is_none() {
            self.migrate_for_password().await?;
        }
        self.message("ForgotPassword").await?;
        Ok(ApiResult::Success("a code is on its way".to_owned()))
    }

    /// `ConfirmForgotPassword`.
    pub(super) async fn confirm_forgot_password(&mut self) -> CallResult {
        if self.status.is_none() {
            return Err(exception("UserNotFoundException"));
        }
        self.status = Some(Status::Confirmed);
        self.trigger("PostConfirmation_ConfirmForgotPassword", &[])
            .await?;
        Ok(ApiResult::Success("the password is changed".to_owned()))
    }

    /// Sends a message: through the custom sender if the pool has one, and otherwise with the texts of custom message.
    /// `reason` is the end of the trigger source, such as `SignUp`.
    pub(super) async fn message(&mut self, reason: &str) -> Result<(), ApiResult> {
        let sender = match self.attributes.contains_key("email") {
            true => "CustomEmailSender",
            false => "CustomSMSSender",
        };
        let sent = self.trigger(&format!("{sender}_{reason}"), &[]).await?;
        if sent.is_none() {
            // Most pools have no custom sender, so the report doesn't list it as skipped.
            self.forget_last_step();
            self.trigger(&format!("CustomMessage_{reason}"), &[]).await?;
        }
        Ok(())
    }

    /// Sets the `…_verified` attributes that the answer of pre sign-up asks for.
    pub(super) fn verify(&mut self, answer: &Map<String, Value>) {
        for (verify, attribute) in [
            ("autoVerifyEmail", "email_verified"),
            ("autoVerifyPhone", "phone_number_verified"),
        ] {
            if flag(answer, verify) {
                self.attributes.insert(attribute.to_owned(), json!("true"));
            }
        }
    }

    /// Marks the address that codes are sent to as verified.
    fn verify_address(&mut self) {
        let flag = match self.attributes.contains_key("email") {
            true => "email_verified",
            false => "phone_number_verified",
        };
        self.attributes.insert(flag.to_owned(), json!("true"));
    }
}
