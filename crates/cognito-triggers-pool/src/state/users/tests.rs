//! How users are found by what is indexed.

use serde_json::json;

use super::*;
use crate::state::testing::{settings_with, user};

/// A user of this name, with an email address.
fn named(name: &str, email: &str) -> User {
    let mut user = user(&[("email", email)]);
    user.username = name.to_owned();
    user.sub = format!("sub of {name}");
    user
}

fn users(all: impl IntoIterator<Item = User>) -> Users {
    let mut settings = settings_with("AliasAttributes", json!(["email"]));
    let case = json!({ "CaseSensitive": false });
    settings.members.insert("UsernameConfiguration".to_owned(), case);
    let mut users = Users::new(&settings);
    all.into_iter().for_each(|user| users.put(user));
    users
}

fn names<'a>(found: impl Iterator<Item = (&'a str, &'a User)>) -> Vec<&'a str> {
    found.map(|(_, user)| user.username.as_str()).collect()
}

#[test]
fn several_users_are_found_by_one_address() {
    let users = users([
        named("Zoe", "a@b.test"),
        named("ana", "a@b.test"),
        named("bo", "b@b.test"),
    ]);
    assert_eq!(names(users.candidates("email", "a@b.test", None)), ["ana", "Zoe"]);
    assert_eq!(names(users.candidates("email", "a@b.test", Some("ana"))), ["Zoe"]);
    assert!(names(users.candidates("email", "A@b.test", None)).is_empty());
    assert_eq!(names(users.candidates("sub", "sub of bo", None)), ["bo"]);
    assert_eq!(names(users.candidates("username", "ANA", None)), ["ana"]);
    assert!(names(users.candidates("username", "ana", Some("ana"))).is_empty());
    assert_eq!(names(users.candidates("name", "x", None)), ["ana", "bo", "Zoe"]);
}

#[test]
fn an_index_follows_changes() {
    let mut users = users([named("ana", "a@b.test")]);
    users.update("ana", |user| user.groups.insert("admins".to_owned()));
    assert_eq!(names(users.in_group("admins", None)), ["ana"]);
    users.update("ana", |user| {
        user.set_attribute("email", "new@b.test");
        user.groups.clear();
    });
    assert!(names(users.in_group("admins", None)).is_empty());
    assert!(names(users.candidates("email", "a@b.test", None)).is_empty());
    assert_eq!(names(users.candidates("email", "new@b.test", None)), ["ana"]);
    users.remove("ana");
    assert!(names(users.candidates("email", "new@b.test", None)).is_empty());
}

#[test]
fn who_changes_is_remembered() {
    let verified = |name| {
        let mut user = named(name, "a@b.test");
        user.set_verified("email", true);
        user
    };
    let mut users = users([verified("Ana")]);
    assert_eq!(users_touched(&mut users), ["ana"]);
    assert!(users.take_touched().is_empty());
    users.update("ana", |user| user.enabled = true);
    assert!(users.take_touched().is_empty(), "nothing changed");
    users.put(verified("bo"));
    assert_eq!(users_touched(&mut users), ["ana", "bo"], "ana lost the alias");
    users.remove("ANA");
    assert_eq!(users_touched(&mut users), ["ana"]);
}

fn users_touched(users: &mut Users) -> Vec<String> {
    users.take_touched().into_iter().collect()
}

#[test]
fn who_loses_an_alias_is_still_found_by_it() {
    let verified = |name| {
        let mut user = named(name, "a@b.test");
        user.set_verified("email", true);
        user
    };
    let users = users([verified("ana"), verified("bo")]);
    assert_eq!(names(users.candidates("email", "a@b.test", None)), ["ana", "bo"]);
    assert_eq!(users.owner("email", "a@b.test").unwrap().username, "bo");
}
