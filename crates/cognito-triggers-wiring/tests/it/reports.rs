//! Helpers for tables of inputs: a template, and findings as lines.

use cognito_triggers_wiring::{Binary, Finding, Report, Source, Wiring};

/// A function and the permission for `UserPool` to call it, as CloudFormation YAML.
pub(crate) const FUNCTION: &str = "
  Triggers:
    Type: AWS::Lambda::Function
    Properties: {Runtime: provided.al2023, Handler: bootstrap, Timeout: 5, Role: !GetAtt Role.Arn}
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: codes
          PolicyDocument: {Statement: [{Effect: Allow, Action: kms:Decrypt, Resource: !GetAtt Key.Arn}]}
  Key: {Type: AWS::KMS::Key}
  KeyAlias: {Type: AWS::KMS::Alias}
  Permission:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunction
      FunctionName: !Ref Triggers
      Principal: cognito-idp.amazonaws.com
      SourceArn: !GetAtt UserPool.Arn
";

/// A pool with this `LambdaConfig` in flow style, and the function.
pub(crate) fn pool(lambda_config: &str) -> String {
    format!(
        "Parameters: {{PoolArn: {{Type: String}}}}\nResources:\n  UserPool:\n    Type: AWS::Cognito::UserPool\n    \
         Properties:\n      LambdaConfig: {lambda_config}{FUNCTION}"
    )
}

/// The report about some sources, read as one set.
pub(crate) fn report(texts: &[&str], binaries: &[Binary]) -> Report {
    let sources = texts.iter().map(|text| Source::new("source", *text));
    Wiring::read(sources).unwrap().check(binaries)
}

/// The findings as "severity code path", sorted.
pub(crate) fn findings(report: &Report) -> Vec<String> {
    let line = |finding: &Finding| format!("{} {} {}", finding.severity, finding.code, finding.location.path);
    let mut lines: Vec<_> = report.findings.iter().map(line).collect();
    lines.sort();
    lines
}

#[track_caller]
pub(crate) fn assert_found(text: &str, expected: &[&str]) {
    assert_eq!(findings(&report(&[text], &[])), expected, "{text}");
}
