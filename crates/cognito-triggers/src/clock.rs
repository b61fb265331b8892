//! The time of day.

use std::time::SystemTime;

use tokio::time::Instant;

/// Tells the time of day: the system's, or one that starts at a moment that a test chooses.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock(Option<Start>);

#[derive(Clone, Copy, Debug)]
struct Start {
    time: SystemTime,
    at: Instant,
}

impl Clock {
    /// The clock of the system.
    pub(crate) const fn system() -> Self {
        Self(None)
    }

    /// A clock that shows this time now and goes on with tokio's clock, which a test may pause.
    #[cfg(feature = "testing")]
    pub(crate) fn starting_at(time: SystemTime) -> Self {
        Self(Some(Start {
            time,
            at: Instant::now(),
        }))
    }

    pub(crate) fn now(&self) -> SystemTime {
        match self.0 {
            Some(start) => start.time + start.at.elapsed(),
            None => SystemTime::now(),
        }
    }
}
