//! The table of what Cognito does: for each situation of an operation, the triggers in their order and the answer.
//!
//! The rows stand in `truth/`, one file for each family, and are keyed by the ids of the project's reference. A row
//! is data:
//!
//! | member | meaning |
//! |---|---|
//! | `row`, `title` | its id, and the situation in words |
//! | `steps`, `result` | on what evidence the triggers and the answer rest: `measured`, `documented` or `inferred` |
//! | `pool`, `client` | settings, as CreateUserPool and CreateUserPoolClient have them; all flows are allowed by default |
//! | `triggers` | what the functions answer (`support::Scripted`); null takes away one that is there by default |
//! | `users` | users to begin with: `name`, `password`, `attributes`, `status`, `groups` |
//! | `given` | steps that lead to the situation |
//! | `call` | the step that the row is about |
//! | `fires` | `triggerSource` of the events of that step, in order |
//! | `events` | what these events hold, by JSON pointer; one object for each event |
//! | `answer` or `error` | what comes back; of an error `class`, `message` (one, or a list of which one fits), `prefix`, `contains` |
//! | `message` | the last message that was sent, as the outbox has it |
//! | `claims` | what the tokens of the answer hold, by token |
//! | `then` | steps that show what is stored afterwards |
//!
//! A step calls an operation (`op`, `in`), moves the clock (`advance`, in seconds), lets a function or a message fail (`drill`) or proves a password with SRP
//! (`proves`, with `op` and `in`). `keep` stores values of its answer under names, `fails` names the error that it
//! has to end with, `answer` holds what its answer has to have. `${name}` in a string stands for a kept value, and
//! for `${pool}`, `${client}`, `${code}` (of the last message), `${srp_a}` and `${secret_hash NAME}`.
//!
//! In expected values `<any>` stands for whatever is there, `<absent>` for nothing, `<jwt>` for a signed token.
//!
//! What is measured or documented has to hold. A difference in what is only inferred is printed, and fails nothing.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test ends at the first thing that it doesn't expect"
)]

mod support;
#[path = "truth/table.rs"]
mod table;
#[path = "truth/world.rs"]
mod world;

use table::Row;

const FAMILIES: &[(&str, &str)] = &[
    ("admin_create_user", include_str!("truth/admin_create_user.json")),
    ("administration", include_str!("truth/administration.json")),
    ("attributes", include_str!("truth/attributes.json")),
    ("confirm", include_str!("truth/confirm.json")),
    ("custom", include_str!("truth/custom.json")),
    (
        "forgotten_password",
        include_str!("truth/forgotten_password.json"),
    ),
    ("functions", include_str!("truth/functions.json")),
    ("migration", include_str!("truth/migration.json")),
    ("new_password", include_str!("truth/new_password.json")),
    ("password", include_str!("truth/password.json")),
    ("passwords", include_str!("truth/passwords.json")),
    ("refresh", include_str!("truth/refresh.json")),
    ("senders", include_str!("truth/senders.json")),
    ("sign_up", include_str!("truth/sign_up.json")),
    ("srp", include_str!("truth/srp.json")),
    ("unknown_users", include_str!("truth/unknown_users.json")),
];

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
