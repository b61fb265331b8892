//! The answers that `--accept` approves, and those that only the user can approve.

use crate::support::{TestDir, assert_snapshot, serve};

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

/// The old function is written in a language whose types write what is empty, and answers with an event of its own making.
#[test]
fn answers_of_another_language_are_compared_by_what_they_do() {
    let place = TestDir::new();
    let approved = |response: &str| {
        let event = place.read("cases/invited.event.json");
        let (before, _) = event.split_once("\"response\"").unwrap();
        let before = before.replace("\"request\": {", "\"request\": {\n    \"more\": {},");
        place.write(
            "cases/invited.answer.json",
            &format!("{before}\"response\": {{{response}, \"more\": [], \"none\": null}}\n}}\n"),
        );
    };
    let decision = "\"autoConfirmUser\": true, \"autoVerifyEmail\": false, \"autoVerifyPhone\": false";
    approved(decision);
    let mut output = place.run("replay cases --bin ./sign_up --filter invited");
    output += &place.run("replay cases --bin ./sign_up --compare response");
    approved(&decision.replace("true", "false"));
    output += &place.run("replay cases --bin ./sign_up --compare response --filter invited");
    output += &place.run("replay cases --bin ./sign_up --compare effect");
    assert_snapshot(&output, "replay-compare");
}

#[test]
fn accept_says_which_texts_it_leaves_out() {
    let place = TestDir::new();
    place.remove("cases/invited.answer.json");
    place.remove("cases/deep/stranger.answer.json");
    let address = serve(|_| {
        "200 OK\nx-amz-function-error: Unhandled\n\n{\"errorType\":\"Box<dyn Error>\",\"errorMessage\":\"not you\"}".to_owned()
    });
    let replay = |options: &str| {
        let output = place.run(&format!("replay cases -j1 {options} --url http://{address}/a"));
        output.replace(&address.to_string(), "127.0.0.1:[PORT]")
    };
    let mut output = replay("--filter invited --accept");
    place.remove("cases/invited.answer.json");
    output += &replay("--accept");
    output += &replay("--accept");
    assert_snapshot(&output, "accept-left-out");
}
