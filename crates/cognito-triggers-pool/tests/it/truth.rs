//! The table of Cognito's behavior: for each situation of an operation, the triggers in their order and the answer.
//!
//! The rows are in `tests/truth/`, one file for each group of operations. The id of a row is that of the project's reference, or
//! the member of the API that the row tests. A row has these members:
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
mod shapes;
mod support;
mod table;
mod world;

pub(crate) use self::support::call;

use table::Row;

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

/// The rows of the reference that are left out, with the reason.
const LEFT_OUT: &[(&str, &str)] = &[
    ("CS-12", "it opens a page; a test of the pages does"),
    (
        "CU-04",
        "sources disagree about the medium; the pool sends nothing without a phone number",
    ),
    ("FE-03", "its function links users; a test of managed login does"),
    (
        "MG-14",
        "whether UserMigration runs for a client that hides users isn't known",
    ),
    ("SU-32", "a quota of AWS, which nobody meets here"),
];

#[test]
fn no_row_is_both_present_and_left_out() {
    for (row, reason) in LEFT_OUT {
        let written = format!("\"row\": \"{row}\"");
        let there = FAMILIES.iter().find(|(_, text)| text.contains(&written));
        assert!(there.is_none(), "{row} is there, although {reason}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pool_does_what_the_table_says() {
    let rows = FAMILIES.iter().flat_map(|(family, text)| {
        let rows: Vec<Row> =
            serde_json::from_str(text).unwrap_or_else(|error| panic!("{family}.json: {error}"));
        rows
    });
    let mut tasks = tokio::task::JoinSet::new();
    for row in rows {
        tasks.spawn(async move {
            let differences = world::play(&row).await;
            (row, differences)
        });
    }
    let mut results = tasks.join_all().await;
    results.sort_by(|(one, _), (other, _)| one.row.cmp(&other.row));
    let (mut failures, mut order, mut answers) = (Vec::new(), 0, 0);
    for (row, differences) in &results {
        order += usize::from(row.order_is_firm());
        answers += usize::from(row.answer_is_firm());
        for difference in differences {
            let text = format!("{}: {}\n  {}", row.row, row.title, difference.text);
            if difference.firm {
                failures.push(text);
            } else {
                println!("differs from what is inferred: {text}");
            }
        }
    }
    println!(
        "{} rows; order of {order} and answer of {answers} held",
        results.len()
    );
    assert!(
        failures.is_empty(),
        "{} failures\n{}",
        failures.len(),
        failures.join("\n")
    );
}
