//! What the user chose: routes or an example.
//!
//! | words | choice |
//! |---|---|
//! | `pre_sign_up post_confirmation` | two routes |
//! | `define_auth_challenge` | the three routes of custom sign-in, because a pool with one of them signs nobody in |
//! | `pre_token_generation_v1 pre_token_generation_v3` | refused: a pool sends one version of a trigger |
//! | `invite-only` | an example |
//! | `invite-only pre_sign_up` | refused: an example has its routes |

use std::fmt;

use cognito_triggers::model::Route;

use crate::{output, projects};

/// The three routes of custom sign-in. A pool with one of them signs nobody in.
const CUSTOM_SIGN_IN: [Route; 3] = [
    Route::DefineAuthChallenge,
    Route::CreateAuthChallenge,
    Route::VerifyAuthChallengeResponse,
];

/// What a project answers.
#[derive(Debug, PartialEq)]
pub(super) enum Choice {
    /// Routes, in the order of the catalog, each of them once.
    Routes(Vec<Route>),
    /// The name of an example.
    Example(&'static str),
}

impl Choice {
    /// The choice that these words name: routes, or one example. A route that was named twice counts once.
    ///
    /// # Errors
    /// Fails for any other word, for an example beside something else, and for two versions of token generation.
    pub(super) fn parse(words: &[&str]) -> Result<Self, String> {
        if let [word] = words
            && let Some(name) = projects::example_names().find(|name| name == word)
        {
            return Ok(Self::Example(name));
        }
        let mut chosen = Vec::new();
        for word in words {
            if projects::example_names().any(|name| name == *word) {
                return Err(format!(
                    "`{word}` is an example, which can't be mixed with other words"
                ));
            }
            let route: Route = word
                .parse()
                .map_err(|_| format!("`{word}` is neither a route nor an example"))?;
            chosen.push(route);
        }
        if chosen.iter().any(|route| CUSTOM_SIGN_IN.contains(route)) {
            for route in CUSTOM_SIGN_IN
                .iter()
                .filter(|route| !chosen.contains(route))
                .copied()
                .collect::<Vec<_>>()
            {
                output::message(format_args!(
                    "{route} is added: custom sign-in needs all three of its routes\n"
                ));
                chosen.push(route);
            }
        }
        let routes: Vec<_> = Route::ALL
            .iter()
            .copied()
            .filter(|route| chosen.contains(route))
            .collect();
        for (index, route) in routes.iter().enumerate() {
            let mut earlier = routes.iter().take(index);
            if let Some(other) = earlier.find(|other| other.key() == route.key()) {
                return Err(format!(
                    "{other} and {route} are versions of one trigger, and a pool sends only one of them: choose {route}, \
                     or the one that your pool has"
                ));
            }
        }
        match routes.is_empty() {
            true => Err("no route was chosen".to_owned()),
            false => Ok(Self::Routes(routes)),
        }
    }
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Routes(routes) => {
                let names: Vec<_> = routes.iter().map(|route| route.as_str()).collect();
                f.write_str(&names.join(", "))
            }
            Self::Example(name) => write!(f, "the example {name}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_are_ordered_and_counted_once() {
        let words = ["post_confirmation", "pre_sign_up", "pre_sign_up"];
        let routes = vec![Route::PreSignUp, Route::PostConfirmation];
        assert_eq!(Choice::parse(&words), Ok(Choice::Routes(routes)));
    }

    #[test]
    fn the_routes_of_custom_sign_in_come_together() {
        let routes = CUSTOM_SIGN_IN.to_vec();
        assert_eq!(
            Choice::parse(&["create_auth_challenge"]),
            Ok(Choice::Routes(routes))
        );
    }

    #[test]
    fn two_versions_of_token_generation_are_refused() {
        let error = Choice::parse(&["pre_token_generation_v3", "pre_token_generation_v1"]).unwrap_err();
        assert!(error.contains("choose pre_token_generation_v3"), "{error}");
    }

    #[test]
    fn an_example_stands_alone() {
        assert_eq!(
            Choice::parse(&["every-trigger"]),
            Ok(Choice::Example("every-trigger"))
        );
        assert!(Choice::parse(&["every-trigger", "pre_sign_up"]).is_err());
        assert!(Choice::parse(&["starter"]).is_err(), "the starter is no example");
        assert!(Choice::parse(&[]).is_err());
    }
}
