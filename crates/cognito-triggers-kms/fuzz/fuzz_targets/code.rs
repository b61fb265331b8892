//! Any text as the code of an event, through the decryptor as a function has it: base64, public key and signature
//! included. What opens is what somebody who may use the key once sealed.
//!
//! The first byte says whose event it is: that of one of the known messages.

#![no_main]

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::LazyLock;
use std::task::{Context, Poll, Waker};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cognito_triggers_kms::{DataKey, Decrypt, Decryptor, Kms, KmsError, KmsErrorKind, SenderEvent};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

struct Known {
    row: Value,
    decryptor: Decryptor,
}

/// The rows that open, in their order.
static KNOWN: LazyLock<Vec<Known>> = LazyLock::new(|| {
    let rows: Vec<Value> =
        serde_json::from_str(include_str!("../../../../tests/kms/known_answers.json")).unwrap();
    let known = rows.into_iter().filter(|row| row["opens"].is_string());
    let known: Vec<_> = known.map(known_of).collect();
    for known in &known {
        let code = known.row["code"].as_str().unwrap();
        assert!(open(known, code).is_some(), "{}", known.row["name"]);
    }
    known
});

fn known_of(row: Value) -> Known {
    let decryptor = Decryptor::builder()
        .key_arn(row["key_arn"].as_str().unwrap())
        .pool(row["event_pool"].as_str().unwrap())
        .max_data_keys(row["max_data_keys"].as_u64().unwrap_or(1) as usize)
        .kms(RowKms(row.clone()))
        .build()
        .unwrap();
    Known { row, decryptor }
}

/// Decrypts the row's data keys under the row's context, as KMS would.
struct RowKms(Value);

impl Kms for RowKms {
    async fn decrypt(&self, call: Decrypt<'_>) -> Result<DataKey, KmsError> {
        let context: BTreeMap<String, String> = serde_json::from_value(self.0["context"].clone()).unwrap();
        let key = &self.0["data_keys"][STANDARD.encode(call.ciphertext)];
        match key.as_str().filter(|_| *call.encryption_context == context) {
            Some(key) => Ok(DataKey::new(call.key_arn, STANDARD.decode(key).unwrap())),
            None => Err(KmsError::new(KmsErrorKind::InvalidCiphertext, "not one of the row's")),
        }
    }
}

struct RowEvent<'a> {
    row: &'a Value,
    code: &'a str,
}

impl SenderEvent for RowEvent<'_> {
    fn code(&self) -> Option<&str> {
        Some(self.code)
    }

    fn user_pool_id(&self) -> &str {
        self.row["event_pool"].as_str().unwrap()
    }

    fn is_temporary_password(&self) -> bool {
        self.row["temporary_password"] == true
    }
}

/// Nothing in it waits, so one poll is enough.
fn open(known: &Known, code: &str) -> Option<String> {
    let event = RowEvent { row: &known.row, code };
    let opening = pin!(known.decryptor.open(&event));
    match opening.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(opened) => opened.ok()?.map(|code| code.expose().to_owned()),
        Poll::Pending => unreachable!("nothing to wait for"),
    }
}

fuzz_target!(|bytes: &[u8]| {
    let Some((&which, code)) = bytes.split_first() else {
        return;
    };
    let (Some(known), Ok(code)) = (KNOWN.get(usize::from(which)), std::str::from_utf8(code)) else {
        return;
    };
    if let Some(opened) = open(known, code) {
        assert_eq!(known.row["opens"], *opened, "a forgery");
    }
});
