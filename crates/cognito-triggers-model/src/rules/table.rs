//! The table of all rules.

use crate::{
    route::Route,
    rules::{
        attributes, claims, create_auth_challenge, custom_message, define_auth_challenge, fields,
        inbound_federation, pre_sign_up, pre_token_generation, request, rule::Rule, user_migration,
        verify_auth_challenge_response, whole,
    },
};

/// Every rule, in the order in which they are checked.
///
/// Listings, explanations and the documentation read this table.
///
/// The codes are unique. A rule keeps its code when its sentence or its certainty changes.
pub static RULES: &[Rule] = &collect::<{ count() }>();

/// The rules of several routes.
///
/// They come first in the table.
const SHARED: &[&[Rule]] = &[whole::RULES, request::RULES, fields::RULES];

/// The rules listed with a route. A set of rules that several routes share is listed with the last of them.
const fn of(route: Route) -> &'static [&'static [Rule]] {
    match route {
        Route::PreSignUp => &[pre_sign_up::RULES],
        Route::CustomMessage => &[custom_message::RULES],
        Route::DefineAuthChallenge => &[define_auth_challenge::RULES],
        Route::CreateAuthChallenge => &[create_auth_challenge::RULES],
        Route::VerifyAuthChallengeResponse => &[verify_auth_challenge_response::RULES],
        Route::PreTokenGenerationV3 => &[
            pre_token_generation::RULES,
            pre_token_generation::LATER_RULES,
            claims::RULES,
            claims::V1_RULES,
            claims::LATER_RULES,
        ],
        Route::UserMigration => &[attributes::RULES, user_migration::RULES],
        Route::InboundFederation => &[inbound_federation::RULES],
        // Only the shared rules apply here. Cognito ignores what the custom senders return.
        Route::PostConfirmation
        | Route::PreAuthentication
        | Route::PostAuthentication
        | Route::PreTokenGenerationV1
        | Route::PreTokenGenerationV2
        | Route::CustomSmsSender
        | Route::CustomEmailSender => &[],
    }
}

/// The sets at a position of the table: the shared ones at 0, and those of `Route::ALL[index - 1]` at every other index.
#[expect(clippy::indexing_slicing, reason = "it runs when the crate is compiled")]
const fn part(index: usize) -> &'static [&'static [Rule]] {
    match index {
        0 => SHARED,
        index => of(Route::ALL[index - 1]),
    }
}

/// The number of rules, for the length of the table.
const fn count() -> usize {
    let mut count = 0;
    let mut index = 0;
    while index <= Route::ALL.len() {
        let mut sets = part(index);
        while let [set, rest @ ..] = sets {
            count += set.len();
            sets = rest;
        }
        index += 1;
    }
    count
}

/// Copies the rules of all sets into one array, when the crate is compiled.
#[expect(clippy::indexing_slicing, reason = "it runs when the crate is compiled")]
const fn collect<const COUNT: usize>() -> [Rule; COUNT] {
    let mut rules = [whole::RULES[0]; COUNT];
    let mut next = 0;
    let mut index = 0;
    while index <= Route::ALL.len() {
        let mut sets = part(index);
        while let [set, rest @ ..] = sets {
            let mut row = 0;
            while row < set.len() {
                rules[next] = set[row];
                next += 1;
                row += 1;
            }
            sets = rest;
        }
        index += 1;
    }
    rules
}
