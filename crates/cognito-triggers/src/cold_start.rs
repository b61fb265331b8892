//! How long the first event of a process has waited for the process.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

/// An event that was already waiting arrives within this time after the process first asks for one.
const WAITING_WINDOW: Duration = Duration::from_millis(100);

/// The start of a process. Cognito counts it into its five seconds if it calls while no process is ready.
///
/// Lambda also starts processes that no event waits for: with provisioned concurrency, and ahead of need. Their first event
/// comes later; only that delay tells the two cases apart.
pub(crate) struct ColdStart {
    began: Instant,
    ready: Instant,
    met: AtomicBool,
}

impl ColdStart {
    /// `began` is when the setup of the process started; `ready` is when the process could take an event.
    pub(crate) fn new(began: Instant, ready: Instant) -> Self {
        Self {
            began,
            ready,
            met: AtomicBool::new(false),
        }
    }

    /// How long an event that arrives at `now` has waited for the process. Zero for every event but the first.
    pub(crate) fn waited(&self, now: Instant) -> Duration {
        let met = self.met.swap(true, Ordering::Relaxed);
        if met || now.saturating_duration_since(self.ready) > WAITING_WINDOW {
            return Duration::ZERO;
        }
        now.saturating_duration_since(self.began)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How long the first two events have waited, of a process that began at 0 and was ready after three seconds.
    fn waited(first_ms: u64, second_ms: u64) -> [u128; 2] {
        let began = Instant::now();
        let after = |ms| began + Duration::from_millis(ms);
        let cold = ColdStart::new(began, after(3000));
        [first_ms, second_ms].map(|ms| cold.waited(after(ms)).as_millis())
    }

    #[test]
    fn the_first_event_has_waited_since_the_start() {
        assert_eq!(waited(3000, 3001), [3000, 0]);
        assert_eq!(waited(3100, 9000), [3100, 0]);
    }

    #[tokio::test]
    async fn a_cold_start_is_deducted_from_the_time_limit() {
        let router: crate::Router<()> = crate::router! { pre_sign_up => |_, _| std::future::pending() };
        let now = Instant::now();
        let began = now.checked_sub(Duration::from_secs(4)).unwrap();
        // Ahead of the event, however long a busy machine takes to bring it.
        let ready = now + Duration::from_secs(60);
        let function = router
            .with_state(())
            .timeout(Duration::from_millis(4050))
            .started(ColdStart::new(began, ready));
        let event = br#"{"triggerSource":"PreSignUp_SignUp"}"#.as_slice();
        let late = function
            .answer(event, lambda_runtime::Context::default())
            .await
            .unwrap_err();
        let (after, start) = late.detail().split_once(" ms; ").unwrap();
        let after: u32 = after.strip_prefix("no answer after ").unwrap().parse().unwrap();
        assert!(
            after <= 50 && start.starts_with("before, the process took 4"),
            "{}",
            late.detail()
        );
    }

    #[test]
    fn a_pre_started_process_deducts_nothing() {
        assert_eq!(waited(3101, 3102), [0, 0]);
        assert_eq!(waited(60_000, 60_001), [0, 0]);
    }
}
