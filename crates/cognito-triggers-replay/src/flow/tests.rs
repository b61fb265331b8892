//! Flows against small functions, in this process.

mod claims;
mod factors;
mod failures;
mod files;
mod newcomers;
mod recorded;
mod senders;
mod settings;
mod tables;

use cognito_triggers::{
    Context, Event, InboundFederation, PreSignUp, Result, Router, SecretMap, TextMap, create_auth_challenge,
    custom_message,
    define_auth_challenge::{self, NextChallenge, Response as Decision},
    inbound_federation,
    model::{Trigger, challenge::ChallengeName},
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
fn outcomes(run: &Run) -> Vec<(Vec<&str>, String)> {
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
    assert_eq!(run.problem, None);
    let expected: Vec<_> = expected
        .iter()
        .map(|(ran, result)| (ran.to_vec(), (*result).to_owned()))
        .collect();
    assert_eq!(outcomes(&run), expected);
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
        "sign-up-resend",
        &[
            (
                &["PreSignUp_SignUp", "CustomMessage_SignUp"],
                "success: a code is on its way",
            ),
            (&["CustomMessage_ResendCode"], "success: a code is on its way"),
            (
                &[],
                "CodeMismatchException: Invalid verification code provided, please try again.",
            ),
            (
                &["PostConfirmation_ConfirmSignUp"],
                "success: the user is confirmed",
            ),
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
        "refresh",
        &[
            (&["PreAuthentication", "PostAuthentication", TOKENS], "tokens"),
            (&["TokenGeneration_RefreshTokens"], "tokens"),
            (&[], "success"),
            (&[], "NotAuthorizedException: Refresh Token has been revoked"),
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
}

#[test]
fn a_machine_gets_tokens_with_the_scopes_it_asks_for() {
    let fired: (&[&str], &str) = (&["TokenGeneration_ClientCredentials"], "tokens");
    let run = included("machine", &[fired, fired]);
    let scopes = |call: usize| run.exchanges[call].steps[0].event["request"]["scopes"].clone();
    assert_eq!(scopes(1), json!(["https://orders.example.com/orders.read"]));
    let own = r#"{"calls": [
        {"call": "ClientCredentials", "expect": "tokens", "scopes": ["orders/read"],
         "claims": {"access": {"scope": "orders/read"}}},
        {"call": "ClientCredentials", "expect": "tokens", "scopes": ["invoices/pay"]},
        {"call": "ClientCredentials", "expect": "tokens",
         "claims": {"access": {"scope": ["orders/read", "invoices/pay"]}}}
    ]}"#;
    self::run(function(), &Flow::parse("own", own).unwrap()).assert();
    // Without version 3 of token generation, no trigger runs.
    let none = self::run(
        router! { pre_token_generation_v2 => unchanged },
        &Flow::parse("own", own).unwrap(),
    );
    assert_eq!(none.steps().count(), 0, "{none}");
}

#[test]
fn a_user_changes_what_the_pool_knows() {
    let signed_in: (&[&str], &str) = (&["PreAuthentication", "PostAuthentication", TOKENS], "tokens");
    let code = "success: a code is on its way";
    included(
        "forgotten-password",
        &[
            (&["CustomMessage_ForgotPassword"], code),
            (
                &[],
                "CodeMismatchException: Invalid verification code provided, please try again.",
            ),
            (
                &["PostConfirmation_ConfirmForgotPassword"],
                "success: the password is changed",
            ),
            signed_in,
        ],
    );
    included(
        "change-attribute",
        &[
            signed_in,
            (&["CustomMessage_UpdateUserAttribute"], code),
            (&["CustomMessage_VerifyUserAttribute"], code),
            (&[], "success"),
        ],
    );
    let run = included(
        "groups-to-claims",
        &[
            signed_in,
            (&[], "success"),
            (&["TokenGeneration_RefreshTokens"], "tokens"),
        ],
    );
    let groups: Vec<_> = run
        .steps()
        .filter(|step| step.source.starts_with("TokenGeneration"))
        .map(|step| step.event["request"]["groupConfiguration"]["groupsToOverride"].clone())
        .collect();
    assert_eq!(groups, [json!(["admins", "editors"]), json!(["admins"])]);
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
            (
                &["DefineAuthChallenge", "PreAuthentication"],
                "challenge PASSWORD_VERIFIER",
            ),
            (&["DefineAuthChallenge", "CreateAuthChallenge"], CHALLENGE),
            (&passed, "tokens"),
        ],
    );
}

#[test]
fn every_included_flow_is_tested() {
    let here = [
        include_str!("tests.rs"),
        include_str!("tests/failures.rs"),
        include_str!("tests/newcomers.rs"),
        include_str!("tests/senders.rs"),
    ];
    let here = here.concat().replace([' ', '\n'], "");
    for name in Flow::names() {
        assert!(Flow::parse(name, Flow::included(name).unwrap()).is_ok(), "{name}");
        assert!(here.contains(&format!("included(\"{name}\"")), "{name}");
    }
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
    let flow = Flow::parse("confirming", r#"{"calls": [{"call": "SignUp"}]}"#).unwrap();
    let run = run(confirming, &flow);
    let expected = vec!["PreSignUp_SignUp", "PostConfirmation_ConfirmSignUp"];
    assert_eq!(
        outcomes(&run),
        [(expected, "success: the user is confirmed".to_owned())]
    );
    let confirmed = &run.exchanges[0].steps[1].event["request"]["userAttributes"];
    assert_eq!(confirmed["email"], "ana@example.com");
    assert_eq!(confirmed["cognito:user_status"], "CONFIRMED");
}

#[test]
fn tokens_without_proof_break_a_rule() {
    let careless = router! {
        define_auth_challenge => async |_, _| Ok(Decision::IssueTokens),
    };
    let run = run(careless, &Flow::named("custom-sign-in").unwrap());
    assert!(!run.is_good());
    assert!(run.to_string().contains("define-tokens-without-proof"), "{run}");
    let none = Router::<()>::new();
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
    let machine = r#"{"about": "A machine gets an access token", "calls": [{"call": "ClientCredentials"}]}"#;
    let run = run(function(), &Flow::parse("machine", machine).unwrap());
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
