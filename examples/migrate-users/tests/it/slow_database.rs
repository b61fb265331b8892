//! A database that is slow: connections don't pile up.

#![expect(clippy::expect_used, reason = "a test fails by it")]

use std::time::Duration;

use tokio_postgres::{Client, NoTls};

use crate::database::{NO_ANSWER, call, function, sign_in, url};

/// A table that nobody can read, as its lock is never released. The lock has a batch of its own, after the table is committed.
const LOCKED: [&str; 2] = [
    "create table users (email text, email_verified bool, name text, password_hash text, needs_reset bool, disabled bool);
     grant select on users to migrate_users",
    "begin; lock table users in access exclusive mode",
];

/// The connections of the function to the locked database.
const COUNT: &str =
    "select count(*) from pg_stat_activity where datname = 'locked' and application_name = 'migrate-users'";

/// Signs in as the owner of the server. The password is the same, and on this machine nothing needs TLS.
async fn admin(url: &str) -> Client {
    let url = url.replace("//migrate_users:", "//admin:");
    let (client, connection) = tokio_postgres::connect(&url, NoTls)
        .await
        .expect("the script made the server");
    tokio::spawn(connection);
    client
}

/// Whether the function has this many connections within ten seconds.
async fn comes_to(admin: &Client, connections: i64) -> bool {
    for _ in 0..200 {
        let row = admin.query_one(COUNT, &[]).await.expect("a number");
        if row.get::<_, i64>(0) == connections {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    false
}

#[tokio::test]
async fn a_locked_table_leaves_no_connection_behind() {
    let Some(url) = url("a_locked_table_leaves_no_connection_behind") else {
        return;
    };
    let locked_url = url.replace("/postgres", "/locked");
    let admin_here = admin(&url).await;
    for statement in [
        "drop database if exists locked with (force)",
        "create database locked",
    ] {
        admin_here.batch_execute(statement).await.expect("the owner may");
    }
    let admin_there = admin(&locked_url).await;
    for statements in LOCKED {
        admin_there
            .batch_execute(statements)
            .await
            .expect("the owner may");
    }
    let function = function(&locked_url);
    for ended_by in [
        // The timeout of the role, on the side of PostgreSQL, which by itself doesn't look whether the function is still there.
        "alter role migrate_users in database locked reset all",
        // The function alone: PostgreSQL looks every 100 ms whether it is still there, and waits otherwise.
        "alter role migrate_users in database locked set statement_timeout = 0;
         alter role migrate_users in database locked set client_connection_check_interval = 100",
    ] {
        admin_here.batch_execute(ended_by).await.expect("the owner may");
        let event = sign_in("emil@example.com").json();
        let ((answer, log), waits) = tokio::join!(call(&function, &event), comes_to(&admin_here, 1));
        assert_eq!(answer, NO_ANSWER);
        assert!(waits, "the query never waited: {log}");
        assert!(
            comes_to(&admin_here, 0).await,
            "a connection stays: {ended_by}: {log}"
        );
    }
}
