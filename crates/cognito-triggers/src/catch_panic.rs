//! Panics as values.

use std::{
    any::Any,
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    task::Poll,
};

/// Runs a closure. Returns its value, or the message of its panic.
pub(crate) fn catch_panic<T>(run: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(run)).map_err(|panic| {
        let message = message(&*panic);
        drop_payload(panic);
        message
    })
}

/// Runs a future. Returns its value, or the message of its panic.
pub(crate) async fn catch_panic_async<F: Future>(future: F) -> Result<F::Output, String> {
    let mut future = pin!(future);
    let poll = |cx: &mut std::task::Context<'_>| match catch_panic(|| future.as_mut().poll(cx)) {
        Ok(poll) => poll.map(Ok),
        Err(message) => Poll::Ready(Err(message)),
    };
    poll_fn(poll).await
}

/// Drops the payload of a panic. The drop may panic too, with a payload whose drop may panic again. Up to four of these
/// panics are caught.
fn drop_payload(payload: Box<dyn Any + Send>) {
    const DEPTH: usize = 4;
    let mut payload = Some(payload);
    for _ in 0..DEPTH {
        let Some(next) = payload.take() else { return };
        payload = catch_unwind(AssertUnwindSafe(|| drop(next))).err();
    }
    // A payload that panics without end is leaked: dropping it once more would end the process.
    std::mem::forget(payload);
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("a value that is not a string").to_owned()
}

#[cfg(test)]
mod tests {
    use std::{
        panic::panic_any,
        sync::{
            Arc,
            atomic::{AtomicUsize, Ordering},
        },
    };

    use super::*;

    /// Panics in its drop as many times as it says.
    struct Bomb(usize, Arc<AtomicUsize>);

    impl Drop for Bomb {
        fn drop(&mut self) {
            self.1.fetch_add(1, Ordering::Relaxed);
            if self.0 > 0 {
                panic_any(Self(self.0 - 1, Arc::clone(&self.1)));
            }
        }
    }

    #[test]
    fn a_payload_that_is_not_a_string_is_freed() {
        let payload = Arc::new([0u8; 4096]);
        let thrown = Arc::clone(&payload);
        let message = catch_panic(move || panic_any(thrown)).unwrap_err();
        assert_eq!(message, "a value that is not a string");
        assert_eq!(Arc::strong_count(&payload), 1);
    }

    #[test]
    fn a_payload_that_panics_in_its_drop_is_freed_too() {
        for depth in [0, 1, 3] {
            let drops = Arc::new(AtomicUsize::new(0));
            let bomb = Bomb(depth, Arc::clone(&drops));
            catch_panic(move || panic_any(bomb)).unwrap_err();
            assert_eq!(
                (drops.load(Ordering::Relaxed), Arc::strong_count(&drops)),
                (depth + 1, 1)
            );
        }
    }

    #[test]
    fn a_message_is_kept() {
        assert_eq!(catch_panic(|| panic!("plain")).unwrap_err(), "plain");
        let formatted = |number: u8| catch_panic(|| panic!("number {number}"));
        assert_eq!(formatted(7).unwrap_err(), "number 7");
    }
}
