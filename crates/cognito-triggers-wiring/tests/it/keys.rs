//! Whether the function of a custom sender may decrypt: what key policies, roles and conditions of a template say.

use crate::reports::{assert_found, findings, report};

const SENDER: &str = "Resources.UserPool.Properties.LambdaConfig.CustomEmailSender";

/// A template with a custom sender. The statement of its role allows decryption.
const TEMPLATE: &str = "
Conditions: {IsProd: !Equals [a, b]}
Parameters: {RoleArn: {Type: String}, Name: {Type: String}}
Resources:
  UserPool:
    Type: AWS::Cognito::UserPool
    Properties:
      LambdaConfig:
        CustomEmailSender: {LambdaVersion: V1_0, LambdaArn: !GetAtt Mails.Arn}
        KMSKeyID: !GetAtt Key.Arn
  Mails:
    Type: AWS::Lambda::Function
    Properties: {Runtime: provided.al2023, Handler: bootstrap, Role: !GetAtt Role.Arn}
  Role:
    Type: AWS::IAM::Role
    Properties: {RoleName: codes-role}
  Admin:
    Type: AWS::IAM::Role
  Decrypt:
    Type: AWS::IAM::RolePolicy
    Properties:
      RoleName: !Ref Role
      PolicyDocument: {Statement: [{Effect: Allow, Action: kms:Decrypt, Resource: !GetAtt Key.Arn}]}
  Key:
    Type: AWS::KMS::Key
    Properties: {EnableKeyRotation: true}
  Permission:
    Type: AWS::Lambda::Permission
    Properties: {Action: 'lambda:InvokeFunction', FunctionName: !Ref Mails, Principal: cognito-idp.amazonaws.com, SourceArn: !GetAtt UserPool.Arn}
";

pub(crate) fn replaced(from: &str, to: &str) -> String {
    assert_eq!(TEMPLATE.matches(from).count(), 1, "{from}");
    TEMPLATE.replace(from, to)
}

/// The template whose key has this policy.
pub(crate) fn with_policy(statements: &str) -> String {
    let policy = format!("EnableKeyRotation: true, KeyPolicy: {{Statement: {statements}}}");
    replaced("EnableKeyRotation: true", &policy)
}

/// The template whose role has no statement, with a key of this policy.
pub(crate) fn only_policy(statements: &str) -> String {
    with_policy(statements).replace("RoleName: !Ref Role", "RoleName: !Ref Admin")
}

pub(crate) fn error() -> String {
    format!("error decrypt-missing {SENDER}")
}

pub(crate) const NOT_CHECKED: &str = "not checked decrypt-missing Resources.Mails";

#[test]
fn the_policy_of_the_key_has_to_let_roles_decide() {
    assert_found(TEMPLATE, &[]);
    let root = "Principal: {AWS: !Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root'}";
    for statements in [
        format!("[{{Effect: Allow, {root}, Action: 'kms:*', Resource: '*'}}]"),
        format!("{{Effect: Allow, {root}, Action: ['kms:Describe*', 'KMS:Decrypt'], Resource: '*'}}"),
        "[{Effect: Allow, Principal: {AWS: !Ref AWS::AccountId}, Action: 'kms:*'}]".to_owned(),
        "[{Effect: Allow, Principal: {AWS: [!GetAtt Admin.Arn, '111122223333']}, Action: '*'}]".to_owned(),
        "[{Effect: Allow, Principal: '*', Action: 'kms:Decrypt'}]".to_owned(),
        "[{Effect: Allow, Principal: {AWS: !GetAtt Role.Arn}, Action: 'kms:Decrypt'}]".to_owned(),
    ] {
        assert_found(&with_policy(&statements), &[]);
    }
    for statements in [
        "[{Effect: Allow, Principal: {AWS: !GetAtt Admin.Arn}, Action: 'kms:*', Resource: '*'}]".to_owned(),
        "[{Effect: Allow, Principal: {Service: cognito-idp.amazonaws.com}, Action: 'kms:*'}]".to_owned(),
        format!("[{{Effect: Allow, {root}, Action: ['kms:CreateGrant', 'kms:DescribeKey']}}]"),
        format!("[{{Effect: Deny, {root}, Action: 'kms:ScheduleKeyDeletion'}}]"),
        "[{Effect: Allow, Principal: {AWS: 'arn:aws:iam::111122223333:role/admin'}, Action: 'kms:*'}]".to_owned(),
        "[{Effect: Allow, Principal: {AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:user/admin'}, Action: 'kms:*'}]".to_owned(),
        "!If [IsProd, [], []]".to_owned(),
    ] {
        assert_found(&with_policy(&statements), &[&error()]);
    }
    for statements in [
        format!("[{{Effect: Allow, {root}, Action: 'kms:*', Condition: {{Bool: {{a: true}}}}}}]"),
        format!("[{{Effect: Allow, {root}, NotAction: 'kms:Delete*'}}]"),
        format!("[!If [IsProd, {{Effect: Allow, {root}, Action: 'kms:*'}}, !Ref AWS::NoValue]]"),
        "[{Effect: Allow, Principal: {AWS: !Ref RoleArn}, Action: 'kms:*'}]".to_owned(),
        "[{Effect: Allow, NotPrincipal: {AWS: !GetAtt Admin.Arn}, Action: 'kms:*'}]".to_owned(),
        "[{Effect: Allow, Principal: {AWS: '*'}, Action: 'kms:Decrypt', Condition: {StringEquals: {'kms:CallerAccount': x}}}]".to_owned(),
        format!("!If [IsProd, [{{Effect: Allow, {root}, Action: 'kms:*'}}], []]"),
    ] {
        assert_found(&with_policy(&statements), &[NOT_CHECKED]);
    }
}

#[test]
fn the_policy_of_the_key_is_blamed() {
    let report = report(&[&with_policy("[]")], &[]);
    let finding = &report.findings[0];
    assert!(
        finding
            .problem
            .contains("the policy of `${Key.Arn}` neither allows its role"),
        "{report}"
    );
    let fix = finding.fix.split_once('\n').unwrap().1;
    let statement = fix.replace('\n', "\n            ");
    let fixed = TEMPLATE.replace(
        "Properties: {EnableKeyRotation: true}",
        &format!("Properties:\n      KeyPolicy:\n        Statement:\n          - {statement}"),
    );
    assert_found(&fixed, &[]);
}

/// By its `RoleName`, bare or in an ARN, as well as by a reference.
#[test]
fn a_role_may_be_named_by_its_name() {
    let policies = [
        replaced("RoleName: !Ref Role", "RoleName: codes-role"),
        replaced("RoleName: !Ref Role", "Roles: [other, codes-role]")
            .replace("AWS::IAM::RolePolicy", "AWS::IAM::Policy"),
        only_policy(
            "[{Effect: Allow, Principal: {AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:role/codes-role'}, Action: 'kms:Decrypt'}]",
        ),
        only_policy(
            "[{Effect: Allow, Principal: {AWS: 'arn:aws:iam::111122223333:role/service/codes-role'}, Action: 'kms:Decrypt'}]",
        ),
        replaced("RoleName: !Ref Role", "RoleName: !Sub '${Name}-codes'")
            .replace("RoleName: codes-role", "RoleName: !Sub '${Name}-codes'"),
    ];
    for text in policies {
        assert_found(&text, &[]);
    }
    for name in ["other", "!Ref Admin", "!Sub '${AWS::StackName}-admin'"] {
        assert_found(
            &replaced("RoleName: !Ref Role", &format!("RoleName: {name}")),
            &[&error()],
        );
    }
    for name in ["!Ref Name", "!Sub '${AWS::StackName}-role'"] {
        assert_found(
            &replaced("RoleName: !Ref Role", &format!("RoleName: {name}")),
            &[NOT_CHECKED],
        );
    }
}

/// CloudFormation makes up a name from the stack, the logical id and random characters.
#[test]
fn a_role_without_a_name_may_be_named_after_its_id() {
    let named = |principal: &str| {
        only_policy(&format!(
            "[{{Effect: Allow, Principal: {{AWS: {principal}}}, Action: 'kms:Decrypt'}}]"
        ))
        .replace("RoleName: codes-role", "MaxSessionDuration: 3600")
    };
    let generated = "'arn:aws:iam::111122223333:role/app-Role-1QXYZ'";
    assert_found(&named(generated), &[NOT_CHECKED]);
    assert_found(&named("'arn:aws:iam::111122223333:role/codes-role'"), &[&error()]);
}

#[test]
fn a_statement_for_everybody_is_one_for_the_role() {
    let everybody = |more: &str| {
        only_policy(&format!(
            "[{{Effect: Allow, Principal: {{AWS: '*'}}, Action: 'kms:*'{more}}}]"
        ))
    };
    assert_found(&everybody(""), &[]);
    assert_found(
        &everybody(", Condition: {StringEquals: {'kms:CallerAccount': x}}"),
        &[NOT_CHECKED],
    );
    let unknown = only_policy("[{Effect: Allow, Principal: {AWS: !Ref RoleArn}, Action: 'kms:Decrypt'}]");
    assert_found(&unknown, &[NOT_CHECKED]);
    let denied = "[{Effect: Allow, Principal: {AWS: !Ref AWS::AccountId}, Action: 'kms:*'}, {Effect: Deny, Principal: '*', Action: 'kms:Decrypt'}]";
    assert_found(&with_policy(denied), &[NOT_CHECKED]);
}

#[test]
fn a_policy_may_exist_only_under_a_condition() {
    let conditional = replaced(
        "    Type: AWS::IAM::RolePolicy",
        "    Condition: IsProd\n    Type: AWS::IAM::RolePolicy",
    );
    assert_found(&conditional, &[NOT_CHECKED]);
    let report = report(&[&conditional], &[]);
    assert!(
        report.findings[0].problem.ends_with("exists only if `IsProd`"),
        "{report}"
    );
    let pool_too = conditional.replace("  UserPool:\n", "  UserPool:\n    Condition: IsProd\n");
    assert_found(&pool_too, &[]);
    let statement = "{Effect: Allow, Action: kms:Decrypt, Resource: !GetAtt Key.Arn}";
    let in_if = format!("!If [IsProd, {statement}, !Ref AWS::NoValue]");
    assert_found(&replaced(statement, &in_if), &[NOT_CHECKED]);
    let inline = format!(
        "Policies: !If [IsProd, [{{PolicyDocument: {{Statement: [{statement}]}}}}], !Ref AWS::NoValue]"
    );
    let inline =
        replaced("RoleName: codes-role", &inline).replace("RoleName: !Ref Role", "RoleName: !Ref Admin");
    assert_found(&inline, &[NOT_CHECKED]);
}

#[test]
fn a_key_may_be_set_only_under_a_condition() {
    let key = replaced(
        "KMSKeyID: !GetAtt Key.Arn",
        "KMSKeyID: !If [IsProd, !GetAtt Key.Arn, !Ref AWS::NoValue]",
    );
    let not_checked = format!("not checked sender-without-key {SENDER}");
    assert_eq!(findings(&report(&[&key], &[])), [not_checked]);
    let value = "{LambdaVersion: V1_0, LambdaArn: !GetAtt Mails.Arn}";
    let both = key.replace(value, &format!("!If [IsProd, {value}, !Ref AWS::NoValue]"));
    assert_found(&both, &[]);
}

/// By its name after a path, of which deployment fills in a part.
#[test]
fn a_role_below_a_path_may_be_named() {
    let named = |role: &str, principal: &str| {
        only_policy(&format!(
            "[{{Effect: Allow, Principal: {{AWS: {principal}}}, Action: 'kms:Decrypt'}}]"
        ))
        .replace("RoleName: codes-role", &format!("Path: /app/, RoleName: {role}"))
    };
    for (role, principal) in [
        (
            "!Sub 'codes-${Name}'",
            "'arn:aws:iam::111122223333:role/app/codes-prod'",
        ),
        (
            "!Sub 'codes-${Name}'",
            "'arn:aws:sts::111122223333:assumed-role/codes-prod/Mails'",
        ),
        (
            "codes-prod",
            "!Sub 'arn:aws:iam::${AWS::AccountId}:role/app/codes-${Name}'",
        ),
        (
            "codes-prod",
            "!Sub 'arn:aws:iam::111122223333:role/${Name}/codes-prod'",
        ),
        ("codes", "!Sub 'arn:aws:iam::${AWS::AccountId}:${Name}'"),
    ] {
        assert_found(&named(role, principal), &[NOT_CHECKED]);
    }
    for (role, principal) in [
        (
            "!Sub 'codes-${Name}'",
            "'arn:aws:iam::111122223333:role/codes-prod/admin'",
        ),
        (
            "codes-prod",
            "!Sub 'arn:aws:iam::${AWS::AccountId}:role/app/admin-${Name}'",
        ),
        ("codes-prod", "!Sub 'arn:aws:iam::${AWS::AccountId}:user/${Name}'"),
        ("codes-prod", "!Sub 'arn:aws:iam::${Name}:user/codes-prod'"),
    ] {
        assert_found(&named(role, principal), &[&error()]);
    }
}

/// `!GetAtt UserPool.UserPoolId` is `!Ref UserPool`.
#[test]
fn a_condition_may_name_the_pool_by_its_attribute() {
    let of_pool = |pool: &str| {
        replaced(
            "Resource: !GetAtt Key.Arn}",
            &format!(
                "Resource: !GetAtt Key.Arn, Condition: {{StringEquals: {{'kms:EncryptionContext:userpool-id': {pool}}}}}}}"
            ),
        )
    };
    assert_found(&of_pool("!Ref UserPool"), &[]);
    assert_found(&of_pool("!GetAtt UserPool.UserPoolId"), &[]);
    assert_found(&of_pool("!GetAtt UserPool.Arn"), &[NOT_CHECKED]);
}
