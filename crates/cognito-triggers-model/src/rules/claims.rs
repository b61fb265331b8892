//! Rules for the claims of tokens: their names and their values.
//!
//! The source is AWS's page on the [pre token generation trigger][page], which lists the claims that can't be
//! changed. Version 1 of the trigger changes the ID token only and takes strings; versions 2 and 3 change both tokens
//! and take any JSON value.
//!
//! [page]: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html

use crate::claims::RESERVED;
use crate::rules::{
    answered::{Answered, json_type},
    findings::Findings,
    pre_token_generation::{ALL, Claim, LATER, V1, tokens},
    rule::{Rule, rules},
};
use crate::triggers::pre_token_generation::PAGE;

/// Rules for all three versions.
pub(super) const RULES: &[Rule] = rules! { Response ALL;
    Certain "claim-reserved" = reserved, PAGE,
        "A claim that Cognito issues itself (`sub`, `iss`, `exp`, `cognito:username`, …) can be neither set nor suppressed.",
        "The claim stays as it is; whether Cognito uses the rest of the answer isn't known.";
    Certain "claim-of-groups" = of_groups, PAGE,
        "`cognito:groups`, `cognito:roles` and `cognito:preferred_role` are set through `groupOverrideDetails`.",
        "The claim stays as it is.";
    Uncertain "claim-role-suppressed" = role_suppressed, PAGE,
        "To suppress roles, suppress `cognito:groups`; the roles go with the groups.",
        "Not known; AWS documents `cognito:groups` for this.";
    Certain "claim-of-device" = of_device, PAGE,
        "Claims that begin with `dev:` can be suppressed, not set.",
        "The claim stays as it is.";
    Uncertain "claim-set-and-suppressed" = set_and_suppressed, PAGE,
        "A claim is either set or suppressed.",
        "Cognito suppresses the claim, as AWS documents.",
        effect Succeeds;
};

/// Rules for version 1, whose claims are strings. A claim that holds an array makes every sign-in and every refresh
/// fail.
pub(super) const V1_RULES: &[Rule] = rules! { Response &[V1];
    Certain "claim-not-text" = not_text, PAGE,
        "In version 1 a claim is a string; arrays and objects need `LambdaVersion` V2_0 or V3_0.",
        "The sign-in fails, and so does every refresh of tokens.",
        error "InvalidLambdaResponseException: Unrecognizable lambda output";
    Uncertain "claim-not-quoted" = not_quoted, PAGE,
        "In version 1 numbers and booleans are strings too: `\"true\"`.",
        "Not known: Cognito may write it as a string, or refuse the answer.";
};

/// Rules for versions 2 and 3, whose claims are strings, numbers, booleans, arrays or objects.
pub(super) const LATER_RULES: &[Rule] = rules! { Response LATER;
    Certain "claim-not-plain" = not_plain, PAGE,
        "`email_verified`, `phone_number_verified`, `updated_at` and `address` can't be an array or object in the ID token.",
        "The claim isn't set; whether Cognito uses the rest of the answer isn't known.";
    Uncertain "claim-null" = null, PAGE,
        "A claim is a string, a number, a boolean, an array or an object; `claimsToSuppress` removes one.",
        "Not known.";
    Certain "claim-scope" = scope, PAGE,
        "The claim `scope` of the access token changes through `scopesToAdd` and `scopesToSuppress` only.",
        "The claim stays as it is; whether Cognito uses the rest of the answer isn't known.";
    Certain "claim-audience" = audience, PAGE,
        "`aud` of the access token can only be the id of the app client.",
        "The claim isn't set; whether Cognito uses the rest of the answer isn't known.";
};

/// The array of the claims that an answer takes out of a token.
const SUPPRESSED: &str = "claimsToSuppress";
/// The claim with the names of the user's groups.
const GROUPS: &str = "cognito:groups";
/// The claims with the roles that come with the groups. Suppressing `GROUPS` suppresses them too.
const ROLES: [&str; 2] = ["cognito:roles", "cognito:preferred_role"];

/// The claims that take plain values only.
///
/// The limit holds for the ID token. In the access token they may be arrays and objects.
const PLAIN: [&str; 4] = ["email_verified", "phone_number_verified", "updated_at", "address"];

/// Whether `groupOverrideDetails` sets the claim, rather than `claimsToAddOrOverride`.
fn is_of_groups(claim: &str) -> bool {
    claim == GROUPS || ROLES.contains(&claim)
}

/// Whether Cognito issues the claim itself. `aud` is reserved in the ID token; the access token may have one.
fn is_reserved(claim: &str, is_access: bool) -> bool {
    RESERVED.contains(&claim)
        || (claim == "aud" && !is_access)
        || (claim.starts_with("cognito:") && !is_of_groups(claim))
}

/// `claim-reserved`: names the path of each reserved claim that is set or suppressed, in either token.
fn reserved(answered: &Answered<'_>, findings: &mut Findings) {
    const MESSAGE: &str = "Cognito issues this claim itself";
    for token in tokens(answered) {
        let is_reserved = |name| is_reserved(name, token.is_access);
        for claim in token.claims().filter(|claim| is_reserved(claim.name)) {
            findings.add(claim.path(), MESSAGE);
        }
        for entry in token
            .strings(SUPPRESSED)
            .filter(|entry| is_reserved(entry.string))
        {
            findings.add(entry.path(), MESSAGE);
        }
    }
}

/// `claim-of-groups`: finds groups and roles that are set as claims.
fn of_groups(answered: &Answered<'_>, findings: &mut Findings) {
    for claim in set(answered).filter(|claim| is_of_groups(claim.name)) {
        findings.add(claim.path(), "set this through `groupOverrideDetails`");
    }
}

/// `claim-role-suppressed`: finds suppressed roles in a token whose groups aren't suppressed.
fn role_suppressed(answered: &Answered<'_>, findings: &mut Findings) {
    for token in tokens(answered) {
        if token.strings(SUPPRESSED).any(|entry| entry.string == GROUPS) {
            continue;
        }
        for entry in token
            .strings(SUPPRESSED)
            .filter(|entry| ROLES.contains(&entry.string))
        {
            findings.add(
                entry.path(),
                "suppress `cognito:groups`; the roles go with the groups",
            );
        }
    }
}

/// `claim-of-device`: finds `dev:` claims that are set. Suppressing them is allowed.
fn of_device(answered: &Answered<'_>, findings: &mut Findings) {
    for claim in set(answered).filter(|claim| claim.name.starts_with("dev:")) {
        findings.add(claim.path(), "a claim that begins with `dev:` can't be set");
    }
}

/// `claim-set-and-suppressed`: compares the two lists of one token. Setting a claim in one token and suppressing it
/// in the other is allowed.
fn set_and_suppressed(answered: &Answered<'_>, findings: &mut Findings) {
    for token in tokens(answered) {
        for entry in token.strings(SUPPRESSED) {
            if token.sets(entry.string) {
                findings.add(entry.path(), "`claimsToAddOrOverride` sets this claim");
            }
        }
    }
}

/// `claim-not-text`: finds arrays and objects. Cognito refuses the whole answer for them, as measured in 2022.
fn not_text(answered: &Answered<'_>, findings: &mut Findings) {
    for claim in set(answered).filter(Claim::is_complex) {
        findings.add(
            claim.path(),
            format!("this is {}, and version 1 takes strings", json_type(claim.value)),
        );
    }
}

/// `claim-not-quoted`: finds numbers, booleans and null. What Cognito does with them isn't known, so it is a rule of
/// its own beside `claim-not-text`.
fn not_quoted(answered: &Answered<'_>, findings: &mut Findings) {
    for claim in set(answered).filter(|claim| !claim.is_complex() && !claim.value.is_string()) {
        findings.add(
            claim.path(),
            format!("this is {}, and version 1 takes strings", json_type(claim.value)),
        );
    }
}

/// `claim-not-plain`: looks at the ID token only.
fn not_plain(answered: &Answered<'_>, findings: &mut Findings) {
    let id_token = tokens(answered).filter(|token| !token.is_access);
    for claim in id_token.flat_map(|token| token.claims()) {
        if PLAIN.contains(&claim.name) && claim.is_complex() {
            let message = format!(
                "this is {}, and the claim takes a plain value",
                json_type(claim.value)
            );
            findings.add(claim.path(), message);
        }
    }
}

/// `claim-null`: finds a null in either token. AWS's page names no meaning for it.
fn null(answered: &Answered<'_>, findings: &mut Findings) {
    for claim in set(answered).filter(|claim| claim.value.is_null()) {
        findings.add(claim.path(), "this claim is null");
    }
}

/// `claim-scope`: looks at the access token only, and finds the claim both set and suppressed.
fn scope(answered: &Answered<'_>, findings: &mut Findings) {
    const MESSAGE: &str = "use `scopesToAdd` and `scopesToSuppress` to change scopes";
    for token in tokens(answered).filter(|token| token.is_access) {
        for claim in token.claims().filter(|claim| claim.name == "scope") {
            findings.add(claim.path(), MESSAGE);
        }
        for entry in token.strings(SUPPRESSED).filter(|entry| entry.string == "scope") {
            findings.add(entry.path(), MESSAGE);
        }
    }
}

/// `claim-audience`: compares the value with `callerContext.clientId` of the event. A value that isn't a string
/// differs too.
fn audience(answered: &Answered<'_>, findings: &mut Findings) {
    let access_token = tokens(answered).filter(|token| token.is_access);
    for claim in access_token.flat_map(|token| token.claims()) {
        if claim.name == "aud" && claim.value != answered.event("/callerContext/clientId") {
            findings.add(
                claim.path(),
                "this isn't the id of the app client, `callerContext.clientId`",
            );
        }
    }
}

/// The claims that are set in either token.
fn set<'a>(answered: &Answered<'a>) -> impl Iterator<Item = Claim<'a>> + use<'a> {
    tokens(answered).flat_map(|token| token.claims())
}
