//! `pool`: a user pool for a compiled function and a client that speaks HTTP.
#![expect(clippy::string_slice, reason = "a test that can't go on fails")]

use std::{
    io::{Read, Write},
    net::TcpStream,
};

use crate::support::{Pool, TestDir, assert_snapshot, serve_paths};

fn sign_up(email: &str) -> String {
    format!(
        r#"{{"ClientId":"localclient","Username":"{email}","Password":"Passw0rd!","UserAttributes":[{{"Name":"email","Value":"{email}"}}]}}"#
    )
}

#[test]
fn a_client_signs_up_and_the_function_decides() {
    let place = TestDir::new();
    let mut pool =
        Pool::start(place.command("pool --bin ./sign_up --port 0 --format json --code 123456 --seed 1"));

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

/// The lines of these calls are more than a pipe holds.
#[test]
fn calls_do_not_wait_for_who_reads_the_lines() {
    let place = TestDir::new();
    let mut pool = Pool::start(place.command("pool --bin ./sign_up --port 0 --format json"));
    let metadata = "x".repeat(4_000);
    let calls = 0..50;
    for number in calls.clone() {
        let input = sign_up(&format!("{number}@example.com"));
        let input = input.replacen('{', &format!(r#"{{"ClientMetadata":{{"a":"{metadata}"}},"#), 1);
        let (status, body) = pool.call("SignUp", &input);
        assert_eq!(status, 200, "{body}");
    }
    let read: usize = calls
        .flat_map(|_| [pool.line(), pool.line()])
        .map(|line| line.len())
        .sum();
    assert!(read > 200_000, "{read} bytes");
    let (status, _) = pool.call("ListUsers", r#"{"UserPoolId":"us-east-1_localpool"}"#);
    assert_eq!(status, 200);
    assert!(pool.line().contains("\"operation\":\"ListUsers\""));
    assert_eq!(pool.interrupt().0, Some(130));
}

/// Nobody reads what is left at the end, and the command ends anyway.
#[test]
fn the_end_does_not_wait_for_who_reads_the_lines() {
    let place = TestDir::new();
    let pool = Pool::start(place.command("pool --no-function --port 0 --format json"));
    for _ in 0..1_500 {
        pool.call("ListUsers", r#"{"UserPoolId":"us-east-1_localpool"}"#);
    }
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
    let place = TestDir::new();
    place.write_script("client.sh", CLIENT);
    let output = place.run("pool --bin ./sign_up --port 0 -- ./client.sh");
    assert_snapshot(&normalize(&output), "pool-command");
}

#[test]
fn the_log_of_a_success_is_printed_if_it_is_asked_for() {
    let place = TestDir::new();
    let client = CLIENT.replace("zoe@example.net", "zoe@example.com");
    place.write_script("client.sh", &client.replace("\"zoe\"", "\"logged\""));
    for (option, lines) in [("", 0), ("--log failed", 0), ("--log all", 1)] {
        let output = place.run(&format!("pool --bin ./sign_up --port 0 {option} -- ./client.sh"));
        assert!(output.contains("PreSignUp_SignUp -> "), "{output}");
        let logged = output.matches("\n      looked at the invitations\n").count();
        assert_eq!(logged, lines, "{option}: {output}");
    }
}

/// A line without the port of the pool.
fn without_port(line: &str) -> String {
    match line.split_once("http://127.0.0.1:") {
        Some((before, after)) => {
            let after = after.trim_start_matches(|c: char| c.is_ascii_digit());
            format!("{before}http://127.0.0.1:[PORT]{after}")
        }
        None => line.to_owned(),
    }
}

/// The output without the port and times.
pub(crate) fn normalize(output: &str) -> String {
    let mut normalize = String::new();
    for line in output.lines() {
        let line = without_port(line);
        let mut rest = line.as_str();
        while let Some((before, after)) = rest.split_once('(') {
            let number = after.split(' ').next().unwrap_or_default();
            let is_time = after[number.len()..].starts_with(" ms)") && number.parse::<u32>().is_ok();
            normalize.push_str(before);
            normalize.push('(');
            rest = if is_time {
                normalize.push_str("[MS]");
                &after[number.len()..]
            } else {
                after
            };
        }
        normalize.push_str(rest);
        normalize.push('\n');
    }
    normalize
}

#[test]
fn errors_at_the_start_are_explained() {
    let place = TestDir::new();
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
        "pool --no-function --allow-host http://pool.test --port 0",
        "pool --no-function --allow-host .. --port 0",
        "pool --url http://localhost:9000/f --watch --port 0",
    ];
    assert_snapshot(
        &place
            .run_each(&commands)
            .lines()
            .map(|line| without_port(line) + "\n")
            .collect::<String>(),
        "pool-errors",
    );
}

/// An endpoint without a path invokes each function by its name.
#[test]
fn an_endpoint_is_asked_by_the_name_of_the_function() {
    let place = TestDir::new();
    for (properties, name) in [
        ("Properties: {FunctionName: invite-people}", "invite-people"),
        (
            "Properties: {FunctionName: !Sub '${AWS::StackName}-invite'}",
            "Invite",
        ),
        ("Properties: {}", "Invite"),
    ] {
        place.write(
            "template.yaml",
            &format!(
                "Resources:\n  People:\n    Type: AWS::Cognito::UserPool\n    Properties:\n      \
                 LambdaConfig: {{PreSignUp: !GetAtt Invite.Arn}}\n  \
                 App:\n    Type: AWS::Cognito::UserPoolClient\n    Properties: {{UserPoolId: !Ref People}}\n  \
                 Invite:\n    Type: AWS::Lambda::Function\n    {properties}\n"
            ),
        );
        place.write_script("client.sh", CLIENT);
        let (sender, requests) = std::sync::mpsc::channel();
        let address = serve_paths(move |path, _| {
            sender.send(path.to_owned()).unwrap();
            "200 OK\n\n{}".to_owned()
        });
        let output = place.run(&format!(
            "pool template.yaml --url http://{address} --port 0 -- ./client.sh"
        ));
        let path = format!("/2015-03-31/functions/{name}/invocations");
        assert_eq!(requests.recv().unwrap(), path);
        assert!(
            output.contains(&format!("PreSignUp_SignUp -> {name}: ")),
            "{output}"
        );
    }
}

#[test]
fn settings_without_effect_are_named_once() {
    let place = TestDir::new();
    place.write(
        "template.yaml",
        "Resources:\n  People:\n    Type: AWS::Cognito::UserPool\n    Properties:\n      MfaConfiguration: OPTIONAL\n      \
         UserPoolTier: PLUS\n      UserPoolAddOns: {AdvancedSecurityMode: ENFORCED}\n      \
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
    assert_snapshot(&normalize(&place.run_each(&commands)), "pool-settings");
}

#[test]
fn a_function_that_failed_to_start_is_started_again() {
    let place = TestDir::new();
    place.write_script(
        "function",
        "#!/bin/sh\n[ -n \"$COGNITO_TRIGGERS_DESCRIBE\" ] || [ -e database ] || { echo \"ERROR no database\" >&2; exit 3; }\nexec ./sign_up\n",
    );
    let pool = Pool::start(place.command("pool --bin ./function --port 0 --format json"));
    let (status, body) = pool.call("SignUp", &sign_up("ana@example.com"));
    assert_eq!(status, 400);
    assert!(body.contains("exit status 3"), "{body}");
    place.write("database", "");
    let (status, body) = pool.call("SignUp", &sign_up("ana@example.com"));
    assert_eq!(status, 200, "{body}");
    let (_, stderr) = pool.interrupt();
    assert!(stderr.contains("\n      ERROR no database\n"), "{stderr}");
}

/// A function that asks for an event and never gets one: it stands for one in another language.
pub(crate) const OTHER_LANGUAGE: &str = "#!/bin/bash\nexec 3<>\"/dev/tcp/${AWS_LAMBDA_RUNTIME_API%:*}/${AWS_LAMBDA_RUNTIME_API#*:}\"\n\
         printf 'GET /2018-06-01/runtime/invocation/next HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n' >&3\ncat <&3\n";

#[test]
fn a_function_that_cannot_be_asked_is_named_once() {
    let place = TestDir::new();
    place.write_script("python", OTHER_LANGUAGE);
    // One that opens a connection before it uses it.
    let idle = OTHER_LANGUAGE.replace(
        "exec 3<>",
        "exec 4<>\"/dev/tcp/${AWS_LAMBDA_RUNTIME_API%:*}/${AWS_LAMBDA_RUNTIME_API#*:}\"\nexec 3<>",
    );
    place.write_script("node", &idle);
    place.write(
        "pool.json",
        "{\"UserPool\": {\"Id\": \"eu-west-1_aBcDeFgHi\", \"Name\": \"people\", \"LambdaConfig\": {\
         \"PreSignUp\": \"arn:aws:lambda:eu-west-1:123456789012:function:invite\", \
         \"CustomMessage\": \"arn:aws:lambda:eu-west-1:123456789012:function:mail\"}}}",
    );
    let commands = [
        "pool pool.json --bin ./python --port 0 -- true",
        "pool pool.json --bin ./sign_up --bin ./python --port 0 -- true",
        "pool pool.json --bin ./node --bin ./python --port 0 -- true",
        "pool pool.json --bin ./node --bin ./python --run-by node=invite --run-by python=mail --port 0 -- true",
        "pool pool.json --url http://127.0.0.1:1 --port 0 -- true",
        "pool --bin ./python --port 0 -- true",
        "routes --bin ./python",
    ];
    assert_snapshot(&normalize(&place.run_each(&commands)), "pool-other-languages");
}

#[test]
fn another_host_name_is_answered_if_it_is_allowed() {
    let place = TestDir::new();
    let request = |pool: &Pool, host: &str| {
        let mut stream = TcpStream::connect(pool.address()).unwrap();
        write!(
            stream,
            "GET /_dev/clock HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        response
    };
    let pool = Pool::start(place.command("pool --no-function --port 0 --format json"));
    let refused = request(&pool, "pool.test:9229");
    assert!(refused.starts_with("HTTP/1.1 403"), "{refused}");
    assert!(refused.contains("--allow-host NAME"), "{refused}");
    let from_container = request(&pool, "host.docker.internal:9229");
    assert!(from_container.starts_with("HTTP/1.1 200"), "{from_container}");
    pool.interrupt();

    let pool =
        Pool::start(place.command("pool --no-function --port 0 --format json --allow-host Pool.test."));
    let allowed = request(&pool, "pool.test:9229");
    assert!(allowed.starts_with("HTTP/1.1 200"), "{allowed}");
    let refused = request(&pool, "pool.test.evil.example");
    assert!(refused.starts_with("HTTP/1.1 403"), "{refused}");
    pool.interrupt();
}
