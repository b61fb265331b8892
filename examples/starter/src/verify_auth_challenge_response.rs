//! Custom sign-in, third of three: is the answer right?

use cognito_triggers::{
    Context, Event, Result, VerifyAuthChallengeResponse, verify_auth_challenge_response::Response,
};

use crate::app::App;

/// Compares the answer with the private parameter `code`, in constant time.
pub async fn compare_code(_: Context<App>, event: Event<VerifyAuthChallengeResponse>) -> Result<Response> {
    let exists = event.request.user_not_found != Some(true);
    let is_right = event.request.answers("code");
    Ok(Response {
        answer_correct: is_right && exists,
        ..Default::default()
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    async fn is_correct(answer: &str, user_not_found: bool) -> bool {
        let event = Event::sample()
            .with("privateChallengeParameters", json!({"code": "123456"}))
            .with("challengeAnswer", answer)
            .with("userNotFound", user_not_found);
        let context = Context::new(App::for_tests());
        compare_code(context, event.build()).await.unwrap().answer_correct
    }

    #[tokio::test]
    async fn only_the_code_of_an_existing_user_is_right() {
        assert!(is_correct("123456", false).await);
        assert!(!is_correct("123457", false).await);
        assert!(!is_correct("", false).await);
        assert!(!is_correct("123456", true).await);
    }
}
