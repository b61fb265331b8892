//! In which order calls are made that ran at the same time.
//!
//! A recording has a line for each call as it ends, and the place of each call among the effects: when it first changed what is stored, or
//! else when it ended. The calls are made in the order of their effects. Both other orders are wrong for common sessions:
//!
//! | two calls at the same time | by their starts | by their ends | by their effects |
//! |---|---|---|---|
//! | a second sign-up of the same name fails while the first one sends its code | right | wrong | right |
//! | a sign-in while the function after the confirmation still runs | right | wrong | right |
//! | a sign-up overtakes another one, whose function is slow | wrong | right | right |
//!
//! A call that uses a session, a code or a token of another one comes after it, since the other one stored it first. What the order can't
//! say is that a call saw one state at its start and changed a later one. So a difference in a call that overlapped others names them.

use std::collections::BTreeMap;

use cognito_triggers_pool::recording::{Entry, RecordedCall, is_read_only};

/// Sorts the calls between resets and imports by their effects. Entries of a recording that doesn't say it stay as they are.
pub(super) fn sort(entries: &mut [Entry]) {
    for part in entries.split_mut(|entry| !matches!(entry, Entry::Call(_))) {
        let order = |entry: &Entry| match entry {
            Entry::Call(call) => call.order,
            _ => None,
        };
        if part.iter().all(|entry| order(entry).is_some()) {
            part.sort_by_key(order);
        }
    }
}

/// The calls that ran at the same time as this one, in the same pool, if one of the two may have changed what the other saw.
pub(super) fn overlaps<'r>(calls: impl Iterator<Item = &'r RecordedCall>, call: &RecordedCall) -> Vec<u64> {
    let found = calls.filter(|other| {
        other.seq != call.seq
            && other.user_pool_id.is_some()
            && other.user_pool_id == call.user_pool_id
            && (other.user_name == call.user_name || other.user_name.is_none() || call.user_name.is_none())
            && !(is_read(other) && is_read(call))
            && other.at < end(call)
            && call.at < end(other)
    });
    found.map(|other| other.seq).collect()
}

/// How many calls began while another call about the same user ran, one of which changed something.
pub(super) fn count_overlaps<'r>(calls: impl Iterator<Item = &'r RecordedCall>) -> usize {
    let mut of_users: BTreeMap<_, Vec<&RecordedCall>> = BTreeMap::new();
    for call in calls {
        if let (Some(pool), Some(user)) = (&call.user_pool_id, &call.user_name) {
            of_users.entry((pool, user)).or_default().push(call);
        }
    }
    let counts = of_users.into_values().map(|mut calls| {
        calls.sort_by_key(|call| call.at);
        let mut count = 0;
        // The latest end of all calls so far, and of those that change something.
        let (mut latest, mut latest_change) = (i64::MIN, i64::MIN);
        for call in calls {
            let before = if is_read(call) { latest_change } else { latest };
            count += usize::from(call.at < before);
            latest = latest.max(end(call));
            if !is_read(call) {
                latest_change = latest_change.max(end(call));
            }
        }
        count
    });
    counts.sum()
}

/// When a call ended, by the clock of its pool.
fn end(call: &RecordedCall) -> i64 {
    let took = i64::try_from(call.took_ms).unwrap_or(i64::MAX);
    call.at.saturating_add(took)
}

fn is_read(call: &RecordedCall) -> bool {
    is_read_only(&call.operation)
}

#[cfg(test)]
mod tests {
    use cognito_triggers_pool::recording::Recording;
    use serde_json::{Value, json};

    use super::*;

    fn call(seq: u64, order: Option<u64>, operation: &str, user: &str, at: i64, took: u64) -> Value {
        let mut call = json!({
            "seq": seq, "operation": operation, "isEndpoint": false, "byFunction": false, "userPoolId": "p", "clientId": null,
            "userName": user, "at": at, "tookMs": took, "request": {}, "answer": null, "error": null, "triggers": [], "messages": [],
        });
        if let Some(order) = order {
            call["order"] = json!(order);
        }
        json!({ "call": call })
    }

    fn recording(entries: &[Value]) -> Recording {
        let header = json!({ "recording": 1, "endpoint": "", "awsIssuer": false, "state": {} });
        let lines: Vec<_> = [&header]
            .into_iter()
            .chain(entries)
            .map(Value::to_string)
            .collect();
        Recording::parse(lines.join("\n") + "\n").unwrap()
    }

    #[test]
    fn calls_are_sorted_by_effect_between_resets() {
        let mut played = recording(&[
            call(1, Some(2), "SignUp", "ana", 0, 9),
            call(2, Some(1), "SignUp", "ana", 0, 9),
            json!({ "done": "reset" }),
            call(3, Some(1), "SignUp", "ana", 0, 9),
            call(4, Some(7), "SignUp", "ana", 0, 9),
            call(5, Some(3), "SignUp", "ana", 0, 9),
        ]);
        sort(&mut played.entries);
        let order: Vec<_> = played.calls().map(|call| call.seq).collect();
        assert_eq!(order, [2, 1, 3, 5, 4]);
        // One that doesn't say its place: nothing is known of the others then.
        let mut played = recording(&[
            call(1, Some(2), "SignUp", "ana", 0, 9),
            call(2, None, "SignUp", "ana", 0, 9),
        ]);
        sort(&mut played.entries);
        assert_eq!(played.calls().next().map(|call| call.seq), Some(1));
    }

    #[test]
    fn only_calls_that_may_disturb_each_other_overlap() {
        let played = recording(&[
            call(1, None, "InitiateAuth", "ana", 0, 100),
            call(2, None, "ChangePassword", "ana", 50, 10),
            call(3, None, "GetUser", "ana", 20, 10),
            call(4, None, "GetUser", "ana", 25, 10),
            call(5, None, "SignUp", "ben", 50, 10),
            call(6, None, "ForgotPassword", "ana", 100, u64::MAX),
            call(7, None, "ForgotPassword", "ana", i64::MAX, 1),
        ]);
        let overlapping = |seq: u64| {
            let call = played.calls().find(|call| call.seq == seq).unwrap();
            overlaps(played.calls(), call)
        };
        assert_eq!(overlapping(1), [2, 3, 4]);
        assert_eq!(overlapping(3), [1]);
        assert_eq!(overlapping(5), [0; 0]);
        assert_eq!(overlapping(6), [0; 0], "it began when the first one ended");
        assert_eq!(count_overlaps(played.calls()), 3);
    }

    #[test]
    fn an_operation_called_get_may_change_something() {
        for (operation, overlapping) in [
            ("GetUser", 0),
            ("GetTokensFromRefreshToken", 1),
            ("GetUserAttributeVerificationCode", 1),
        ] {
            let played = recording(&[
                call(1, None, operation, "ana", 0, 100),
                call(2, None, operation, "ana", 50, 10),
            ]);
            assert_eq!(count_overlaps(played.calls()), overlapping, "{operation}");
            let first = played.calls().next().unwrap();
            assert_eq!(overlaps(played.calls(), first).len(), overlapping, "{operation}");
        }
    }
}
