//! The project's own template has no findings, and each fault that is put into it is found.

use cognito_triggers_model::triggers::DEFINITIONS;
use cognito_triggers_wiring::{Binary, RULES, Report, Source, Wiring};

const TEMPLATE: &str = include_str!("../../../../template.yaml");

fn check(text: &str) -> Report {
    let every = Binary::new(
        "every-trigger",
        DEFINITIONS.iter().map(|definition| definition.route.as_str()),
    );
    let senders = Binary::new("send-codes", ["custom_email_sender", "custom_sms_sender"]);
    Wiring::read([Source::new("template.yaml", text)])
        .unwrap()
        .check(&[every, senders])
}

/// The template without the line that begins with `start` and the more deeply indented lines below it.
fn without(start: &str) -> String {
    let indent = start.len() - start.trim_start().len();
    let mut inside = false;
    let mut found = 0;
    let lines = TEMPLATE.lines().filter(|line| {
        let deeper = line.trim().is_empty() || line.len() - line.trim_start().len() > indent;
        let starts = line.starts_with(start);
        found += usize::from(starts);
        inside = starts || (inside && deeper);
        !inside
    });
    let text = lines.map(|line| format!("{line}\n")).collect();
    assert_eq!(found, 1, "{start}");
    text
}

fn replaced(from: &str, to: &str) -> String {
    assert_eq!(TEMPLATE.matches(from).count(), 1, "{from}");
    TEMPLATE.replace(from, to)
}

#[test]
fn the_template_has_no_findings() {
    let report = check(TEMPLATE);
    assert_eq!(report.findings, [], "{report}");
}

/// If the parameter were a list of pools, it would promise more than the role's condition allows.
#[test]
fn the_function_gets_the_pool_that_its_role_allows() {
    assert!(TEMPLATE.contains("\n  UserPoolId:\n    Description: The pool "));
    assert!(TEMPLATE.contains("COGNITO_USER_POOL_IDS: !Ref UserPoolId\n"));
    assert!(TEMPLATE.contains("kms:EncryptionContext:userpool-id: !Ref UserPool\n"));
}

/// `every-trigger` calls no API.
#[test]
fn no_function_has_rights_on_the_pool_that_it_does_not_use() {
    assert!(!TEMPLATE.contains("cognito-idp:Admin") && !TEMPLATE.contains("cognito-idp:List"));
}

#[test]
fn each_fault_is_found() {
    let hook = |key: &str| format!("        {key}: !Ref EveryTriggerAliaslive");
    let faults = [
        ("route-not-wired", without("        PreSignUp:")),
        ("route-not-wired", without("        InboundFederation:")),
        (
            "hook-shape",
            replaced(
                &hook("PostConfirmation"),
                "        PostConfirmation: !Ref EveryTrigger",
            ),
        ),
        (
            "hook-shape",
            without("          LambdaVersion: V3_0").replace(
                "          LambdaArn: !Ref EveryTriggerAliaslive\n        InboundFederation",
                "        InboundFederation",
            ),
        ),
        (
            "hook-shape",
            replaced(
                "        CustomEmailSender:\n          LambdaVersion: V1_0\n          LambdaArn: !Ref SendCodesAliaslive",
                "        CustomEmailSender: !Ref SendCodesAliaslive",
            ),
        ),
        (
            "unknown-key",
            replaced(
                &hook("CustomMessage"),
                "        CustomMessages: !Ref EveryTriggerAliaslive",
            ),
        ),
        (
            "unknown-version",
            replaced("LambdaVersion: V3_0", "LambdaVersion: V9_0"),
        ),
        (
            "token-arns-differ",
            replaced(
                &hook("PreTokenGeneration"),
                "        PreTokenGeneration: !GetAtt EveryTrigger.Arn",
            ),
        ),
        ("sender-without-key", without("        KMSKeyID:")),
        ("decrypt-missing", without("  SendCodesMayDecrypt:")),
        (
            "decrypt-missing",
            replaced("Action: kms:Decrypt", "Action: kms:Encrypt"),
        ),
        ("permission-missing", without("  UserPoolMayCallEveryTrigger:")),
        ("permission-missing", without("  UserPoolMayCallSendCodes:")),
        (
            "permission-qualifier",
            replaced(
                "FunctionName: !Ref EveryTriggerAliaslive",
                "FunctionName: !Ref EveryTrigger",
            ),
        ),
        (
            "permission-qualifier",
            replaced(
                "FunctionName: !Ref SendCodesAliaslive",
                "FunctionName: !GetAtt SendCodes.Arn",
            ),
        ),
        (
            "permission-open",
            TEMPLATE
                .replace("      SourceAccount: !Ref AWS::AccountId\n", "")
                .replace(
                    "SourceArn: !GetAtt UserPool.Arn",
                    "SourceArn: !Sub arn:${AWS::Partition}:cognito-idp:*:*:userpool/*",
                ),
        ),
        (
            "permission-open",
            TEMPLATE.replace("      SourceArn: !GetAtt UserPool.Arn\n", ""),
        ),
        (
            "plan-too-low",
            replaced("UserPoolTier: ESSENTIALS", "UserPoolTier: LITE"),
        ),
        (
            "timeout-too-long",
            replaced("    Timeout: 5\n", "    Timeout: 30\n"),
        ),
        (
            "runtime-not-al2023",
            replaced("Runtime: provided.al2023", "Runtime: provided.al2"),
        ),
        (
            "cycle",
            replaced(
                "COGNITO_USER_POOL_IDS: !Ref UserPoolId",
                "COGNITO_USER_POOL_IDS: !Ref UserPool",
            ),
        ),
        (
            "cycle",
            replaced(
                "              Resource: !Sub arn:${AWS::Partition}:sns:*:*:*",
                "              Resource: !GetAtt UserPool.Arn",
            ),
        ),
        (
            "cycle",
            replaced(
                "                aws:SourceArn: !Sub arn:${AWS::Partition}:cognito-idp:${AWS::Region}:${AWS::AccountId}:userpool/*",
                "                aws:SourceArn: !GetAtt UserPool.Arn",
            ),
        ),
        ("flow-never-fires", without("        - ALLOW_USER_PASSWORD_AUTH")),
        ("flow-never-fires", without("        - ALLOW_CUSTOM_AUTH")),
        (
            "flow-never-fires",
            replaced("- ALLOW_USER_PASSWORD_AUTH", "- ALLOW_USER_AUTH"),
        ),
        (
            "event-cannot-express",
            replaced(
                "      EventInvokeConfig:",
                "      Events:\n        Codes:\n          Type: Cognito\n          Properties:\n            UserPool: !Ref UserPool\n            Trigger: CustomSMSSender\n      EventInvokeConfig:",
            ),
        ),
        (
            "hook-at-deployment",
            replaced(&hook("PreSignUp"), "        PreSignUp: !ImportValue sign-up"),
        ),
        (
            "function-not-found",
            replaced("Binary: every-trigger", "Binary: another"),
        ),
        (
            "not-visible",
            replaced(
                "  SendCodesErrors:\n",
                "  Fn::ForEach::Alarms:\n    - Name\n    - [One]\n    - {}\n  SendCodesErrors:\n",
            ),
        ),
    ];
    let mut missed = Vec::new();
    for (code, text) in &faults {
        assert!(RULES.iter().any(|rule| rule.code == *code), "{code}");
        let report = check(text);
        if !report.findings.iter().any(|finding| finding.code == *code) {
            missed.push(format!("{code}:\n{report}"));
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn a_binary_with_fewer_routes_or_another_version_is_found() {
    let wiring = Wiring::read([Source::new("template.yaml", TEMPLATE)]).unwrap();
    let routes = |left_out: &str| {
        let routes = DEFINITIONS
            .iter()
            .map(|definition| definition.route.as_str())
            .filter(|route| *route != left_out);
        Binary::new("every-trigger", routes.collect::<Vec<_>>())
    };
    let codes = |binary: Binary| {
        let report = wiring.check(&[binary]);
        report
            .findings
            .iter()
            .map(|finding| finding.code)
            .collect::<Vec<_>>()
    };
    assert_eq!(codes(routes("custom_message")), ["hook-not-routed"]);
    assert_eq!(codes(routes("pre_token_generation_v3")), ["version-mismatch"]);
    assert_eq!(codes(routes("pre_token_generation_v1")), [""; 0]);
}
