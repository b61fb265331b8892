//! `pool`: a user pool for a compiled function and a client that speaks HTTP.
#![expect(
    clippy::unwrap_used,
    clippy::string_slice,
    reason = "a test that can't go on fails"
)]

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, ChildStdout, Stdio},
};

use rustix::process::{Pid, Signal, kill_process};

use crate::support::{Place, assert_snapshot};

/// A pool that runs until it is interrupted.
struct Pool {
    child: Child,
    lines: BufReader<ChildStdout>,
    address: String,
}

impl Pool {
    fn start(place: &Place, args: &str) -> Self {
        let mut command = place.command(args);
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut first = String::new();
        lines.read_line(&mut first).unwrap();
        let (_, rest) = first.split_once("\"endpoint\":\"http://").unwrap();
        let address = rest.split('"').next().unwrap().to_owned();
        Self {
            child,
            lines,
            address,
        }
    }

    /// Sends a request as an AWS client does, and returns status and body.
    fn call(&self, operation: &str, input: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(
            stream,
            "POST / HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: application/x-amz-json-1.1\r\n\
             X-Amz-Target: AWSCognitoIdentityProviderService.{operation}\r\nContent-Length: {}\r\n\r\n{input}",
            self.address,
            input.len()
        )
        .unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        let (head, body) = response.split_once("\r\n\r\n").unwrap();
        (head[9..12].parse().unwrap(), body.to_owned())
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        line
    }

    /// Interrupts the command, and returns its exit code and what it printed to standard error.
    fn interrupt(mut self) -> (Option<i32>, String) {
        kill_process(Pid::from_child(&self.child), Signal::INT).unwrap();
        let mut stderr = String::new();
        self.child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut stderr)
            .unwrap();
        (self.child.wait().unwrap().code(), stderr)
    }
}

fn sign_up(email: &str) -> String {
    format!(
        r#"{{"ClientId":"localclient","Username":"{email}","Password":"Passw0rd!","UserAttributes":[{{"Name":"email","Value":"{email}"}}]}}"#
    )
}

#[test]
fn a_client_signs_up_and_the_function_decides() {
    let place = Place::new();
    let mut pool = Pool::start(
        &place,
        "pool --bin ./sign_up --port 0 --format json --code 123456 --seed 1",
    );

    let (status, body) = pool.call("SignUp", &sign_up("ana@example.com"));
    assert_eq!(status, 200, "{body}");
    assert!(body.contains("\"UserConfirmed\":true"), "{body}");

    let (status, body) = pool.call("SignUp", &sign_up("bob@example.net"));
    assert_eq!(status, 400);
    assert!(body.contains("UserLambdaValidationException"), "{body}");
    assert!(
        body.contains("PreSignUp failed with error this email domain is not invited."),
        "{body}"
    );

    let lines = [pool.line(), pool.line(), pool.line(), pool.line()];
    assert!(
        lines[0].contains("\"triggerSource\":\"PreSignUp_SignUp\""),
        "{lines:?}"
    );
    assert!(
        lines[1].contains("\"call\":{\"error\":null,\"operation\":\"SignUp\""),
        "{lines:?}"
    );
    assert!(lines[3].contains("UserLambdaValidationException"), "{lines:?}");
    assert!(lines.iter().all(|line| !line.contains("Passw0rd!")), "{lines:?}");
    assert_eq!(pool.interrupt().0, Some(130));
}

/// A client of one call, which ends with 7.
pub(crate) const CLIENT: &str = "#!/bin/bash\nhost=${AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER#http://}\n\
         exec 3<>\"/dev/tcp/${host%:*}/${host#*:}\"\n\
         body='{\"ClientId\":\"'$COGNITO_CLIENT_ID'\",\"Username\":\"zoe\",\"Password\":\"Passw0rd!\",\"UserAttributes\":[{\"Name\":\"email\",\"Value\":\"zoe@example.net\"}]}'\n\
         printf 'POST / HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\nX-Amz-Target: AWSCognitoIdentityProviderService.SignUp\\r\\nContent-Length: %s\\r\\n\\r\\n%s' ${#body} \"$body\" >&3\n\
         grep -o 'UserLambdaValidationException' <&3 | head -1\necho \"$COGNITO_USER_POOL_ID $AWS_REGION\"\nexit 7\n";

#[test]
fn calls_triggers_and_messages_are_printed() {
    let place = Place::new();
    place.write_script("client.sh", CLIENT);
    let output = place.run("pool --bin ./sign_up --port 0 -- ./client.sh");
    assert_snapshot(&steady(&output), "pool-command");
}

/// The output without the port and times.
pub(crate) fn steady(output: &str) -> String {
    let mut steady = String::new();
    for line in output.lines() {
        let line = match line.split_once("http://127.0.0.1:") {
            Some((before, _)) => format!("{before}http://127.0.0.1:[PORT]"),
            None => line.to_owned(),
        };
        let mut rest = line.as_str();
        while let Some((before, after)) = rest.split_once('(') {
            let number = after.split(' ').next().unwrap_or_default();
            let is_time = after[number.len()..].starts_with(" ms)") && number.parse::<u32>().is_ok();
            steady.push_str(before);
            steady.push('(');
            rest = if is_time {
                steady.push_str("[MS]");
                &after[number.len()..]
            } else {
                after
            };
        }
        steady.push_str(rest);
        steady.push('\n');
    }
    steady
}

#[test]
fn errors_at_the_start_are_explained() {
    let place = Place::new();
    place.write("broken.json", "{");
    place.write("other.json", "{\"Groups\": []}");
    place.write("users.json", "{\"Users\": [{\"Username\": \"ana\"}]}");
    place.write(
        "unrouted.json",
        "{\"UserPool\": {\"Id\": \"eu-west-1_aBcDeFgHi\", \"Name\": \"a\", \"LambdaConfig\": {\"CustomMessage\": \"arn:aws:lambda:eu-west-1:123456789012:function:f\"}}}",
    );
    let commands = [
        "pool --bin ./nothing --port 0",
        "pool broken.json --bin ./sign_up --port 0",
        "pool other.json --bin ./sign_up --port 0",
        "pool missing.json --bin ./sign_up --port 0",
        "pool unrouted.json --bin ./sign_up --port 0",
        "pool --url http://localhost:9000/f --port 0",
        "pool --no-function --bin ./sign_up",
        "pool --no-function --code 12a4",
        "pool --no-function --port 0 -- ./no-such-command",
        "pool --no-function --host 192.0.2.1 --port 0",
    ];
    assert_snapshot(
        &place
            .run_each(&commands)
            .lines()
            .map(|line| match line.split_once("http://127.0.0.1:") {
                Some((before, _)) => format!("{before}http://127.0.0.1:[PORT]\n"),
                None => format!("{line}\n"),
            })
            .collect::<String>(),
        "pool-errors",
    );
}

#[test]
fn a_template_is_served_with_ids_that_stay() {
    let place = Place::new();
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
    assert_snapshot(&steady(&place.run_each(&commands)), "pool-template");
}

#[test]
fn settings_without_effect_are_named_once() {
    let place = Place::new();
    place.write(
        "template.yaml",
        "Resources:\n  People:\n    Type: AWS::Cognito::UserPool\n    Properties:\n      MfaConfiguration: OPTIONAL\n      \
         DeviceConfiguration: {ChallengeRequiredOnNewDevice: true}\n  \
         App:\n    Type: AWS::Cognito::UserPoolClient\n    Properties:\n      UserPoolId: !Ref People\n      \
         CallbackURLs: [https://app.example.com]\n",
    );
    place.write(
        "plain.yaml",
        "Resources:\n  People:\n    Type: AWS::Cognito::UserPool\n    Properties: {MfaConfiguration: 'OFF'}\n  \
         App:\n    Type: AWS::Cognito::UserPoolClient\n    Properties: {UserPoolId: !Ref People}\n",
    );
    let commands = [
        "pool template.yaml --no-function --port 0 -- true",
        "pool template.yaml --no-function --port 0 --format json -- true",
        "pool plain.yaml --no-function --port 0 -- true",
    ];
    assert_snapshot(&steady(&place.run_each(&commands)), "pool-settings");
}
