//! New users, and forgotten passwords.

use serde_json::{Map, Value, json};

use crate::flow::{
    call::StringMap,
    pool::{CallResult, Pool, Status},
    request,
    response::{exception, flag},
    run::ApiResult,
};

impl Pool<'_> {
    pub(super) async fn sign_up(
        &mut self,
        validation_data: &StringMap,
        client_metadata: &StringMap,
    ) -> CallResult {
        if self.status.is_some() {
            return Err(exception("UsernameExistsException: User already exists"));
        }
        let mut fields = request::validation_data(validation_data);
        fields.extend(request::client_metadata(client_metadata));
        let answer = self
            .trigger("PreSignUp_SignUp", &fields)
            .await?
            .unwrap_or_default();
        self.verify(&answer);
        if flag(&answer, "autoConfirmUser") {
            self.status = Some(Status::Confirmed);
            self.trigger(
                "PostConfirmation_ConfirmSignUp",
                &request::client_metadata(client_metadata),
            )
            .await?;
            return Ok(ApiResult::Success("the user is confirmed".to_owned()));
        }
        self.status = Some(Status::Unconfirmed);
        self.message("SignUp", client_metadata).await?;
        Ok(ApiResult::Success("a code is on its way".to_owned()))
    }

    pub(super) async fn confirm_sign_up(&mut self, client_metadata: &StringMap) -> CallResult {
        match self.status {
            Some(Status::Unconfirmed) => {}
            Some(_) => return Err(exception("NotAuthorizedException: User cannot be confirmed.")),
            None => return Err(exception("UserNotFoundException")),
        }
        // The code proves the address that it was sent to, and the user stays confirmed whatever the trigger says.
        self.status = Some(Status::Confirmed);
        self.verify_address();
        self.trigger(
            "PostConfirmation_ConfirmSignUp",
            &request::client_metadata(client_metadata),
        )
        .await?;
        Ok(ApiResult::Success("the user is confirmed".to_owned()))
    }

    pub(super) async fn admin_create_user(
        &mut self,
        validation_data: &StringMap,
        client_metadata: &StringMap,
    ) -> CallResult {
        if self.status.is_some() {
            return Err(exception("UsernameExistsException: User account already exists"));
        }
        let mut fields = request::validation_data(validation_data);
        fields.extend(request::client_metadata(client_metadata));
        self.trigger("PreSignUp_AdminCreateUser", &fields).await?;
        self.status = Some(Status::ForceChangePassword);
        self.message("AdminCreateUser", client_metadata).await?;
        Ok(ApiResult::Success(
            "a temporary password is on its way".to_owned(),
        ))
    }

    pub(super) async fn forgot_password(&mut self, client_metadata: &StringMap) -> CallResult {
        if self.status.is_none() {
            self.migrate_for_password(client_metadata).await?;
        }
        self.message("ForgotPassword", client_metadata).await?;
        Ok(ApiResult::Success("a code is on its way".to_owned()))
    }

    pub(super) async fn confirm_forgot_password(&mut self, client_metadata: &StringMap) -> CallResult {
        if self.status.is_none() {
            return Err(exception("UserNotFoundException"));
        }
        self.status = Some(Status::Confirmed);
        self.trigger(
            "PostConfirmation_ConfirmForgotPassword",
            &request::client_metadata(client_metadata),
        )
        .await?;
        Ok(ApiResult::Success("the password is changed".to_owned()))
    }

    /// Sends a message: through the sender of the address if the pool has one, else in the words of custom message.
    pub(super) async fn message(
        &mut self,
        reason: &str,
        client_metadata: &StringMap,
    ) -> Result<(), ApiResult> {
        let sender = match self.attributes.contains_key("email") {
            true => "CustomEmailSender",
            false => "CustomSMSSender",
        };
        let metadata = request::client_metadata(client_metadata);
        let sent = self.trigger(&format!("{sender}_{reason}"), &metadata).await?;
        if sent.is_none() {
            // A pool without a sender is the usual one: nothing was passed over.
            self.forget_last_step();
            self.trigger(&format!("CustomMessage_{reason}"), &metadata)
                .await?;
        }
        Ok(())
    }

    /// Marks as verified what pre sign-up wants verified.
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

    fn verify_address(&mut self) {
        let flag = match self.attributes.contains_key("email") {
            true => "email_verified",
            false => "phone_number_verified",
        };
        self.attributes.insert(flag.to_owned(), json!("true"));
    }
}
