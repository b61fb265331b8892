//! Arbitrary text as the code of an event, through a whole decryptor: base64, public key and signature included. Only
//! known plaintexts may come out.
//!
//! The first byte selects the event of a known message.

#![no_main]

#[expect(dead_code, reason = "the tests use the other items")]
#[path = "../../tests/messages/rows.rs"]
mod rows;

use std::pin::pin;
use std::sync::LazyLock;
use std::task::{Context, Poll, Waker};

use cognito_triggers_kms::Decryptor;
use libfuzzer_sys::fuzz_target;

use rows::{Row, RowEvent};

struct Known {
    row: Row,
    decryptor: Decryptor,
}

/// The rows that open, in the order of the file.
static KNOWN: LazyLock<Vec<Known>> = LazyLock::new(|| {
    let rows = rows::rows().into_iter();
    let rows = rows.filter(|row| row.opens.is_some() && row.code.is_some());
    let known = rows.map(|row| Known {
        decryptor: rows::decryptor(&row).0,
        row,
    });
    let known: Vec<_> = known.collect();
    for known in &known {
        assert_eq!(
            open(known, known.row.code.as_deref().unwrap()),
            known.row.opens,
            "{}",
            known.row.name
        );
    }
    known
});

/// Opens `code`. The KMS of the rows never waits, so one poll is enough.
fn open(known: &Known, code: &str) -> Option<String> {
    let event = RowEvent {
        row: &known.row,
        code: Some(code),
    };
    let opening = pin!(known.decryptor.open(&event));
    match opening.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(opened) => opened.ok()?.map(|code| code.expose().to_owned()),
        Poll::Pending => unreachable!("the KMS never waits"),
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
        assert_eq!(known.row.opens, Some(opened), "a forged message opened");
    }
});
