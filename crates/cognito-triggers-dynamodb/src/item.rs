//! A record as an item of the table.

use std::{
    collections::HashMap,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use aws_sdk_dynamodb::types::AttributeValue;
use cognito_triggers::{
    Secret,
    once::{Record, RecordState, StoreError, StoreErrorKind},
};

type Item = HashMap<String, AttributeValue>;

/// The partition key.
pub(crate) const ID: &str = "id";
pub(crate) const TOKEN: &str = "token";
pub(crate) const STATE: &str = "state";
/// When the lease of a mark ends, in milliseconds.
pub(crate) const LEASE: &str = "lease_ms";
/// When the item counts as absent, in milliseconds.
pub(crate) const EXPIRES: &str = "expires_ms";
/// The time to live: when DynamoDB may delete the item, in seconds. It does so within days, so the store reads [`EXPIRES`].
pub(crate) const TTL: &str = "expires_at";
const ANSWER: &str = "answer";

pub(crate) const IN_PROGRESS: &str = "in progress";
pub(crate) const DONE: &str = "done";

/// How much later DynamoDB deletes an item than it expires, so that clocks that differ lose nothing.
const TTL_MARGIN: Duration = Duration::from_secs(60);

/// A point in time in milliseconds since 1970.
pub(crate) fn milliseconds(time: SystemTime) -> AttributeValue {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    AttributeValue::N(since.as_millis().to_string())
}

pub(crate) fn from_record(key: &str, record: &Record) -> Item {
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let expires = record.expires.duration_since(UNIX_EPOCH).unwrap_or_default();
    let ttl = expires.saturating_add(TTL_MARGIN).as_secs();
    let mut item = Item::from([
        (ID.to_owned(), text(key)),
        (TOKEN.to_owned(), AttributeValue::S(record.token.to_string())),
        (EXPIRES.to_owned(), milliseconds(record.expires)),
        (TTL.to_owned(), AttributeValue::N(ttl.to_string())),
    ]);
    match &record.state {
        RecordState::InProgress { lease_until } => {
            item.insert(STATE.to_owned(), text(IN_PROGRESS));
            item.insert(LEASE.to_owned(), milliseconds(*lease_until));
        }
        RecordState::Done { answer } => {
            item.insert(STATE.to_owned(), text(DONE));
            if let Some(answer) = answer {
                item.insert(ANSWER.to_owned(), text(answer.expose()));
            }
        }
    }
    item
}

/// Reads an item.
///
/// # Errors
/// Fails if an attribute is missing or has another type, as in a table that something else writes to.
pub(crate) fn to_record(item: &Item) -> Result<Record, StoreError> {
    let state = match text(item, STATE)? {
        IN_PROGRESS => RecordState::InProgress {
            lease_until: time(item, LEASE)?,
        },
        DONE => RecordState::Done {
            answer: item
                .get(ANSWER)
                .map(|_| text(item, ANSWER))
                .transpose()?
                .map(Secret::new),
        },
        _ => return Err(corrupt(STATE)),
    };
    Ok(Record {
        token: text(item, TOKEN)?.parse()?,
        expires: time(item, EXPIRES)?,
        state,
    })
}

fn text<'a>(item: &'a Item, name: &str) -> Result<&'a str, StoreError> {
    match item.get(name) {
        Some(AttributeValue::S(text)) => Ok(text),
        _ => Err(corrupt(name)),
    }
}

fn time(item: &Item, name: &str) -> Result<SystemTime, StoreError> {
    let Some(AttributeValue::N(number)) = item.get(name) else {
        return Err(corrupt(name));
    };
    let milliseconds = number.parse().map_err(|_| corrupt(name))?;
    let time = UNIX_EPOCH.checked_add(Duration::from_millis(milliseconds));
    time.ok_or_else(|| corrupt(name))
}

fn corrupt(name: &str) -> StoreError {
    let message = format!("an item of the table has no valid `{name}`: give `Once` a table of its own");
    StoreError::new(StoreErrorKind::Corrupt, message)
}

#[cfg(test)]
mod tests {
    use cognito_triggers::once::Token;

    use super::*;

    #[test]
    fn a_record_is_read_as_it_was_written() {
        let at = |milliseconds| UNIX_EPOCH + Duration::from_millis(milliseconds);
        let states = [
            RecordState::InProgress {
                lease_until: at(1_780_315_200_123),
            },
            RecordState::Done { answer: None },
            RecordState::Done {
                answer: Some(Secret::new("sealed:x")),
            },
        ];
        for state in states {
            let record = Record {
                token: Token::random().unwrap(),
                expires: at(1_780_315_230_999),
                state,
            };
            let item = from_record("key", &record);
            assert_eq!(item[TTL], AttributeValue::N("1780315290".to_owned()));
            let read = to_record(&item).unwrap();
            assert_eq!((read.token, read.expires), (record.token, record.expires));
            match (&read.state, &record.state) {
                (RecordState::InProgress { lease_until: read }, RecordState::InProgress { lease_until }) => {
                    assert_eq!(read, lease_until);
                }
                (RecordState::Done { answer: read }, RecordState::Done { answer }) => {
                    assert_eq!(
                        read.as_ref().map(Secret::expose),
                        answer.as_ref().map(Secret::expose)
                    );
                }
                states => panic!("{states:?}"),
            }
        }
    }

    #[test]
    fn an_item_of_something_else_is_refused_by_the_attribute() {
        let mut item = from_record(
            "key",
            &Record {
                token: Token::random().unwrap(),
                expires: SystemTime::now(),
                state: RecordState::Done { answer: None },
            },
        );
        item.insert(EXPIRES.to_owned(), AttributeValue::S("soon".to_owned()));
        let error = to_record(&item).unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Corrupt);
        assert!(error.to_string().contains("`expires_ms`"), "{error}");
    }
}
