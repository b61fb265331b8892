//! Permissions that leave the account or the pool open, and those of which only deployment tells.

use crate::{
    permissions::{described, policy, with},
    reports::{assert_found, findings, report},
};

/// What only deployment tells is no fault, and the parts of the ARN before the account don't matter.
#[test]
fn an_account_that_is_known_only_at_deployment() {
    for source in [
        "!Sub 'arn:aws:cognito-idp:${PoolArn}:${AWS::AccountId}:userpool/${UserPool}'",
        "!Sub 'arn:aws:cognito-idp:${AWS::Region}:111122223333:userpool/${PoolArn}'",
    ] {
        assert_found(&with(&format!("SourceArn: {source}")), &[]);
    }
    for source in [
        "!Ref PoolArn",
        "!ImportValue pool-arn",
        "!Sub '${PoolArn}/*'",
        "!Sub 'arn:aws:cognito-idp:${AWS::Region}:${PoolArn}:userpool/${UserPool}'",
    ] {
        let text = with(&format!("SourceArn: {source}"));
        assert_found(&text, &["not checked permission-open Resources.Permission"]);
        let report = report(&[&text], &[]);
        assert!(report.is_clean());
        assert_eq!(
            report.findings[0].problem,
            "`SourceArn` of the permission for `Triggers` is known only at deployment, and nothing else fixes the account"
        );
        assert!(
            report.findings[0]
                .fix
                .contains("SourceAccount: !Ref AWS::AccountId")
        );
    }
    let wildcard = "SourceArn: !Sub 'arn:aws:cognito-idp:${PoolArn}:*:userpool/${UserPool}'";
    assert_found(&with(wildcard), &["warning permission-open Resources.Permission"]);
}

/// A source that is excluded leaves every other one in.
#[test]
fn a_negated_source_leaves_the_account_open() {
    let negated = r#""ArnNotLike": {"AWS:SourceArn": "arn:aws:cognito-idp:*:*:userpool/x"}"#;
    assert_eq!(
        findings(&report(&[&described("f"), &policy("f", negated)], &[])),
        ["warning permission-open Statement[0]"]
    );
}

/// In a first plan, the ARN of the pool is known after apply.
#[test]
fn a_plan_may_not_know_the_source_yet() {
    let plan = r#"{"format_version": "1.2", "planned_values": {"root_module": {"resources": [
        {"address": "aws_cognito_user_pool.p", "type": "aws_cognito_user_pool", "values": {"name": "people"}},
        {"address": "aws_lambda_permission.p", "type": "aws_lambda_permission", "values": {"action": "lambda:InvokeFunction",
        "function_name": "f", "principal": "cognito-idp.amazonaws.com"}}]}},
        "resource_changes": [{"address": "aws_lambda_permission.p", "change": {"after_unknown": {"source_arn": true}}}]}"#;
    assert_found(plan, &["not checked permission-open aws_lambda_permission.p"]);
}

#[test]
fn what_may_be_for_another_service_is_not_counted() {
    let text = with("EventSourceToken: !Ref UserPool");
    let problem = |principal: &str| {
        let other = format!(
            "  Other:\n    Type: AWS::Lambda::Permission\n    Properties: {{Action: 'lambda:InvokeFunction', FunctionName: !Ref \
             Triggers, Principal: {principal}}}\n"
        );
        let report = report(&[&format!("{text}{other}")], &[]);
        report.findings[0].problem.clone()
    };
    let alone = "the permission for `Triggers` has no `SourceArn` and no `SourceAccount`";
    assert_eq!(problem("!Ref PoolArn"), alone);
    assert_eq!(
        problem("cognito-idp.amazonaws.com"),
        format!("{alone} (and 1 more like it)")
    );
}

#[test]
fn a_permission_for_one_account_lets_in_its_pools() {
    let report = report(&[&with("SourceAccount: !Ref AWS::AccountId")], &[]);
    assert_eq!(
        report.findings[0].consequence,
        "any user pool of the account that names the function can call it with events of its own"
    );
}
