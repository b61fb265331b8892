//! Sign-in through an identity provider.

use cognito_triggers_model::samples;
use serde_json::{Map, Value, json};

use crate::flow::{
    pool::{CallResult, Pool, Status},
    response::object,
    run::ApiResult,
};

const INBOUND: &str = "InboundFederation_ExternalProvider";
const TOKENS: &str = "TokenGeneration_HostedAuth";

/// Attributes that have the same name at the provider and in the pool. The pool's attribute mapping is assumed to have
/// exactly these.
const MAPPED: [&str; 8] = [
    "email",
    "email_verified",
    "family_name",
    "given_name",
    "name",
    "phone_number",
    "picture",
    "preferred_username",
];

impl Pool<'_> {
    /// The response of an identity provider arrives.
    pub(super) async fn federated_sign_in(&mut self, provider: Option<&str>) -> CallResult {
        let Some(sample) = samples::find(INBOUND, None, provider) else {
            return Err(ApiResult::Unknown(format!(
                "there is no sample event of the provider `{}`",
                provider.unwrap_or_default()
            )));
        };
        let event: Value = serde_json::from_str(sample.json).unwrap_or_default();
        let sent = provider_attributes(&event);
        let user_name = user_name(&event);
        let answer = self.send(INBOUND, event).await?.unwrap_or_default();
        let kept = match object(&answer, "userAttributesToMap") {
            map if map.is_empty() => sent,
            map => map,
        };
        self.attributes = kept
            .into_iter()
            .filter(|(name, _)| MAPPED.contains(&name.as_str()))
            .collect();
        self.user_name = Some(user_name);
        match self.status {
            None => self.first_time().await,
            Some(_) => {
                self.trigger("PreAuthentication_Authentication", &empty_validation_data())
                    .await?;
                self.tokens(TOKENS).await
            }
        }
    }

    /// The first sign-in. It stores the user between the two triggers, so the account stays if a later trigger fails.
    async fn first_time(&mut self) -> CallResult {
        let answer = self
            .trigger("PreSignUp_ExternalProvider", &empty_validation_data())
            .await?;
        self.verify(&answer.unwrap_or_default());
        self.status = Some(Status::ExternalProvider);
        self.trigger("PostConfirmation_ConfirmSignUp", &[]).await?;
        self.trigger(TOKENS, &[]).await?;
        self.has_tokens = true;
        Ok(ApiResult::Tokens)
    }
}

fn empty_validation_data() -> [(&'static str, Value); 1] {
    [("validationData", json!({}))]
}

/// The attributes in the provider's response.
fn provider_attributes(event: &Value) -> Map<String, Value> {
    ["idToken", "userInfo", "samlResponse"]
        .into_iter()
        .filter_map(|part| event.pointer(&format!("/request/attributes/{part}"))?.as_object())
        .flat_map(|part| part.iter().map(|(name, value)| (name.clone(), value.clone())))
        .collect()
}

/// The user name in the pool: the name of the provider, an underscore, and the subject at the provider.
fn user_name(event: &Value) -> String {
    let text = |pointer| event.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let prefix = format!("{}_", text("/request/providerName")).to_lowercase();
    let subject = text("/userName");
    match subject.to_lowercase().starts_with(&prefix) {
        true => subject.to_lowercase(),
        false => format!("{prefix}{subject}"),
    }
}
