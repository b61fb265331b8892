//! Token generation V2_0 on the Lite plan: pools that had advanced security before 2024-11-22 keep it.

use cognito_triggers_wiring::{
    Binary, Source,
    wire::{self, Arns},
};

use crate::reports::{assert_found, pool};

const FUNCTION: &str = "arn:aws:lambda:eu-west-1:111122223333:function:triggers";

/// The output of `describe-user-pool` for a Lite pool, with further members.
fn lite(more: &str) -> String {
    format!(r#"{{"UserPool": {{"Id": "eu-west-1_Abc", "Name": "people", "UserPoolTier": "LITE"{more}}}}}"#)
}

fn hook(version: &str) -> String {
    format!(
        r#", "LambdaConfig": {{"PreTokenGenerationConfig": {{"LambdaVersion": "{version}", "LambdaArn": "{FUNCTION}"}}}}"#
    )
}

/// Whether `wire` writes the input for a binary that routes a version.
fn writes(description: &str, version: u8) -> bool {
    let source = Source::new("pool.json", description);
    let binary = Binary::new("triggers", [format!("pre_token_generation_v{version}")]);
    let arns = Arns {
        function: Some(FUNCTION.to_owned()),
        kms_key: None,
    };
    wire::update_user_pool(&source, &binary, &arns).is_ok()
}

#[test]
fn a_described_pool_that_has_v2_may_keep_it() {
    let permission = "not checked permission-missing UserPool.LambdaConfig.PreTokenGenerationConfig";
    let plan = "plan-too-low UserPool.UserPoolTier";
    assert_found(
        &lite(&hook("V2_0")),
        &[permission, &format!("not checked {plan}")],
    );
    assert_found(&lite(&hook("V3_0")), &[&format!("error {plan}"), permission]);
    assert!(writes(&lite(&hook("V2_0")), 2));
    assert!(!writes(&lite(&hook("V2_0")), 3));
    assert!(!writes(&lite(""), 2));
}

#[test]
fn a_pool_with_advanced_security_may_get_v2() {
    let add_ons = |mode: &str| {
        lite(&format!(
            r#", "UserPoolAddOns": {{"AdvancedSecurityMode": "{mode}"}}"#
        ))
    };
    assert!(writes(&add_ons("AUDIT"), 2) && writes(&add_ons("ENFORCED"), 2));
    assert!(!writes(&add_ons("AUDIT"), 3));
    assert!(!writes(&add_ons("OFF"), 2));
}

#[test]
fn a_template_may_be_of_an_older_pool() {
    let template = |more: &str| {
        let config = "{PreTokenGenerationConfig: {LambdaVersion: V2_0, LambdaArn: !GetAtt Triggers.Arn}}";
        let tier = format!("    Properties:\n      UserPoolTier: LITE{more}\n      LambdaConfig");
        pool(config).replace("    Properties:\n      LambdaConfig", &tier)
    };
    let plan = "plan-too-low Resources.UserPool.Properties.UserPoolTier";
    assert_found(&template(""), &[&format!("error {plan}")]);
    for mode in ["AUDIT", "ENFORCED", "!Ref PoolArn"] {
        let text = template(&format!(
            "\n      UserPoolAddOns: {{AdvancedSecurityMode: {mode}}}"
        ));
        assert_found(&text, &[&format!("not checked {plan}")]);
    }
    let off = template("\n      UserPoolAddOns: {AdvancedSecurityMode: 'OFF'}");
    assert_found(&off, &[&format!("error {plan}")]);
}
