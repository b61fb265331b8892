//! Rules for the next step of custom authentication: who gets tokens.
//!
//! This trigger alone decides who is signed in, so a mistake here lets strangers in. The rules compare the answer with
//! the `session` of the event: the challenges so far and their results, the oldest first. The source is AWS's page on the
//! [define auth challenge trigger][page].
//!
//! [page]: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-define-auth-challenge.html

use serde_json::Value;

use crate::route::Route;
use crate::rules::{
    answered::{Answered, is_true},
    findings::Findings,
    rule::{Rule, rules},
};

const PAGE: &str = Route::DefineAuthChallenge.definition().page;

/// Three fields matter: `issueTokens`, `failAuthentication` and `challengeName`. Null in any of them means false or
/// none.
pub(super) const RULES: &[Rule] = rules! { Response &[Route::DefineAuthChallenge];
    Certain "define-tokens-without-proof" = tokens_without_proof, PAGE,
        "Tokens are issued only after a challenge with a correct answer; `SRP_A` alone proves nothing.",
        "Cognito issues the tokens: anyone who knows a user name is signed in.",
        effect Succeeds;
    Certain "define-tokens-for-unknown-user" = tokens_for_unknown_user, PAGE,
        "No tokens are issued if `userNotFound` is true.",
        "The sign-in fails, and the answer reveals which users exist.",
        effect Fails;
    Uncertain "define-tokens-without-custom-challenge" = tokens_without_custom_challenge, PAGE,
        "Tokens are issued after a correct answer to `CUSTOM_CHALLENGE`.",
        "Cognito issues the tokens; the password alone was enough.";
    Uncertain "define-tokens-and-failure" = tokens_and_failure, PAGE,
        "Either tokens are issued or the sign-in fails.",
        "Not known.";
    Uncertain "define-nothing-decided" = nothing_decided, PAGE,
        "An answer names the next challenge, issues tokens or fails the sign-in.",
        "Reported without an example: `Unrecognizable lambda output`.";
    Certain "define-password-without-srp" = password_without_srp, PAGE,
        "`PASSWORD_VERIFIER` can only follow `SRP_A`.",
        "Not known; AWS documents that it can't be asked for at another time.";
    Certain "define-second-factor" = second_factor, PAGE,
        "Cognito adds a second factor after the password by itself; a trigger can't ask for one.",
        "Not known; AWS documents that it can't be asked for.";
    Uncertain "define-unknown-challenge" = unknown_challenge, PAGE,
        "The next challenge is `CUSTOM_CHALLENGE` or `PASSWORD_VERIFIER`.",
        "Not known; AWS documents no other challenge to ask for.";
    Uncertain "define-endless" = endless, PAGE,
        "The sign-in ends after a few wrong answers or many challenges; AWS's examples stop at three.",
        "Cognito asks again until the session expires, so a code of six digits can be guessed.";
};

/// The challenge that the create and verify triggers make and judge.
const CUSTOM: &str = "CUSTOM_CHALLENGE";
/// The second half of a password sign-in by SRP, which Cognito checks itself.
const PASSWORD: &str = "PASSWORD_VERIFIER";
/// Challenges that Cognito adds after a password. The session shows them afterwards, and no answer may ask for them.
const SECOND_FACTORS: [&str; 3] = ["SMS_MFA", "EMAIL_OTP", "SOFTWARE_TOKEN_MFA"];
/// Challenges that only open an exchange.
///
/// Their result is true without any proof, so a correct one must not lead to tokens.
const OPENINGS: [&str; 2] = ["SRP_A", "DEVICE_SRP_AUTH"];
/// More wrong answers than a user needs.
///
/// AWS documents no limit; its samples stop at three.
const MAX_WRONG_ANSWERS: usize = 5;
/// More entries than any sign-in has: three answers to each of several factors are a dozen.
///
/// A session has no other limit than its time: 3 to 15 minutes, as the app client sets it.
const MAX_CHALLENGES: usize = 20;

/// The challenges so far: their names, and whether the answers were correct.
///
/// Empty at the first call of a sign-in without SRP. A name that is missing reads as empty, and a result as false.
fn session<'a>(answered: &'a Answered<'_>) -> impl DoubleEndedIterator<Item = (&'a str, bool)> {
    let list = answered.event("/request/session").as_array();
    list.into_iter().flatten().map(|entry| {
        let name = entry.get("challengeName").and_then(Value::as_str);
        let right = entry.get("challengeResult").is_some_and(is_true);
        (name.unwrap_or_default(), right)
    })
}

/// Whether the answer ends the sign-in with tokens.
fn issues_tokens(answered: &Answered<'_>) -> bool {
    answered.is_true("issueTokens")
}

/// The challenge that comes next, if the answer isn't the end.
///
/// `None` if the answer issues tokens, fails the sign-in, or names nothing.
fn next<'a>(answered: &Answered<'a>) -> Option<&'a str> {
    let ends = issues_tokens(answered) || answered.is_true("failAuthentication");
    answered
        .string("challengeName")
        .filter(|name| !ends && !name.is_empty())
}

/// `define-tokens-without-proof`: looks at the last entry of the session. It has to be a correct answer to a
/// challenge that proves something.
fn tokens_without_proof(answered: &Answered<'_>, findings: &mut Findings) {
    if !issues_tokens(answered) {
        return;
    }
    let problem = match session(answered).next_back() {
        None => "no challenge has been answered yet",
        Some((_, false)) => "the last answer was wrong",
        Some((name, true)) if OPENINGS.contains(&name) => {
            "the last entry of the session only opens a challenge"
        }
        Some((_, true)) => return,
    };
    findings.add("response.issueTokens", problem);
}

/// `define-tokens-for-unknown-user`: AWS asks to treat an unknown user like a known one, and never to issue tokens.
fn tokens_for_unknown_user(answered: &Answered<'_>, findings: &mut Findings) {
    if issues_tokens(answered) && answered.user_not_found() {
        findings.add("response.issueTokens", "the user doesn't exist");
    }
}

/// `define-tokens-without-custom-challenge`: reports only what `define-tokens-without-proof` doesn't, such as a
/// session with a correct password and nothing else.
fn tokens_without_custom_challenge(answered: &Answered<'_>, findings: &mut Findings) {
    let proved = |(name, right): (&str, bool)| right && !OPENINGS.contains(&name);
    if issues_tokens(answered)
        && session(answered).next_back().is_some_and(proved)
        && !session(answered).any(|challenge| challenge == (CUSTOM, true))
    {
        findings.add("response.issueTokens", "no custom challenge has a correct answer");
    }
}

/// `define-tokens-and-failure`: both flags are true. AWS documents no such answer.
fn tokens_and_failure(answered: &Answered<'_>, findings: &mut Findings) {
    if issues_tokens(answered) && answered.is_true("failAuthentication") {
        findings.add("response.failAuthentication", "`issueTokens` is true as well");
    }
}

/// `define-nothing-decided`: all fields are null, as Cognito sent them, or decide nothing either.
fn nothing_decided(answered: &Answered<'_>, findings: &mut Findings) {
    let ends = issues_tokens(answered) || answered.is_true("failAuthentication");
    if !ends && next(answered).is_none() {
        findings.add(
            "response",
            "this names no next challenge, issues no tokens and doesn't fail the sign-in",
        );
    }
}

/// `define-password-without-srp`: the last entry of the session has to be `SRP_A`.
fn password_without_srp(answered: &Answered<'_>, findings: &mut Findings) {
    let after_srp = || {
        session(answered)
            .next_back()
            .is_some_and(|(name, _)| name == "SRP_A")
    };
    if next(answered) == Some(PASSWORD) && !after_srp() {
        let message = "the last entry of the session isn't `SRP_A`; begin the sign-in with `SRP_A`, or ask for \
                       `CUSTOM_CHALLENGE`";
        findings.add("response.challengeName", message);
    }
}

/// `define-second-factor`: the answer names one of `SECOND_FACTORS` as the next challenge.
fn second_factor(answered: &Answered<'_>, findings: &mut Findings) {
    if next(answered).is_some_and(|name| SECOND_FACTORS.contains(&name)) {
        findings.add(
            "response.challengeName",
            "a trigger can't ask for a second factor",
        );
    }
}

/// `define-unknown-challenge`: finds every other name. Case matters.
fn unknown_challenge(answered: &Answered<'_>, findings: &mut Findings) {
    if next(answered)
        .is_some_and(|name| ![CUSTOM, PASSWORD].contains(&name) && !SECOND_FACTORS.contains(&name))
    {
        findings.add(
            "response.challengeName",
            "AWS documents no such challenge to ask for",
        );
    }
}

/// `define-endless`: counts wrong answers first, and then the length of the session. An answer that ends the sign-in
/// never breaks it.
fn endless(answered: &Answered<'_>, findings: &mut Findings) {
    if next(answered).is_none() {
        return;
    }
    // Entries that only open an exchange aren't answers.
    let answers = session(answered).filter(|(name, _)| !OPENINGS.contains(name));
    let wrong = answers.filter(|(_, right)| !right).count();
    let all = session(answered).count();
    let message = if wrong > MAX_WRONG_ANSWERS {
        format!("{wrong} answers were wrong, and another may follow")
    } else if all > MAX_CHALLENGES {
        format!("the session has {all} challenges, and another follows")
    } else {
        return;
    };
    findings.add("response.challengeName", message);
}
