//! Token generation.

use ::aws_lambda_events::cognito as legacy;

use cognito_triggers_model::{
    Event, Trigger,
    triggers::{
        PreTokenGenerationV1, PreTokenGenerationV2, PreTokenGenerationV3,
        pre_token_generation::{GroupConfiguration, GroupOverrideDetails},
        pre_token_generation_v1,
        pre_token_generation_v2::{self, AccessTokenGeneration, IdTokenGeneration},
    },
};

use super::{LegacyEvent, header, map, response};
use crate::error::Result;

impl LegacyEvent for PreTokenGenerationV1 {
    type Event = legacy::CognitoEventUserPoolsPreTokenGen;

    fn to_legacy(event: &Event<Self>) -> Self::Event {
        let mut legacy = Self::Event::default();
        legacy.cognito_event_user_pools_header = header(event);
        legacy.response = response(event);
        legacy.request.user_attributes = map(event.request.user_attributes.as_received());
        legacy.request.group_configuration = groups(event.request.group_configuration.as_ref());
        legacy.request.client_metadata = map(&event.request.client_metadata);
        legacy
    }

    fn answer(event: Self::Event) -> Result<pre_token_generation_v1::Response> {
        let Some(details) = event.response.claims_override_details else {
            return Ok(pre_token_generation_v1::Response::default());
        };
        Ok(pre_token_generation_v1::Response {
            claims_to_add_or_override: details.claims_to_add_or_override.into_iter().collect(),
            claims_to_suppress: details.claims_to_suppress,
            group_override_details: group_override(details.group_override_details),
            ..Default::default()
        })
    }

    fn has_groups(event: &Event<Self>) -> bool {
        has_groups(event.request.group_configuration.as_ref())
    }

    fn overrides_no_group(event: &Self::Event) -> bool {
        let details = event.response.claims_override_details.as_ref();
        details.is_some_and(|details| is_empty(&details.group_override_details))
    }
}

impl LegacyEvent for PreTokenGenerationV2 {
    type Event = legacy::CognitoEventUserPoolsPreTokenGenV2;

    fn to_legacy(event: &Event<Self>) -> Self::Event {
        to_legacy_v2(event)
    }

    fn answer(event: Self::Event) -> Result<pre_token_generation_v2::Response> {
        Ok(answer_v2(event))
    }

    fn has_groups(event: &Event<Self>) -> bool {
        has_groups(event.request.group_configuration.as_ref())
    }

    fn overrides_no_group(event: &Self::Event) -> bool {
        overrides_no_group_v2(event)
    }
}

impl LegacyEvent for PreTokenGenerationV3 {
    type Event = legacy::CognitoEventUserPoolsPreTokenGenV2;

    fn to_legacy(event: &Event<Self>) -> Self::Event {
        to_legacy_v2(event)
    }

    fn answer(event: Self::Event) -> Result<pre_token_generation_v2::Response> {
        Ok(answer_v2(event))
    }

    fn has_groups(event: &Event<Self>) -> bool {
        has_groups(event.request.group_configuration.as_ref())
    }

    fn overrides_no_group(event: &Self::Event) -> bool {
        overrides_no_group_v2(event)
    }
}

fn to_legacy_v2<T>(event: &Event<T>) -> legacy::CognitoEventUserPoolsPreTokenGenV2
where
    T: Trigger<Request = pre_token_generation_v2::Request>,
{
    let mut legacy = legacy::CognitoEventUserPoolsPreTokenGenV2::default();
    legacy.cognito_event_user_pools_header = header(event);
    legacy.response = response(event);
    legacy.request.user_attributes = map(event.request.user_attributes.as_received());
    legacy.request.group_configuration = groups(event.request.group_configuration.as_ref());
    legacy.request.client_metadata = map(&event.request.client_metadata);
    legacy.request.scopes.clone_from(&event.request.scopes);
    legacy
}

fn answer_v2(event: legacy::CognitoEventUserPoolsPreTokenGenV2) -> pre_token_generation_v2::Response {
    let Some(details) = event.response.claims_and_scope_override_details else {
        return pre_token_generation_v2::Response::default();
    };
    let id_token = details.id_token_generation.map(|token| IdTokenGeneration {
        claims_to_add_or_override: token.claims_to_add_or_override.into_iter().collect(),
        claims_to_suppress: token.claims_to_suppress,
        ..Default::default()
    });
    let access_token = details
        .access_token_generation
        .map(|token| AccessTokenGeneration {
            claims_to_add_or_override: token.claims_to_add_or_override.into_iter().collect(),
            claims_to_suppress: token.claims_to_suppress,
            scopes_to_add: token.scopes_to_add,
            scopes_to_suppress: token.scopes_to_suppress,
            ..Default::default()
        });
    pre_token_generation_v2::Response {
        id_token_generation: id_token.unwrap_or_default(),
        access_token_generation: access_token.unwrap_or_default(),
        group_override_details: group_override(details.group_override_details),
        ..Default::default()
    }
}

fn groups(configuration: Option<&GroupConfiguration>) -> legacy::GroupConfiguration {
    let mut legacy = legacy::GroupConfiguration::default();
    if let Some(configuration) = configuration {
        legacy
            .groups_to_override
            .clone_from(&configuration.groups_to_override);
        legacy
            .iam_roles_to_override
            .clone_from(&configuration.iam_roles_to_override);
        legacy.preferred_role.clone_from(&configuration.preferred_role);
    }
    legacy
}

fn overrides_no_group_v2(event: &legacy::CognitoEventUserPoolsPreTokenGenV2) -> bool {
    let details = event.response.claims_and_scope_override_details.as_ref();
    details.is_some_and(|details| is_empty(&details.group_override_details))
}

/// Whether the user is in a group.
fn has_groups(configuration: Option<&GroupConfiguration>) -> bool {
    configuration.is_some_and(|configuration| !configuration.groups_to_override.is_empty())
}

/// Whether an override is what the type writes if the handler sets none.
fn is_empty(details: &legacy::GroupConfiguration) -> bool {
    *details == legacy::GroupConfiguration::default()
}

/// The type has no "not set", and an empty override would take a user's groups away.
fn group_override(details: legacy::GroupConfiguration) -> GroupOverrideDetails {
    if is_empty(&details) {
        return GroupOverrideDetails::Unchanged;
    }
    GroupOverrideDetails::Override(GroupConfiguration {
        groups_to_override: details.groups_to_override,
        iam_roles_to_override: details.iam_roles_to_override,
        preferred_role: details.preferred_role,
        ..Default::default()
    })
}
