//! A function against a faulty Runtime API.
//!
//! The API runs on 127.0.0.1 and follows a script. Its faults were observed, or its documentation allows them:
//! <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>.

mod api;
mod metrics;
mod requests;

use std::{
    sync::{Mutex, mpsc},
    time::Duration,
};

use api::{Api, Function, Reply, Request};

const SIGN_UP: &str = r#"{"triggerSource":"PreSignUp_SignUp","request":{"userAttributes":{}},"response":{}}"#;
const CONFIRMED: &str =
    r#"{"triggerSource":"PostConfirmation_ConfirmSignUp","request":{"userAttributes":{}},"response":{}}"#;
const AUTHENTICATED: &str =
    r#"{"triggerSource":"PostAuthentication_Authentication","request":{"userAttributes":{}},"response":{}}"#;

/// An API whose first calls of `/next` fail in one way. It never answers the later ones.
fn failing(faults: usize, fault: fn() -> Reply) -> Api {
    Api::start(move |request, number| match request.is_next() {
        true if number <= faults => fault(),
        true => Reply::Hold,
        false => Reply::status(202),
    })
}

#[test]
fn every_worker_comes_back_after_faults() {
    let faults: [fn() -> Reply; 4] = [
        || Reply::status(500),
        || Reply::status(503),
        || Reply::Close,
        // An event without a request id can't be answered.
        || Reply::body(200, SIGN_UP),
    ];
    for (kind, fault) in faults.into_iter().enumerate() {
        for faults in [3, 15] {
            let api = failing(faults, fault);
            let mut function = Function::start(&api, &[("AWS_LAMBDA_MAX_CONCURRENCY", "16")]);
            assert!(
                api.wait(|requests| requests.iter().filter(|request| request.held).count() == 16),
                "fault {kind}, {faults} times: {:?}",
                api.requests().len()
            );
            assert!(function.lives());
        }
    }
}

#[test]
fn an_api_that_keeps_failing_ends_the_process() {
    let api = failing(usize::MAX, || Reply::status(500));
    let ended = Function::start(&api, &[("AWS_LAMBDA_MAX_CONCURRENCY", "64")]).end();
    assert_eq!(ended.code, Some(1));
    assert!(
        ended
            .stderr
            .contains("the Lambda Runtime API doesn't work: it answered 500"),
        "{}",
        ended.stderr
    );
    // A worker warns once. A failed call takes only the pause before the next one.
    assert!(
        ended.stdout.lines().count() <= 70,
        "{}",
        ended.stdout.lines().count()
    );
    assert!(api.requests().len() <= 64 * 8, "{}", api.requests().len());
}

#[test]
fn a_refused_connection_ends_the_process_at_once() {
    for workers in ["1", "64"] {
        let api = Api::closed();
        let ended = Function::start(&api, &[("AWS_LAMBDA_MAX_CONCURRENCY", workers)]).end();
        assert_eq!(ended.code, Some(1));
        assert!(ended.stderr.contains("refuses connections"), "{}", ended.stderr);
        // A worker that asks again says so.
        assert_eq!(ended.stdout, "");
        assert_eq!(ended.stderr.lines().count(), 1, "{}", ended.stderr);
    }
}

#[test]
fn an_answer_survives_a_connection_that_breaks() {
    for fault in [|| Reply::Close, || Reply::status(500)] as [fn() -> Reply; 2] {
        let api = Api::start(move |request, number| match (request.is_next(), number) {
            (true, 1..=2) => Reply::event(&format!("id-{number}"), SIGN_UP),
            (true, _) => Reply::Hold,
            (false, 1) => fault(),
            (false, _) => Reply::status(202),
        });
        let mut function = Function::start(&api, &[]);
        assert!(api.wait(|requests| {
            requests
                .iter()
                .any(|request| request.path.contains("id-2/response"))
        }));
        let first: Vec<_> = api
            .requests()
            .into_iter()
            .filter(|request| request.path.ends_with("id-1/response"))
            .collect();
        assert_eq!(first.len(), 2);
        assert!(
            first
                .iter()
                .all(|request| request.body.contains(r#""autoConfirmUser":false"#))
        );
        assert!(function.lives());
    }
}

#[test]
fn a_worker_whose_answers_are_lost_asks_again() {
    const WORKERS: usize = 16;
    let faults: [fn() -> Reply; 3] = [|| Reply::Close, || Reply::status(500), || Reply::status(413)];
    for (kind, fault) in faults.into_iter().enumerate() {
        let api = Api::start(move |request, number| match request.is_next() {
            true if number <= 2 * WORKERS => Reply::event(&format!("id-{number}"), SIGN_UP),
            true => Reply::Hold,
            false => fault(),
        });
        let workers = WORKERS.to_string();
        let mut function = Function::start(&api, &[("AWS_LAMBDA_MAX_CONCURRENCY", &workers)]);
        let all_ask =
            |requests: &[Request]| requests.iter().filter(|request| request.held).count() == WORKERS;
        assert!(
            api.wait(all_ask),
            "fault {kind}: {} requests",
            api.requests().len()
        );
        assert!(function.lives());
        function.terminate();
        let ended = function.end();
        let lost = "the outcome of the call couldn't be sent";
        assert_eq!(
            ended.stdout.matches(lost).count(),
            2 * WORKERS,
            "{}",
            ended.stdout
        );
    }
}

/// A function that can neither answer nor ask has to be replaced by Lambda.
#[test]
fn an_api_that_stops_listening_ends_the_process() {
    for breaks_at_the_answer in [true, false] {
        let api = Api::start_for(1, move |request, number| match (request.is_next(), number) {
            (true, 1) => Reply::event("5f1c", SIGN_UP),
            (false, _) if !breaks_at_the_answer => Reply::status(202),
            _ => Reply::Close,
        });
        let ended = Function::start(&api, &[]).end();
        assert_eq!(ended.code, Some(1), "{}", ended.stderr);
        assert!(ended.stderr.contains("refuses connections"), "{}", ended.stderr);
        assert_eq!(api.requests().len(), if breaks_at_the_answer { 2 } else { 3 });
    }
}

/// An API that sends one event and no more.
fn one(event: &'static str) -> Api {
    Api::start(move |request, number| match (request.is_next(), number) {
        (true, 1) => Reply::event("5f1c", event),
        (true, _) => Reply::Hold,
        (false, _) => Reply::status(202),
    })
}

fn posted(api: &Api) -> Request {
    assert!(api.wait(|requests| requests.iter().any(|request| !request.is_next())));
    api.requests()
        .into_iter()
        .find(|request| !request.is_next())
        .expect("a post")
}

#[test]
fn a_call_is_completed_after_sigterm() {
    let api = one(CONFIRMED);
    let function = Function::start(&api, &[]);
    assert!(api.wait(|requests| !requests.is_empty()));
    std::thread::sleep(Duration::from_millis(150));
    function.terminate();
    let ended = function.end();
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(posted(&api).path, "/2018-06-01/runtime/invocation/5f1c/response");
    assert!(ended.stdout.contains("SIGTERM"), "{}", ended.stdout);
}

#[test]
fn an_event_that_comes_with_sigterm_is_answered() {
    let (send, sent) = mpsc::channel();
    let sent = Mutex::new(sent);
    let (asks, asked) = mpsc::channel();
    let api = Api::start(move |request, number| match (request.is_next(), number) {
        (true, 1) => {
            asks.send(()).unwrap();
            sent.lock().unwrap().recv().unwrap();
            Reply::event("5f1c", SIGN_UP)
        }
        (true, _) => Reply::Hold,
        (false, _) => Reply::status(202),
    });
    let function = Function::start(&api, &[]);
    asked.recv().unwrap();
    // The process receives the event and SIGTERM when it continues.
    function.signal("-STOP");
    send.send(()).unwrap();
    std::thread::sleep(Duration::from_millis(50));
    function.terminate();
    function.signal("-CONT");
    let ended = function.end();
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(ended.stdout.contains("SIGTERM"), "{}", ended.stdout);
    assert_eq!(posted(&api).path, "/2018-06-01/runtime/invocation/5f1c/response");
    // It asks for no further one.
    let asked = api.requests().iter().filter(|request| request.is_next()).count();
    assert_eq!(asked, 1);
}

#[test]
fn sigterm_ends_an_idle_process() {
    let api = failing(0, || Reply::Hold);
    let function = Function::start(&api, &[("AWS_LAMBDA_MAX_CONCURRENCY", "4")]);
    assert!(api.wait(|requests| requests.len() == 4));
    function.terminate();
    assert_eq!(function.end().code, Some(0));
}

/// The process listens for the signal before it asks for an event.
#[test]
fn sigterm_with_the_first_request_ends_the_process_in_order() {
    for _ in 0..10 {
        let (asks, asked) = mpsc::channel();
        let api = Api::start(move |_, _| {
            asks.send(()).unwrap();
            Reply::Hold
        });
        let function = Function::start(&api, &[]);
        asked.recv().unwrap();
        function.terminate();
        let ended = function.end();
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        assert!(ended.stdout.contains("SIGTERM"), "{}", ended.stdout);
    }
}

#[test]
fn a_failed_start_is_reported_without_its_cause() {
    let api = failing(0, || Reply::Hold);
    let ended = Function::start(&api, &[("MODE", "no-start")]).end();
    assert_eq!(ended.code, Some(1));
    assert!(
        ended
            .stderr
            .contains("the function can't start: the table TENANTS is missing")
    );
    let report = posted(&api);
    assert_eq!(report.path, "/2018-06-01/runtime/init/error");
    assert_eq!(
        report.body,
        r#"{"errorMessage":"internal error","errorType":"InitError"}"#
    );
}

#[test]
fn a_panic_while_it_starts_is_reported_too() {
    for (mode, cause) in [
        ("panicking-start", "the table TENANTS is missing"),
        ("panicking-layering", "the exporter has no address"),
    ] {
        let api = failing(0, || Reply::Hold);
        let ended = Function::start(&api, &[("MODE", mode)]).end();
        assert_eq!(ended.code, Some(1), "{mode}");
        let line = ended.stderr.lines().last().unwrap();
        assert!(
            line.starts_with("Error: the function can't start: it panicked: ") && line.contains(cause),
            "{line}"
        );
        assert!(
            ended.stdout.contains("ERROR") && ended.stdout.contains(cause),
            "{}",
            ended.stdout
        );
        let report = posted(&api);
        assert_eq!(report.path, "/2018-06-01/runtime/init/error");
        assert_eq!(
            report.body,
            r#"{"errorMessage":"internal error","errorType":"InitError"}"#
        );
    }
}

#[test]
fn an_invalid_variable_is_logged_and_reported() {
    let api = failing(0, || Reply::Hold);
    let ended = Function::start(&api, &[("AWS_LAMBDA_MAX_CONCURRENCY", "many")]).end();
    assert_eq!(
        ended.stderr.trim_end(),
        "Error: the environment variable AWS_LAMBDA_MAX_CONCURRENCY is \"many\"; it should be a number from 1 to 1600"
    );
    assert_eq!(posted(&api).path, "/2018-06-01/runtime/init/error");
    for (name, value) in [
        ("AWS_LAMBDA_RUNTIME_API", ""),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", ""),
    ] {
        let ended = Function::start(&api, &[(name, value)]).end();
        assert_eq!(ended.stderr.lines().count(), 1);
        assert!(
            ended.stderr.contains(&format!("{name} not set")),
            "{}",
            ended.stderr
        );
    }
}

/// A user who reads a reference has to be found in the logs, whatever the settings are.
#[test]
fn an_error_is_logged_in_spite_of_an_odd_log_setting() {
    let malformed = r#"{"triggerSource":"PreSignUp_SignUp","request":"#;
    for (setting, is_told) in [
        ("warning", true),
        (" info", false),
        ("trace;x", true),
        ("my crate=debug", true),
        ("my_crate", false),
        (",", false),
    ] {
        let api = one(malformed);
        let function = Function::start(&api, &[("RUST_LOG", setting)]);
        let error = posted(&api);
        assert!(
            error.body.contains("internal error (reference 5f1c)"),
            "{}",
            error.body
        );
        function.terminate();
        let ended = function.end();
        let has_error = |line: &str| {
            line.contains("ERROR") && line.contains(r#"request_id="5f1c""#) && line.contains("Malformed")
        };
        assert!(
            ended.stdout.lines().any(has_error),
            "{setting:?}: {}",
            ended.stdout
        );
        let told = ended.stdout.contains("names no level and no target");
        assert_eq!(told, is_told, "{setting:?}: {}", ended.stdout);
    }
}

#[test]
fn the_error_of_a_layer_is_hidden_from_the_user() {
    for (mode, event, log) in [
        ("layers", CONFIRMED, "request timed out"),
        (
            "panicking-layer",
            SIGN_UP,
            "a layer panicked: the layer has no idea",
        ),
    ] {
        let api = one(event);
        let function = Function::start(&api, &[("MODE", mode)]);
        let error = posted(&api);
        assert_eq!(error.path, "/2018-06-01/runtime/invocation/5f1c/error");
        assert_eq!(
            error.body,
            r#"{"errorMessage":"internal error (reference 5f1c)","errorType":"Failed"}"#
        );
        function.terminate();
        let ended = function.end();
        assert!(ended.stdout.contains(log), "{}", ended.stdout);
    }
}

#[test]
fn a_layer_sees_calls_and_answers_pings() {
    const PING: &str = r#"{"ping":true}"#;
    let events = [PING, SIGN_UP, CONFIRMED, AUTHENTICATED];
    let api = Api::start(
        move |request, number| match (request.is_next(), events.get(number - 1)) {
            (true, Some(event)) => Reply::event(&format!("id-{number}"), event),
            (true, None) => Reply::Hold,
            (false, _) => Reply::status(202),
        },
    );
    let function = Function::start(&api, &[("MODE", "observing-layer"), ("RUST_BACKTRACE", "0")]);
    assert!(
        api.wait(|requests| requests.iter().filter(|request| !request.is_next()).count() == events.len())
    );
    let warm = posted(&api);
    assert_eq!(
        (warm.path.as_str(), warm.body.as_str()),
        ("/2018-06-01/runtime/invocation/id-1/response", "\"warm\"")
    );
    function.terminate();
    let ended = function.end();
    let seen: Vec<_> = ended
        .stdout
        .lines()
        .filter_map(|line| line.strip_prefix("layer: "))
        .collect();
    let bytes = |event: &str| event.len();
    assert_eq!(
        seen,
        [
            format!(
                "{} bytes, PreSignUp_SignUp, Some(PreSignUp), Answered",
                bytes(SIGN_UP)
            ),
            format!(
                "{} bytes, PostConfirmation_ConfirmSignUp, Some(PostConfirmation), TimedOut",
                bytes(CONFIRMED)
            ),
            format!(
                "{} bytes, PostAuthentication_Authentication, Some(PostAuthentication), Failed",
                bytes(AUTHENTICATED)
            ),
        ]
    );
}

/// The tool asks a binary for its routes. A layer changes nothing about that.
#[test]
fn a_binary_with_layers_lists_its_routes() {
    let listed = |mode| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_functions"));
        let output = command
            .env("FUNCTION", "runtime")
            .env("COGNITO_TRIGGERS_DESCRIBE", "1")
            .env("MODE", mode)
            .output()
            .unwrap();
        assert!(output.status.success(), "{mode}");
        String::from_utf8(output.stdout).unwrap()
    };
    let plain = listed("");
    assert!(
        plain.contains(r#""routes":["pre_sign_up","post_confirmation","post_authentication"]"#),
        "{plain}"
    );
    for mode in ["layers", "observing-layer", "panicking-layering", "no-start"] {
        assert_eq!(listed(mode), plain, "{mode}");
    }
}

#[test]
fn a_layer_passes_answers_through() {
    let api = one(SIGN_UP);
    let _function = Function::start(&api, &[("MODE", "layers")]);
    assert!(posted(&api).body.contains(r#""autoConfirmUser":false"#));
}

#[test]
fn panics_of_handlers_leak_no_memory() {
    let api = Api::start(|request, number| match request.is_next() {
        true if number <= 1500 => Reply::event(&format!("id-{number}"), AUTHENTICATED),
        true => Reply::Hold,
        false => Reply::status(202),
    });
    let function = Function::start(&api, &[("RUST_LOG", "off"), ("RUST_BACKTRACE", "0")]);
    let after = |calls: usize| {
        assert!(api.wait(|requests| requests.len() >= 2 * calls));
        function.memory_kib()
    };
    let (early, late) = (after(500), after(1500));
    // A thousand payloads of 4 KiB would be 4,000 KiB.
    assert!(late < early + 1500, "{early} KiB, then {late} KiB");
}
