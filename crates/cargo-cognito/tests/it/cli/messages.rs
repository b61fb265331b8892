//! Messages that no other test prints.

use cognito_triggers::model::triggers::DEFINITIONS;

use crate::support::{TestDir, assert_snapshot, serve};

#[test]
fn impossible_changes_of_events_are_explained() {
    assert_snapshot(&TestDir::new().run_each(IMPOSSIBLE_EVENTS), "messages-event");
}

pub(crate) const IMPOSSIBLE_EVENTS: &[&str] = &[
    "event CustomEmailSender_ResendCode --variant nothing",
    "event PreSignUp_SignUp --set $=1",
    "event PreSignUp_SignUp --set =1",
    "event PreSignUp_SignUp --unset $",
    "event PreSignUp_SignUp --set request.userAttributes[0]=1",
    "event DefineAuthChallenge_Authentication --set request.session[7]={}",
    "event DefineAuthChallenge_Authentication --set request.session.first={}",
    "event PreSignUp_SignUp --unset request.userAttributes[0]",
];

/// A workspace, and events that no binary takes.
pub(crate) fn workspace() -> TestDir {
    let place = TestDir::new();
    place.link("three_routes");
    place.write(
        "unknown.event.json",
        r#"{"triggerSource": "Novelty_First", "version": "1"}"#,
    );
    place.write_event("sender.event.json", "CustomEmailSender_SignUp");
    place.write_workspace();
    place.write("empty/readme", "");
    place
}

pub(crate) const BINARIES: &[&str] = &[
    "routes --bin ./three_routes",
    "replay unknown.event.json --bin ./sign_up --bin ./messages",
    "replay sender.event.json --bin ./three_routes",
    "replay empty --bin ./sign_up",
    "routes --bin nowhere",
    "routes --bin same",
    "CARGO=/nowhere/cargo routes --bin same",
];

#[test]
fn unusable_binaries_are_explained() {
    assert_snapshot(&workspace().run_each(BINARIES), "messages-binaries");
}

/// A template without a fault.
pub(crate) const WIRED: &str = "\
Resources:
  UserPool:
    Type: AWS::Cognito::UserPool
    Properties:
      LambdaConfig:
        PreSignUp: !GetAtt SignUp.Arn
  SignUp:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: sign_up
      Runtime: provided.al2023
      Timeout: 5
  MayCall:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunction
      FunctionName: !GetAtt SignUp.Arn
      Principal: cognito-idp.amazonaws.com
      SourceAccount: !Ref AWS::AccountId
      SourceArn: !GetAtt UserPool.Arn
";

#[test]
fn correct_wiring_is_reported() {
    let place = TestDir::new();
    place.write("template.yaml", WIRED);
    const FUNCTION: &str = "arn:aws:lambda:eu-west-1:123456789012:function:sign_up";
    place.write(
        "pool.json",
        &format!(r#"{{"UserPool": {{"Id": "eu-west-1_aB3dE6gHi", "Name": "people", "LambdaConfig": {{"PreSignUp": "{FUNCTION}"}}}}}}"#),
    );
    place.link("three_routes");
    let output = [
        place.run("check template.yaml --bin ./sign_up"),
        place.run(&format!(
            "wire --bin ./sign_up --format update-user-pool --function-arn {FUNCTION} --describe pool.json"
        )),
        place.run(&format!(
            "wire --bin ./three_routes --format lambda-config --function-arn {FUNCTION}"
        )),
    ];
    assert_snapshot(&output.concat(), "messages-wiring");
}

/// The errors that an app gets if it makes an impossible call, or if its function makes no decision.
#[test]
fn failing_flows_are_explained() {
    let place = TestDir::new();
    let known = r#""user": {"exists": true}, "#;
    let flows = [
        (
            "twice",
            "",
            r#"{"call": "SignUp"}, {"call": "SignUp"}, {"call": "AdminCreateUser"}, {"call": "ConfirmSignUp"}"#,
        ),
        (
            "unknown",
            "",
            r#"{"call": "ConfirmSignUp"}, {"call": "ForgotPassword"}, {"call": "InitiateAuth", "authFlow": "CUSTOM_AUTH"}"#,
        ),
        (
            "refresh",
            known,
            r#"{"call": "InitiateAuth", "authFlow": "REFRESH_TOKEN_AUTH"}, {"call": "RespondToAuthChallenge"}"#,
        ),
        (
            "custom",
            known,
            r#"{"call": "InitiateAuth", "authFlow": "CUSTOM_AUTH"}"#,
        ),
        (
            "provider",
            "",
            r#"{"call": "FederatedSignIn", "provider": "Nowhere"}"#,
        ),
    ];
    for (name, user, acts) in flows {
        place.write(
            &format!("{name}.flow.json"),
            &format!(r#"{{{user}"calls": [{acts}]}}"#),
        );
    }
    let mut output =
        place.run_each(&flows.map(|(name, ..)| format!("flow {name}.flow.json --bin ./sign_up")));
    for decision in [
        r#""challengeName": null"#,
        r#""challengeName": "PASSWORD_VERIFIER""#,
        r#""challengeName": "SMS_MFA""#,
    ] {
        let address =
            serve(move |event| format!("200 OK\n\n{}", event.replace(r#""challengeName":null"#, decision)));
        let text = place.run(&format!("flow custom.flow.json --url http://{address}/"));
        output += &text.replace(&address.to_string(), "[ADDRESS]");
    }
    place.write(
        "unclear.flow.json",
        &format!(r#"{{{known}"calls": [{{"call": "InitiateAuth", "authFlow": "CUSTOM_AUTH"}}, {{"call": "RespondToAuthChallenge"}}]}}"#),
    );
    let address = serve(|event| {
        let event = event
            .replace(r#""challengeName":null"#, r#""challengeName":"CUSTOM_CHALLENGE""#)
            .replace(
                r#""privateChallengeParameters":null"#,
                r#""privateChallengeParameters":{"a":"1","b":"2"}"#,
            );
        format!("200 OK\n\n{event}")
    });
    let text = place.run(&format!("flow unclear.flow.json --url http://{address}/"));
    output += &text.replace(&address.to_string(), "[ADDRESS]");
    assert_snapshot(&output, "messages-flows");
}

/// All explanations: one snapshot for the triggers, one for the rules, one for error texts. The explanation of a source
/// is that of its trigger, followed by when it fires.
#[test]
fn every_topic_has_an_explanation() {
    let place = TestDir::new();
    let list = place.run("explain");
    assert_snapshot(&list, "explain-topics");
    let topics: Vec<_> = list
        .lines()
        .skip(1)
        .take_while(|line| !line.starts_with('─'))
        .collect();
    let explained = |is_wanted: fn(&str) -> bool| -> String {
        let wanted = topics.iter().filter(|topic| is_wanted(topic));
        wanted
            .map(|topic| place.run(&format!("explain {topic}")))
            .collect()
    };
    let routes = DEFINITIONS.iter().map(|definition| definition.route);
    let triggers: String = routes
        .map(|route| place.run(&format!("explain {route}")))
        .collect();
    assert_snapshot(&triggers, "explain-triggers");
    assert_snapshot(
        &explained(|topic| topic.contains('-') && !topic.contains(' ')),
        "explain-rules",
    );
    assert_snapshot(
        &explained(|topic| topic.contains([' ', '…', '.'])),
        "explain-errors",
    );
}

/// These are generated from the argument definitions. The snapshots show the effect of a change there.
#[test]
fn completions_and_manual_pages_match_snapshots() {
    let place = TestDir::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        assert_snapshot(
            &place.run(&format!("completions {shell}")),
            &format!("completions-{shell}"),
        );
    }
    let pages = [""].into_iter().chain(crate::cli::SUBCOMMANDS);
    let pages: Vec<_> = pages
        .map(|page| place.run(format!("man {page}").trim_end()))
        .collect();
    assert_snapshot(&pages.concat(), "man");
}
