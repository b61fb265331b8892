//! The router in this process.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use cognito_triggers::{
    Router,
    function::{ErrorType, Function},
};
use lambda_runtime::Context;

use crate::{
    invoke_error::InvokeError,
    lambda::deadline_ms,
    log::Log,
    outcome::Outcome,
    request_id::stable_id,
    routes::Routes,
    target::{BoxFuture, Invocation, Reply, Target},
};

/// The router in this process: no server and no child process, and a debugger reaches the handlers.
///
/// ```
/// use cognito_triggers::{Router, reject, router, samples};
/// use cognito_triggers_targets::{InProcess, Invocation, Outcome, Target};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let router: Router<()> = router! { pre_sign_up => async |_, _| Err(reject("not invited")) };
/// let function = InProcess::new(router, ());
///
/// let event = samples::find("PreSignUp_SignUp", None, None).unwrap().json;
/// match function.invoke(Invocation::new(event)).await.outcome {
///     Outcome::FunctionError { message, .. } => assert_eq!(message, "not invited"),
///     outcome => panic!("{outcome}"),
/// }
/// # }
/// ```
///
/// What a handler logs goes to this process's own subscriber. The reply's log holds the cause of an error.
///
/// A handler that blocks its thread blocks the caller too, whatever the time limit is. [`Process`](crate::Process) has no
/// such limit.
pub struct InProcess<S> {
    function: Function<S>,
    /// The number of calls so far, from which request ids are made.
    calls: AtomicU64,
}

impl<S> InProcess<S> {
    /// The router, with the state that its handlers use. Request ids count from 1, so that they are the same in every run.
    pub fn new(router: Router<S>, state: impl Into<Arc<S>>) -> Self {
        Self {
            function: router.with_state(state),
            calls: AtomicU64::new(0),
        }
    }
}

impl<S: Send + Sync + 'static> Target for InProcess<S> {
    fn invoke(&self, invocation: Invocation) -> BoxFuture<'_, Reply> {
        Box::pin(async move {
            let mut context = Context::default();
            context.request_id = stable_id(self.calls.fetch_add(1, Ordering::Relaxed) + 1);
            context.deadline = deadline_ms(invocation.timeout);
            let start = Instant::now();
            let log = Log::default();
            let answer = self.function.answer(invocation.event, context);
            let outcome = match tokio::time::timeout(invocation.timeout, answer).await {
                Ok(Ok(answer)) => Outcome::from_response(answer.as_bytes()),
                Ok(Err(refusal)) => {
                    if refusal.error_type() != ErrorType::Rejected {
                        log.push(refusal.detail().as_bytes());
                    }
                    Outcome::FunctionError {
                        error_type: refusal.error_type().to_string(),
                        message: refusal.message().to_owned(),
                    }
                }
                Err(_) => Outcome::InvokeError(InvokeError::TimedOut {
                    after: invocation.timeout,
                }),
            };
            Reply {
                outcome,
                duration: start.elapsed(),
                log,
            }
        })
    }

    fn routes(&self) -> BoxFuture<'_, Option<Routes>> {
        let router = self.function.router();
        let routes = Routes {
            routes: router.routes().map(|route| route.as_str().to_owned()).collect(),
            otherwise: router.otherwise.is_routed(),
        };
        Box::pin(async { Some(routes) })
    }
}
