//! Users who come from another directory.

use serde_json::{Map, Value, json};

use crate::flow::{
    call::StringMap,
    pool::{Pool, Status},
    request::{self, validation_data},
    response::{object, wrong_password},
    run::ApiResult,
};

impl Pool<'_> {
    /// Asks for a user who signs in and whom the pool doesn't know.
    pub(super) async fn migrate_at_sign_in(&mut self, client_metadata: &StringMap) -> Result<(), ApiResult> {
        let answer = self
            .trigger("UserMigration_Authentication", &validation_data(client_metadata))
            .await?;
        self.store(answer, &StringMap::new()).await
    }

    /// Asks for a user who has forgotten a password and whom the pool doesn't know.
    pub(super) async fn migrate_for_password(
        &mut self,
        client_metadata: &StringMap,
    ) -> Result<(), ApiResult> {
        let answer = self
            .trigger(
                "UserMigration_ForgotPassword",
                &request::client_metadata(client_metadata),
            )
            .await?;
        self.store(answer, client_metadata).await
    }

    /// Makes a user of what the trigger answered.
    async fn store(
        &mut self,
        answer: Option<Map<String, Value>>,
        client_metadata: &StringMap,
    ) -> Result<(), ApiResult> {
        let answer = answer.unwrap_or_default();
        let mut attributes = object(&answer, "userAttributes");
        if attributes.is_empty() {
            return Err(wrong_password());
        }
        if let Some(Value::String(name)) = attributes.remove("username") {
            self.user_name = Some(name);
        } else if self.user_name.is_none() {
            self.user_name = self.name_typed();
        }
        self.attributes = attributes;
        self.trigger(
            "PreSignUp_AdminCreateUser",
            &request::client_metadata(client_metadata),
        )
        .await?;
        let is = |field: &str, word| answer.get(field) == Some(&json!(word));
        self.status = match is("finalUserStatus", "CONFIRMED") {
            true => Some(Status::Confirmed),
            false => Some(Status::ResetRequired),
        };
        if !is("messageAction", "SUPPRESS") {
            self.message("AdminCreateUser", client_metadata).await?;
        }
        Ok(())
    }
}
