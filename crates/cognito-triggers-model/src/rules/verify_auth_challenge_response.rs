//! Rules for the verdict on the answer to a custom challenge.
//!
//! The answer is one boolean. Define auth challenge runs again after it in every case, so a wrong answer ends no
//! sign-in by itself.

use crate::{
    route::Route,
    rules::{
        answered::Answered,
        findings::Findings,
        rule::{Rule, rules},
    },
};

const PAGE: &str = Route::VerifyAuthChallengeResponse.definition().page;

/// Cognito sends `answerCorrect` as null.
pub(super) const RULES: &[Rule] = rules! { Response &[Route::VerifyAuthChallengeResponse];
    Uncertain "verify-no-verdict" = no_verdict, PAGE,
        "`answerCorrect` is true or false.",
        "Not known; null should not count as correct.";
    Uncertain "verify-empty-answer-right" = empty_answer_right, PAGE,
        "An empty answer is wrong.",
        "Cognito accepts the verdict: anyone who answers nothing passes.";
    Uncertain "verify-right-for-unknown-user" = right_for_unknown_user, PAGE,
        "No answer is correct if `userNotFound` is true.",
        "Cognito accepts the verdict, and only define auth challenge keeps a stranger out.";
};

/// The path of the only field.
const VERDICT: &str = "response.answerCorrect";

/// `verify-no-verdict`: the field is null or absent.
fn no_verdict(answered: &Answered<'_>, findings: &mut Findings) {
    if answered.field("answerCorrect").is_none() {
        findings.add(VERDICT, "this is missing or null");
    }
}

/// `verify-empty-answer-right`: an answer of another type than a string counts as empty.
fn empty_answer_right(answered: &Answered<'_>, findings: &mut Findings) {
    let answer = answered.event_string("/request/challengeAnswer");
    if answered.is_true("answerCorrect") && answer.is_none() {
        findings.add(VERDICT, "the answer was empty");
    }
}

/// `verify-right-for-unknown-user`: an unknown user's answer is to be judged like any other, and never to be correct.
fn right_for_unknown_user(answered: &Answered<'_>, findings: &mut Findings) {
    if answered.is_true("answerCorrect") && answered.user_not_found() {
        findings.add(VERDICT, "the user doesn't exist");
    }
}
