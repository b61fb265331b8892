//! `pool` with a router that has a line `otherwise`: which hooks it answers in place of a handler.

use super::pool::normalize;
use crate::support::{TestDir, assert_snapshot};

/// With `pass_through` nothing fails, and nothing is checked.
#[test]
fn hooks_that_only_otherwise_answers_are_named() {
    let place = TestDir::new();
    let pool = |hooks: &str| {
        format!(
            "Resources:\n  People:\n    Type: AWS::Cognito::UserPool\n    Properties:\n      LambdaConfig: {hooks}\n  \
             App:\n    Type: AWS::Cognito::UserPoolClient\n    Properties: {{UserPoolId: !Ref People}}\n  \
             Tokens:\n    Type: AWS::Lambda::Function\n  Mail:\n    Type: AWS::Lambda::Function\n"
        )
    };
    let version = |version: &str| {
        let hook = format!("{{LambdaVersion: {version}, LambdaArn: !GetAtt Tokens.Arn}}");
        pool(&format!(
            "{{PreTokenGenerationConfig: {hook}, CustomMessage: !GetAtt Mail.Arn}}"
        ))
    };
    place.write("old.yaml", &version("V1_0"));
    place.write("right.yaml", &version("V2_0"));
    place.write_script(
        "tokens",
        "#!/bin/sh\necho '{\"routes\":[\"pre_token_generation_v2\"],\"otherwise\":true}'\n",
    );
    place.write_script(
        "mail",
        "#!/bin/sh\necho '{\"routes\":[\"custom_message\"],\"otherwise\":false}'\n",
    );
    let commands = [
        "pool old.yaml --bin ./tokens --port 0 -- true",
        "pool old.yaml --bin ./tokens --bin ./mail --port 0 -- true",
        "pool right.yaml --bin ./tokens --bin ./mail --port 0 -- true",
        "pool old.yaml --bin ./tokens --bin ./mail --run-by tokens=Tokens --run-by mail=Mail --port 0 -- true",
        "pool right.yaml --bin ./tokens --run-by tokens=Tokens --run-by tokens=Mail --port 0 -- true",
    ];
    assert_snapshot(&normalize(&place.run_each(&commands)), "pool-otherwise");
}
