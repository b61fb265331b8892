//! Runs a flow against a target.

use cognito_triggers_targets::Target;

use super::{
    call::Call,
    file::Flow,
    operations::call_api,
    pool::Pool,
    run::{Exchange, Run},
};

impl Flow {
    /// Makes the flow's calls one after the other, and sends the events that Cognito would send for each of them.
    pub async fn run(&self, target: &dyn Target) -> Run {
        let mut pool = Pool::new(self, target);
        let mut exchanges = Vec::new();
        for call in &self.calls {
            for repetition in 0..call.times {
                // A repetition answers the next challenge, so there has to be one.
                if repetition > 0 && pool.challenge.is_none() {
                    break;
                }
                exchanges.push(exchange(&mut pool, call).await);
            }
        }
        Run {
            name: self.name.clone(),
            about: self.about.clone(),
            exchanges,
        }
    }
}

/// Makes one call.
async fn exchange(pool: &mut Pool<'_>, call: &Call) -> Exchange {
    let (Ok(result) | Err(result)) = call_api(pool, &call.operation).await;
    let text = result.to_string();
    Exchange {
        call: call.operation.to_string(),
        steps: pool.take_steps(),
        expected: call
            .expect
            .clone()
            .filter(|expected| !begins_with_words(&text, expected)),
        result,
    }
}

/// Whether a text begins with whole words: `tokens` begins with `tokens`, but not with `token`. No text begins with nothing.
fn begins_with_words(text: &str, words: &str) -> bool {
    let is_inside = |c: char| c.is_alphanumeric() || c == '_';
    let ends_inside = words.ends_with(is_inside);
    !words.is_empty()
        && text
            .strip_prefix(words)
            .is_some_and(|rest| !(ends_inside && rest.starts_with(is_inside)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expectation_is_whole_words() {
        let failed = "UserLambdaValidationException: PreSignUp failed with error no.";
        for (text, words) in [
            ("tokens", "tokens"),
            ("success: a code is on its way", "success"),
            ("success: a code is on its way", "success: "),
            (
                "challenge CUSTOM_CHALLENGE with hint",
                "challenge CUSTOM_CHALLENGE",
            ),
            (failed, "UserLambdaValidationException"),
            (failed, "UserLambdaValidationException: PreSignUp failed"),
        ] {
            assert!(begins_with_words(text, words), "{words}");
        }
        for (text, words) in [
            ("tokens", ""),
            ("tokens", "t"),
            ("tokens", "token"),
            ("tokens", "tokens "),
            ("challenge CUSTOM_CHALLENGE with hint", "challenge CUSTOM"),
            (failed, "UserLambda"),
        ] {
            assert!(!begins_with_words(text, words), "{words}");
        }
    }
}
