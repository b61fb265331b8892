//! Statements of policies that functions of CloudFormation choose or hide: nothing is taken for absent that may be there.

use crate::{
    keys::{NOT_CHECKED, error, only_policy, replaced, with_policy},
    reports::{assert_found, report},
};

/// Lets the role decrypt, in the policy of a key.
const ROLE: &str = "{Effect: Allow, Principal: {AWS: !GetAtt Role.Arn}, Action: 'kms:Decrypt'}";

/// Lets another role decrypt.
const ADMIN: &str = "{Effect: Allow, Principal: {AWS: !GetAtt Admin.Arn}, Action: 'kms:*'}";

/// Lets policies of roles decide.
const ROOT: &str =
    "{Effect: Allow, Principal: {AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:root'}, Action: 'kms:*'}";

/// The statement of the role.
const OF_ROLE: &str = "{Effect: Allow, Action: kms:Decrypt, Resource: !GetAtt Key.Arn}";

/// The document of the role's policy.
const DOCUMENT: &str = "{Statement: [{Effect: Allow, Action: kms:Decrypt, Resource: !GetAtt Key.Arn}]}";

/// The template whose role has no statement, with this as the whole policy of the key.
fn only_document(policy: &str) -> String {
    let policy = format!("EnableKeyRotation: true, KeyPolicy: {policy}");
    replaced("EnableKeyRotation: true", &policy).replace("RoleName: !Ref Role", "RoleName: !Ref Admin")
}

/// The problem of the first finding.
fn problem(text: &str) -> String {
    let report = report(&[text], &[]);
    report.findings.first().unwrap().problem.clone()
}

#[test]
fn a_key_policy_may_be_one_of_two() {
    let both = |yes: &str, no: &str| format!("!If [IsProd, {{Statement: [{yes}]}}, {{Statement: [{no}]}}]");
    assert_found(&only_document(&both(ROLE, ROLE)), &[NOT_CHECKED]);
    assert_found(&only_document(&both(ADMIN, ROLE)), &[NOT_CHECKED]);
    assert_found(&only_document(&both(ADMIN, ADMIN)), &[&error()]);
    let default = format!("!If [IsProd, {{Statement: [{ROLE}]}}, !Ref AWS::NoValue]");
    assert_found(&only_document(&default), &[NOT_CHECKED]);
    for hidden in ["!Ref Name", "!ImportValue policy", "'{}'"] {
        assert_found(&only_document(hidden), &[NOT_CHECKED]);
    }
    assert_eq!(
        problem(&only_document("!ImportValue policy")),
        "whether `Mails` may decrypt with `KMSKeyID` depends on a part of the policy of `Key` that import `policy` provides"
    );
}

#[test]
fn a_statement_of_a_key_may_be_one_of_two() {
    for statements in [
        format!("[!If [IsProd, {ROLE}, {ADMIN}]]"),
        format!("!If [IsProd, {ROLE}, {ADMIN}]"),
        format!("!If [IsProd, [{ROLE}], [{ADMIN}]]"),
        format!("!If [IsProd, [{ROLE}], !Ref AWS::NoValue]"),
        format!("[!If [IsProd, !If [IsProd, {ADMIN}, {ROLE}], !Ref AWS::NoValue]]"),
        format!("[{ADMIN}, !ImportValue statement]"),
    ] {
        assert_found(&only_policy(&statements), &[NOT_CHECKED]);
    }
    assert_found(
        &only_policy(&format!("[!If [IsProd, {ADMIN}, {ADMIN}]]")),
        &[&error()],
    );
}

/// The statement for the account is in a list that exists only under a condition.
#[test]
fn a_list_of_statements_may_exist_under_a_condition() {
    let list = |statement: &str| format!("!If [IsProd, [{statement}], !Ref AWS::NoValue]");
    assert_found(&with_policy(&list(ROOT)), &[NOT_CHECKED]);
    assert_found(&with_policy(&list(ADMIN)), &[&error()]);
    for document in [
        format!("{{Statement: {}}}", list(OF_ROLE)),
        format!("!If [IsProd, {DOCUMENT}, !Ref AWS::NoValue]"),
    ] {
        let text = replaced(DOCUMENT, &document);
        assert_found(&text, &[NOT_CHECKED]);
        assert!(problem(&text).ends_with("exists only if `IsProd`"), "{text}");
    }
}

#[test]
fn a_statement_of_a_role_may_be_one_of_two() {
    let other = "{Effect: Allow, Action: 'logs:*', Resource: '*'}";
    let of_two = |statement: &str| format!("!If [IsProd, {other}, {statement}]");
    let documents = format!("!If [IsProd, {{Statement: [{other}]}}, {DOCUMENT}]");
    for document in [
        format!("{{Statement: [{}]}}", of_two(OF_ROLE)),
        format!("{{Statement: {}}}", of_two(OF_ROLE)),
        "{Statement: [!ImportValue statement]}".to_owned(),
        "!ImportValue document".to_owned(),
        documents.clone(),
    ] {
        assert_found(&replaced(DOCUMENT, &document), &[NOT_CHECKED]);
    }
    let neither = format!("{{Statement: [{}]}}", of_two(other));
    assert_found(&replaced(DOCUMENT, &neither), &[&error()]);
    let inline = |document: &str| {
        let inline = format!("Policies: [{{PolicyName: a, PolicyDocument: {document}}}]");
        only_policy(&format!("[{ROOT}]")).replace("RoleName: codes-role", &inline)
    };
    assert_found(&inline(DOCUMENT), &[]);
    assert_found(&inline("!ImportValue document"), &[NOT_CHECKED]);
    assert_found(&inline(&documents), &[NOT_CHECKED]);
}

#[test]
fn a_denial_may_be_one_of_two() {
    let deny = "{Effect: Deny, Principal: '*', Action: 'kms:Decrypt', Resource: '*'}";
    for denial in [
        format!("[{ROOT}, !If [IsProd, {deny}, {ADMIN}]]"),
        format!("!If [IsProd, [{ROOT}, {deny}], [{ROOT}]]"),
        format!("[{ROLE}, !ImportValue statement]"),
    ] {
        assert_found(&with_policy(&denial), &[NOT_CHECKED]);
    }
    for statements in [
        format!("[{OF_ROLE}, !If [IsProd, {deny}, {OF_ROLE}]]"),
        format!("!If [IsProd, [{OF_ROLE}, {deny}], !Ref AWS::NoValue]"),
        format!("[{OF_ROLE}, !ImportValue statement]"),
    ] {
        let document = format!("{{Statement: {statements}}}");
        assert_found(&replaced(DOCUMENT, &document), &[NOT_CHECKED]);
    }
}

/// Another key's policy hides nothing about the key of the pool.
#[test]
fn only_the_policy_of_the_pools_key_counts() {
    let other = "  Other:\n    Type: AWS::KMS::Key\n    Properties: {KeyPolicy: !ImportValue policy}\n";
    let text = only_policy(&format!("[{ROOT}]")) + other;
    assert_found(&text, &[&error()]);
    let allowed = with_policy(&format!("[{ROOT}]")) + other;
    assert_found(&allowed, &[]);
}

/// An effect or an action that only deployment fills in may be the one that counts.
#[test]
fn an_effect_or_action_may_be_unknown() {
    let of_role = |effect: &str, action: &str| {
        let statement = format!("{{Effect: {effect}, Action: {action}, Resource: !GetAtt Key.Arn}}");
        replaced(OF_ROLE, &statement)
    };
    for (effect, action) in [
        ("!Ref Name", "kms:Decrypt"),
        ("!If [IsProd, Allow, Deny]", "kms:Decrypt"),
        ("Allow", "!If [IsProd, 'kms:Decrypt', 'kms:Encrypt']"),
        ("Allow", "!Sub 'kms:${Name}'"),
        ("Allow", "!If [IsProd, ['kms:Decrypt'], ['kms:*']]"),
    ] {
        assert_found(&of_role(effect, action), &[NOT_CHECKED]);
    }
    assert_found(&of_role("Allow", "!Sub 's3:${Name}'"), &[&error()]);
    assert_found(&of_role("Allow", "[!Sub 'kms:${Name}', 'kms:Decrypt']"), &[]);
    let root = ROOT.replace("'kms:*'", "!Sub 'kms:${Name}'");
    assert_found(&with_policy(&format!("[{root}]")), &[NOT_CHECKED]);
}
