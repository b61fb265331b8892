//! The table of Cognito's behavior: for each situation of an operation, the triggers in their order and the answer.
//!
//! The rows are in `tests/truth/`, one file for each group of operations; `README.md` there says which are left out. The id of a row
//! is that of the reference, or the member of the API that the row tests. A row has these members:
//!
//! | member | meaning |
//! |---|---|
//! | `row`, `title` | the id, and a description of the situation |
//! | `steps`, `result` | the evidence for the triggers and for the answer: `measured`, `documented` or `inferred` |
//! | `pool`, `client` | settings from the input of CreateUserPool and CreateUserPoolClient; all flows are allowed by default |
//! | `triggers` | what the functions answer (`support::Scripted`); null removes a default one |
//! | `users` | the initial users: `name`, `password`, `attributes`, `status`, `groups` |
//! | `given` | steps that lead to the situation |
//! | `call` | the step that the row tests |
//! | `fires` | `triggerSource` of the events of that step, in order |
//! | `events` | the expected values in these events, by JSON pointer; one object for each event |
//! | `answer` or `error` | the expected answer, or the `class`, `message` (one, or an array of which one has to match), `prefix` or `contains` of the error |
//! | `message` | the last message in the outbox |
//! | `claims` | the expected claims in the tokens of the answer, by token |
//! | `then` | steps that check the state afterwards |
//!
//! A step calls an operation (`op`, `in`), moves the clock (`advance`, in seconds), makes a function or a message fail
//! (`drill`), sends a request as a browser or an OAuth client (`web`, see `Web`), or proves a password with SRP
//! (`proves`, with `op` and `in`). `keep` stores values of its answer under names,
//! `fails` names the expected error, and `answer` has the expected members of its answer. `${name}` in a string stands for
//! a stored value.
//! `${pool}`, `${client}`, `${code}` (of the last message), `${srp_a}` and `${secret_hash NAME}` are always available. `${totp
//! NAME}` is the code of an authenticator app whose secret is stored as NAME, `${wrong_totp NAME}` a wrong one. `${device_salt}` and
//! `${device_verifier}` are those of the device whose keys are stored as `device` and `group`. `${new_passkey}` and `${passkey}` are what a
//! browser returns for the options in the last answer.
//!
//! In expected values `<any>` stands for any value, `<absent>` for a missing one, `<jwt>` for a signed token.
//!
//! Every event that a row fires also has the keys, types and nulls of its source (`shapes`).
//!
//! A difference from a measured or documented expectation fails the test. A difference from an inferred one is only printed.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a failed expectation ends the test"
)]

mod expected;
mod played;
mod shapes;
mod support;
mod table;
mod world;

pub(crate) use self::support::{call, fail_next};

use std::collections::BTreeSet;
use std::sync::Arc;

use table::Row;
use tokio::sync::Semaphore;

/// Files of `truth/` by name.
macro_rules! families {
    ($($name:literal,)+) => {
        &[$(($name, include_str!(concat!("../truth/", $name, ".json")))),+]
    };
}

const FAMILIES: &[(&str, &str)] = families![
    "admin_create_user",
    "administration",
    "attributes",
    "challenge",
    "choice",
    "client_credentials",
    "confirm",
    "custom",
    "devices",
    "domains",
    "federation",
    "forgotten_password",
    "functions",
    "linked_users",
    "managed_login",
    "members_of_sign_in",
    "members_of_users",
    "mfa",
    "migration",
    "new_password",
    "oauth",
    "passkeys",
    "password",
    "passwords",
    "refresh",
    "resource_servers",
    "senders",
    "sign_up",
    "srp",
    "unknown_users",
];

#[test]
fn every_source_of_the_table_of_events_is_fired() {
    let fires = |source: &str| {
        FAMILIES
            .iter()
            .any(|(_, text)| text.contains(&format!("\"{source}\"")))
    };
    let never: Vec<_> = shapes::sources()
        .into_iter()
        .filter(|source| !fires(source))
        .collect();
    assert_eq!(never, Vec::<&str>::new());
}

/// What is said about rows of the reference that aren't here or that rest on less.
const README: &str = include_str!("../truth/README.md");

/// The ids of the reference, each with the evidence for the order and for the answer.
const REFERENCE: &str = include_str!("../truth/reference.txt");

/// The rows in the table of the README below this header.
fn listed(header: &str) -> BTreeSet<&'static str> {
    let (_, table) = README
        .split_once(&format!("| row | {header} |\n|---|---|\n"))
        .unwrap();
    let rows = table.lines().take_while(|line| line.starts_with("| "));
    rows.map(|line| line.split(' ').nth(1).unwrap()).collect()
}

/// All rows, with the names of their files.
fn rows() -> impl Iterator<Item = Row> {
    FAMILIES.iter().flat_map(|(family, text)| {
        let rows: Vec<Row> =
            serde_json::from_str(text).unwrap_or_else(|error| panic!("{family}.json: {error}"));
        rows
    })
}

#[test]
fn every_row_of_the_reference_is_there_or_left_out() {
    let (there, left_out): (BTreeSet<_>, _) =
        (rows().map(|row| row.row).collect(), listed("why it is left out"));
    let mut count = 0;
    for line in REFERENCE.lines() {
        let id = line.split(' ').next().unwrap();
        assert_ne!(
            there.contains(id),
            left_out.contains(id),
            "{id} is neither here nor left out, or both"
        );
        count += 1;
    }
    assert_eq!(count, 407);
}

#[test]
fn no_row_rests_on_less_than_the_reference() {
    let left_out = listed("why it is left out");
    let rows: Vec<_> = rows().collect();
    let (mut orders, mut answers) = (0, 0);
    for line in REFERENCE.lines() {
        let [id, order, answer] = line.split(' ').collect::<Vec<_>>().try_into().unwrap();
        let of_id = || rows.iter().filter(|row| row.row == id);
        let order_holds = order == "inferred" || of_id().any(Row::order_is_firm);
        let answer_holds = answer == "inferred" || of_id().any(Row::answer_is_firm);
        assert!(
            (order_holds && answer_holds) || left_out.contains(id),
            "{id}: {order} {answer}"
        );
        orders += usize::from(order != "inferred" && order_holds);
        answers += usize::from(answer != "inferred" && answer_holds);
    }
    println!("held: {orders} of 225 orders, {answers} of 370 answers");
    assert!(
        orders >= 224 && answers >= 369,
        "{orders} orders, {answers} answers"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pool_does_what_the_table_says() {
    let mut tasks = tokio::task::JoinSet::new();
    // The clock of a pool runs while a row is played, so that all rows at once would pass the ends of lockouts and codes.
    let few = Arc::new(Semaphore::new(16));
    for row in rows() {
        let few = Arc::clone(&few);
        tasks.spawn(async move {
            let _permit = few.acquire_owned().await;
            let played = world::play(&row).await;
            (row, played)
        });
    }
    let mut results = tasks.join_all().await;
    results.sort_by(|(one, _), (other, _)| one.row.cmp(&other.row));
    let (mut failures, mut order, mut answers) = (Vec::new(), 0, 0);
    let rows = results.len();
    for (row, played) in results {
        order += usize::from(row.order_is_firm());
        answers += usize::from(row.answer_is_firm());
        for difference in &played.differences {
            let text = format!("{}: {}\n  {}", row.row, row.title, difference.text);
            if difference.firm {
                failures.push(text);
            } else {
                println!("differs from what is inferred: {text}");
            }
        }
        if !played.survives_a_restart().await {
            failures.push(format!("{}: a restart changes what is stored", row.row));
        }
    }
    println!("{rows} rows; order of {order} and answer of {answers} held");
    assert!(
        failures.is_empty(),
        "{} failures\n{}",
        failures.len(),
        failures.join("\n")
    );
}
