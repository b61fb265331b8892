//! Migration of users from another directory.

use serde_json::{Map, Value, json};

use crate::flow::{
    pool::{Pool, Status},
    response::{object, wrong_password},
    run::ApiResult,
};

impl Pool<'_> {
    /// Migrates a user who signs in and doesn't exist.
    pub(super) async fn migrate_at_sign_in(&mut self) -> Result<(), ApiResult> {
        let answer = self.trigger("UserMigration_Authentication", &[]).await?;
        self.store(answer).await
    }

    /// Migrates a user who has forgotten the password and doesn't exist.
    pub(super) async fn migrate_for_password(&mut self) -> Result<(), ApiResult> {
        let answer = self.trigger("UserMigration_ForgotPassword", &[]).await?;
        self.store(answer).await
    }

    /// Creates the user after the answer of user migration.
    async fn store(&mut self, answer: Option<Map<String, Value>>) -> Result<(), ApiResult> {
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
        self.trigger("PreSignUp_AdminCreateUser", &[]).await?;
        let is = |field: &str, word| answer.get(field) == Some(&json!(word));
        self.status = match is("finalUserStatus", "CONFIRMED") {
            true => Some(Status::Confirmed),
            false => Some(Status::ResetRequired),
        };
        if !is("messageAction", "SUPPRESS") {
            self.message("AdminCreateUser").await?;
        }
        Ok(())
    }
}
