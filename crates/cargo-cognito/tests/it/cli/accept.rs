//! The answers that `--accept` approves, and those that only the user can approve.

use crate::support::{TestDir, assert_snapshot};

/// Events without a route: an unknown trigger, another version and another route. And an event that can't be parsed.
fn place() -> TestDir {
    let place = TestDir::new();
    place.link("three_routes");
    let event = place.read("cases/invited.event.json");
    place.write(
        "odd/future.event.json",
        &event.replace("PreSignUp_SignUp", "Future_Trigger"),
    );
    place.write_event("odd/confirmed.event.json", "PostConfirmation_ConfirmSignUp");
    place.write_event("odd/tokens.event.json", "TokenGeneration_Authentication");
    place.write(
        "odd/malformed.event.json",
        &event.replace("\"request\": {", "\"request\": 5, \"was\": {"),
    );
    place
}

#[test]
fn unhandled_and_malformed_are_not_approved() {
    let place = place();
    let mut output = place.run("replay odd --bin ./sign_up --accept -j1");
    for name in ["future", "confirmed", "tokens", "malformed"] {
        assert!(!place.path(&format!("odd/{name}.answer.json")).exists(), "{name}");
    }
    output += &place.run("replay odd --bin ./sign_up --accept --accept-unhandled -j1");
    assert_eq!(
        place.read("odd/future.answer.json"),
        "{\n  \"failed\": \"Unhandled\"\n}\n"
    );
    assert_eq!(
        place.read("odd/malformed.answer.json"),
        "{\n  \"failed\": \"Malformed\"\n}\n"
    );
    output += &place.run("replay odd --bin ./sign_up --accept -j1");
    assert_snapshot(&output, "accept-unhandled");
}

#[test]
fn an_approved_answer_is_not_replaced_by_unhandled() {
    let place = place();
    place.write(
        "odd/confirmed.answer.json",
        "{\"rejected\": \"approved by hand\"}",
    );
    place.write("odd/future.answer.json", "{\"failed\": \"Unhandled\"}");
    place.write("odd/malformed.answer.json", "{\"failed\": \"Failed\"}");
    place.remove("odd/tokens.event.json");
    let output = place.run("replay odd --bin ./sign_up --accept -j1");
    assert_eq!(
        place.read("odd/confirmed.answer.json"),
        "{\"rejected\": \"approved by hand\"}"
    );
    assert_eq!(
        place.read("odd/future.answer.json"),
        "{\"failed\": \"Unhandled\"}"
    );
    assert_eq!(
        place.read("odd/malformed.answer.json"),
        "{\"failed\": \"Failed\"}"
    );
    assert_snapshot(&output, "accept-by-hand");
}

#[test]
fn the_reference_to_a_schema_is_kept() {
    let place = TestDir::new();
    let schema = place.command("schema").output().unwrap();
    place.write_bytes("cases/answer.schema.json", &schema.stdout);
    place.write(
        "cases/deep/stranger.answer.json",
        "{\"$schema\": \"../answer.schema.json\", \"rejected\": \"another\"}",
    );
    let answer = place.read("cases/invited.answer.json");
    place.write(
        "cases/invited.answer.json",
        &answer.replacen('{', "{\n  \"$schema\": \"./answer.schema.json\",", 1),
    );
    let replayed = place.run("replay cases --bin ./sign_up --accept");
    assert!(replayed.contains("2 cases: 1 passed, 1 accepted"), "{replayed}");
    assert_eq!(
        place.read("cases/deep/stranger.answer.json"),
        "{\n  \"$schema\": \"../answer.schema.json\",\n  \"rejected\": \"this email domain is not invited\"\n}\n"
    );
    let replayed = place.run("replay cases --bin ./sign_up");
    assert!(replayed.contains("2 cases: 2 passed"), "{replayed}");
}
