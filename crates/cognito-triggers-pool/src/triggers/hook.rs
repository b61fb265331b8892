//! Which function a pool has for a trigger.

use serde_json::Value;

use crate::state::Settings;

/// A trigger, by its key in `LambdaConfig`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Trigger {
    PreSignUp,
    PostConfirmation,
    PreAuthentication,
    PostAuthentication,
    CustomMessage,
    DefineAuthChallenge,
    CreateAuthChallenge,
    VerifyAuthChallengeResponse,
    PreTokenGeneration,
    UserMigration,
    CustomEmailSender,
    CustomSmsSender,
}

/// A function that a pool names for a trigger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hook {
    /// As `LambdaConfig` has it. It isn't looked up.
    pub(crate) arn: String,
    /// The `version` of its events.
    pub(crate) version: &'static str,
}

impl Trigger {
    /// The key in `LambdaConfig`.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::PreSignUp => "PreSignUp",
            Self::PostConfirmation => "PostConfirmation",
            Self::PreAuthentication => "PreAuthentication",
            Self::PostAuthentication => "PostAuthentication",
            Self::CustomMessage => "CustomMessage",
            Self::DefineAuthChallenge => "DefineAuthChallenge",
            Self::CreateAuthChallenge => "CreateAuthChallenge",
            Self::VerifyAuthChallengeResponse => "VerifyAuthChallengeResponse",
            Self::PreTokenGeneration => "PreTokenGeneration",
            Self::UserMigration => "UserMigration",
            Self::CustomEmailSender => "CustomEmailSender",
            Self::CustomSmsSender => "CustomSMSSender",
        }
    }

    /// What `triggerSource` begins with.
    pub(crate) fn source_prefix(self) -> &'static str {
        match self {
            Self::PreTokenGeneration => "TokenGeneration",
            trigger => trigger.key(),
        }
    }

    /// The trigger whose `triggerSource` this is, and the part behind the underscore.
    pub(crate) fn of_key(key: &str) -> Option<Self> {
        const ALL: [Trigger; 12] = [
            Trigger::PreSignUp,
            Trigger::PostConfirmation,
            Trigger::PreAuthentication,
            Trigger::PostAuthentication,
            Trigger::CustomMessage,
            Trigger::DefineAuthChallenge,
            Trigger::CreateAuthChallenge,
            Trigger::VerifyAuthChallengeResponse,
            Trigger::PreTokenGeneration,
            Trigger::UserMigration,
            Trigger::CustomEmailSender,
            Trigger::CustomSmsSender,
        ];
        ALL.into_iter().find(|trigger| trigger.key() == key)
    }
}

impl Hook {
    /// The function that the pool has for this trigger.
    ///
    /// `None` if the pool has none. An empty ARN counts as none. `PreTokenGenerationConfig` comes before
    /// `PreTokenGeneration`.
    pub(crate) fn find(settings: &Settings, trigger: Trigger) -> Option<Self> {
        let config = settings.members.get("LambdaConfig")?;
        let one = |arn: &Value, version| {
            let arn = arn.as_str().filter(|arn| !arn.is_empty())?.to_owned();
            Some(Self { arn, version })
        };
        match trigger {
            Trigger::PreTokenGeneration => match config.get("PreTokenGenerationConfig") {
                Some(versioned) => {
                    let version = match versioned.get("LambdaVersion").and_then(Value::as_str) {
                        Some("V2_0") => "2",
                        Some("V3_0") => "3",
                        _ => "1",
                    };
                    one(versioned.get("LambdaArn")?, version)
                }
                None => one(config.get("PreTokenGeneration")?, "1"),
            },
            Trigger::CustomEmailSender | Trigger::CustomSmsSender => {
                one(config.get(trigger.key())?.get("LambdaArn")?, "1")
            }
            trigger => one(config.get(trigger.key())?, "1"),
        }
    }

    /// The name of the trigger in the text of an error.
    pub(crate) fn name(&self, trigger: Trigger) -> String {
        match (trigger, self.version) {
            (Trigger::PreTokenGeneration, "2") => "PreTokenGenerationV2_0".to_owned(),
            (Trigger::PreTokenGeneration, "3") => "PreTokenGenerationV3_0".to_owned(),
            (trigger, _) => trigger.key().to_owned(),
        }
    }
}
