//! Which triggers and messages belong to a call.
//!
//! A call may fire triggers deep inside a flow, a page or an endpoint. Instead of passing a collector through all of them, the
//! task that runs the call has one. A call that a function makes from within another one has its own.

use std::cell::RefCell;

use serde_json::Value;

use super::running::Guard;

tokio::task_local! {
    /// What the call of this task did so far.
    static TRACE: RefCell<Traced>;
}

/// What a call did besides answering.
#[derive(Debug, Default)]
pub(crate) struct Traced {
    /// Notes that the call runs.
    running: Option<Guard>,
    /// The numbers of the triggers, in order.
    pub(super) triggers: Vec<u64>,
    /// The numbers of the messages, in order.
    pub(super) messages: Vec<u64>,
    /// The names of the drills that were used, in order.
    pub(super) drills: Vec<String>,
    /// `userName` in the latest event.
    pub(super) user_name: Option<String>,
    /// The answer of an endpoint whose caller gets it as a body.
    pub(super) answer: Option<Value>,
    /// The number of the first change of the state.
    first_change: Option<u64>,
}

impl Traced {
    /// The answer of an endpoint, if it has noted one.
    pub(crate) fn answer(&self) -> Option<&Value> {
        self.answer.as_ref()
    }

    /// The number of the first change of the state that was [noted](note_change). `None` if the call changed nothing.
    pub(crate) fn first_change(&self) -> Option<u64> {
        self.first_change
    }
}

/// Runs a call, and returns what it did with its result. `running` notes that it runs.
pub(crate) async fn run<T>(running: impl Into<Option<Guard>>, call: impl Future<Output = T>) -> (T, Traced) {
    let begun = Traced {
        running: running.into(),
        ..Traced::default()
    };
    let traced = async {
        let result = call.await;
        let traced = TRACE.try_with(RefCell::take).unwrap_or_default();
        (result, traced)
    };
    TRACE.scope(RefCell::new(begun), traced).await
}

/// Notes that the current call has fired a trigger. Outside a call it has no effect, as all notes.
pub(crate) fn note_trigger(seq: u64, user_name: String) {
    note(|traced| {
        traced.triggers.push(seq);
        traced.user_name = Some(user_name);
    });
}

/// Notes that the current call has sent a message.
pub(crate) fn note_message(seq: u64) {
    note(|traced| traced.messages.push(seq));
}

/// Notes that the current call waits for the function of a trigger, or that it doesn't any more.
pub(crate) fn note_waiting(source: Option<String>) {
    note(|traced| {
        if let Some(running) = &traced.running {
            running.waits_for(source);
        }
    });
}

/// Notes that a drill was used in the current call.
pub(crate) fn note_drill(name: &str) {
    note(|traced| traced.drills.push(name.to_owned()));
}

/// Notes that the current call changes the state. `number` makes the number of the change; it is called once for each call.
pub(crate) fn note_change(number: impl FnOnce() -> u64) {
    note(|traced| {
        traced.first_change.get_or_insert_with(number);
    });
}

/// Notes the answer of the current call, if its result isn't the answer.
pub(crate) fn note_answer(answer: &Value) {
    note(|traced| traced.answer = Some(answer.clone()));
}

fn note(change: impl FnOnce(&mut Traced)) {
    // Outside a call there is nobody to tell.
    let _ = TRACE.try_with(|traced| {
        if let Ok(mut traced) = traced.try_borrow_mut() {
            change(&mut traced);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_call_within_a_call_keeps_its_own_triggers() {
        let (inner, outer) = run(None, async {
            note_trigger(1, "ana".to_owned());
            let ((), inner) = run(None, async { note_trigger(2, "ben".to_owned()) }).await;
            note_trigger(3, "ana".to_owned());
            inner
        })
        .await;
        assert_eq!(
            (inner.triggers, inner.user_name.as_deref()),
            (vec![2], Some("ben"))
        );
        assert_eq!(
            (outer.triggers, outer.user_name.as_deref()),
            (vec![1, 3], Some("ana"))
        );
        note_trigger(4, String::new());
    }
}
