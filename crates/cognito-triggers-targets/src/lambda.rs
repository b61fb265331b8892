//! Limits and values in the form that Lambda has them: the longest response, ARNs, trace ids, deadlines.
//!
//! Source: <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>

use std::time::{Duration, SystemTime};

/// The longest response of a synchronous call, in bytes: 6 MB and 100 bytes, as Lambda's own error text has it.
pub(crate) const MAX_RESPONSE: usize = 6 * 1024 * 1024 + 100;

/// The X-Ray trace of every call. Nothing is sampled.
pub(crate) const TRACE_ID: &str = "Root=1-00000000-000000000000000000000000;Sampled=0";

/// The ARN of a function. Account and region are those of the samples.
pub(crate) fn function_arn(name: &str) -> String {
    format!("arn:aws:lambda:eu-central-1:123456789012:function:{name}")
}

/// The end of a time limit that starts now, in milliseconds since 1970-01-01 UTC; the largest number for a limit that ends
/// after all times of this system.
pub(crate) fn deadline_ms(timeout: Duration) -> u64 {
    let Some(deadline) = SystemTime::now().checked_add(timeout) else {
        return u64::MAX;
    };
    let since = deadline
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_beyond_all_times_has_the_last_deadline() {
        assert_eq!(deadline_ms(Duration::MAX), u64::MAX);
        assert!(deadline_ms(Duration::from_secs(5)) < u64::MAX);
    }
}
