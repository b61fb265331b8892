//! What is in the table.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_sdk_dynamodb::types::AttributeValue;
use cognito_triggers::{Event, Secret, UserMigration, once::OnceError};
use cognito_triggers_dynamodb::{AnswerSeal, DynamoStore};

use crate::support::{Counter, context, event, once, table};

#[tokio::test]
#[ignore = "needs moto: tests/dynamodb/run.sh"]
async fn the_table_has_no_secret_and_says_when_an_item_goes() {
    let client = table("stored").await;
    let once = once(DynamoStore::new(client.clone(), "stored"));
    let secret = Secret::new("s".repeat(32));
    let sealed = once.clone().seal_with(AnswerSeal::new(&secret).unwrap());
    let context = context(Duration::from_secs(30));
    let event = Event::<UserMigration>::from_json(
        r#"{"triggerSource":"UserMigration_Authentication","userPoolId":"eu-central-1_a1B2c3D4e","userName":"SECRET-name",
            "request":{"password":"SECRET-password","validationData":{"a":"SECRET-data"}}}"#,
    )
    .unwrap();
    let answer = async || Ok::<_, std::fmt::Error>("SECRET-answer".to_owned());

    // Without a seal nothing is stored and nothing runs.
    let error = once
        .effect("look up")
        .including_secrets()
        .answer(&context, &event, answer())
        .await
        .unwrap_err();
    assert!(matches!(error.find(), Some(OnceError::NoSeal { .. })), "{error}");
    once.effect("count")
        .run(&context, &event, answer())
        .await
        .unwrap();
    let effect = sealed.effect("look up").including_secrets();
    for _ in 0..2 {
        assert_eq!(
            effect.answer(&context, &event, answer()).await.unwrap(),
            "SECRET-answer"
        );
    }

    let items = client.scan().table_name("stored").send().await.unwrap();
    let items = items.items();
    assert_eq!(items.len(), 2);
    assert!(!format!("{items:?}").contains("SECRET"), "{items:?}");
    for item in items {
        let AttributeValue::N(expires) = &item["expires_at"] else {
            panic!("{item:?}")
        };
        let expires = UNIX_EPOCH + Duration::from_secs(expires.parse().unwrap());
        // Thirty seconds and a minute.
        let left = expires.duration_since(SystemTime::now()).unwrap().as_secs();
        assert!((60..=91).contains(&left), "{left}");
        let AttributeValue::S(id) = &item["id"] else {
            panic!("{item:?}")
        };
        assert!(
            id.starts_with("eu-central-1_a1B2c3D4e/UserMigration_Authentication/"),
            "{id}"
        );
    }
}

/// DynamoDB deletes expired items late: moto never does.
#[tokio::test]
#[ignore = "needs moto: tests/dynamodb/run.sh"]
async fn an_expired_item_counts_as_absent_before_it_is_deleted() {
    let once = once(DynamoStore::new(table("expired").await, "expired"));
    let (counter, context) = (Counter::default(), context(Duration::from_secs(30)));
    let effect = once.effect("count").keep(Duration::from_millis(1));
    for expected in [1, 2] {
        let answer = effect.run(&context, &event(), counter.count()).await;
        assert_eq!(answer.unwrap(), Some(expected));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
