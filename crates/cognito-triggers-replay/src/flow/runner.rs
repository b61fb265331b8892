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
    /// Makes the flow's calls, one after the other, and sends the events that Cognito would send.
    pub async fn run(&self, target: &dyn Target) -> Run {
        let mut pool = Pool::new(self, target);
        let mut exchanges = Vec::new();
        for call in &self.calls {
            for repetition in 0..call.times {
                // A call is repeated as an answer to the next challenge only.
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

async fn exchange(pool: &mut Pool<'_>, call: &Call) -> Exchange {
    let (Ok(result) | Err(result)) = call_api(pool, &call.operation).await;
    let text = result.to_string();
    Exchange {
        call: call.operation.to_string(),
        steps: pool.take_steps(),
        expected: call
            .expect
            .clone()
            .filter(|expected| !text.starts_with(expected.as_str())),
        result,
    }
}
