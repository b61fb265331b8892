//! Sign-up, confirmation, sign-in, messages, migration.

use ::aws_lambda_events::cognito as legacy;

use cognito_triggers_model::{
    Event,
    triggers::{
        CustomMessage, PostAuthentication, PostConfirmation, PreAuthentication, PreSignUp, UserMigration,
        custom_message, post_authentication, post_confirmation, pre_authentication, pre_sign_up,
        user_migration::{self, DeliveryMedium, FinalUserStatus, MessageAction},
    },
};

use super::{LegacyEvent, header, map, response};
use crate::error::Result;

impl LegacyEvent for PreSignUp {
    type Event = legacy::CognitoEventUserPoolsPreSignup;

    fn to_legacy(event: &Event<Self>) -> Self::Event {
        let mut legacy = Self::Event::default();
        legacy.cognito_event_user_pools_header = header(event);
        legacy.response = response(event);
        legacy.request.user_attributes = map(event.request.user_attributes.as_received());
        legacy.request.validation_data = map(&event.request.validation_data);
        legacy.request.client_metadata = map(&event.request.client_metadata);
        legacy
    }

    fn answer(event: Self::Event) -> Result<pre_sign_up::Response> {
        Ok(pre_sign_up::Response {
            auto_confirm_user: event.response.auto_confirm_user,
            auto_verify_email: event.response.auto_verify_email,
            auto_verify_phone: event.response.auto_verify_phone,
            ..Default::default()
        })
    }
}

impl LegacyEvent for PostConfirmation {
    type Event = legacy::CognitoEventUserPoolsPostConfirmation;

    fn to_legacy(event: &Event<Self>) -> Self::Event {
        let mut legacy = Self::Event::default();
        legacy.cognito_event_user_pools_header = header(event);
        legacy.response = response(event);
        legacy.request.user_attributes = map(event.request.user_attributes.as_received());
        legacy.request.client_metadata = map(&event.request.client_metadata);
        legacy
    }

    fn answer(_: Self::Event) -> Result<post_confirmation::Response> {
        Ok(post_confirmation::Response::default())
    }
}

impl LegacyEvent for PreAuthentication {
    type Event = legacy::CognitoEventUserPoolsPreAuthentication;

    fn to_legacy(event: &Event<Self>) -> Self::Event {
        let mut legacy = Self::Event::default();
        legacy.cognito_event_user_pools_header = header(event);
        legacy.response = response(event);
        legacy.request.user_attributes = map(event.request.user_attributes.as_received());
        legacy.request.validation_data = map(&event.request.validation_data);
        legacy
    }

    fn answer(_: Self::Event) -> Result<pre_authentication::Response> {
        Ok(pre_authentication::Response::default())
    }
}

impl LegacyEvent for PostAuthentication {
    type Event = legacy::CognitoEventUserPoolsPostAuthentication;

    fn to_legacy(event: &Event<Self>) -> Self::Event {
        let mut legacy = Self::Event::default();
        legacy.cognito_event_user_pools_header = header(event);
        legacy.response = response(event);
        legacy.request.user_attributes = map(event.request.user_attributes.as_received());
        legacy.request.client_metadata = map(&event.request.client_metadata);
        legacy.request.new_device_used = event.request.new_device_used;
        legacy
    }

    fn answer(_: Self::Event) -> Result<post_authentication::Response> {
        Ok(post_authentication::Response::default())
    }
}

impl LegacyEvent for CustomMessage {
    type Event = legacy::CognitoEventUserPoolsCustomMessage;

    fn to_legacy(event: &Event<Self>) -> Self::Event {
        let attributes = map(event.request.user_attributes.as_received());
        let mut legacy = Self::Event::default();
        legacy.cognito_event_user_pools_header = header(event);
        legacy.response = response(event);
        legacy.request.user_attributes = attributes
            .into_iter()
            .map(|(name, value)| (name, value.into()))
            .collect();
        legacy.request.code_parameter = Some(event.request.code_parameter.clone());
        legacy
            .request
            .username_parameter
            .clone_from(&event.request.username_parameter);
        legacy.request.client_metadata = map(&event.request.client_metadata);
        legacy
    }

    fn answer(event: Self::Event) -> Result<custom_message::Response> {
        Ok(custom_message::Response {
            sms_message: event.response.sms_message,
            email_message: event.response.email_message,
            email_subject: event.response.email_subject,
            ..Default::default()
        })
    }
}

impl LegacyEvent for UserMigration {
    type Event = legacy::CognitoEventUserPoolsMigrateUser;

    fn to_legacy(event: &Event<Self>) -> Self::Event {
        let mut legacy = Self::Event::default();
        legacy.cognito_event_user_pools_header = header(event);
        legacy.cognito_event_user_pools_migrate_user_response = response(event);
        let request = &mut legacy.cognito_event_user_pools_migrate_user_request;
        request.password = event
            .request
            .password
            .as_ref()
            .map(|password| password.expose().to_owned());
        request.validation_data = map(&event.request.validation_data);
        request.client_metadata = map(&event.request.client_metadata);
        legacy
    }

    fn answer(event: Self::Event) -> Result<user_migration::Response> {
        let response = event.cognito_event_user_pools_migrate_user_response;
        let mediums = response.desired_delivery_mediums.unwrap_or_default();
        Ok(user_migration::Response {
            user_attributes: response.user_attributes.into_iter().collect(),
            final_user_status: response
                .final_user_status
                .map(|status| FinalUserStatus::parse(&status)),
            message_action: response
                .message_action
                .map(|action| MessageAction::parse(&action)),
            desired_delivery_mediums: mediums
                .iter()
                .map(|medium| DeliveryMedium::parse(medium))
                .collect(),
            // The type can't say "not set"; Cognito's own default is false.
            force_alias_creation: response.force_alias_creation.then_some(true),
            enable_sms_mfa: None,
            ..Default::default()
        })
    }
}
