//! Which permissions count for a hook: their source, their account, their principal, and the conditions under which they exist.

use cognito_triggers_wiring::{Report, Severity};

use crate::reports::{assert_found, findings, pool, report};

const HOOK: &str = "Resources.UserPool.Properties.LambdaConfig.PreSignUp";

/// A template with one hook, and its permission with this in the place of `SourceArn`.
pub(crate) fn with(source: &str) -> String {
    pool("{PreSignUp: !GetAtt Triggers.Arn}").replace("SourceArn: !GetAtt UserPool.Arn", source)
}

/// A described pool of the account 111122223333 whose hook calls this function.
pub(crate) fn described(function: &str) -> String {
    format!(
        r#"{{"UserPool": {{"Id": "eu-west-1_Abc", "Arn": "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Abc",
        "LambdaConfig": {{"PreSignUp": "arn:aws:lambda:eu-west-1:111122223333:function:{function}"}}}}}}"#
    )
}

/// What `get-policy` prints for a function, with this condition.
pub(crate) fn policy(function: &str, condition: &str) -> String {
    format!(
        r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Principal": {{"Service": "cognito-idp.amazonaws.com"}},
        "Action": "lambda:InvokeFunction", "Resource": "arn:aws:lambda:eu-west-1:111122223333:function:{function}",
        "Condition": {{{condition}}}}}]}}"#
    )
}

fn texts(report: &Report) -> String {
    report.to_string()
}

#[test]
fn a_source_that_is_not_the_pool_does_not_count() {
    let missing = format!("error permission-missing {HOOK}");
    for source in [
        "!Sub 'arn:aws:cognito-idp:${AWS::Region}:${AWS::AccountId}:userpool/${UserPool}/*'",
        "!Sub 'arn:aws:cognito-idp:${AWS::Region}:${AWS::AccountId}:pool/${UserPool}'",
        "!Sub 'arn:aws:cognito-idp:${AWS::AccountId}:${AWS::Region}:userpool/${UserPool}'",
        "!Sub 'arn:aws:cognito-identity:${AWS::Region}:${AWS::AccountId}:userpool/${UserPool}'",
        "!Sub 'arn:aws:cognito-idp:${AWS::Region}::userpool/${UserPool}'",
        "!Sub '${UserPool.Arn}/*'",
        "!Ref UserPool",
        "!GetAtt UserPool.UserPoolId",
        "!Sub 'arn:aws:s3:::${PoolArn}'",
        "!Sub 'arn:aws:cognito-identity:${PoolArn}:${AWS::AccountId}:userpool/${UserPool}'",
        "arn:aws:lambda:eu-west-1:111122223333:function:f",
    ] {
        let text = with(&format!(
            "SourceArn: {source}\n      SourceAccount: !Ref AWS::AccountId"
        ));
        assert_found(&text, &[&missing]);
    }
    for source in [
        "!GetAtt UserPool.Arn",
        "!Sub '${UserPool.Arn}'",
        "!Sub 'arn:${AWS::Partition}:cognito-idp:${AWS::Region}:${AWS::AccountId}:userpool/${UserPool}'",
        "!Sub 'arn:aws-cn:cognito-idp:*:111122223333:userpool/${UserPool}'",
        "!Sub 'arn:aws:cognito-idp:${AWS::Region}:${AWS::AccountId}:userpool/${UserPool.UserPoolId}'",
        "!Join ['/', [!Sub 'arn:aws:cognito-idp:${AWS::Region}:${AWS::AccountId}:userpool', !GetAtt UserPool.UserPoolId]]",
        "!Sub 'arn:aws:cognito-idp:*:*:userpool/${UserPool}*'",
        "!Sub 'arn:aws:cognito-idp:${PoolArn}:${AWS::AccountId}:userpool/${UserPool}'",
        "!Sub 'arn:aws:cognito-idp:${AWS::Region}:${AWS::AccountId}:userpool/${PoolArn}'",
        "!Sub 'arn:aws:cognito-idp:${AWS::Region}:${AWS::AccountId}:*'",
        "!Sub 'arn:aws:cognito-idp:${PoolArn}:userpool/${UserPool}/*'",
        "'arn:aws:cognito-idp:*'",
    ] {
        let text = with(&format!(
            "SourceArn: {source}\n      SourceAccount: !Ref AWS::AccountId"
        ));
        assert_found(&text, &[]);
    }
}

#[test]
fn the_permission_for_another_source_is_named() {
    let text = with("SourceArn: !Sub '${UserPool.Arn}/*'\n      SourceAccount: !Ref AWS::AccountId");
    let report = report(&[&text], &[]);
    let steps = &report.findings[0].steps;
    assert_eq!(steps[0].text, "this permission is for `${UserPool.Arn}/*`");
    assert_eq!(steps[0].location.path, "Resources.Permission");
}

#[test]
fn a_permission_of_another_account_does_not_count() {
    let any = r#""ArnLike": {"AWS:SourceArn": "arn:aws:cognito-idp:*:*:userpool/*"}"#;
    let check = |account: &str| {
        let condition = format!(r#"{any}, "StringEquals": {{"AWS:SourceAccount": {account}}}"#);
        findings(&report(&[&described("f"), &policy("f", &condition)], &[]))
    };
    let missing = "error permission-missing UserPool.LambdaConfig.PreSignUp";
    assert_eq!(check(r#""222233334444""#), [missing]);
    assert_eq!(check(r#""111122223333""#), [""; 0]);
    assert_eq!(check(r#"["222233334444", "111122223333"]"#), [""; 0]);
}

/// Each value of a list is a source.
#[test]
fn a_statement_may_have_several_sources() {
    let pools = |first: &str, second: &str| {
        let arn = |id: &str| format!(r#""arn:aws:cognito-idp:eu-west-1:111122223333:userpool/{id}""#);
        format!(
            r#""ArnLike": {{"AWS:SourceArn": [{}, {}]}}"#,
            arn(first),
            arn(second)
        )
    };
    let check = |condition: &str| findings(&report(&[&described("f"), &policy("f", condition)], &[]));
    assert_eq!(check(&pools("eu-west-1_Other", "eu-west-1_Abc")), [""; 0]);
    assert_eq!(
        check(&pools("eu-west-1_Other", "eu-west-1_Another")),
        ["error permission-missing UserPool.LambdaConfig.PreSignUp"]
    );
    let negated = r#""ArnNotLike": {"AWS:SourceArn": "arn:aws:cognito-idp:*:*:userpool/x"}, "StringEquals": {"AWS:SourceAccount": "111122223333"}"#;
    assert_eq!(check(negated), [""; 0]);
}

#[test]
fn a_permission_may_exist_only_under_a_condition() {
    let conditional = with("SourceArn: !GetAtt UserPool.Arn").replace(
        "    Type: AWS::Lambda::Permission",
        "    Condition: IsProd\n    Type: AWS::Lambda::Permission",
    );
    let text = format!("Conditions: {{IsProd: !Equals [a, b], IsTest: !Equals [a, c]}}\n{conditional}");
    let not_checked = format!("not checked permission-missing {HOOK}");
    assert_found(&text, &[&not_checked]);
    let report = report(&[&text], &[]);
    assert!(
        report.findings[0]
            .problem
            .ends_with("the permission exists only if `IsProd`"),
        "{report}"
    );
    for (hook, expected) in [
        ("!If [IsProd, !GetAtt Triggers.Arn, !Ref AWS::NoValue]", &[][..]),
        (
            "!If [IsProd, !Ref AWS::NoValue, !GetAtt Triggers.Arn]",
            &[not_checked.as_str()][..],
        ),
        (
            "!If [IsTest, !GetAtt Triggers.Arn, !Ref AWS::NoValue]",
            &[not_checked.as_str()][..],
        ),
    ] {
        assert_found(
            &text.replace("PreSignUp: !GetAtt Triggers.Arn", &format!("PreSignUp: {hook}")),
            expected,
        );
    }
    for resource in ["  UserPool:\n", "  Triggers:\n"] {
        let same = text.replace(resource, &format!("{resource}    Condition: IsProd\n"));
        assert_found(&same, &[]);
    }
    let always = format!(
        "{text}  Always:\n    Type: AWS::Lambda::Permission\n    Properties: {{Action: 'lambda:InvokeFunction', FunctionName: !Ref \
         Triggers, Principal: cognito-idp.amazonaws.com, SourceArn: !GetAtt UserPool.Arn}}\n"
    );
    assert_found(&always, &[]);
}

#[test]
fn a_principal_may_be_written_for_every_partition() {
    let principal = |value: &str| {
        with("SourceArn: !GetAtt UserPool.Arn").replace("Principal: cognito-idp.amazonaws.com", value)
    };
    assert_found(&principal("Principal: !Sub 'cognito-idp.${AWS::URLSuffix}'"), &[]);
    let not_checked = format!("not checked permission-missing {HOOK}");
    assert_found(&principal("Principal: !Ref PoolArn"), &[&not_checked]);
    let error = format!("error permission-missing {HOOK}");
    assert_found(&principal("Principal: !Sub 's3.${AWS::URLSuffix}'"), &[&error]);
}

/// `get-policy` prints the permissions of one alias.
#[test]
fn the_policy_of_the_alias_has_to_be_read() {
    let condition = r#""ArnLike": {"AWS:SourceArn": "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Abc"}"#;
    let of_function = policy("f", condition);
    let only_one = report(&[&described("f:live"), &of_function], &[]);
    assert_eq!(
        findings(&only_one),
        ["not checked permission-qualifier UserPool.LambdaConfig.PreSignUp"]
    );
    assert!(
        only_one.findings[0]
            .fix
            .contains("get-policy --function-name f --qualifier live`"),
        "{}",
        texts(&only_one)
    );
    let of_alias = policy(
        "f:live",
        r#""StringEquals": {"AWS:SourceAccount": "222233334444"}"#,
    );
    assert_eq!(
        findings(&report(&[&described("f:live"), &of_function, &of_alias], &[])),
        [
            "error permission-qualifier UserPool.LambdaConfig.PreSignUp",
            "warning permission-open Statement[0]"
        ]
    );
}

/// A configuration with the pool, and what else is in it.
fn terraform(resources: &str) -> String {
    format!(
        r#"{{"format_version": "1.0", "values": {{"root_module": {{"resources": [{{"address": "aws_cognito_user_pool.p", "type": "aws_cognito_user_pool",
        "values": {{"id": "eu-west-1_Abc", "arn": "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Abc",
        "lambda_config": [{{"pre_sign_up": "arn:aws:lambda:eu-west-1:111122223333:function:f"}}]}}}}{resources}]}}}}}}"#
    )
}

#[test]
fn terraform_with_the_function_has_its_permission_too() {
    let hook = "permission-missing aws_cognito_user_pool.p.LambdaConfig.PreSignUp";
    let function = r#", {"address": "aws_lambda_function.f", "type": "aws_lambda_function", "values": {"function_name": "f",
        "arn": "arn:aws:lambda:eu-west-1:111122223333:function:f", "timeout": 3}}"#;
    assert_found(&terraform(function), &[&format!("error {hook}")]);
    let elsewhere = report(&[&terraform("")], &[]);
    assert_eq!(findings(&elsewhere), [format!("not checked {hook}")]);
    assert_eq!(elsewhere.count(Severity::Error), 0);
    assert!(
        texts(&elsewhere).contains(
            "if it answers ResourceNotFoundException, there is no permission, and every call fails"
        ),
        "{elsewhere}"
    );
    // The function of this permission is known only after apply.
    let other = r#", {"address": "aws_lambda_permission.o", "type": "aws_lambda_permission", "values": {"action": "lambda:InvokeFunction",
        "principal": "cognito-idp.amazonaws.com", "source_arn": "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Abc"}}"#;
    assert_found(
        &terraform(&format!("{function}{other}")),
        &[&format!("not checked {hook}")],
    );
}

/// A state that has a function and this permission, but no pool.
fn state_of_function(permission: &str) -> String {
    format!(
        r#"{{"format_version": "1.0", "values": {{"root_module": {{"resources": [{{"address": "aws_lambda_function.f",
        "type": "aws_lambda_function", "values": {{"function_name": "f", "arn": "arn:aws:lambda:eu-west-1:111122223333:function:f",
        "timeout": 3}}}}{permission}]}}}}}}"#
    )
}

/// The permission may be in the configuration of the pool.
#[test]
fn a_state_without_the_pool_may_lack_the_permission() {
    let hook = "UserPool.LambdaConfig.PreSignUp";
    let missing = report(&[&state_of_function(""), &described("f")], &[]);
    assert_eq!(
        findings(&missing),
        [format!("not checked permission-missing {hook}")]
    );
    let of_function = r#", {"address": "aws_lambda_permission.p", "type": "aws_lambda_permission", "values": {"action": "lambda:InvokeFunction",
        "function_name": "f", "principal": "cognito-idp.amazonaws.com",
        "source_arn": "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Abc"}}"#;
    let state = state_of_function(of_function);
    assert_eq!(findings(&report(&[&state, &described("f")], &[])), [""; 0]);
    let alias = report(&[&state, &described("f:live")], &[]);
    assert_eq!(
        findings(&alias),
        [format!("not checked permission-qualifier {hook}")]
    );
}

/// Its permission for the alias may be where the function is.
#[test]
fn a_function_of_another_template_may_have_its_permission() {
    let arn = "arn:aws:lambda:eu-west-1:111122223333:function:f";
    let text = with("SourceArn: !GetAtt UserPool.Arn")
        .replace("!GetAtt Triggers.Arn", &format!("{arn}:live"))
        .replace("FunctionName: !Ref Triggers", &format!("FunctionName: {arn}"));
    assert_found(&text, &[&format!("not checked permission-qualifier {HOOK}")]);
}
