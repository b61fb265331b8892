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
mod challenges;
pub mod edit;
mod federation;
mod links;
mod messages;
mod senders;
mod sign_in;
mod sign_up;
#[cfg(test)]
mod tests;
mod tokens;

pub use builder::Builder;

/// One event as Cognito sends it, and what is known about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sample {
    /// The route that takes it, a line of the router's table: `pre_token_generation_v2`.
    pub route: &'static str,
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
        match self.route {
            "pre_token_generation_v2" => "2",
            "pre_token_generation_v3" => "3",
            _ => "1",
        }
    }

    /// The `LambdaVersion` that makes Cognito send it: `V1_0`, `V2_0` or `V3_0`.
    ///
    /// Triggers whose setting knows no version count as `V1_0`.
    pub fn lambda_version(&self) -> &'static str {
        match self.version() {
            "2" => "V2_0",
            "3" => "V3_0",
            _ => "V1_0",
        }
    }
}

/// All samples, route by route; the plain event of a source comes before its variants.
pub fn all() -> impl Iterator<Item = &'static Sample> {
    [
        sign_up::PRE_SIGN_UP,
        messages::CUSTOM_MESSAGE,
        sign_up::POST_CONFIRMATION,
        sign_in::PRE_AUTHENTICATION,
        sign_in::POST_AUTHENTICATION,
        challenges::DEFINE_AUTH_CHALLENGE,
        challenges::CREATE_AUTH_CHALLENGE,
        challenges::VERIFY_AUTH_CHALLENGE_RESPONSE,
        tokens::PRE_TOKEN_GENERATION_V1,
        tokens::PRE_TOKEN_GENERATION_V2,
        tokens::PRE_TOKEN_GENERATION_V3,
        sign_in::USER_MIGRATION,
        senders::CUSTOM_SMS_SENDER,
        senders::CUSTOM_EMAIL_SENDER,
        federation::INBOUND_FEDERATION,
    ]
    .into_iter()
    .flatten()
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
    ($route:literal: $(
        $source:ident $name:literal $(/ $variant:literal)?, $shape:ident, $link:expr,
        $fact:literal $(, unread $unread:expr)?;
    )*) => {
        &[$($crate::samples::Sample {
            route: $route,
            source: stringify!($source),
            variant: $crate::samples::table!(@optional $($variant)?),
            shape: $crate::samples::Shape::$shape,
            fact: $fact,
            link: $link,
            unread: $crate::samples::table!(@list $($unread)?),
            json: include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"), "/samples/", $route, "/", $name, $(".", $variant,)? ".json"
            )),
        }),*]
    };
    (@optional) => { None };
    (@optional $value:literal) => { Some($value) };
    (@list) => { &[] };
    (@list $value:expr) => { &$value };
}
use table;
