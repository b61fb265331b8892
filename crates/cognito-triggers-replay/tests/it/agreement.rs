//! The router in this process and the compiled binary give the same answer to the same event: every sample, and a
//! thousand mutated samples.

use cognito_triggers_model::{
    json::{Json, Value},
    samples,
};
use cognito_triggers_targets::{InProcess, Invocation, Process, Target};

use crate::{function, support::example};

#[tokio::test]
async fn every_sample_gets_the_same_answer() {
    agree(samples::all().map(|sample| sample.json.to_owned())).await;
}

#[tokio::test]
async fn a_thousand_mutated_events_get_the_same_answer() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let samples: Vec<_> = samples::all().collect();
    let events = (0..1000).map(|_| {
        let mut event = Json::parse(samples[random.below(samples.len())].json).unwrap();
        for _ in 0..=random.below(4) {
            random.spoil(&mut event);
        }
        let text = event.to_string();
        // One in twenty isn't even JSON.
        if random.below(20) == 0 {
            text[..text.len() / 2].to_owned()
        } else {
            text
        }
    });
    let refused = agree(events).await;
    assert!(
        (100..900).contains(&refused),
        "{refused} of 1000 were refused: too many or too few events are valid"
    );
}

/// Checks that both answer alike. Returns how many of the events got an error.
async fn agree(events: impl Iterator<Item = String>) -> usize {
    let here = InProcess::new(function::triggers(), ());
    let there = Process::new(example("function"));
    let mut refused = 0;
    for event in events {
        let one = here.invoke(Invocation::new(event.clone())).await.outcome;
        let other = there.invoke(Invocation::new(event.clone())).await.outcome;
        // Both number their requests alike, so that even the request ids in error texts are the same.
        assert_eq!(one.to_string(), other.to_string(), "{event}");
        assert_eq!(one.document().unwrap(), other.document().unwrap());
        refused += usize::from(one.to_string().starts_with("{\"error\":"));
    }
    refused
}

/// Pseudorandom numbers, the same in every run (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 32).unwrap() % end
    }

    /// Changes a value somewhere in the event.
    fn spoil(&mut self, json: &mut Json) {
        match &mut json.value {
            Value::Object(members) if !members.is_empty() && self.below(6) > 0 => {
                let member = self.below(members.len());
                match self.below(8) {
                    0 => drop(members.remove(member)),
                    1 => {
                        let key = format!("new{}", members.len());
                        members.retain(|member| member.key != key);
                        members.push((key, self.odd()).into());
                    }
                    _ => self.spoil(&mut members[member].value),
                }
            }
            Value::Array(items) if !items.is_empty() && self.below(4) > 0 => {
                let item = self.below(items.len());
                self.spoil(&mut items[item]);
            }
            _ => *json = self.odd(),
        }
    }

    fn odd(&mut self) -> Json {
        let texts = [
            "null",
            "true",
            "\"ü\\ud83d\\ude00\"",
            "1.50",
            "-1e400",
            "[]",
            "{}",
            "\"\"",
            "[{\"a\":null}]",
            "12345678901234567890123",
        ];
        Json::parse(texts[self.below(texts.len())]).unwrap()
    }
}
