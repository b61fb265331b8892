//! `pool --tls`: where the certificate is, who is told to trust it, and what is kept.
#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

use std::{fs, io::Read, io::Write, net::TcpStream};

use super::pool::OTHER_LANGUAGE;
use crate::support::{Pool, TestDir};

/// Prints the files of authorities that a command gets, and what they have.
const TRUST: &str = "#!/bin/sh\n\
    echo \"$AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER\" | cut -d: -f1\n\
    for file in \"$AWS_CA_BUNDLE\" \"$NODE_EXTRA_CA_CERTS\" \"$COGNITO_CA_FILE\"; do\n\
    echo \"$(stat -c %a \"$file\") $(grep -c BEGIN.CERTIFICATE \"$file\")\"\n\
    done\n\
    echo \"keys $(cat \"$(dirname \"$COGNITO_CA_FILE\")\"/* | grep -c PRIVATE)\"\n\
    dirname \"$COGNITO_CA_FILE\" > folder.txt\n";

#[test]
fn a_command_is_told_which_authority_to_trust() {
    let place = TestDir::new();
    place.write_script("client.sh", TRUST);
    let output = place.run("pool --no-function --tls --port 0 -- ./client.sh");
    assert!(output.contains("user pools at https://127.0.0.1:"), "{output}");
    assert!(
        output.contains("clients trust it with AWS_CA_BUNDLE=/"),
        "{output}"
    );
    assert!(
        output.contains("--ignore-certificate-errors-spki-list="),
        "{output}"
    );
    assert!(
        output.contains("https\n600 1\n600 1\n600 1\nkeys 0\n"),
        "{output}"
    );
    let folder = fs::read_to_string(place.path("folder.txt")).unwrap();
    assert!(
        !fs::exists(folder.trim()).unwrap(),
        "{folder} is removed at the end"
    );
}

#[test]
fn authorities_of_the_shell_stay_trusted() {
    let place = TestDir::new();
    place.write_script("client.sh", TRUST);
    place.write(
        "proxy.pem",
        "-----BEGIN CERTIFICATE-----\nproxy\n-----END CERTIFICATE-----",
    );
    let mut command = place.command("pool --no-function --tls --port 0 -- ./client.sh");
    command
        .env("AWS_CA_BUNDLE", "proxy.pem")
        .env_remove("NODE_EXTRA_CA_CERTS");
    let output = String::from_utf8(command.output().unwrap().stdout).unwrap();
    assert_eq!(output, "https\n600 2\n600 1\n600 1\nkeys 0\n");

    let mut command = place.command("pool --no-function --tls --port 0 -- ./client.sh");
    let output = command
        .env("NODE_EXTRA_CA_CERTS", "missing.pem")
        .output()
        .unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(
        error.contains("error: NODE_EXTRA_CA_CERTS names missing.pem: "),
        "{error}"
    );
}

/// The part of the first line that has the public key.
fn public_key(pool: &Pool) -> String {
    let (_, rest) = pool.first_line().split_once("\"publicKeySha256\":\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

#[test]
fn a_kept_certificate_is_used_again() {
    let place = TestDir::new();
    let command = "pool --no-function --tls --tls-dir keys/pool --port 0 --format json";
    let keys = [(), ()].map(|()| {
        let pool = Pool::start(place.command(command));
        let key = public_key(&pool);
        let authority = place.path("keys/pool/ca.pem").display().to_string();
        assert!(pool.first_line().contains(&authority), "{}", pool.first_line());
        pool.interrupt();
        key
    });
    assert_eq!(keys[0], keys[1]);
    for name in ["ca.pem", "cert.pem", "key.pem"] {
        let mode = fs::metadata(place.path(&format!("keys/pool/{name}"))).unwrap();
        let mode = std::os::unix::fs::PermissionsExt::mode(&mode.permissions());
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }

    // The certificate was made without the name, and the authority can't sign another one.
    let output = place.run("pool --no-function --tls --tls-dir keys/pool --allow-host pool.test --port 0");
    assert!(
        output.contains("clients refuse the certificate of pool.test"),
        "{output}"
    );
    assert!(output.contains("remove ca.pem, cert.pem and key.pem"), "{output}");

    // Without ca.pem, it may be anybody's, and the command is told nothing.
    fs::remove_file(place.path("keys/pool/ca.pem")).unwrap();
    let output = place.run("pool --no-function --tls --tls-dir keys/pool --port 0 -- true");
    assert!(
        output.contains("clients have to trust the authority of cert.pem"),
        "{output}"
    );

    fs::remove_file(place.path("keys/pool/key.pem")).unwrap();
    let output = place.run("pool --no-function --tls --tls-dir keys/pool --port 0");
    assert!(
        output.contains("keys/pool needs both cert.pem and key.pem"),
        "{output}"
    );
}

#[test]
fn functions_call_the_pool_without_tls() {
    let place = TestDir::new();
    // It writes where it would call the pool, and ends.
    let function = OTHER_LANGUAGE.replace(
        "exec 3<>",
        "endpoint=$AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER\n\
         if [ -n \"$endpoint\" ]; then echo \"$endpoint\" > endpoint.txt; exit 1; fi\nexec 3<>",
    );
    place.write_script("function.sh", &function);
    place.write(
        "pool.json",
        "{\"UserPool\": {\"Id\": \"eu-west-1_aBcDeFgHi\", \"Name\": \"a\", \"LambdaConfig\": {\"PreSignUp\": \"arn:aws:lambda:eu-west-1:123456789012:function:f\"}}}",
    );
    place.write(
        "client.json",
        "{\"UserPoolClient\": {\"UserPoolId\": \"eu-west-1_aBcDeFgHi\", \"ClientId\": \"app\", \"ClientName\": \"app\"}}",
    );
    let pool = Pool::start(
        place.command("pool pool.json client.json --bin ./function.sh --tls --port 0 --format json"),
    );
    let (status, body) = pool.call(
        "SignUp",
        "{\"ClientId\": \"app\", \"Username\": \"ana\", \"Password\": \"Passw0rd!\"}",
    );
    assert_eq!(status, 400, "{body}");
    let endpoint = fs::read_to_string(place.path("endpoint.txt")).unwrap();
    assert_eq!(endpoint.trim(), format!("http://{}", pool.address()));
    let (status, body) = pool.call("ListUsers", "{\"UserPoolId\": \"eu-west-1_aBcDeFgHi\"}");
    assert_eq!(status, 200, "{body}");

    let mut page = TcpStream::connect(pool.address()).unwrap();
    write!(
        page,
        "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    page.read_to_string(&mut answer).unwrap();
    assert!(
        answer.contains("speaks HTTPS here: use https://127.0.0.1:"),
        "{answer}"
    );
    pool.interrupt();
}
