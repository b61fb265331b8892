//! Flows against small functions, in this process.

mod tables;

use cognito_triggers::{
    Context, Event, InboundFederation, PreSignUp, Result, Router, SecretMap, TextMap, Trigger,
    create_auth_challenge, custom_message,
    define_auth_challenge::{self, NextChallenge, Response as Decision},
    inbound_federation,
    model::challenge::ChallengeName,
    pre_sign_up, reject, router, user_migration, verify_auth_challenge_response,
};
use cognito_triggers_targets::InProcess;
use serde_json::{Value, json};

use super::*;

/// A function that asks for a code; three wrong answers end the sign-in.
fn function() -> Router<()> {
    router! {
        pre_sign_up => unchanged,
        custom_message => async |_, event| Ok(custom_message::Response {
            email_message: Some(format!("{{username}} {}", event.request.code_parameter)),
            ..Default::default()
        }),
        post_confirmation => unchanged,
        pre_authentication => unchanged,
        post_authentication => unchanged,
        define_auth_challenge => async |_, event| Ok(decide(&event.request)),
        create_auth_challenge => async |_, _| Ok(create_auth_challenge::Response {
            public_challenge_parameters: TextMap::from([("hint", "mail")]),
            private_challenge_parameters: SecretMap::from([("code", "481516")]),
            challenge_metadata: Some("sealed-metadata".into()), ..Default::default() }),
        verify_auth_challenge_response => async |_, event| Ok(verify_auth_challenge_response::Response {
            answer_correct: event.request.answers("code"), ..Default::default() }),
        pre_token_generation_v2 => unchanged,
        pre_token_generation_v3 => unchanged,
        user_migration => async |_, _| Ok(user_migration::Response {
            user_attributes: [
                ("username", "emil"),
                ("email", "emil@example.com"),
                ("email_verified", "true"),
            ]
            .into(),
            final_user_status: Some(user_migration::FinalUserStatus::Confirmed),
            message_action: Some(user_migration::MessageAction::Suppress),
            ..Default::default()
        }),
        inbound_federation => unchanged,
    }
}

async fn unchanged<T>(_: Context<()>, _: Event<T>) -> Result<T::Response>
where
    T: Trigger<Response: Default>,
{
    Ok(Default::default())
}

fn decide(request: &define_auth_challenge::Request) -> Decision {
    let session = &request.session;
    match session.custom_challenge_attempts() {
        _ if session.custom_challenge_passed() => Decision::IssueTokens,
        3 => Decision::FailAuthentication,
        _ if session.passed(&ChallengeName::SrpA) => Decision::Challenge(NextChallenge::PasswordVerifier),
        _ => Decision::Challenge(NextChallenge::CustomChallenge),
    }
}

fn run(router: Router<()>, flow: &Flow) -> Run {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build();
    runtime.unwrap().block_on(flow.run(&InProcess::new(router, ())))
}

/// The sources of each exchange that were routed, without `_Authentication`, and the result.
fn story(run: &Run) -> Vec<(Vec<&str>, String)> {
    let ran = |exchange: &Exchange| -> Vec<&'static str> {
        let routed = exchange.steps.iter().filter(|step| !step.is_skipped());
        routed.map(|step| short(&step.source)).collect()
    };
    run.exchanges
        .iter()
        .map(|exchange| (ran(exchange), exchange.result.to_string()))
        .collect()
}

fn short(source: &str) -> &'static str {
    let known = cognito_triggers_model::triggers::DEFINITIONS
        .iter()
        .flat_map(|definition| definition.sources);
    let name = known
        .map(|known| known.name)
        .find(|name| *name == source)
        .unwrap();
    name.strip_suffix("_Authentication")
        .filter(|_| !name.starts_with("Token"))
        .unwrap_or(name)
}

#[track_caller]
fn included(name: &str, expected: &[(&[&str], &str)]) -> Run {
    let run = run(function(), &Flow::named(name).unwrap());
    let expected: Vec<_> = expected
        .iter()
        .map(|(ran, seen)| (ran.to_vec(), (*seen).to_owned()))
        .collect();
    assert_eq!(story(&run), expected);
    assert!(run.is_good(), "{run}");
    run
}

const TOKENS: &str = "TokenGeneration_Authentication";
const LOGIN: &str = "TokenGeneration_HostedAuth";
const WRONG: &str = "NotAuthorizedException: Incorrect username or password.";
const CHALLENGE: &str = "challenge CUSTOM_CHALLENGE with hint";

#[test]
fn a_user_signs_up_and_in() {
    included(
        "sign-up",
        &[
            (
                &["PreSignUp_SignUp", "CustomMessage_SignUp"],
                "success: a code is on its way",
            ),
            (
                &["PostConfirmation_ConfirmSignUp"],
                "success: the user is confirmed",
            ),
            (&["PreAuthentication", "PostAuthentication", TOKENS], "tokens"),
        ],
    );
    included(
        "sign-in",
        &[
            (&["PreAuthentication"], WRONG),
            (&["PreAuthentication", "PostAuthentication", TOKENS], "tokens"),
            (&["TokenGeneration_RefreshTokens"], "tokens"),
        ],
    );
    included(
        "temporary-password",
        &[
            (
                &["PreSignUp_AdminCreateUser", "CustomMessage_AdminCreateUser"],
                "success: a temporary password is on its way",
            ),
            (
                &["PreAuthentication", "PostAuthentication", TOKENS],
                "challenge NEW_PASSWORD_REQUIRED",
            ),
            (
                &["PostAuthentication", "TokenGeneration_NewPasswordChallenge"],
                "tokens",
            ),
        ],
    );
    included("machine", &[(&["TokenGeneration_ClientCredentials"], "tokens")]);
}

#[test]
fn a_custom_sign_in_repeats_until_it_ends() {
    let again = [
        "VerifyAuthChallengeResponse",
        "DefineAuthChallenge",
        "CreateAuthChallenge",
    ];
    let passed = [
        "VerifyAuthChallengeResponse",
        "DefineAuthChallenge",
        "PostAuthentication",
        TOKENS,
    ];
    let run = included(
        "custom-sign-in",
        &[
            (&["DefineAuthChallenge", "CreateAuthChallenge"], CHALLENGE),
            (&again, CHALLENGE),
            (&passed, "tokens"),
        ],
    );
    // The state goes from answer to answer.
    let last = run
        .steps()
        .filter(|step| step.source.starts_with("Define"))
        .last()
        .unwrap();
    let entry = |right| json!({"challengeName": "CUSTOM_CHALLENGE", "challengeResult": right, "challengeMetadata": "sealed-metadata"});
    assert_eq!(
        last.event.pointer("/request/session"),
        Some(&json!([entry(false), entry(true)]))
    );
    let verify = run
        .steps()
        .find(|step| step.source.starts_with("Verify"))
        .unwrap();
    assert_eq!(
        verify.event.pointer("/request/challengeAnswer"),
        Some(&json!("592627"))
    );
    assert_eq!(
        verify.event.pointer("/request/privateChallengeParameters/code"),
        Some(&json!("481516"))
    );

    included(
        "custom-sign-in-wrong-answers",
        &[
            (&["DefineAuthChallenge", "CreateAuthChallenge"], CHALLENGE),
            (&again, CHALLENGE),
            (&again, CHALLENGE),
            (&["VerifyAuthChallengeResponse", "DefineAuthChallenge"], WRONG),
        ],
    );
    included(
        "custom-sign-in-with-password",
        &[
            (&["DefineAuthChallenge"], "challenge PASSWORD_VERIFIER"),
            (
                &["PreAuthentication", "DefineAuthChallenge", "CreateAuthChallenge"],
                CHALLENGE,
            ),
            (&passed, "tokens"),
        ],
    );
}

#[test]
fn users_come_from_another_directory() {
    let run = included(
        "migration",
        &[
            (
                &[
                    "UserMigration",
                    "PreSignUp_AdminCreateUser",
                    "PreAuthentication",
                    "PostAuthentication",
                    TOKENS,
                ],
                "tokens",
            ),
            (&["PreAuthentication", "PostAuthentication", TOKENS], "tokens"),
        ],
    );
    let names: Vec<_> = run
        .steps()
        .map(|step| step.event["userName"].as_str().unwrap())
        .collect();
    assert_eq!(names.first(), Some(&"emil@example.com"));
    assert!(names[1..].iter().all(|name| *name == "emil"), "{names:?}");

    included(
        "migration-forgotten-password",
        &[
            (
                &[
                    "UserMigration_ForgotPassword",
                    "PreSignUp_AdminCreateUser",
                    "CustomMessage_ForgotPassword",
                ],
                "success: a code is on its way",
            ),
            (
                &["PostConfirmation_ConfirmForgotPassword"],
                "success: the password is changed",
            ),
            (&["PreAuthentication", "PostAuthentication", TOKENS], "tokens"),
        ],
    );
    included(
        "federation",
        &[
            (
                &[
                    "InboundFederation_ExternalProvider",
                    "PreSignUp_ExternalProvider",
                    "PostConfirmation_ConfirmSignUp",
                    LOGIN,
                ],
                "tokens",
            ),
            (
                &[
                    "InboundFederation_ExternalProvider",
                    "PreAuthentication",
                    "PostAuthentication",
                    LOGIN,
                ],
                "tokens",
            ),
            (&["TokenGeneration_RefreshTokens"], "tokens"),
        ],
    );
}

#[test]
fn every_included_flow_is_tested() {
    let here = include_str!("tests.rs").replace([' ', '\n'], "");
    for name in Flow::names() {
        assert!(Flow::parse(name, Flow::included(name).unwrap()).is_ok(), "{name}");
        assert!(here.contains(&format!("included(\"{name}\"")), "{name}");
    }
}

#[test]
fn a_rejection_reaches_the_app() {
    let flow = Flow::parse(
        "rejected",
        r#"{"acts": [{"call": "SignUp", "expect": "success"}, {"call": "ConfirmSignUp"}]}"#,
    );
    let refusing = router! { pre_sign_up => async |_, _| Err(reject("not invited")) };
    let run = run(refusing, &flow.unwrap());
    assert_eq!(
        run.to_string(),
        "rejected\n\nSignUp\n  PreSignUp_SignUp                             rejected: not invited\n  -> \
         UserLambdaValidationException: PreSignUp failed with error not invited.\n  expected: success\n\nConfirmSignUp\n  \
         -> UserNotFoundException\n"
    );
    assert!(!run.is_good());
}

#[test]
fn an_answer_changes_what_follows() {
    let confirming = router! {
        pre_sign_up => async |_, _| Ok(pre_sign_up::Response {
            auto_confirm_user: true,
            auto_verify_email: true,
            ..Default::default()
        }),
        post_confirmation => unchanged,
    };
    let flow = Flow::parse("confirming", r#"{"acts": [{"call": "SignUp"}]}"#).unwrap();
    let run = run(confirming, &flow);
    let expected = vec!["PreSignUp_SignUp", "PostConfirmation_ConfirmSignUp"];
    assert_eq!(
        story(&run),
        [(expected, "success: the user is confirmed".to_owned())]
    );
    let confirmed = &run.exchanges[0].steps[1].event["request"]["userAttributes"];
    assert_eq!(confirmed["email_verified"], "true");
    assert_eq!(confirmed["cognito:user_status"], "CONFIRMED");
}

#[test]
fn provider_attributes_pass_through_the_function() {
    async fn keep_only_the_name(
        _: Context<()>,
        event: Event<InboundFederation>,
    ) -> Result<inbound_federation::Response> {
        let provider = &event.request.attributes;
        let kept = ["sub", "name"].map(|name| (name, provider.id_token.get(name).unwrap_or_default()));
        Ok(inbound_federation::Response {
            user_attributes_to_map: TextMap::from(kept),
            ..Default::default()
        })
    }
    async fn check(_: Context<()>, event: Event<PreSignUp>) -> Result<pre_sign_up::Response> {
        assert_eq!(event.request.user_attributes.email(), None);
        assert_eq!(event.request.user_attributes.get("name"), Some("Dana Petrova"));
        Ok(Default::default())
    }
    let router = router! { inbound_federation => keep_only_the_name, pre_sign_up => check };
    let run = run(router, &Flow::named("federation").unwrap());
    assert_eq!(run.exchanges[0].result, ApiResult::Tokens, "{run}");
}

#[test]
fn tokens_without_proof_break_a_rule() {
    let careless = router! {
        define_auth_challenge => async |_, _| Ok(Decision::IssueTokens),
    };
    let run = run(careless, &Flow::named("custom-sign-in").unwrap());
    assert!(!run.is_good());
    assert!(run.to_string().contains("define-tokens-without-proof"), "{run}");
    let none = Router::new();
    let run = self::run(none, &Flow::named("custom-sign-in").unwrap());
    assert!(
        run.exchanges[0]
            .result
            .to_string()
            .contains("Custom auth lambda trigger is not configured"),
        "{run}"
    );
}

#[test]
fn neither_text_nor_diagrams_have_secrets() {
    for name in Flow::names() {
        let run = run(function(), &Flow::named(name).unwrap());
        let shown = format!("{run}{run:?}{}{}", run.mermaid(), run.svg());
        for step in run.steps() {
            for pointer in ["/request/password", "/request/challengeAnswer"] {
                if let Some(secret) = step.event.pointer(pointer).and_then(Value::as_str) {
                    assert!(!shown.contains(secret), "{name}: {pointer}");
                }
            }
        }
        assert!(
            !shown.contains("481516") && !shown.contains("sealed-metadata"),
            "{name}"
        );
    }
}

#[test]
fn diagrams_have_the_same_lines() {
    let run = run(function(), &Flow::named("machine").unwrap());
    assert_eq!(
        run.mermaid(),
        "sequenceDiagram
    participant App
    participant Cognito
    participant Function
    Note over App,Function: A machine gets an access token
    App->>Cognito: token endpoint with client_credentials
    Cognito->>Function: TokenGeneration_ClientCredentials
    Function-->>Cognito: nothing to change
    Cognito-->>App: tokens
"
    );
    for name in Flow::names() {
        let run = self::run(
            function(),
            &Flow {
                about: "<a & \"b\">".to_owned(),
                ..Flow::named(name).unwrap()
            },
        );
        let svg = run.svg();
        let picture = roxmltree::Document::parse(&svg).unwrap();
        let count = |tag| {
            picture
                .descendants()
                .filter(|node| node.has_tag_name(tag))
                .count()
        };
        let arrows = run.exchanges.len() * 2 + run.steps().filter(|step| !step.is_skipped()).count() * 2;
        assert_eq!(count(("http://www.w3.org/2000/svg", "line")), 3 + arrows);
        assert!(!run.mermaid().contains("<a"));
    }
}

#[test]
fn an_invalid_flow_is_named() {
    let problem = |json: &str| Flow::parse("x", json).unwrap_err().to_string();
    assert!(problem("{").starts_with("not a flow: EOF"));
    assert!(problem(r#"{"acts": []}"#).contains("`acts` is empty"));
    assert!(
        problem(r#"{"acts": [{"call": "SignUpp"}]}"#)
            .contains("unknown variant `SignUpp`, expected one of `SignUp`")
    );
    assert!(
        problem(r#"{"acts": [{"call": "SignUp", "clientMetdata": {}}]}"#)
            .contains("unknown field `clientMetdata`")
    );
    assert!(problem(r#"{"acts": [{"call": "SignUp", "times": -1}]}"#).contains("expected u32"));
    assert!(problem(r#"{"acts": [{"call": "SignUp", "times": 0}]}"#).contains("`times` is 0"));
    assert!(problem("[]").contains("it is an array"));
    assert!(problem(r#"{"actz": []}"#).contains("unknown field `actz`"));
    let flag = r#"{"user": {"attributes": {"email_verified": true}}, "acts": [{"call": "SignUp"}]}"#;
    assert!(problem(flag).contains("`user.attributes.email_verified` isn't a string"));
    let missing = Flow::read(std::path::Path::new("nowhere/x.flow.json")).unwrap_err();
    assert!(missing.to_string().starts_with("nowhere/x.flow.json: "));
}
