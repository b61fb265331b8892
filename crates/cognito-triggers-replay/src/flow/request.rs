//! The maps that an app sends along, and which triggers get them.

use cognito_triggers_model::{
    Definition,
    app_data::{AppData, client_metadata, validation_data},
    triggers::DEFINITIONS,
};
use serde_json::{Value, json};

use super::call::{Operation, StringMap};

/// A call of the API: its name, and the maps that the app sends along.
#[derive(Default)]
pub(super) struct ApiCall {
    /// The name in the model's tables, such as `SignUp`.
    name: &'static str,
    /// The parameter that holds `client_metadata`.
    client_metadata_parameter: &'static str,
    client_metadata: StringMap,
    validation_data: StringMap,
}

impl ApiCall {
    /// The call that makes an operation.
    pub(super) fn new(operation: &Operation) -> Self {
        let mut call = Self {
            client_metadata_parameter: "ClientMetadata",
            ..Self::default()
        };
        match operation {
            Operation::SignUp {
                validation_data,
                client_metadata,
            } => {
                call.name = "SignUp";
                call.validation_data = validation_data.clone();
                call.client_metadata = client_metadata.clone();
            }
            Operation::AdminCreateUser {
                validation_data,
                client_metadata,
            } => {
                call.name = "AdminCreateUser";
                call.validation_data = validation_data.clone();
                call.client_metadata = client_metadata.clone();
            }
            Operation::ConfirmSignUp { client_metadata } => {
                call.name = "ConfirmSignUp";
                call.client_metadata = client_metadata.clone();
            }
            Operation::InitiateAuth { client_metadata, .. } => {
                call.name = "InitiateAuth";
                call.client_metadata = client_metadata.clone();
            }
            Operation::RespondToAuthChallenge { client_metadata, .. } => {
                call.name = "RespondToAuthChallenge";
                call.client_metadata = client_metadata.clone();
            }
            Operation::ForgotPassword { client_metadata } => {
                call.name = "ForgotPassword";
                call.client_metadata = client_metadata.clone();
            }
            Operation::ConfirmForgotPassword { client_metadata } => {
                call.name = "ConfirmForgotPassword";
                call.client_metadata = client_metadata.clone();
            }
            Operation::ClientCredentials { client_metadata } => {
                call.name = "the token endpoint";
                call.client_metadata_parameter = "aws_client_metadata";
                call.client_metadata = client_metadata.clone();
            }
            Operation::FederatedSignIn { .. } => {}
        }
        call
    }

    /// The fields of a trigger's `request` that come from this call, after the model's table. Empty maps are left out.
    pub(super) fn metadata_fields(&self, source: &str) -> Vec<(&'static str, Value)> {
        let has_source =
            |definition: &&Definition| definition.sources.iter().any(|known| known.name == source);
        let Some(definition) = DEFINITIONS.iter().find(has_source) else {
            return Vec::new();
        };
        [
            ("clientMetadata", client_metadata(definition.route)),
            ("validationData", validation_data(definition.route)),
        ]
        .into_iter()
        .filter_map(|(field, data)| Some((field, self.map(data?, source)?)))
        .filter(|(_, map)| !map.is_empty())
        .map(|(field, map)| (field, json!(map)))
        .collect()
    }

    /// The map that fills a field.
    fn map(&self, data: &AppData, source: &str) -> Option<&StringMap> {
        if data.comes_from(self.client_metadata_parameter, self.name, source) {
            Some(&self.client_metadata)
        } else if data.comes_from("ValidationData", self.name, source) {
            Some(&self.validation_data)
        } else {
            None
        }
    }
}
