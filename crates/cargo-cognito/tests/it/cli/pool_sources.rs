//! `pool` with files that describe pools: ids, the variables of functions, and which binary runs which function.

use super::pool::{CLIENT, normalize};
use crate::support::{TestDir, assert_snapshot};

#[test]
fn a_template_is_served_with_ids_that_stay() {
    let place = TestDir::new();
    place.write(
        "template.yaml",
        "Resources:\n  People:\n    Type: AWS::Cognito::UserPool\n    Properties:\n      UsernameAttributes: [email]\n      \
         EmailVerificationSubject: !Ref Subject\n      LambdaConfig: {PreSignUp: !GetAtt SignUp.Arn}\n  \
         App:\n    Type: AWS::Cognito::UserPoolClient\n    Properties: {UserPoolId: !Ref People}\n  \
         SignUp:\n    Type: AWS::Lambda::Function\nParameters:\n  Subject: {Type: String}\n",
    );
    place.write(
        "empty.yaml",
        "Resources:\n  SignUp:\n    Type: AWS::Lambda::Function\n",
    );
    place.write_script(
        "client.sh",
        "#!/bin/sh\necho \"$COGNITO_USER_POOL_ID $COGNITO_CLIENT_ID\"\n",
    );
    let commands = [
        "pool template.yaml --bin ./sign_up --port 0 -- ./client.sh",
        "pool template.yaml --bin ./messages --port 0 -- ./client.sh",
        "pool empty.yaml --bin ./sign_up --port 0 -- ./client.sh",
    ];
    assert_snapshot(&normalize(&place.run_each(&commands)), "pool-template");
}

#[test]
fn the_command_gets_the_first_ids_of_the_sources() {
    let place = TestDir::new();
    let client = "#!/bin/sh\necho \"$COGNITO_USER_POOL_ID $COGNITO_CLIENT_ID\"\n";
    place.write_script("client.sh", client);
    for id in ["eu-west-1_zzzzzzzzz", "eu-west-1_aaaaaaaaa"] {
        let pool = format!(r#"{{"UserPool": {{"Id": "{id}", "Name": "a"}}}}"#);
        place.write(&format!("{id}.json"), &pool);
    }
    for id in ["zzz", "aaa"] {
        let client = format!(
            r#"{{"UserPoolClient": {{"UserPoolId": "eu-west-1_zzzzzzzzz", "ClientId": "{id}", "ClientName": "a"}}}}"#
        );
        place.write(&format!("{id}.json"), &client);
    }
    let (first, other) = ("eu-west-1_zzzzzzzzz.json", "eu-west-1_aaaaaaaaa.json");
    for (sources, expected) in [
        (
            format!("{first} {other} zzz.json aaa.json"),
            "eu-west-1_zzzzzzzzz zzz\n",
        ),
        (
            format!("{first} aaa.json zzz.json {other}"),
            "eu-west-1_zzzzzzzzz aaa\n",
        ),
        (format!("{other} {first} zzz.json"), "eu-west-1_aaaaaaaaa \n"),
        (String::new(), "us-east-1_localpool localclient\n"),
    ] {
        let output = place.run(&format!("pool {sources} --no-function --port 0 -- ./client.sh"));
        assert!(output.contains(expected), "{output}");
    }
}

#[test]
fn a_function_gets_the_variables_of_its_template() {
    let place = TestDir::new();
    place.write(
        "template.yaml",
        "Parameters:\n  Text: {Type: String, Default: hello}\nResources:\n  People:\n    Type: AWS::Cognito::UserPool\n    \
         Properties:\n      LambdaConfig: {PreSignUp: !GetAtt SignUp.Arn}\n  \
         App:\n    Type: AWS::Cognito::UserPoolClient\n    Properties: {UserPoolId: !Ref People}\n  \
         Table:\n    Type: AWS::DynamoDB::Table\n  \
         SignUp:\n    Type: AWS::Lambda::Function\n    Properties:\n      Environment:\n        Variables:\n          \
         INVITES: guest\n          TEXT: !Ref Text\n          SET: template\n          TABLE: !Ref Table\n",
    );
    place.write_script("client.sh", CLIENT);
    place.write_script(
        "function",
        "#!/bin/sh\necho \"$INVITES $TEXT $SET $TABLE.\" > seen\nexec ./sign_up\n",
    );
    let line = "pool template.yaml --bin ./function --port 0 -- ./client.sh";
    let output = place.printed(place.command(line).env("SET", "shell"), line);
    assert_eq!(place.read("seen"), "guest hello shell .\n", "{output}");
    assert!(
        output.contains(
            "warning: TABLE of SignUp is left unset, because only a deployment knows its value; set it in the shell if the function needs it here\n"
        ),
        "{output}"
    );
    assert!(
        !output.contains("guest") && !output.contains("INVITES"),
        "{output}"
    );
}

#[test]
fn each_function_runs_the_binary_of_run_by() {
    let place = TestDir::new();
    place.write(
        "template.yaml",
        "Resources:\n  People:\n    Type: AWS::Cognito::UserPool\n    Properties:\n      \
         LambdaConfig: {PreSignUp: !GetAtt Invite.Arn, CustomMessage: !GetAtt Mail.Arn}\n  \
         App:\n    Type: AWS::Cognito::UserPoolClient\n    Properties: {UserPoolId: !Ref People}\n  \
         Invite:\n    Type: AWS::Lambda::Function\n    Properties: {FunctionName: invite-people}\n  \
         Mail:\n    Type: AWS::Lambda::Function\n",
    );
    place.write(
        "invite.yaml",
        "Resources:\n  People:\n    Type: AWS::Cognito::UserPool\n    Properties:\n      \
         LambdaConfig: {PreSignUp: !GetAtt Invite.Arn}\n  \
         App:\n    Type: AWS::Cognito::UserPoolClient\n    Properties: {UserPoolId: !Ref People}\n  \
         Invite:\n    Type: AWS::Lambda::Function\n",
    );
    place.write_script("client.sh", CLIENT);
    let commands = [
        "pool template.yaml --bin ./sign_up --bin ./messages --run-by sign_up=invite-people --port 0 -- ./client.sh",
        "pool template.yaml --bin ./sign_up --bin ./messages --run-by sign_up=Mail --run-by messages=Invite --port 0",
        "pool template.yaml --bin ./sign_up --run-by sign_up=Invite --port 0",
        "pool template.yaml --bin ./sign_up --run-by sign-up=Invite --port 0",
        "pool template.yaml --bin ./sign_up --bin ./messages --run-by ./sign_up=Invite --run-by ./messages=Mail --port 0 -- true",
        "pool template.yaml --bin ./sign_up --bin ./messages --run-by sign_up=Invite --run-by messages=Mall --port 0",
        "pool template.yaml --bin ./sign_up --bin ./messages --run-by sign_up=Invite --run-by messages=invite-people --port 0",
        "pool invite.yaml --bin ./sign_up --bin ./messages --run-by sign_up=Invite --port 0 -- true",
        "pool template.yaml --bin ./sign_up --run-by Invite --port 0",
        "pool template.yaml --bin ./sign_up --bin ./sign_up --run-by sign_up=Invite --port 0",
        "pool template.yaml --bin ./sign_up --bin ./sign_up --port 0",
        "pool --bin ./sign_up --run-by sign_up=Invite --port 0 -- ./client.sh",
    ];
    assert_snapshot(&normalize(&place.run_each(&commands)), "pool-run-by");
}

/// Hooks with an alias or a version, with the default of a parameter, and of other stacks.
#[test]
fn run_by_finds_functions_however_hooks_name_them() {
    let place = TestDir::new();
    let template = |hook: &str| {
        format!(
            "Parameters:\n  Arn: {{Type: String, Default: 'arn:aws:lambda:us-east-1:123456789012:function:invite:live'}}\n  \
             Other: {{Type: String}}\n\
             Resources:\n  People:\n    Type: AWS::Cognito::UserPool\n    Properties:\n      LambdaConfig: {{PreSignUp: {hook}}}\n  \
             App:\n    Type: AWS::Cognito::UserPoolClient\n    Properties: {{UserPoolId: !Ref People}}\n  \
             Invite:\n    Type: AWS::Lambda::Function\n    Properties: {{FunctionName: invite-people}}\n  \
             Live:\n    Type: AWS::Lambda::Alias\n    Properties: {{FunctionName: !Ref Invite, Name: live}}\n  \
             Second:\n    Type: AWS::Lambda::Version\n    Properties: {{FunctionName: !Ref Invite}}\n"
        )
    };
    place.write_script("client.sh", CLIENT);
    let run = |function: &str| {
        place.run(&format!(
            "pool template.yaml --bin ./sign_up --bin ./messages --run-by sign_up={function} --port 0 -- ./client.sh"
        ))
    };
    for (hook, functions) in [
        ("!Ref Live", ["Invite", "invite-people", "invite-people:live"]),
        ("!Ref Second", ["Invite", "invite-people", "invite-people:2"]),
        (
            "!Sub '${Invite.Arn}:live'",
            ["Invite", "invite-people", "invite-people:live"],
        ),
        (
            "!Sub 'arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:elsewhere:live'",
            [
                "elsewhere",
                "elsewhere:live",
                "arn:aws:lambda:us-east-1:123456789012:function:elsewhere",
            ],
        ),
        (
            "!Ref Arn",
            [
                "invite",
                "invite:live",
                "arn:aws:lambda:us-east-1:123456789012:function:invite:live",
            ],
        ),
    ] {
        place.write("template.yaml", &template(hook));
        for function in functions {
            let output = run(function);
            assert!(
                output.starts_with("$ ") && output.contains("\nUserLambdaValidationException\n"),
                "{hook}: {output}"
            );
        }
    }
    let mut output = String::new();
    for hook in [
        "!Ref Other",
        "!ImportValue invite-arn",
        "!GetAtt Stack.Outputs.Invite",
        "!Ref Invite",
    ] {
        place.write("template.yaml", &template(hook));
        output += &run("elsewhere");
    }
    assert_snapshot(&normalize(&output), "pool-run-by-unknown");
}
