//! Flow files: what is read, and the errors about mistakes.

use super::*;

fn problem(json: &str) -> String {
    Flow::parse("x", json).unwrap_err().to_string()
}

#[test]
fn a_mistake_is_named_with_its_location() {
    for (json, expected) in [
        ("{", "line 1, column 1: the text ends inside an object"),
        ("[]", "line 1, column 1: this is an array; a flow is an object"),
        ("{\"calls\": []}", "line 1, column 11: calls: there is no call"),
        ("{}", "line 1, column 1: the array `calls` is missing"),
        (
            "{\"callz\": []}",
            "line 1, column 2: callz: there is no such field; did you mean `calls`?",
        ),
        (
            "{\n \"calls\": [\n  {\"call\": \"SignUpp\"}]}",
            "line 3, column 12: calls[0].call: there is no call `SignUpp`; did you mean `SignUp`?",
        ),
        (
            "{\"calls\": [{\"call\": \"SignUp\", \"clientMetdata\": {}}]}",
            "calls[0].clientMetdata: there is no such field; did you mean `clientMetadata`?",
        ),
        (
            "{\"calls\": [{\"call\": \"SignUp\", \"answer\": \"right\"}]}",
            "calls[0].answer: `SignUp` has no such field; it has call, expect,",
        ),
        (
            "{\"calls\": [{\"call\": \"InitiateAuth\"}]}",
            "calls[0]: `authFlow` is missing",
        ),
        (
            "{\"calls\": [{\"call\": \"InitiateAuth\", \"authFlow\": \"USER_SRP\"}]}",
            "calls[0].authFlow: `USER_SRP` isn't a valid value; did you mean `USER_SRP_AUTH`?",
        ),
        (
            "{\"calls\": [{\"call\": \"SignUp\", \"expect\": \"token\"}]}",
            "calls[0].expect: `token` isn't a result of a call; did you mean `tokens`?",
        ),
        (
            "{\"calls\": [{\"call\": \"SignUp\", \"triggers\": [\"PreSignUp_Signup\"]}]}",
            "calls[0].triggers[0]: there is no trigger source `PreSignUp_Signup`; did you mean `PreSignUp_SignUp`?",
        ),
        (
            "{\"calls\": [{\"call\": \"SignUp\", \"fail\": {\"PreSignUp_SignUp\": \"crush\"}}]}",
            "calls[0].fail.PreSignUp_SignUp: `crush` isn't a valid value; did you mean `crash`?",
        ),
        (
            "{\"calls\": [{\"call\": \"SignUp\", \"times\": 0}]}",
            "calls[0].times: `0` isn't a whole number from 1",
        ),
        (
            "{\"user\": {\"attributes\": {\"email_verified\": true}}, \"calls\": [{\"call\": \"SignUp\"}]}",
            "user.attributes.email_verified: this is a boolean, but it has to be a string",
        ),
        (
            "{\"user\": {\"groups\": \"admins\"}, \"calls\": [{\"call\": \"SignUp\"}]}",
            "user.groups: this is a string, but it has to be an array",
        ),
        (
            "{\"calls\": [{\"call\": \"RespondToAuthChallenge\", \"answer\": {}}]}",
            "calls[0].answer: write {\"private\": \"NAME\"} or {\"text\": \"TEXT\"}",
        ),
        (
            "{\"calls\": [{\"call\": \"RespondToAuthChallenge\", \"claims\": {\"acess\": {}}}]}",
            "calls[0].claims.acess: there is no such field; did you mean `access`?",
        ),
        (
            "{\"calls\": [{\"call\": \"RespondToAuthChallenge\", \"claims\": {\"id\": [\"sub\"]}}]}",
            "calls[0].claims.id: this is an array, but it has to be an object",
        ),
        (
            "{\"calls\": [{\"call\": \"RespondToAuthChallenge\", \"expect\": \"success\", \"claims\": {\"id\": {}}}]}",
            "calls[0].claims: only tokens have claims, and the call expects `success`",
        ),
        (
            "{\"calls\": [{\"call\": \"SignUp\", \"claims\": {}}]}",
            "calls[0].claims: `SignUp` has no such field",
        ),
    ] {
        let found = problem(json);
        assert!(found.contains(expected), "{json}: {found}");
    }
    let missing = Flow::read(std::path::Path::new("nowhere/x.flow.json")).unwrap_err();
    assert!(missing.to_string().starts_with("nowhere/x.flow.json: "));
}

#[test]
fn settings_that_cognito_refuses_are_named() {
    let json = r#"{"pool": {"MfaConfiguration": "MAYBE"}, "calls": [{"call": "SignUp"}]}"#;
    let run = run(function(), &Flow::parse("x", json).unwrap());
    assert!(!run.is_good());
    let problem = run.problem.unwrap();
    assert!(
        problem.contains("InvalidParameterException") && problem.contains("mfaConfiguration"),
        "{problem}"
    );
}

#[test]
fn members_of_the_api_win_over_what_is_filled_in() {
    let json = r#"{
        "pool": {"Policies": {"PasswordPolicy": {"MinimumLength": 30}}},
        "calls": [
            {"call": "SignUp", "expect": "InvalidPasswordException"},
            {"call": "SignUp", "input": {"Password": "a-Password-of-30-characters-999"}, "expect": "success"},
            {"call": "AdminConfirmSignUp", "expect": "success"},
            {"call": "InitiateAuth", "authFlow": "USER_PASSWORD_AUTH", "expect": "tokens"},
            {"call": "GetUser", "expect": "success"},
            {"call": "ChangePassword", "password": "wrong", "expect": "NotAuthorizedException"}
        ]
    }"#;
    run(function(), &Flow::parse("x", json).unwrap()).assert();
}

/// With two private parameters the flow can't tell which one is the right answer.
#[test]
fn responses_in_the_input_need_no_answer_of_the_flow() {
    let two = || {
        router! {
            define_auth_challenge => async |_, event| Ok(decide(&event.request)),
            create_auth_challenge => async |_, _| Ok(create_auth_challenge::Response {
                private_challenge_parameters: SecretMap::from([("first", "481516"), ("second", "2342")]),
                ..Default::default() }),
            verify_auth_challenge_response => async |_, event| Ok(verify_auth_challenge_response::Response {
                answer_correct: event.request.answers("second"), ..Default::default() }),
        }
    };
    let flow = |input: Value| {
        let calls = json!([
            {"call": "SignUp", "expect": "success"},
            {"call": "AdminConfirmSignUp", "expect": "success"},
            {"call": "InitiateAuth", "authFlow": "CUSTOM_AUTH", "expect": "challenge CUSTOM_CHALLENGE"},
            {"call": "RespondToAuthChallenge", "input": input, "expect": "tokens"},
        ]);
        run(
            two(),
            &Flow::parse("x", &json!({ "calls": calls }).to_string()).unwrap(),
        )
    };
    let unclear = flow(json!({})).to_string();
    assert!(
        unclear.contains("it isn't clear which private parameter"),
        "{unclear}"
    );

    flow(json!({ "ChallengeResponses": { "USERNAME": "ana", "ANSWER": "2342" } })).assert();
    let wrong = flow(json!({ "ChallengeResponses": { "USERNAME": "ana", "ANSWER": "481516" } }));
    assert!(!wrong.is_good(), "{wrong}");
}

#[test]
fn a_new_password_in_the_input_is_remembered() {
    let json = r#"{"calls": [
        {"call": "AdminCreateUser", "expect": "success"},
        {"call": "InitiateAuth", "authFlow": "USER_PASSWORD_AUTH", "expect": "challenge NEW_PASSWORD_REQUIRED"},
        {"call": "RespondToAuthChallenge", "expect": "tokens",
         "input": {"ChallengeResponses": {"USERNAME": "ana", "NEW_PASSWORD": "Chosen-by-the-flow-7"}}},
        {"call": "InitiateAuth", "authFlow": "USER_PASSWORD_AUTH", "expect": "tokens"}
    ]}"#;
    run(function(), &Flow::parse("x", json).unwrap()).assert();
}

/// The schema has every field of the included flows, and their words.
#[test]
fn the_schema_knows_the_words_of_the_included_flows() {
    let schema: Value = serde_json::from_str(&schema()).unwrap();
    let calls = schema["properties"]["calls"]["items"]["oneOf"]
        .as_array()
        .unwrap();
    let sources = schema["$defs"]["source"]["enum"].as_array().unwrap();
    for name in Flow::names() {
        let flow: Value = serde_json::from_str(Flow::included(name).unwrap()).unwrap();
        for key in flow.as_object().unwrap().keys() {
            assert!(schema["properties"][key].is_object(), "{name}: {key}");
        }
        for call in flow["calls"].as_array().unwrap() {
            let known = calls.iter().find(|known| known["title"] == call["call"]).unwrap();
            for (key, value) in call.as_object().unwrap() {
                let field = &known["properties"][key];
                assert!(field.is_object(), "{name}: {key}");
                if let Some(words) = field["enum"].as_array() {
                    assert!(words.contains(value), "{name}: {key}");
                }
            }
            let triggers = call["triggers"].as_array().into_iter().flatten();
            assert!(triggers.clone().all(|source| sources.contains(source)), "{name}");
        }
    }
}
