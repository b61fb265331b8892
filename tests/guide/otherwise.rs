//! What answers the events that no line of the router takes.

use cognito_triggers::{
    Context, Event, Result,
    otherwise::{self, Otherwise},
};

/// Lets pass what can't open a door, and refuses the rest.
pub(crate) async fn answer_the_rest(_: Context<()>, event: Event<Otherwise>) -> Result<otherwise::Response> {
    match event.source.to_string().split('_').next() {
        Some("PostConfirmation" | "CustomMessage") => Ok(otherwise::Response::default()),
        _ => Err(format!("no route for {}", event.source).into()),
    }
}

#[cfg(test)]
mod tests {
    use cognito_triggers::{Router, router, samples};
    use lambda_runtime::Context as LambdaContext;

    use super::*;

    #[tokio::test]
    async fn an_event_that_opens_no_door_comes_back_as_it_was() {
        let answer = async |source| {
            let router: Router<()> = router! { otherwise => answer_the_rest };
            let sample = samples::find(source, None, None).unwrap();
            let answer = router
                .with_state(())
                .answer(sample.json, LambdaContext::default())
                .await;
            answer
                .map(|answer| answer.as_bytes() == sample.json.as_bytes())
                .ok()
        };
        assert_eq!(answer("PostConfirmation_ConfirmSignUp").await, Some(true));
        assert_eq!(answer("PreSignUp_SignUp").await, None);
    }
}
