//! Many calls for one key, each with a client of its own.

use std::{sync::Arc, time::Duration};

use cognito_triggers::once::IfStoreFails;
use cognito_triggers_dynamodb::DynamoStore;

use crate::support::{Counter, client, context, event, moto, once, table};

const CALLERS: usize = 64;

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
#[ignore = "needs moto: tests/dynamodb/run.sh"]
async fn of_64_callers_one_does_it_and_all_get_its_answer() {
    table("race").await;
    let (counter, start) = (
        Arc::new(Counter::default()),
        Arc::new(tokio::sync::Barrier::new(CALLERS)),
    );
    let callers: Vec<_> = (0..CALLERS)
        .map(|_| {
            let (counter, start) = (Arc::clone(&counter), Arc::clone(&start));
            tokio::spawn(async move {
                // The limits are far above what moto takes for 64 requests, so that none of them decides.
                let once = once(DynamoStore::new(client(&moto()), "race"));
                let effect = once
                    .effect("count")
                    .if_store_fails(IfStoreFails::Refuse)
                    .answers_in_clear();
                let effect = effect.store_timeout(Duration::from_secs(60));
                let context = context(Duration::from_secs(240));
                start.wait().await;
                let slow = async {
                    tokio::time::sleep(Duration::from_millis(200)).await;
                    counter.count().await
                };
                effect.answer(&context, &event(), slow).await.unwrap()
            })
        })
        .collect();
    for caller in callers {
        assert_eq!(caller.await.unwrap(), 1);
    }
    assert_eq!(counter.total(), 1);
}
