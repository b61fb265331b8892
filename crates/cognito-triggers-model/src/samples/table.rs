//! The table of all samples.

use crate::{
    route::Route,
    samples::{
        create_auth_challenge, custom_email_sender, custom_message, custom_sms_sender, define_auth_challenge,
        inbound_federation, post_authentication, post_confirmation, pre_authentication, pre_sign_up,
        pre_token_generation_v1, pre_token_generation_v2, pre_token_generation_v3, sample::Sample,
        user_migration, verify_auth_challenge_response,
    },
};

/// Every sample, route by route. The plain event of a source comes before its variants.
pub fn all() -> impl Iterator<Item = &'static Sample> {
    Route::ALL.iter().flat_map(|route| of(*route))
}

/// The samples of a route, in the order of its sources.
pub fn of(route: Route) -> &'static [Sample] {
    match route {
        Route::PreSignUp => pre_sign_up::SAMPLES,
        Route::CustomMessage => custom_message::SAMPLES,
        Route::PostConfirmation => post_confirmation::SAMPLES,
        Route::PreAuthentication => pre_authentication::SAMPLES,
        Route::PostAuthentication => post_authentication::SAMPLES,
        Route::DefineAuthChallenge => define_auth_challenge::SAMPLES,
        Route::CreateAuthChallenge => create_auth_challenge::SAMPLES,
        Route::VerifyAuthChallengeResponse => verify_auth_challenge_response::SAMPLES,
        Route::PreTokenGenerationV1 => pre_token_generation_v1::SAMPLES,
        Route::PreTokenGenerationV2 => pre_token_generation_v2::SAMPLES,
        Route::PreTokenGenerationV3 => pre_token_generation_v3::SAMPLES,
        Route::UserMigration => user_migration::SAMPLES,
        Route::CustomSmsSender => custom_sms_sender::SAMPLES,
        Route::CustomEmailSender => custom_email_sender::SAMPLES,
        Route::InboundFederation => inbound_federation::SAMPLES,
    }
}

/// The sample of a source; `None` if there is none.
///
/// `lambda_version`, such as `V2_0`, selects a version of token generation. Without it, the lowest version that has the
/// source is used. Without a `variant`, the plain event is returned.
///
/// ```
/// use cognito_triggers::samples;
///
/// let sample = samples::find("TokenGeneration_RefreshTokens", Some("V2_0"), None).unwrap();
/// assert_eq!(sample.version(), "2");
/// ```
pub fn find(source: &str, lambda_version: Option<&str>, variant: Option<&str>) -> Option<&'static Sample> {
    all().find(|sample| {
        sample.source == source
            && sample.variant == variant
            && lambda_version.is_none_or(|version| sample.lambda_version() == version)
    })
}
