//! The catalog of routes: one for each trigger of a user pool, three for the versions of token generation.

use std::{fmt, str::FromStr};

/// Hands the one list of routes to a macro, in the order of a user's life: sign-up, sign-in, tokens, migration.
///
/// Each line is the name of a route and the marker of its trigger.
#[doc(hidden)]
#[macro_export]
macro_rules! with_routes {
    ($macro:ident) => {
        $macro! {
            pre_sign_up: PreSignUp,
            custom_message: CustomMessage,
            post_confirmation: PostConfirmation,
            pre_authentication: PreAuthentication,
            post_authentication: PostAuthentication,
            define_auth_challenge: DefineAuthChallenge,
            create_auth_challenge: CreateAuthChallenge,
            verify_auth_challenge_response: VerifyAuthChallengeResponse,
            pre_token_generation_v1: PreTokenGenerationV1,
            pre_token_generation_v2: PreTokenGenerationV2,
            pre_token_generation_v3: PreTokenGenerationV3,
            user_migration: UserMigration,
            custom_sms_sender: CustomSmsSender,
            custom_email_sender: CustomEmailSender,
            inbound_federation: InboundFederation,
        }
    };
}

macro_rules! define_route {
    ($($route:ident: $trigger:ident,)+) => {
        /// A trigger of a user pool in one event version: the key of every table in this workspace.
        ///
        /// A route is a line of the router and a key of `LambdaConfig` in snake case. The three versions of token
        /// generation share a key, so they are three routes.
        ///
        /// The enum is exhaustive on purpose. A trigger that AWS adds becomes a variant in a new minor version of
        /// this crate, and the compiler then names every table that has no row for it.
        ///
        /// ```
        /// use cognito_triggers_model::Route;
        ///
        /// let route: Route = "pre_token_generation_v2".parse()?;
        /// assert_eq!(route, Route::PreTokenGenerationV2);
        /// assert_eq!(route.definition().lambda_version, Some("V2_0"));
        /// # Ok::<(), cognito_triggers_model::route::ParseRouteError>(())
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Route {
            $(
                #[doc = concat!("`", stringify!($route), "`: the route of [`", stringify!($trigger),
                    "`](crate::triggers::", stringify!($trigger), ").")]
                $trigger,
            )+
        }

        impl Route {
            /// Every route, in the order of the variants.
            pub const ALL: &'static [Self] = &[ $( Self::$trigger ),+ ];

            /// The name of the route, as a router, a listing and a sample's folder spell it: `pre_sign_up`.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $( Self::$trigger => stringify!($route), )+
                }
            }
        }
    };
}

pub(crate) use with_routes;

with_routes!(define_route);

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Route {
    type Err = ParseRouteError;

    /// Reads the name of a route, exactly as [`as_str`](Route::as_str) writes it.
    fn from_str(text: &str) -> Result<Self, ParseRouteError> {
        let mut routes = Self::ALL.iter().copied();
        routes.find(|route| route.as_str() == text).ok_or(ParseRouteError)
    }
}

/// A string is not the name of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseRouteError;

impl fmt::Display for ParseRouteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not the name of a route; the names are ")?;
        for (index, route) in Route::ALL.iter().enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            write!(f, "{separator}{route}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ParseRouteError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_reads_as_its_route() {
        for route in Route::ALL {
            assert_eq!(route.to_string().parse(), Ok(*route));
        }
        assert_eq!("PreSignUp".parse::<Route>(), Err(ParseRouteError));
        assert!(
            ParseRouteError
                .to_string()
                .contains("pre_sign_up, custom_message")
        );
    }
}
