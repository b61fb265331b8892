//! Inputs with their findings and locations. Each kind of fault has inputs of several frameworks and forms.

use crate::reports::{assert_found, findings, pool, report};
use cognito_triggers_wiring::{Binary, Severity};

/// The codes of the findings.
fn codes(text: &str) -> Vec<&'static str> {
    let report = report(&[text], &[]);
    report.findings.iter().map(|finding| finding.code).collect()
}

/// A pool with a custom sender and this `KMSKeyID`.
fn sender(key: &str) -> String {
    pool(&format!(
        "{{CustomEmailSender: {{LambdaVersion: V1_0, LambdaArn: !GetAtt Triggers.Arn}}, KMSKeyID: {key}}}"
    ))
}

#[test]
fn a_source_without_a_pool_is_an_error() {
    for text in [
        "Resources: {Bucket: {Type: AWS::S3::Bucket}}",
        "{\"Resources\": {}}",
        "{\"FunctionName\": \"f\", \"FunctionArn\": \"arn:aws:lambda:eu-west-1:111122223333:function:f\"}",
        "{\"format_version\": \"1.0\", \"values\": {\"root_module\": {\"resources\": []}}}",
        "{\"format_version\": \"1.2\", \"planned_values\": {}}",
        "UserPoolClient: {ClientId: abc, UserPoolId: eu-west-1_Abc}",
    ] {
        for binaries in [&[][..], &[Binary::new("triggers", ["pre_sign_up"])]] {
            assert_eq!(
                findings(&report(&[text], binaries))[0].split(' ').nth(1),
                Some("no-pool"),
                "{text}"
            );
            assert!(!report(&[text], binaries).is_clean());
        }
    }
}

#[test]
fn a_binary_without_a_hook_is_an_error() {
    let binary = [Binary::new("triggers", ["pre_sign_up"]).run_by("Other")];
    let found = findings(&report(&[&pool("{PreSignUp: !GetAtt Triggers.Arn}")], &binary));
    assert_eq!(
        found,
        ["error function-not-found Resources.UserPool.Properties.LambdaConfig"]
    );
    let found = findings(&report(
        &["UserPool: {Id: eu-west-1_Abc, LambdaConfig: {}}"],
        &binary,
    ));
    assert_eq!(
        found,
        [
            "error function-not-found UserPool.LambdaConfig",
            "warning route-not-wired UserPool.LambdaConfig"
        ]
    );
}

#[test]
fn a_binary_without_known_routes_is_reported() {
    let text = pool("{PreSignUp: !GetAtt Triggers.Arn}");
    let none = [Binary::new("triggers", [""; 0])];
    assert_eq!(
        findings(&report(&[&text], &none)),
        [
            "error function-not-found Resources.UserPool.Properties.LambdaConfig",
            "error hook-not-routed Resources.UserPool.Properties.LambdaConfig.PreSignUp"
        ]
    );
    let passes = [Binary::new("triggers", [""; 0]).otherwise(true)];
    assert_eq!(
        findings(&report(&[&text], &passes)),
        [
            "not checked function-not-found Resources.UserPool.Properties.LambdaConfig",
            "warning hook-not-routed Resources.UserPool.Properties.LambdaConfig.PreSignUp"
        ]
    );
    let newer = [Binary::new("triggers", ["pre_sign_up", "pre_breakfast"])];
    assert_eq!(
        findings(&report(&[&text], &newer)),
        ["not checked route-not-wired Resources.UserPool.Properties.LambdaConfig"]
    );
}

#[test]
fn a_key_is_named_by_its_arn() {
    let at = "error key-not-arn Resources.UserPool.Properties.LambdaConfig.KMSKeyID";
    for key in [
        "!Ref Key",
        "!Sub '${Key}'",
        "!GetAtt Key.KeyId",
        "!Ref KeyAlias",
        "!Sub 'alias/${Key}'",
        "alias/codes",
        "6c0f9a4e-27d1-4b83-9e5f-d41a7b60c382",
    ] {
        assert_found(&sender(key), &[at]);
    }
    for key in [
        "!GetAtt Key.Arn",
        "!Sub 'arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/${Key}'",
    ] {
        assert_found(&sender(key), &[]);
    }
    // A description can't have this, an input of update-user-pool can.
    assert_found(
        "{\"PoolName\": \"people\", \"LambdaConfig\": {\"KMSKeyID\": \"alias/codes\"}}",
        &["error key-not-arn LambdaConfig.KMSKeyID"],
    );
}

#[test]
fn a_value_of_the_wrong_type_is_not_read_as_empty() {
    let config = "error wrong-type Resources.UserPool.Properties.LambdaConfig";
    for value in ["[{PreSignUp: arn}]", "none", "5", "true", "[]"] {
        assert_found(&pool(value), &[config]);
    }
    let hook = "error hook-shape Resources.UserPool.Properties.LambdaConfig.PreSignUp";
    for value in ["[!GetAtt Triggers.Arn]", "5", "true"] {
        let found = findings(&report(&[&pool(&format!("{{PreSignUp: {value}}}"))], &[]));
        assert!(found.contains(&hook.to_owned()), "{value}: {found:?}");
    }
    assert_found(
        "Resources: {P: {Type: AWS::Cognito::UserPool, Properties: []}}",
        &["error wrong-type Resources.P.Properties"],
    );
    assert_found(
        "{\"UserPool\": {\"Id\": \"eu-west-1_Abc\", \"LambdaConfig\": \"x\"}}",
        &["error wrong-type UserPool.LambdaConfig"],
    );
    assert_found(
        "{\"PoolName\": \"people\", \"LambdaConfig\": [1]}",
        &["error wrong-type LambdaConfig"],
    );
    let unread = findings(&report(
        &[&pool("[]")],
        &[Binary::new("triggers", ["pre_sign_up"])],
    ));
    assert!(
        unread
            .iter()
            .all(|line| !line.starts_with("warning route-not-wired")),
        "{unread:?}"
    );
}

#[test]
fn a_hook_beside_lambda_config_is_an_error() {
    assert_found(
        "Resources:\n  P:\n    Type: AWS::Cognito::UserPool\n    Properties:\n      LambdaConfig:\n      PostConfirmation: arn\n",
        &["error unknown-key Resources.P.Properties.PostConfirmation"],
    );
    assert_found(
        r#"{"UserPoolId": "eu-west-1_Abc", "PreSignUp": "arn"}"#,
        &["error unknown-key PreSignUp"],
    );
}

#[test]
fn hooks_of_custom_resources_are_not_reported_as_missing() {
    let serverless = r#"{"Resources": {
        "UserPool": {"Type": "AWS::Cognito::UserPool", "Properties": {"UserPoolName": "people"}},
        "Hooks": {"Type": "Custom::CognitoUserPool", "Properties": {
            "FunctionName": "triggers", "UserPoolName": "people", "UserPoolConfigs": [{"Trigger": "PreSignUp"}]}}}}"#;
    let cdk = r#"{"Resources": {
        "UserPool": {"Type": "AWS::Cognito::UserPool"},
        "Hooks": {"Type": "AWS::CloudFormation::CustomResource", "Properties": {"Update": {"Fn::Join": ["", [
            "{\"service\":\"cognito-identity-provider\",\"action\":\"updateUserPool\",\"parameters\":{\"UserPoolId\":\"",
            {"Ref": "UserPool"}, "\",\"LambdaConfig\":{\"PreSignUp\":\"arn\"}}}"]]}}}}}"#;
    let amplify = r#"{"Resources": {
        "UserPool": {"Type": "AWS::Cognito::UserPool"},
        "Hooks": {"Type": "Custom::AuthTriggers", "Properties": {
            "userpoolId": "eu-west-1_Abc", "lambdaConfig": [{"triggerType": "PreSignUp", "lambdaFunctionArn": "arn"}]}}}}"#;
    let own = "Resources:\n  UserPool: {Type: AWS::Cognito::UserPool}\n  Hooks:\n    Type: Custom::PoolTriggers\n    Properties:\n      LambdaConfig: {PreSignUp: arn}\n";
    for text in [serverless, cdk, amplify, own] {
        assert_found(text, &["not checked custom-resource Resources.Hooks"]);
        let found = findings(&report(&[text], &[Binary::new("triggers", ["pre_sign_up"])]));
        assert_eq!(
            found,
            [
                "error function-not-found Resources.UserPool",
                "not checked custom-resource Resources.Hooks"
            ]
        );
    }
    let unrelated = r#"{"Resources": {
        "UserPool": {"Type": "AWS::Cognito::UserPool"},
        "Secret": {"Type": "Custom::DescribeClient", "Properties": {"Update":
            "{\"service\":\"CognitoIdentityServiceProvider\",\"action\":\"describeUserPoolClient\"}"}}}}"#;
    assert_found(unrelated, &[]);
}

#[test]
fn the_risks_of_custom_resources_are_reported() {
    let text = "Resources:\n  Hooks:\n    Type: Custom::AWS\n    Properties:\n      Create: '{\"action\":\"updateUserPool\",\"parameters\":{\"LambdaConfig\":{}}}'\n";
    let report = report(&[text], &[]);
    let finding = report
        .findings
        .iter()
        .find(|finding| finding.code == "custom-resource")
        .unwrap();
    assert!(finding.consequence.contains("it clears hooks"));
    assert!(finding.consequence.contains("resets every other setting"));
}

#[test]
fn an_arn_that_fixes_the_account_needs_no_other() {
    let with = |source_arn: &str| {
        pool("{PreSignUp: !GetAtt Triggers.Arn}").replace("SourceArn: !GetAtt UserPool.Arn", source_arn)
    };
    for source_arn in [
        "SourceArn: !GetAtt UserPool.Arn",
        "SourceArn: !Sub '${UserPool.Arn}'",
        "SourceArn: !Sub 'arn:${AWS::Partition}:cognito-idp:${AWS::Region}:${AWS::AccountId}:userpool/${UserPool}'",
        "SourceArn: arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Abc",
        // Any pool of one account.
        "SourceArn: !Sub 'arn:aws:cognito-idp:${AWS::Region}:${AWS::AccountId}:userpool/*'",
        "SourceArn: arn:aws:cognito-idp:*:111122223333:userpool/eu-west-1_Ab?",
    ] {
        assert_found(&with(source_arn), &[]);
    }
    for source_arn in [
        "SourceArn: arn:aws:cognito-idp:eu-west-1:*:userpool/eu-west-1_Abc",
        "SourceArn: arn:aws:cognito-idp:eu-west-1:1111?2223333:userpool/eu-west-1_Abc",
        "EventSourceToken: !Ref UserPool",
    ] {
        assert_found(
            &with(source_arn),
            &["warning permission-open Resources.Permission"],
        );
    }
}

#[test]
fn a_trigger_declared_twice_is_an_error() {
    let sam = |config: &str, events: &str| {
        format!(
            "Transform: AWS::Serverless-2016-10-31\nResources:\n  UserPool: {{Type: AWS::Cognito::UserPool, Properties: {{LambdaConfig: {config}}}}}\n  \
             Triggers: {{Type: AWS::Serverless::Function, Properties: {{Runtime: provided.al2023, Timeout: 5, Events: {events}}}}}\n"
        )
    };
    let event = |trigger: &str| {
        format!("{{Type: Cognito, Properties: {{UserPool: !Ref UserPool, Trigger: {trigger}}}}}")
    };
    let twice = |text: &str| {
        let found = findings(&report(&[text], &[]));
        found
            .iter()
            .filter(|line| line.starts_with("error trigger-twice"))
            .count()
    };
    let two = format!(
        "{{A: {}, B: {}}}",
        event("PreSignUp"),
        event("[CustomMessage, PreSignUp]")
    );
    let one = format!("{{A: {}}}", event("PreSignUp"));
    assert_eq!(twice(&sam("{}", &two)), 1);
    assert_eq!(twice(&sam("{PreSignUp: !GetAtt Triggers.Arn}", &one)), 1);
    assert_eq!(twice(&sam("{CustomMessage: !GetAtt Triggers.Arn}", &one)), 0);
}

#[test]
fn a_repeated_key_is_a_finding_and_the_rest_is_checked() {
    for text in [
        "Resources:\n  P:\n    Type: AWS::Cognito::UserPool\n    Properties:\n      MfaConfiguration: 'ON'\n      MfaConfiguration: 'OFF'\n      LambdaConfig: {PreSingUp: arn}\n",
        r#"{"Resources": {"P": {"Type": "AWS::Cognito::UserPool", "Properties": {"A": 1, "LambdaConfig": {"PreSingUp": "arn"}, "A": 2}}}}"#,
        r#"{"UserPool": {"Id": "a", "Id": "eu-west-1_Abc", "LambdaConfig": {"PreSingUp": "arn"}}}"#,
    ] {
        let codes = codes(text);
        assert!(
            codes.contains(&"repeated-key") && codes.contains(&"unknown-key"),
            "{text}: {codes:?}"
        );
    }
    let last = pool("{PreSignUp: 5, PreSignUp: !GetAtt Triggers.Arn}");
    assert_found(
        &last,
        &["warning repeated-key Resources.UserPool.Properties.LambdaConfig.PreSignUp"],
    );
}

#[test]
fn a_hook_takes_an_arn_and_no_name() {
    for key in [
        "PreSignUp: my-function",
        "PreSignUp: ''",
        "CustomMessage: 'my-function:live'",
    ] {
        let name = key.split(':').next().unwrap();
        let found = findings(&report(
            &[&format!(
                "Resources: {{P: {{Type: AWS::Cognito::UserPool, Properties: {{LambdaConfig: {{{key}}}}}}}}}"
            )],
            &[],
        ));
        assert_eq!(
            found,
            [format!(
                "error hook-shape Resources.P.Properties.LambdaConfig.{name}"
            )]
        );
    }
    assert_found(
        r#"{"UserPoolId": "eu-west-1_Abc", "LambdaConfig": {"InboundFederation": {"LambdaVersion": "V1_0", "LambdaArn": "users"}}}"#,
        &["error hook-shape LambdaConfig.InboundFederation"],
    );
}

/// AWS's service model requires both members.
#[test]
fn a_versioned_hook_names_its_version() {
    for (key, version) in [
        ("PreTokenGenerationConfig", ""),
        ("InboundFederation", "LambdaVersion: null, "),
        ("InboundFederation", "LambdaVersion: !Ref AWS::NoValue, "),
    ] {
        let text = pool(&format!(
            "{{{key}: {{{version}LambdaArn: !GetAtt Triggers.Arn}}}}"
        ));
        assert_found(
            &text,
            &[&format!(
                "error hook-shape Resources.UserPool.Properties.LambdaConfig.{key}"
            )],
        );
    }
    assert_found(
        r#"{"CustomEmailSender": {"LambdaArn": "arn:aws:lambda:eu-west-1:111122223333:function:f"}}"#,
        &[
            "error hook-shape CustomEmailSender",
            "error sender-without-key CustomEmailSender",
            "not checked permission-missing CustomEmailSender",
        ],
    );
    assert_found(
        &pool("{InboundFederation: {LambdaVersion: V1_0, LambdaArn: !GetAtt Triggers.Arn}}"),
        &[],
    );
}

/// It is none if a part of the sources may set the hook: a custom resource, or what exists only at deployment.
#[test]
fn a_permission_without_a_hook_is_a_warning() {
    let text = pool("{CustomMessage: arn:aws:lambda:eu-west-1:111122223333:function:messages}");
    assert!(codes(&text).contains(&"permission-without-hook"));
    assert!(codes(&pool("{}")).contains(&"permission-without-hook"));
    for text in [
        pool("{PreSignUp: !GetAtt Triggers.Arn}"),
        pool("{PreSignUp: !ImportValue sign-up}"),
        pool("!If [A, {}, {PreSignUp: !GetAtt Triggers.Arn}]"),
        pool("{}") + "  Hooks: {Type: Custom::Hooks, Properties: {LambdaConfig: {PreSignUp: x}}}\n",
        pool("{}").replace("SourceArn: !GetAtt UserPool.Arn", "SourceArn: !Ref PoolArn"),
        pool("{}").replace("cognito-idp.amazonaws.com", "s3.amazonaws.com"),
    ] {
        assert!(!codes(&text).contains(&"permission-without-hook"), "{text}");
    }
}

#[test]
fn a_question_mark_is_one_character_in_iam() {
    let pool = r#"{"UserPool": {"Id": "eu-west-1_Abc1", "Arn": "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Abc1",
        "LambdaConfig": {"PreSignUp": "arn:aws:lambda:eu-west-1:111122223333:function:triggers"}}}"#;
    let policy = |source: &str| {
        format!(
            r#"{{"Statement": [{{"Effect": "Allow", "Principal": {{"Service": "cognito-idp.amazonaws.com"}}, "Action": "lambda:Invoke*",
            "Resource": "arn:aws:lambda:eu-west-1:111122223333:function:triggers", "Condition": {{"ArnLike": {{"aws:SourceArn": "{source}"}},
            "StringEquals": {{"aws:SourceAccount": "111122223333"}}}}}}], "Version": "2012-10-17"}}"#
        )
    };
    let covers = |source: &str| report(&[pool, &policy(source)], &[]).is_clean();
    assert!(covers(
        "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Abc?"
    ));
    assert!(covers("arn:aws:cognito-idp:eu-west-?:*:userpool/*"));
    assert!(!covers(
        "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Abc1?"
    ));
}

#[test]
fn messages_have_no_quotes_within_quotes() {
    let text = pool("{PreSignUp: !ImportValue sign-up, CustomMessage: !Ref PoolArn}")
        .replace("FunctionName: !Ref Triggers", "FunctionName: !Ref PoolArn")
        .replace("SourceArn: !GetAtt UserPool.Arn", "SourceArn: !Ref PoolArn");
    let report = report(&[&text], &[]).to_string();
    assert!(
        report.contains("parameter `PoolArn`") && !report.contains("``"),
        "{report}"
    );
}

#[test]
fn severities_are_counted() {
    let report = report(
        &[&pool(
            "{PreSignUp: !ImportValue a, CustomMessage: !ImportValue b}",
        )],
        &[],
    );
    assert_eq!(report.count(Severity::NotChecked), 2);
    assert!(report.is_clean());
    assert!(
        report
            .to_string()
            .ends_with("0 errors, 0 warnings, 2 not checked\n")
    );
}

#[test]
fn a_client_that_names_no_flows_has_the_defaults() {
    let client = |flows: &str| {
        pool("{DefineAuthChallenge: !GetAtt Triggers.Arn}")
            + &format!(
                "  Client:\n    Type: AWS::Cognito::UserPoolClient\n    Properties: {{UserPoolId: !Ref UserPool, ExplicitAuthFlows: {flows}}}\n"
            )
    };
    assert_found(&client("!Ref AWS::NoValue"), &[]);
    assert_found(&client("[ALLOW_CUSTOM_AUTH]"), &[]);
    assert_found(
        &client("[ALLOW_USER_SRP_AUTH]"),
        &["warning flow-never-fires Resources.Client.Properties.ExplicitAuthFlows"],
    );
}
