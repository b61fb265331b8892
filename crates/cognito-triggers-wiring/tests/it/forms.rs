//! Every form that a source may have.

use crate::reports::{assert_found, findings, pool, report};
use cognito_triggers_wiring::{Source, Wiring};

#[test]
fn get_template_is_read_as_object_and_as_string() {
    let template = pool("{PreSingUp: !GetAtt Triggers.Arn}");
    let body = serde_json::Value::from(template.as_str());
    assert_found(
        &format!(r#"{{"TemplateBody": {body}, "StagesAvailable": ["Original"]}}"#),
        &["error unknown-key Resources.UserPool.Properties.LambdaConfig.PreSingUp"],
    );
    assert_found(
        r#"{"TemplateBody": {"Resources": {"P": {"Type": "AWS::Cognito::UserPool", "Properties": {"LambdaConfig": {"PreSingUp": "arn"}}}}}}"#,
        &["error unknown-key TemplateBody.Resources.P.Properties.LambdaConfig.PreSingUp"],
    );
}

#[test]
fn a_bare_lambda_config_is_read() {
    let config = r#"{"CustomEmailSender": {"LambdaVersion": "V2_0", "LambdaArn": "arn:aws:lambda:eu-west-1:111122223333:function:mails"}}"#;
    let expected = [
        "error sender-without-key CustomEmailSender",
        "error unknown-version CustomEmailSender.LambdaVersion",
        "not checked permission-missing CustomEmailSender",
    ];
    assert_found(config, &expected);
    assert_found(
        "CustomEmailSender:\n  LambdaVersion: V2_0\n  LambdaArn: arn:aws:lambda:eu-west-1:111122223333:function:mails\n",
        &expected,
    );
}

#[test]
fn the_state_of_serverless_is_read() {
    let template = r#"{"Resources": {"P": {"Type": "AWS::Cognito::UserPool", "Properties": {"LambdaConfig": {"PreSingUp": "arn"}}}}}"#;
    let path = "service.provider.compiledCloudFormationTemplate";
    assert_found(
        &format!(r#"{{"service": {{"provider": {{"compiledCloudFormationTemplate": {template}}}}}}}"#),
        &[&format!(
            "error unknown-key {path}.Resources.P.Properties.LambdaConfig.PreSingUp"
        )],
    );
}

/// Serverless writes a value that occurs twice once, and refers to it.
#[test]
fn references_in_the_state_of_serverless_are_followed() {
    let key = "arn:aws:kms:eu-west-1:111122223333:key/0aa1";
    let state = |statement: &str, more: &str| {
        format!(
            r#"{{"service": {{"provider": {{"iam": {{"statements": [{{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "{key}"}}]}}, {more}
            "compiledCloudFormationTemplate": {{"Resources": {{
                "P": {{"Type": "AWS::Cognito::UserPool", "Properties": {{"LambdaConfig": {{"KMSKeyID": "{key}",
                    "CustomSMSSender": {{"LambdaVersion": "V1_0", "LambdaArn": {{"Fn::GetAtt": ["F", "Arn"]}}}}}}}}}},
                "F": {{"Type": "AWS::Lambda::Function", "Properties": {{"Role": {{"Fn::GetAtt": ["R", "Arn"]}}}}}},
                "R": {{"Type": "AWS::IAM::Role", "Properties": {{"Policies": [{{"PolicyDocument": {{"Statement": [{statement}]}}}}]}}}},
                "M": {{"Type": "AWS::Lambda::Permission", "Properties": {{"Action": "lambda:InvokeFunction", "FunctionName": {{"Ref": "F"}},
                    "Principal": "cognito-idp.amazonaws.com", "SourceArn": {{"Fn::GetAtt": ["P", "Arn"]}}}}}}}}}}}}}}}}"#
        )
    };
    let path =
        "service.provider.compiledCloudFormationTemplate.Resources.P.Properties.LambdaConfig.CustomSMSSender";
    let missing = format!("error decrypt-missing {path}");
    let named = r#"{"$ref": "$[\"service\"][\"provider\"][\"iam\"][\"statements\"][0]"}"#;
    let through = r#"{"$ref": "$[\"service\"][\"provider\"][\"second\"]"}"#;
    assert_found(&state(named, ""), &[]);
    assert_found(&state(through, &format!("\"second\": {named},")), &[]);
    for nowhere in [
        r#"{"$ref": "$[\"service\"][\"provider\"][\"iam\"][\"statements\"][1]"}"#,
        r#"{"$ref": "statements"}"#,
        through,
    ] {
        assert_found(&state(nowhere, &format!("\"second\": {through},")), &[&missing]);
    }
}

/// A state of Terraform with one pool, its function and a permission.
fn terraform(config: &str, permission: &str) -> String {
    let arn = "arn:aws:lambda:eu-west-1:111122223333:function:triggers";
    format!(
        r#"{{"format_version": "1.0", "terraform_version": "1.14.0", "values": {{"root_module": {{"resources": [], "child_modules": [{{"resources": [
        {{"address": "module.auth.aws_cognito_user_pool.users", "type": "aws_cognito_user_pool", "values": {{"id": "eu-west-1_Abc", "name": "users",
            "arn": "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Abc", "user_pool_tier": "LITE", "lambda_config": [{config}]}}}},
        {{"address": "module.auth.aws_lambda_function.triggers", "type": "aws_lambda_function", "values": {{"function_name": "triggers",
            "arn": "{arn}", "runtime": "provided.al2023", "timeout": 30, "role": "arn:aws:iam::111122223333:role/r"}}}},
        {{"address": "module.auth.aws_lambda_permission.users", "type": "aws_lambda_permission", "values": {permission}}}]}}]}}}}}}"#
    )
}

#[test]
fn the_state_of_terraform_is_read() {
    let arn = "arn:aws:lambda:eu-west-1:111122223333:function:triggers";
    let permission = r#"{"action": "lambda:InvokeFunction", "function_name": "triggers", "qualifier": "", "principal": "cognito-idp.amazonaws.com",
        "source_arn": "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Abc", "source_account": null}"#;
    let config = format!(
        r#"{{"pre_sign_up": "{arn}", "kms_key_id": "", "custom_message": "", "pre_token_generation_config": [{{"lambda_arn": "{arn}", "lambda_version": "V2_0"}}]}}"#
    );
    let text = terraform(&config, permission);
    assert_found(
        &text,
        &[
            "not checked plan-too-low module.auth.aws_cognito_user_pool.users.UserPoolTier",
            "warning timeout-too-long module.auth.aws_lambda_function.triggers.Timeout",
        ],
    );
    let fixes = report(&[&text], &[]).to_string();
    assert!(
        fixes.contains("user_pool_tier = \"ESSENTIALS\"") && fixes.contains("timeout = 5"),
        "{fixes}"
    );
    let elsewhere = permission.replace("eu-west-1_Abc", "eu-west-1_Other");
    let found = findings(&report(&[&terraform(&config, &elsewhere)], &[]));
    assert!(
        found.iter().any(|line| line.contains("permission-missing")),
        "{found:?}"
    );
}

#[test]
fn unknown_values_of_a_plan_are_not_checked() {
    let text = r#"{"format_version": "1.2", "planned_values": {"root_module": {"resources": [
        {"address": "aws_cognito_user_pool.users", "type": "aws_cognito_user_pool", "values": {"name": "users", "lambda_config": [{"custom_email_sender": []}]}}]}},
        "resource_changes": [{"address": "aws_cognito_user_pool.users", "change": {"after_unknown": {"arn": true, "lambda_config": [{"pre_sign_up": true}]}}}]}"#;
    assert_found(
        text,
        &["not checked hook-at-deployment aws_cognito_user_pool.users.LambdaConfig.PreSignUp"],
    );
}

#[test]
fn a_file_is_read_however_it_was_saved() {
    let text = "UserPool:\n  Id: eu-west-1_Abc\n  LambdaConfig: {PreSingUp: ärn}\n";
    let utf16 = |bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        format!("\u{feff}{text}").encode_utf16().flat_map(bytes).collect()
    };
    for bytes in [
        text.as_bytes().to_vec(),
        format!("\u{feff}{text}").into_bytes(),
        utf16(u16::to_le_bytes),
        utf16(u16::to_be_bytes),
    ] {
        let source = Source::from_bytes("pool.yaml", bytes).unwrap();
        let report = Wiring::read([source]).unwrap().check(&[]);
        assert_eq!(
            findings(&report),
            ["warning unknown-key UserPool.LambdaConfig.PreSingUp"]
        );
        assert_eq!(
            (
                report.findings[0].location.line,
                report.findings[0].location.column
            ),
            (3, 18)
        );
    }
    let error = Source::from_bytes("pool.json", b"{\n\"Name\": \"\xe4\"}".to_vec()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "pool.json:2:10: not UTF-8; save the file as UTF-8"
    );
}
