//! User pools of templates, with the settings that the API would get.

use cognito_triggers_wiring::{Deployment, PoolResource, Source, UNKNOWN, Wiring};
use serde_json::json;

const DEPLOYMENT: Deployment<'_> = Deployment {
    region: "eu-west-1",
    account: "111122223333",
    stack: "app",
    kms_key: "arn:aws:kms:eu-west-1:111122223333:key/local",
};

fn pools(template: &str) -> Vec<PoolResource> {
    let wiring = Wiring::read([Source::new("template.yaml", template)]).unwrap();
    wiring.pool_resources(DEPLOYMENT).unwrap()
}

#[test]
fn settings_are_those_that_the_api_takes() {
    let pools = pools(
        "
Parameters:
  Stage: {Type: String, Default: test}
  Mail: {Type: String}
Resources:
  People:
    Type: AWS::Cognito::UserPool
    Properties:
      UserPoolName: !Sub 'people-${Stage}-${AWS::Region}'
      AutoVerifiedAttributes: [email]
      AdminCreateUserConfig: {AllowAdminCreateUserOnly: true}
      EmailConfiguration: {From: !Ref Mail}
      UserPoolTags: !If [IsProduction, {a: b}, !Ref AWS::NoValue]
      LambdaConfig:
        PreSignUp: !GetAtt SignUp.Arn
        PreTokenGenerationConfig: {LambdaVersion: V2_0, LambdaArn: !GetAtt SignUp.Arn}
        CustomEmailSender: {LambdaVersion: V1_0, LambdaArn: !GetAtt SignUp.Arn}
        KMSKeyID: !GetAtt Key.Arn
  App:
    Type: AWS::Cognito::UserPoolClient
    Properties:
      UserPoolId: !Ref People
      GenerateSecret: true
  Stranger:
    Type: AWS::Cognito::UserPoolClient
    Properties: {UserPoolId: eu-west-1_aaaaaaaaa}
  SignUp:
    Type: AWS::Serverless::Function
    Properties: {Runtime: provided.al2023, CodeUri: .}
  Key: {Type: AWS::KMS::Key}
",
    );
    let [pool] = pools.as_slice() else {
        panic!("{pools:?}")
    };
    let function = "arn:aws:lambda:eu-west-1:111122223333:function:SignUp";
    assert_eq!(
        serde_json::Value::Object(pool.settings.clone()),
        json!({
            "PoolName": "people-test-eu-west-1",
            "AutoVerifiedAttributes": ["email"],
            "AdminCreateUserConfig": { "AllowAdminCreateUserOnly": true },
            "EmailConfiguration": {},
            "UserPoolTags": { "a": "b" },
            "LambdaConfig": {
                "PreSignUp": function,
                "PreTokenGenerationConfig": { "LambdaVersion": "V2_0", "LambdaArn": function },
                "CustomEmailSender": { "LambdaVersion": "V1_0", "LambdaArn": function },
                "KMSKeyID": DEPLOYMENT.kms_key,
            },
        })
    );
    assert_eq!(pool.clients.len(), 1);
    assert_eq!(pool.clients[0].logical_id, "App");
    assert_eq!(
        serde_json::Value::Object(pool.clients[0].settings.clone()),
        json!({ "GenerateSecret": true })
    );
    let unresolved: Vec<_> = pool
        .unresolved
        .iter()
        .map(|setting| setting.provided_by.as_str())
        .collect();
    assert_eq!(unresolved, ["parameter `Mail`"]);
    assert_eq!(pool.unresolved[0].location.line, 12);
}

#[test]
fn hooks_that_sam_writes_are_hooks() {
    let pools = pools(
        "
Transform: AWS::Serverless-2016-10-31
Resources:
  People: {Type: AWS::Cognito::UserPool}
  SignUp:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: provided.al2023
      CodeUri: .
      Events:
        OnSignUp: {Type: Cognito, Properties: {UserPool: !Ref People, Trigger: PreSignUp}}
",
    );
    let config = &pools[0].settings["LambdaConfig"];
    assert_eq!(
        config["PreSignUp"],
        "arn:aws:lambda:eu-west-1:111122223333:function:SignUp"
    );
    assert_eq!(pools[0].settings["PoolName"], "People");
}

#[test]
fn what_belongs_to_a_pool_is_read_with_it() {
    let pools = pools(
        "
Parameters:
  Secret: {Type: String, NoEcho: true}
Resources:
  People: {Type: AWS::Cognito::UserPool}
  Host:
    Type: AWS::Cognito::UserPoolDomain
    Properties: {UserPoolId: !Ref People, Domain: !Sub 'people-${AWS::Region}'}
  Api:
    Type: AWS::Cognito::UserPoolResourceServer
    Properties: {UserPoolId: !Ref People, Identifier: 'https://api', Name: api, Scopes: [{ScopeName: read, ScopeDescription: Read}]}
  Login:
    Type: AWS::Cognito::UserPoolIdentityProvider
    Properties:
      UserPoolId: !Ref People
      ProviderName: Google
      ProviderType: Google
      ProviderDetails: {client_id: a, client_secret: !Ref Secret, authorize_scopes: email}
  Elsewhere:
    Type: AWS::Cognito::UserPoolDomain
    Properties: {UserPoolId: eu-west-1_aaaaaaaaa, Domain: elsewhere}
  App:
    Type: AWS::Cognito::UserPoolClient
    Properties:
      UserPoolId: !Ref People
      SupportedIdentityProviders: [COGNITO, !Ref Login]
      AllowedOAuthScopes: [openid, !Sub '${Api}/read']
",
    );
    let [pool] = pools.as_slice() else {
        panic!("{pools:?}")
    };
    let kinds: Vec<_> = pool.parts.iter().map(|part| part.kind.as_str()).collect();
    assert_eq!(
        kinds,
        [
            "AWS::Cognito::UserPoolDomain",
            "AWS::Cognito::UserPoolResourceServer",
            "AWS::Cognito::UserPoolIdentityProvider",
        ]
    );
    assert_eq!(
        json!(pool.parts[0].settings),
        json!({ "Domain": "people-eu-west-1" })
    );
    assert_eq!(pool.parts[1].location.line, 9);
    let details = &pool.parts[2].settings["ProviderDetails"];
    assert_eq!(
        *details,
        json!({ "client_id": "a", "client_secret": UNKNOWN, "authorize_scopes": "email" })
    );
    let [secret] = pool.unresolved.as_slice() else {
        panic!("{:?}", pool.unresolved)
    };
    assert_eq!(secret.provided_by, "parameter `Secret`");
    assert!(secret.has_placeholder);
    assert_eq!(
        json!(pool.clients[0].settings),
        json!({
            "SupportedIdentityProviders": ["COGNITO", "Google"],
            "AllowedOAuthScopes": ["openid", "https://api/read"],
        })
    );
}

#[test]
fn names_that_refer_to_each_other_stay_logical_ids() {
    let pools = pools(
        "
Resources:
  People: {Type: AWS::Cognito::UserPool}
  A:
    Type: AWS::Cognito::UserPoolGroup
    Properties: {UserPoolId: !Ref People, GroupName: !Ref B}
  B:
    Type: AWS::Cognito::UserPoolGroup
    Properties: {UserPoolId: !Ref People, GroupName: !Ref A}
",
    );
    assert_eq!(pools[0].parts[0].settings["GroupName"], "B");
    assert_eq!(pools[0].parts[1].settings["GroupName"], "A");
}
