//! Events, as Cognito sends them.

use cognito_triggers_model::Route;
use serde_json::{Map, Value, json};

use super::hook::Hook;
use crate::state::{AppClient, Settings, User};

/// An event that is about to be sent.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    /// The trigger. For token generation it is any version, because the pool's `LambdaConfig` decides which one is sent.
    pub(crate) route: Route,
    /// What follows the underscore in `triggerSource`.
    pub(crate) reason: &'static str,
    /// The real user name, or what was typed if there is no such user.
    pub(crate) user_name: String,
    /// `callerContext.clientId`
    pub(crate) client: CallerClient,
    /// The members of `request`, sorted by name.
    pub(crate) request: Map<String, Value>,
    /// Whether it is neither measured nor documented that Cognito sends the event in this situation.
    pub(crate) is_inferred: bool,
}

/// `callerContext.clientId`
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CallerClient {
    /// The caller uses an app client.
    Id(String),
    /// The caller is an administrator: `CLIENT_ID_NOT_APPLICABLE`.
    NotApplicable,
    /// An administrator confirms a user: null.
    Missing,
}

impl From<&AppClient> for CallerClient {
    fn from(client: &AppClient) -> Self {
        Self::Id(client.id.clone())
    }
}

impl Event {
    /// An event with an empty `request`.
    pub(crate) fn new(
        route: Route,
        reason: &'static str,
        user_name: &str,
        client: impl Into<CallerClient>,
    ) -> Self {
        Self {
            route,
            reason,
            user_name: user_name.to_owned(),
            client: client.into(),
            request: Map::new(),
            is_inferred: false,
        }
    }

    /// An event about a stored user: `userAttributes` as stored.
    pub(crate) fn about(
        route: Route,
        reason: &'static str,
        user: &User,
        settings: &Settings,
        client: impl Into<CallerClient>,
    ) -> Self {
        let attributes = user.event_attributes(settings);
        Self::new(route, reason, &user.username, client).with("userAttributes", Value::Object(attributes))
    }

    /// Adds a member to `request`.
    #[must_use]
    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.request.insert(name.to_owned(), value.into());
        self
    }

    /// Adds `clientMetadata`, unless the caller sent none.
    #[must_use]
    pub(crate) fn with_client_metadata(self, metadata: Option<&Value>) -> Self {
        match metadata {
            Some(metadata) => self.with("clientMetadata", metadata.clone()),
            None => self,
        }
    }

    /// Marks the event as inferred: it is neither measured nor documented that Cognito sends it in this situation.
    #[must_use]
    pub(crate) fn inferred(mut self) -> Self {
        self.is_inferred = true;
        self
    }

    /// `triggerSource`, such as `PreSignUp_SignUp`.
    pub(crate) fn source(&self) -> String {
        format!("{}_{}", self.route.definition().prefix, self.reason)
    }

    /// The whole event.
    pub(crate) fn to_json(&self, settings: &Settings, hook: &Hook) -> Value {
        let client_id = match &self.client {
            CallerClient::Id(id) => json!(id),
            CallerClient::NotApplicable => json!("CLIENT_ID_NOT_APPLICABLE"),
            CallerClient::Missing => Value::Null,
        };
        let mut event = json!({
            "version": hook.route.definition().event_version,
            "triggerSource": self.source(),
            "region": settings.region(),
            "userPoolId": settings.id,
            "userName": self.user_name,
            "callerContext": { "awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": client_id },
            "request": self.request,
        });
        if let (Some(response), Some(event)) = (response(hook.route), event.as_object_mut()) {
            event.insert("response".to_owned(), response);
        }
        event
    }
}

/// The `response` that Cognito sends; `None` for custom senders, whose events have none.
fn response(route: Route) -> Option<Value> {
    let response = match route {
        Route::PreSignUp => {
            json!({ "autoConfirmUser": false, "autoVerifyEmail": false, "autoVerifyPhone": false })
        }
        Route::PostConfirmation | Route::PreAuthentication | Route::PostAuthentication => json!({}),
        Route::CustomMessage => json!({ "smsMessage": null, "emailMessage": null, "emailSubject": null }),
        Route::DefineAuthChallenge => {
            json!({ "challengeName": null, "issueTokens": null, "failAuthentication": null })
        }
        Route::CreateAuthChallenge => json!({
            "publicChallengeParameters": null,
            "privateChallengeParameters": null,
            "challengeMetadata": null,
        }),
        Route::VerifyAuthChallengeResponse => json!({ "answerCorrect": null }),
        Route::PreTokenGenerationV1 => json!({ "claimsOverrideDetails": null }),
        Route::PreTokenGenerationV2 | Route::PreTokenGenerationV3 => {
            json!({ "claimsAndScopeOverrideDetails": null })
        }
        Route::UserMigration => json!({
            "userAttributes": null,
            "forceAliasCreation": null,
            "enableSMSMFA": null,
            "finalUserStatus": null,
            "messageAction": null,
            "desiredDeliveryMediums": null,
        }),
        Route::InboundFederation => json!({ "userAttributesToMap": {} }),
        Route::CustomEmailSender | Route::CustomSmsSender => return None,
    };
    Some(response)
}
