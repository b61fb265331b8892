//! Rules for the verdict on a custom challenge's answer.

use crate::route::Route;
use crate::rules::{
    answered::Answered,
    findings::Findings,
    rule::{Rule, rules},
};

const PAGE: &str = Route::VerifyAuthChallengeResponse.definition().page;

pub(super) const RULES: &[Rule] = rules! { Response &[Route::VerifyAuthChallengeResponse];
    Uncertain "verify-no-verdict" = no_verdict, PAGE,
        "`answerCorrect` is true or false.",
        "Not known; an answer that isn't called right should not count as right.";
    Uncertain "verify-empty-answer-right" = empty_answer_right, PAGE,
        "An empty answer is wrong.",
        "Cognito takes the verdict: whoever answers nothing has passed.";
    Uncertain "verify-right-for-unknown-user" = right_for_unknown_user, PAGE,
        "Where `userNotFound` is true, no answer is right.",
        "Cognito takes the verdict, and define auth challenge alone keeps a stranger out.";
};

const VERDICT: &str = "response.answerCorrect";

fn no_verdict(answered: &Answered<'_>, findings: &mut Findings) {
    if answered.field("answerCorrect").is_none() {
        findings.add(VERDICT, "there is no verdict");
    }
}

fn empty_answer_right(answered: &Answered<'_>, findings: &mut Findings) {
    if answered.is_true("answerCorrect") && answered.event_string("/request/challengeAnswer").is_none() {
        findings.add(VERDICT, "the answer was empty");
    }
}

fn right_for_unknown_user(answered: &Answered<'_>, findings: &mut Findings) {
    if answered.is_true("answerCorrect") && answered.user_not_found() {
        findings.add(VERDICT, "the user doesn't exist");
    }
}
