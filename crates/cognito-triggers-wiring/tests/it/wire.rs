//! The output of `wire`, read back and checked.

mod properties;

use std::path::PathBuf;

use cognito_triggers_model::{Route, triggers::DEFINITIONS};
use cognito_triggers_wiring::{
    Binary, Source, Wiring,
    wire::{self, Arns, READ_ONLY, SETTABLE, WireError},
};
use serde_json::{Value, json};

use crate::snapshots::assert_snapshot;

const FUNCTION: &str = "arn:aws:lambda:eu-west-1:111122223333:function:triggers:live";
const OTHER: &str = "arn:aws:lambda:eu-west-1:111122223333:function:other";
const KEY: &str = "arn:aws:kms:eu-west-1:111122223333:key/0aa1";

fn expected(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/wire")
        .join(name)
}

fn all() -> Binary {
    Binary::new(
        "triggers",
        DEFINITIONS.iter().map(|definition| definition.route.as_str()),
    )
}

fn arns() -> Arns {
    Arns {
        function: Some(FUNCTION.into()),
        kms_key: Some(KEY.into()),
    }
}

fn pool(members: Value) -> Source {
    let mut pool = json!({"Id": "eu-west-1_Abc", "Name": "people"});
    pool.as_object_mut()
        .unwrap()
        .extend(members.as_object().unwrap().clone());
    Source::new("pool.json", json!({ "UserPool": pool }).to_string())
}

#[test]
fn the_template_is_clean_for_every_route() {
    let each = DEFINITIONS
        .iter()
        .map(|definition| Binary::new("one-route", [definition.route.as_str()]));
    for binary in each.chain([all()]) {
        let template = wire::sam(&binary).unwrap();
        let report = Wiring::read([Source::new("template.yaml", template)])
            .unwrap()
            .check(std::slice::from_ref(&binary));
        assert!(report.is_clean(), "{:?}\n{report}", binary.routes);
        assert!(
            report
                .findings
                .iter()
                .all(|finding| finding.code == "flow-never-fires"),
            "{report}"
        );
    }
}

#[test]
fn templates_are_as_approved() {
    assert_snapshot(&expected("all.yaml"), &wire::sam(&all()).unwrap());
    let one = Binary::new("token-claims", ["pre_token_generation_v1"]);
    assert_snapshot(&expected("one.yaml"), &wire::sam(&one).unwrap());
}

#[test]
fn the_guide_shows_what_is_written() {
    let binary = Binary::new("my-function", ["pre_sign_up", "pre_token_generation_v2"]);
    assert_snapshot(&expected("guide.yaml"), &wire::sam(&binary).unwrap());
    assert_snapshot(&expected("guide.tf"), &wire::terraform(&binary).unwrap());
    assert_snapshot(&expected("guide.ts"), &wire::cdk(&binary).unwrap());
}

#[test]
fn terraform_and_cdk_set_a_hook_for_every_route() {
    for route in DEFINITIONS.iter().map(|definition| definition.route) {
        let binary = Binary::new("one-route", [route.as_str()]);
        let stack = wire::cdk(&binary).unwrap();
        assert!(stack.contains(&format!("      {}", route.hook())), "{stack}");
        let configuration = match wire::terraform(&binary) {
            Err(WireError::NotInTerraform) if route == Route::InboundFederation => continue,
            configuration => configuration.unwrap(),
        };
        assert!(
            configuration.contains("aws_lambda_function.one_route.arn"),
            "{configuration}"
        );
        for text in [stack, configuration] {
            assert_eq!(text.contains("kms:Decrypt"), route.is_custom_sender(), "{text}");
            assert_eq!(
                text.contains("ESSENTIALS"),
                route.as_str().ends_with("_v2") || route.as_str().ends_with("_v3")
            );
            assert!(!text.contains("{id}") && !text.contains("// {"), "{text}");
        }
    }
}

#[test]
fn terraform_refuses_the_hook_that_its_provider_lacks() {
    let binary = Binary::new("triggers", ["pre_sign_up", "inbound_federation"]);
    let error = wire::terraform(&binary).unwrap_err();
    assert_eq!(error, WireError::NotInTerraform);
    assert!(
        error.to_string().contains("no argument for `InboundFederation`"),
        "{error}"
    );
}

#[test]
fn nothing_is_written_that_the_check_refuses() {
    let lite = pool(json!({"UserPoolTier": "LITE"}));
    let binary = Binary::new("triggers", ["pre_token_generation_v3"]);
    let error = wire::update_user_pool(&lite, &binary, &arns()).unwrap_err();
    assert!(
        matches!(&error, WireError::Refused { problems } if problems.len() == 1),
        "{error:?}"
    );
    assert!(
        error.to_string().contains("the pool is of the Lite plan"),
        "{error}"
    );
    let older = Binary::new("triggers", ["pre_token_generation_v1"]);
    assert!(wire::update_user_pool(&lite, &older, &arns()).is_ok());
    let broken = pool(json!({"LambdaConfig": {"PreSignUp": [FUNCTION]}}));
    assert!(wire::update_user_pool(&broken, &older, &arns()).is_err());
}

#[test]
fn a_description_may_be_yaml() {
    let source = Source::new(
        "pool.yaml",
        "UserPool:\n  Id: eu-west-1_Abc\n  Name: people\n  MfaConfiguration: 'OFF'\n",
    );
    let binary = Binary::new("triggers", ["pre_sign_up"]);
    let update = wire::update_user_pool(&source, &binary, &arns()).unwrap();
    assert_eq!(update.input["MfaConfiguration"], "OFF");
    assert_eq!(update.input["LambdaConfig"]["PreSignUp"], FUNCTION);
}

/// The key's policy needs each of its statements, so its two copies must not diverge.
#[test]
fn the_key_is_that_of_the_example() {
    let key = |template: &str| {
        let lines = template.lines().skip_while(|line| *line != "  CodeKey:");
        let lines = lines.take_while(|line| line.starts_with("  "));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let written = key(&wire::sam(&all()).unwrap());
    assert!(written.len() > 30);
    assert_eq!(written, key(include_str!("../../../../template.yaml")));
}

/// The construct of the CDK refuses sign-ups by default, and the other formats let people sign up.
#[test]
fn people_may_sign_up_in_the_pool_of_the_cdk() {
    let stack = wire::cdk(&Binary::new("triggers", ["pre_sign_up"])).unwrap();
    assert!(
        stack.contains("new cognito.UserPool(this, 'UserPool', { selfSignUpEnabled: true })"),
        "{stack}"
    );
}

/// A variable on the command line is forgotten at the next apply.
#[test]
fn terraform_is_told_to_keep_the_pool() {
    let text = wire::terraform(&Binary::new("mails", ["custom_email_sender"])).unwrap();
    let comment = text.split_once("variable \"user_pool_id\"").unwrap().0;
    let comment = comment.rsplit_once("\n\n").unwrap().1;
    assert!(
        comment.contains("`terraform.tfvars`") && comment.contains("doesn't remember a value from `-var`"),
        "{comment}"
    );
}

#[test]
fn terraform_names_its_provider_and_fits_any_partition() {
    let name = "a-binary-whose-name-is-longer-than-a-prefix-of-roles";
    let text = wire::terraform(&Binary::new(name, ["custom_email_sender"])).unwrap();
    assert!(text.contains("version = \">= 6.0\""), "{text}");
    assert!(!text.contains("\"arn:aws:"), "{text}");
    let prefix = text.split_once("name_prefix = \"").unwrap().1;
    let prefix = prefix.split_once('"').unwrap().0;
    assert_eq!(prefix, &name[..38]);
    let name = format!("function_name    = \"{name}\"");
    assert!(text.contains(&name), "{text}");
}

/// Without its variables a function that opens codes doesn't start.
#[test]
fn only_custom_senders_get_the_key_and_the_pool() {
    for definition in DEFINITIONS {
        let template = wire::sam(&Binary::new("one-route", [definition.route.as_str()])).unwrap();
        for text in [
            "COGNITO_KMS_KEY_ARN: !GetAtt CodeKey.Arn",
            "COGNITO_USER_POOL_IDS: !Ref UserPoolId",
            "Default: us-east-1_None",
            "Value: !Ref UserPool",
        ] {
            let has_text = template.contains(text);
            assert_eq!(has_text, !definition.synchronous, "{} {text}", definition.route);
        }
    }
}

#[test]
fn the_lambda_config_is_as_approved() {
    let config = wire::lambda_config(&all(), &arns()).unwrap();
    let text = serde_json::to_string_pretty(&config).unwrap() + "\n";
    assert_snapshot(&expected("lambda-config.json"), &text);
}

#[test]
fn the_error_names_what_is_missing() {
    let sender = Binary::new("triggers", ["custom_email_sender"]);
    let no_key = Arns {
        kms_key: None,
        ..arns()
    };
    assert_eq!(wire::lambda_config(&sender, &no_key), Err(WireError::NoKey));
    assert_eq!(
        wire::lambda_config(&all(), &Arns::default()),
        Err(WireError::NoFunction)
    );
    assert_eq!(
        wire::lambda_config(&Binary::new("x", [""; 0]), &arns()),
        Err(WireError::NoRoutes)
    );
    let unknown = Binary::new("x", ["pre_breakfast"]);
    assert_eq!(
        wire::sam(&unknown),
        Err(WireError::UnknownRoute("pre_breakfast".into()))
    );
    let alias = Arns {
        kms_key: Some("arn:aws:kms:eu-west-1:111122223333:alias/codes".into()),
        ..arns()
    };
    assert!(matches!(
        wire::lambda_config(&sender, &alias),
        Err(WireError::NotAnArn { of: "key", .. })
    ));
}

#[test]
fn every_setting_is_carried_over() {
    let mut members: serde_json::Map<String, Value> = SETTABLE
        .iter()
        .filter(|key| **key != "LambdaConfig")
        .map(|key| ((*key).into(), json!({ "kept": key })))
        .collect();
    let read_only = READ_ONLY.iter().filter(|key| !["Id", "Name"].contains(*key));
    let kept = members.clone();
    members.extend(read_only.map(|key| ((*key).into(), json!("x"))));
    let update = wire::update_user_pool(&pool(Value::Object(members)), &all(), &arns()).unwrap();
    let input = update.input.as_object().unwrap();
    for (key, value) in &kept {
        assert_eq!(&input[key], value);
    }
    assert_eq!(input["UserPoolId"], "eu-west-1_Abc");
    assert_eq!(input["PoolName"], "people");
    assert_eq!(input.len(), kept.len() + 3, "{:?}", input.keys());
    assert!(
        update
            .changes
            .iter()
            .all(|change| change.path.starts_with("LambdaConfig."))
    );
    assert_eq!(update.changes.len(), 15);
}

#[test]
fn an_unknown_key_is_refused() {
    let source = pool(json!({"Policies": {}, "Moonlight": true}));
    let error = wire::update_user_pool(&source, &all(), &arns()).unwrap_err();
    assert_eq!(
        error,
        WireError::UnknownKeys {
            label: "pool.json".into(),
            keys: vec!["Moonlight".into()]
        }
    );
    assert!(error.to_string().contains("Moonlight"));
}

#[test]
fn other_documents_are_refused_as_descriptions() {
    for text in ["", "[]", r#"{"UserPool": 1}"#, r#"{"UserPool": {"Name": "x"}}"#] {
        let result = wire::update_user_pool(&Source::new("pool.json", text), &all(), &arns());
        assert!(
            matches!(result, Err(WireError::NotADescription { .. })),
            "{text}: {result:?}"
        );
    }
}

#[test]
fn changes_are_listed_and_the_second_run_has_none() {
    let source = pool(json!({
        "Policies": {"PasswordPolicy": {"MinimumLength": 12, "TemporaryPasswordValidityDays": 3}},
        "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": true, "UnusedAccountValidityDays": 3},
        "UserPoolTags": {"team": "identity", "aws:cloudformation:stack-name": "people"},
        "LambdaConfig": {
            "PreSignUp": OTHER,
            "PostConfirmation": "arn:aws:lambda:eu-west-1:111122223333:function:triggers",
            "CustomMessage": OTHER,
            "PreTokenGeneration": OTHER,
            "KMSKeyID": KEY,
            "PreBreakfast": {"LambdaVersion": "V4_0", "LambdaArn": OTHER},
        },
    }));
    let binary = Binary::new(
        "triggers",
        [
            "pre_sign_up",
            "pre_token_generation_v1",
            "pre_token_generation_v2",
        ],
    );
    let arns = Arns {
        function: Some(FUNCTION.into()),
        kms_key: None,
    };
    let update = wire::update_user_pool(&source, &binary, &arns).unwrap();
    let text = update
        .changes
        .iter()
        .map(|change| format!("{change}\n"))
        .chain(update.left_out.iter().map(|left_out| format!("{left_out}\n")))
        .collect::<String>();
    assert_snapshot(&expected("changes.txt"), &text);
    assert_eq!(
        update.input["LambdaConfig"]["CustomMessage"], OTHER,
        "hooks of other functions stay"
    );
    assert_eq!(
        update.input["LambdaConfig"]["PreBreakfast"]["LambdaVersion"],
        "V4_0"
    );

    let again = Source::new("input.json", update.input.to_string());
    let second = wire::update_user_pool(&again, &binary, &Arns::default()).unwrap();
    assert_eq!(second.changes, []);
    assert_eq!(second.input, update.input);
    let report = Wiring::read([again]).unwrap().check(&[binary]);
    assert!(
        report
            .findings
            .iter()
            .all(|finding| finding.code != "hook-not-routed"),
        "{report}"
    );
}
