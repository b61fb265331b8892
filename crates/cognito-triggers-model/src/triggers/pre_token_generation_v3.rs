//! Pre token generation, version 3: like version 2, and also for machines.
//!
//! The module [`pre_token_generation`] has what the versions share, and AWS's page. An
//! error fails the call, and the caller reads `PreTokenGenerationV3_0 failed with error …`. The pool needs the plan
//! Essentials or Plus.
//!
//! A machine's event has the source [`ClientCredentials`](Source::ClientCredentials), the user name
//! `ClientCredentials`, no attributes and no groups.

use crate::{
    route::Route,
    trigger::{self, Definition, Trigger},
    triggers::pre_token_generation,
};

pub use crate::triggers::pre_token_generation::Source;
pub use crate::triggers::pre_token_generation_v2::{
    AccessTokenGeneration, IdTokenGeneration, Request, Response,
};

/// The pre token generation trigger in version 3.
pub struct PreTokenGenerationV3;

impl trigger::sealed::Sealed for PreTokenGenerationV3 {}

impl Trigger for PreTokenGenerationV3 {
    type Source = Source;
    type Request = Request;
    type Response = Response;

    const ROUTE: Option<Route> = Some(Route::PreTokenGenerationV3);
}

/// The facts about this trigger.
pub(super) const DEFINITION: Definition = Definition {
    lambda_version: Some("V3_0"),
    event_version: "3",
    prefix: "TokenGeneration",
    error_name: "PreTokenGenerationV3_0",
    sources: Source::ALL,
    ..Definition::new(Route::PreTokenGenerationV3, pre_token_generation::PAGE)
};
