//! Whether the code of a sign-in is right.

use cognito_triggers::{
    Context, Event, Result, VerifyAuthChallengeResponse, verify_auth_challenge_response::Response,
};

/// Compares the answer with the private parameter `code`, in the same time wherever they differ.
pub(crate) async fn compare(_: Context<()>, event: Event<VerifyAuthChallengeResponse>) -> Result<Response> {
    Ok(event.request.answers("code").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_code_that_was_sent_is_right() {
        let right = Event::<VerifyAuthChallengeResponse>::sample();
        let wrong = right.clone().with("challengeAnswer", "00000000");
        for (event, correct) in [(right, true), (wrong, false)] {
            let answer = compare(Context::new(()), event.build()).await.unwrap();
            assert_eq!(answer.answer_correct, correct);
        }
    }

    #[tokio::test]
    async fn without_a_code_nothing_is_right() {
        let event = Event::sample().variant("empty-private-parameters");
        let event = event.with("challengeAnswer", "").build();
        let answer = compare(Context::new(()), event).await.unwrap();
        assert!(!answer.answer_correct);
    }
}
