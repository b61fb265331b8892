//! The router in this process.

use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant, SystemTime},
};

use cognito_triggers::{ErrorType, Function, Router};
use lambda_runtime::Context;

use crate::{Call, Log, Outcome, Reply, Target, Trouble, process::request_id};

/// The router in this process: no server, no child, and a debugger reaches the handlers.
///
/// What a handler logs goes where the process logs; of a refusal, the report shows what the logs would say. A handler
/// that blocks its thread blocks the replay; [`Process`](crate::Process) doesn't have that limit.
pub struct InProcess<S> {
    function: Function<S>,
    calls: AtomicU64,
}

impl<S> InProcess<S> {
    /// The router with the state that its handlers reach.
    pub fn new(router: Router<S>, app: impl Into<Arc<S>>) -> Self {
        Self {
            function: router.with_state(app),
            calls: AtomicU64::new(0),
        }
    }
}

impl<S: Send + Sync + 'static> Target for InProcess<S> {
    fn call(&self, call: Call) -> Pin<Box<dyn Future<Output = Reply> + Send + '_>> {
        Box::pin(async move {
            let mut context = Context::default();
            context.request_id = request_id(self.calls.fetch_add(1, Ordering::Relaxed) + 1);
            context.deadline = deadline_ms(call.deadline);
            let start = Instant::now();
            let log = Log::default();
            let answer = self.function.answer(call.event, context);
            let outcome = match tokio::time::timeout(call.deadline, answer).await {
                Ok(Ok(answer)) => Outcome::answer(answer.as_bytes()),
                Ok(Err(refusal)) => {
                    if refusal.error_type() != ErrorType::Rejected {
                        log.push(refusal.detail().as_bytes());
                    }
                    Outcome::Refused {
                        error_type: refusal.error_type().to_string(),
                        message: refusal.message().to_owned(),
                    }
                }
                Err(_) => Outcome::Broken(Trouble::TimedOut { after: call.deadline }),
            };
            Reply {
                outcome,
                took: start.elapsed(),
                log,
            }
        })
    }
}

/// A deadline as Lambda writes it: milliseconds since 1970.
pub(crate) fn deadline_ms(after: Duration) -> u64 {
    let at = SystemTime::now() + after;
    let since = at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
