//! What survives a crash, a damaged file and a full disk.

mod crashes;
mod damage;
mod directory;
mod machine;

use std::collections::BTreeMap;

use self::machine::Machine;
use super::log::Log;
use super::record::{Key, Record};
use crate::ids::mix;

/// What is stored, as a model of the log: the values by key.
type Model = BTreeMap<Key, String>;

/// A generator of numbers, the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(1);
        (mix(self.0.wrapping_mul(0x9e37_79b9_7f4a_7c15)) % limit.max(1) as u64) as usize
    }
}

/// Some changes: mostly users that come and go, sometimes a whole pool or everything.
fn changes(random: &mut Random) -> Vec<Record> {
    let one = |random: &mut Random| {
        let pool = ["a", "b"][random.below(2)];
        let key = Key::new(pool, "users", &format!("user {}", random.below(12)));
        match random.below(40) {
            0 => Record::Clear,
            1 => Record::Drop(pool.to_owned()),
            2..8 => Record::Remove(key),
            _ => {
                let length = [20, 300, 1500][random.below(3)];
                let text: String = (0..length)
                    .map(|_| char::from(b'a' + random.below(26) as u8))
                    .collect();
                Record::put(key, &text)
            }
        }
    };
    (0..=random.below(5)).map(|_| one(random)).collect()
}

fn apply(model: &mut Model, records: &[Record]) {
    for record in records {
        match record {
            Record::Clear => model.clear(),
            Record::Drop(pool) => model.retain(|key, _| key.pool != *pool),
            Record::Remove(key) => drop(model.remove(key)),
            Record::Put(key, value) => drop(model.insert(key.clone(), value.clone())),
        }
    }
}

/// What the log has.
fn model(log: &Log) -> Model {
    let mut model = Model::new();
    for record in log.records() {
        apply(&mut model, &[record.unwrap()]);
    }
    model
}

/// A log on a machine that hasn't crashed yet.
fn open(machine: &Machine) -> Result<Log, super::DataError> {
    Log::open(Box::new(machine.clone()))
}
