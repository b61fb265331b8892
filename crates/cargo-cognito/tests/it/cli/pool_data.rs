//! `pool --data`: what the terminal says about a directory.

use std::fs;

use crate::support::{Pool, TestDir};

const SIGN_UP: &str = r#"{"ClientId":"localclient","Username":"ana","Password":"Passw0rd!"}"#;
const START: &str = "pool --no-function --port 0 --format json --data people";

#[test]
fn a_restart_says_what_is_stored() {
    let place = TestDir::new();
    let pool = Pool::start(place.command(START));
    assert_eq!(pool.call("SignUp", SIGN_UP).0, 200);
    let second = place.run("pool --no-function --port 0 --data people -- true");
    assert!(
        second.contains("people is used by another local user pool, process "),
        "{second}"
    );
    let (_, stderr) = pool.interrupt();
    assert!(
        stderr.contains("data in people: nothing is stored yet\n"),
        "{stderr}"
    );

    let pool = Pool::start(place.command(START));
    let (status, body) = pool.call("SignUp", SIGN_UP);
    assert!(
        status == 400 && body.contains("UsernameExistsException"),
        "{body}"
    );
    let (_, stderr) = pool.interrupt();
    assert!(
        stderr.contains("data in people: 1 user pool, 1 app client, 1 user\n"),
        "{stderr}"
    );
}

#[test]
fn a_file_that_cannot_be_used_is_named() {
    let place = TestDir::new();
    fs::create_dir(place.path("people")).unwrap();
    for (content, expected) in [
        ("", "people/pool.data is damaged at byte 0: the file is empty"),
        (
            "users: []\n",
            "people/pool.data wasn't written by a local user pool",
        ),
        (
            "cognito-triggers pool data, format 99\n",
            "people/pool.data has the format 99, which",
        ),
    ] {
        place.write("people/pool.data", content);
        let printed = place.run("pool --no-function --port 0 --data people -- true");
        assert!(printed.contains(expected), "{printed}");
        assert_eq!(place.read("people/pool.data"), content);
    }
    place.write("file", "");
    let printed = place.run("pool --no-function --port 0 --data file -- true");
    assert!(
        printed.contains("file can't be created as a directory for the data"),
        "{printed}"
    );
}

#[test]
fn hooks_of_stored_pools_are_compared_with_the_functions() {
    let place = TestDir::new();
    let start = "pool --bin ./sign_up --port 0 --format json --data people";
    let pool = Pool::start(place.command(start));
    for hook in ["PreSignUp", "PostConfirmation"] {
        let arn = "arn:aws:lambda:us-east-1:123456789012:function:other";
        let input = format!(r#"{{"PoolName":"stored","LambdaConfig":{{"{hook}":"{arn}"}}}}"#);
        assert_eq!(pool.call("CreateUserPool", &input).0, 200);
    }
    let (_, stderr) = pool.interrupt();
    assert!(!stderr.contains("the stored pool"), "{stderr}");

    let (_, stderr) = Pool::start(place.command(start)).interrupt();
    let warnings: Vec<_> = stderr
        .lines()
        .filter(|line| line.contains("the stored pool"))
        .collect();
    assert_eq!(warnings.len(), 1, "{stderr}");
    assert!(
        warnings[0].contains(
            "LambdaConfig has the hook PostConfirmation, and no function routes `post_confirmation`"
        ),
        "{stderr}"
    );
}
