//! Adds the tenant of a user or a machine to tokens, from a DynamoDB table.
//!
//! A pool has one of the three versions of token generation. The function routes all of them, so that a pool can go from one to the
//! next without another deployment.

mod app;
pub mod directory;
mod pre_token_generation_v1;
mod pre_token_generation_v2;
mod pre_token_generation_v3;
mod table;
mod tenants;

use cognito_triggers::{Router, router};

pub use app::App;

/// The router: the handler for each trigger.
pub fn triggers() -> Router<App> {
    router! {
        pre_token_generation_v1 => pre_token_generation_v1::add_claims,
        pre_token_generation_v2 => pre_token_generation_v2::add_claims_and_scopes,
        pre_token_generation_v3 => pre_token_generation_v3::add_claims_and_scopes,
    }
}

#[cfg(test)]
mod tests {
    use crate::app::App;

    /// The user and the machine of the samples.
    pub(crate) const TENANTS: &str = include_str!("../tests/tenants.json");

    /// The app of a test, with these tenants.
    pub(crate) fn app() -> App {
        App::from_variables(|name| (name == "TENANTS").then(|| TENANTS.to_owned())).unwrap()
    }
}
