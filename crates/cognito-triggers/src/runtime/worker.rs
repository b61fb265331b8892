//! The loop that takes events and sends answers, once for each call that may run at a time.

use std::{pin::pin, sync::Arc, time::Duration};

use cognito_triggers_model::{answer::Answer, payload::Payload};
use lambda_runtime::{Config, LambdaEvent, tower::Service};
use tokio::{sync::watch, task::JoinSet};

use super::{
    api::{ApiError, Invocation, Outcome, RuntimeApi},
    environment::Environment,
    service,
};
use crate::{
    call_log::{self, HeldLogs},
    catch_panic::catch_panic,
    error::BoxError,
    recorder::Calls,
};

/// The pause after the first failure of the Runtime API. It doubles with each further one, up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// How long a pending request for an event may continue after SIGTERM, in case an event is on its way.
const SHUTDOWN_GRACE: Duration = Duration::from_millis(50);

/// After so many failures in a row, about five seconds, the process ends, so that Lambda starts a new one.
const MOST_FAILURES: u32 = 8;

/// How many times an answer is sent if the connection breaks.
const SENDS: u32 = 3;

/// Serves events until SIGTERM arrives or the Runtime API fails for good. With `holds_logs`, an answer is sent before the
/// line about its call is written. `calls` counts the calls.
pub(super) async fn serve<N>(
    service: N,
    environment: Environment,
    holds_logs: bool,
    calls: Option<Arc<Calls>>,
) -> Result<(), BoxError>
where
    N: Service<LambdaEvent<Payload>, Response = Answer> + Clone + Send + 'static,
    N::Error: Into<BoxError>,
    N::Future: Send,
{
    let address = Arc::new(environment.runtime_api);
    let config = Arc::new(environment.config);
    let (stop, stopped) = watch::channel(false);
    // Before a worker asks for an event: from then on, the process can be asked to end.
    let mut terminated = pin!(terminated());
    let mut workers = JoinSet::new();
    for _ in 0..environment.max_concurrency {
        let worker = Worker {
            service: service.clone(),
            api: RuntimeApi::new(Arc::clone(&address)),
            config: Arc::clone(&config),
            holds_logs,
            calls: calls.clone(),
            stopped: stopped.clone(),
        };
        workers.spawn(worker.run());
    }
    drop(service);
    let mut result = Ok(());
    let mut terminating = false;
    loop {
        tokio::select! {
            ended = workers.join_next() => {
                let ended = match ended {
                    None => return result,
                    Some(Ok(ended)) => ended.map_err(BoxError::from),
                    Some(Err(panic)) => Err(panic.into()),
                };
                // One that fails for good ends all: the others answer what they have.
                if ended.is_err() && result.is_ok() {
                    result = ended;
                }
                stop.send_replace(true);
            }
            () = &mut terminated, if !terminating => {
                terminating = true;
                tracing::info!("SIGTERM: calls under way are answered, and no further ones are taken");
                stop.send_replace(true);
            }
        }
    }
}

/// Ends when the process is asked to end. It listens from the call on, not only from the first poll.
fn terminated() -> impl Future<Output = ()> {
    // Without an IO driver the signal can't be caught; it then ends the process as without a handler.
    #[cfg(unix)]
    let signal = catch_panic(|| {
        use tokio::signal::unix::{SignalKind, signal};
        signal(SignalKind::terminate())
    });
    async move {
        #[cfg(unix)]
        if let Ok(Ok(mut signal)) = signal {
            signal.recv().await;
            return;
        }
        std::future::pending().await
    }
}

/// One of the loops.
struct Worker<N> {
    service: N,
    api: RuntimeApi,
    config: Arc<Config>,
    holds_logs: bool,
    calls: Option<Arc<Calls>>,
    stopped: watch::Receiver<bool>,
}

impl<N> Worker<N>
where
    N: Service<LambdaEvent<Payload>, Response = Answer>,
    N::Error: Into<BoxError>,
{
    async fn run(mut self) -> Result<(), ApiError> {
        let mut failures = 0;
        loop {
            let Some(next) = self.next().await else {
                return Ok(());
            };
            match next {
                Ok(Some(invocation)) => {
                    failures = 0;
                    let (event, invocation_id) = invocation.into_parts();
                    let request_id = event.context.request_id.clone();
                    tracing::trace!(request_id, event = ?event.payload, "an event came");
                    let calls = self.calls.as_ref();
                    let open = calls.map(|calls| calls.begin(&request_id, &event.payload));
                    let call = service::call(&mut self.service, event);
                    let (result, mut held) = match self.holds_logs {
                        true => call_log::hold(call).await,
                        false => (call.await, HeldLogs::default()),
                    };
                    held.add(open.map(|open| open.end(&result)));
                    let outcome = Outcome::from(result);
                    self.post(&request_id, invocation_id.as_deref(), &outcome, &mut held)
                        .await?;
                }
                Ok(None) => pause(FIRST_PAUSE).await,
                Err(error @ ApiError::Refused(_)) => return Err(error),
                Err(error) => {
                    failures += 1;
                    if failures == MOST_FAILURES {
                        return Err(error);
                    }
                    if failures == 1 {
                        let error: BoxError = error.into();
                        tracing::warn!(error, "no event from the Runtime API; asking again");
                    }
                    let longer = FIRST_PAUSE.saturating_mul(1 << (failures - 1));
                    tokio::select! {
                        _ = self.stopped.wait_for(|stopped| *stopped) => return Ok(()),
                        () = pause(longer.min(LONGEST_PAUSE)) => {}
                    }
                }
            }
        }
    }

    /// Waits for the next event. `None` once the process is to stop.
    ///
    /// An event may arrive together with the stop. Lambda has handed it over then and nobody else answers it, so a request
    /// that is under way has [`SHUTDOWN_GRACE`] to bring one. No request is begun after the stop.
    async fn next(&mut self) -> Option<Result<Option<Invocation>, ApiError>> {
        if *self.stopped.borrow() {
            return None;
        }
        let mut next = pin!(self.api.next(&self.config));
        tokio::select! {
            biased;
            next = &mut next => return Some(next),
            _ = self.stopped.wait_for(|stopped| *stopped) => {}
        }
        // A tokio runtime without a timer can't wait.
        let chance = catch_panic(|| tokio::time::timeout(SHUTDOWN_GRACE, next)).ok()?;
        // Any other result has no event to answer, and no further request is made.
        let last = chance.await.ok()?.ok()??;
        Some(Ok(Some(last)))
    }

    /// Sends an outcome, and writes the logs while it is on its way. An outcome that can't be sent is lost; the worker
    /// continues.
    async fn post(
        &mut self,
        request_id: &str,
        invocation_id: Option<&str>,
        outcome: &Outcome,
        held: &mut HeldLogs,
    ) -> Result<(), ApiError> {
        for send in 1.. {
            let post = self.api.post(request_id, invocation_id, outcome, || held.write());
            match post.await {
                Ok(()) => break,
                Err(error @ ApiError::Refused(_)) => return Err(error),
                Err(ApiError::Broken(_)) if send < SENDS => pause(FIRST_PAUSE * send).await,
                Err(ApiError::Status(500..)) if send < SENDS => {
                    pause(FIRST_PAUSE * send).await;
                }
                Err(error) => {
                    let error: BoxError = error.into();
                    tracing::error!(request_id, error, "the outcome of the call couldn't be sent");
                    break;
                }
            }
        }
        Ok(())
    }
}

/// Waits. Without a timer in the tokio runtime, it goes on at once.
async fn pause(time: Duration) {
    match catch_panic(|| tokio::time::sleep(time)) {
        Ok(sleep) => sleep.await,
        Err(_) => tokio::task::yield_now().await,
    }
}
