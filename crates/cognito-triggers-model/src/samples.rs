//! Sample events: what Cognito sends, for every trigger source and every odd form that is known.
//!
//! Each sample is a whole event with values of our own, and says which fact of the wire it shows and where
//! that fact comes from. The events live in `samples/<route>/<name>.json` of this crate; a variant of a source is
//! `<name>.<variant>.json`.
//!
//! All samples tell of one user pool in `eu-central-1`: Ana signs up by herself, Bruno is invited, Chidi has
//! only a telephone, Dana comes from an identity provider, and Emil is migrated.
//!
//! ```
//! use cognito_triggers::samples;
//!
//! let invited = samples::find("PreSignUp_AdminCreateUser", None, None).expect("a sample for every source");
//! assert!(invited.json.contains("CLIENT_ID_NOT_APPLICABLE"));
//! ```

mod builder;
mod create_auth_challenge;
mod custom_email_sender;
mod custom_message;
mod custom_sms_sender;
mod define_auth_challenge;
pub mod edit;
mod inbound_federation;
mod links;
mod post_authentication;
mod post_confirmation;
mod pre_authentication;
mod pre_sign_up;
mod pre_token_generation_v1;
mod pre_token_generation_v2;
mod pre_token_generation_v3;
#[cfg(test)]
mod tests;
mod user_migration;
mod verify_auth_challenge_response;

pub use builder::Builder;

use crate::route::Route;

/// One event as Cognito sends it, and what is known about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sample {
    /// The route that takes it.
    pub route: Route,
    /// Its `triggerSource`.
    pub source: &'static str,
    /// What sets it apart from the plain event of its source, in kebab case; `None` is the plain event.
    pub variant: Option<&'static str>,
    /// How its shape is known.
    pub shape: Shape,
    /// The fact of the wire that it shows, in one sentence.
    pub fact: &'static str,
    /// Where that fact comes from: a page of AWS, or a public issue or article.
    pub link: &'static str,
    /// Keys of the event that no type of this crate reads, as dotted paths (`request.riskScore`).
    pub unread: &'static [&'static str],
    /// The event: JSON, indented by two spaces, with a newline at its end.
    pub json: &'static str,
}

/// How the structure of a sample is known. The values are ours in every case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Shape {
    /// A real event of this structure was published by somebody who received it.
    Captured,
    /// AWS's documentation, or a library that AWS ships, prints it.
    Documented,
    /// Neither: formed like the events of the same trigger that are known.
    Inferred,
}

impl Sample {
    /// The event's `version`: `"2"` and `"3"` for the later token generations, else `"1"`.
    pub fn version(&self) -> &'static str {
        self.route.definition().event_version
    }

    /// The `LambdaVersion` that makes Cognito send it: `V1_0`, `V2_0` or `V3_0`.
    ///
    /// Triggers whose setting knows no version count as `V1_0`.
    pub fn lambda_version(&self) -> &'static str {
        self.route.definition().lambda_version.unwrap_or("V1_0")
    }
}

/// All samples, route by route; the plain event of a source comes before its variants.
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

/// The sample of a source, if there is one.
///
/// `lambda_version` (`V2_0`) tells the versions of token generation apart; without it the lowest version that has
/// the source is taken. Without a `variant` it is the plain event.
pub fn find(source: &str, lambda_version: Option<&str>, variant: Option<&str>) -> Option<&'static Sample> {
    all().find(|sample| {
        sample.source == source
            && sample.variant == variant
            && lambda_version.is_none_or(|version| sample.lambda_version() == version)
    })
}

/// The samples of one route: `source "name" [/ "variant"] shape link "fact" [unread [paths]];` for each.
macro_rules! table {
    ($route:ident $directory:literal: $(
        $source:ident $name:literal $(/ $variant:literal)?, $shape:ident, $link:expr,
        $fact:literal $(, unread $unread:expr)?;
    )*) => {
        &[$($crate::samples::Sample {
            route: $crate::route::Route::$route,
            source: stringify!($source),
            variant: $crate::samples::table!(@optional $($variant)?),
            shape: $crate::samples::Shape::$shape,
            fact: $fact,
            link: $link,
            unread: $crate::samples::table!(@list $($unread)?),
            json: include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"), "/samples/", $directory, "/", $name, $(".", $variant,)? ".json"
            )),
        }),*]
    };
    (@optional) => { None };
    (@optional $value:literal) => { Some($value) };
    (@list) => { &[] };
    (@list $value:expr) => { &$value };
}
use table;
