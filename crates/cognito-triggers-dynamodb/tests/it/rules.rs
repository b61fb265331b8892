//! The conditions of the table, compared with the store in memory, which follows `Record::claimed_by`.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cognito_triggers::{
    Secret,
    once::{Claim, Claimed, Finish, MemoryStore, Release, Store, Token},
};
use cognito_triggers_dynamodb::DynamoStore;

use crate::support::table;

/// Numbers that look random and are the same in each run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

fn readable(claimed: &Claimed) -> String {
    match claimed {
        Claimed::Taken => "taken".to_owned(),
        Claimed::Busy { lease_until } => format!("busy until {lease_until:?}"),
        Claimed::Done { answer } => format!("done with {:?}", answer.as_ref().map(Secret::expose)),
    }
}

#[tokio::test]
#[ignore = "needs moto: tests/dynamodb/run.sh"]
async fn table_and_memory_agree_on_every_step() {
    let store = DynamoStore::new(table("rules").await, "rules");
    let memory = MemoryStore::new();
    let tokens = [(); 3].map(|()| Token::random().unwrap());
    let answer = Secret::new("json:1");
    let (mut numbers, mut seen) = (Numbers(17), std::collections::BTreeMap::<String, u32>::new());
    let mut held = std::collections::BTreeMap::new();
    for step in 0..900 {
        let key = ["one", "two"][numbers.below(2) as usize];
        let token = tokens[numbers.below(3) as usize];
        // Times go forward and, as clocks that differ, a little back.
        let now: SystemTime =
            UNIX_EPOCH + Duration::from_secs(1_780_000_000 + step) - Duration::from_secs(numbers.below(3));
        let lease_until = now + Duration::from_millis(1 + numbers.below(4000));
        let expires = lease_until + Duration::from_millis(numbers.below(9000));
        // Memory forgets what has expired, and a table may still have it: no call holds it any more.
        let is_held = held
            .get(key)
            .is_some_and(|expires| *expires > UNIX_EPOCH + Duration::from_secs(1_780_000_000 + step));
        let outcome = match numbers.below(6) {
            4.. if !is_held => continue,
            0..4 => {
                let take_over = numbers.below(2) == 0;
                let claim = Claim {
                    key,
                    token,
                    now,
                    lease_until,
                    expires,
                    take_over,
                };
                let (there, here) = (
                    store.claim(&claim).await.unwrap(),
                    memory.claim(&claim).await.unwrap(),
                );
                assert_eq!(readable(&there), readable(&here), "step {step}: {claim:?}");
                if matches!(here, Claimed::Taken) {
                    held.insert(key, expires);
                }
                readable(&here).split(' ').next().unwrap().to_owned()
            }
            4 => {
                let answer = (numbers.below(2) == 0).then_some(&answer);
                let finish = Finish {
                    key,
                    token,
                    answer,
                    expires,
                };
                let (there, here) = (
                    store.finish(&finish).await.unwrap(),
                    memory.finish(&finish).await.unwrap(),
                );
                assert_eq!(there, here, "step {step}: {finish:?}");
                if here {
                    held.insert(key, expires);
                }
                format!("finish {here}")
            }
            _ => {
                let release = Release { key, token };
                let (there, here) = (
                    store.release(&release).await.unwrap(),
                    memory.release(&release).await.unwrap(),
                );
                assert_eq!(there, here, "step {step}: {release:?}");
                format!("release {here}")
            }
        };
        *seen.entry(outcome).or_default() += 1;
    }
    let often = [
        "taken",
        "busy",
        "done",
        "finish true",
        "finish false",
        "release true",
        "release false",
    ];
    assert!(
        often
            .iter()
            .all(|outcome| seen.get(*outcome).is_some_and(|times| *times >= 5)),
        "{seen:?}"
    );
}
