//! The lines of calls with every outcome, and the limits of names.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use cognito_triggers_model::Route;
use lambda_runtime::Context;
use serde_json::Value;

use self::names::TAKEN;
use super::*;
use crate::{Router, function::Function, pass_through, reject, router, router::known_source};

const SIGN_UP: &str = r#"{"triggerSource":"PreSignUp_SignUp","userPoolId":"eu-central-1_abc","response":{}}"#;

fn metrics() -> Metrics {
    Metrics::new("Example").unwrap()
}

/// Counts the calls of a function, and returns their lines.
fn counted<S>(function: Function<S>, metrics: Metrics) -> (Function<S>, Arc<Mutex<Vec<String>>>) {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let written = Arc::clone(&lines);
    let metrics = metrics.write_to(move |line| written.lock().unwrap().push(line.to_owned()));
    (function.metrics(metrics), lines)
}

/// The one line of a call.
async fn line_of(router: Router<()>, metrics: Metrics, event: &'static str) -> Value {
    let (function, lines) = counted(router.with_state(()).timeout(Duration::from_millis(50)), metrics);
    let _ = function.answer(event, Context::default()).await;
    let lines = lines.lock().unwrap();
    let [line] = &lines[..] else { panic!("{lines:?}") };
    assert!(line.ends_with("}\n") && line.matches('\n').count() == 1, "{line}");
    serde_json::from_str(line).unwrap()
}

fn names(line: &Value) -> Vec<&str> {
    let metrics = line["_aws"]["CloudWatchMetrics"][0]["Metrics"]
        .as_array()
        .unwrap();
    metrics
        .iter()
        .map(|metric| metric["Name"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn a_line_has_the_form_that_cloudwatch_reads() {
    let metrics = metrics().dimension("stage", "te\"st").unwrap();
    let router = router! { pre_sign_up => |_, _| async { Ok(Default::default()) } };
    let line = line_of(router, metrics, SIGN_UP).await;
    let directive = &line["_aws"]["CloudWatchMetrics"][0];
    assert_eq!(directive["Namespace"], "Example");
    assert_eq!(
        directive["Dimensions"],
        serde_json::json!([["stage", "route"], ["stage", "route", "source"]])
    );
    assert_eq!(names(&line), ["Calls", "Answered", "Duration", "TimeLeft"]);
    assert_eq!(directive["Metrics"][2]["Unit"], "Milliseconds");
    assert_eq!(line["stage"], "te\"st");
    assert_eq!((&line["Calls"], &line["Answered"]), (&1.into(), &1.into()));
    let times = ["Duration", "TimeLeft"].map(|name| line[name].as_f64().unwrap());
    assert!(
        times[0] > 0.0 && (times[0] + times[1] - 50.0).abs() < 5.0,
        "{times:?}"
    );
    assert!(line["_aws"]["Timestamp"].as_u64().unwrap() > 1_700_000_000_000);
}

#[tokio::test]
async fn every_outcome_is_counted_once() {
    let outcome = async |router: Router<()>, event| {
        let line = line_of(router, metrics(), event).await;
        let text = |name: &str| line[name].as_str().unwrap().to_owned();
        (names(&line)[1].to_owned(), text("route"), text("source"))
    };
    let expected =
        |outcome: &str, route: &str, source: &str| (outcome.to_owned(), route.to_owned(), source.to_owned());
    let (route, source) = ("pre_sign_up", "PreSignUp_SignUp");

    let rejects = router! { pre_sign_up => |_, _| async { Err(reject("no")) } };
    assert_eq!(
        outcome(rejects, SIGN_UP).await,
        expected("Rejected", route, source)
    );
    let fails = router! { pre_sign_up => |_, _| async { Err("down".into()) } };
    assert_eq!(outcome(fails, SIGN_UP).await, expected("Failed", route, source));
    let panics = router! { pre_sign_up => |_, _| async { panic!("no") } };
    assert_eq!(
        outcome(panics, SIGN_UP).await,
        expected("Panicked", route, source)
    );
    let hangs = router! { pre_sign_up => |_, _| std::future::pending() };
    assert_eq!(outcome(hangs, SIGN_UP).await, expected("TimedOut", route, source));
    let unrouted = router! { post_confirmation => |_, _| async { Ok(Default::default()) } };
    assert_eq!(
        outcome(unrouted, SIGN_UP).await,
        expected("Unhandled", "none", source)
    );
    let malformed = router! { otherwise => pass_through };
    assert_eq!(
        outcome(malformed, "[1").await,
        expected("Malformed", "none", "none")
    );
}

#[tokio::test]
async fn a_source_that_is_not_known_is_folded() {
    let router = router! { otherwise => pass_through };
    let event = r#"{"triggerSource":"PreSignUp_Ana.Pereira","response":{}}"#;
    let line = line_of(router, metrics(), event).await;
    assert_eq!(
        (&line["route"], &line["source"]),
        (&"otherwise".into(), &"other".into())
    );
    assert!(!line.to_string().contains("Ana"), "{line}");
}

#[tokio::test]
async fn only_pools_that_were_named_are_told_apart() {
    let router = || router! { otherwise => pass_through };
    let of = |ids: &[&str]| metrics().user_pools(ids.to_vec()).unwrap();
    let known = line_of(router(), of(&["eu-central-1_xyz", "eu-central-1_abc"]), SIGN_UP).await;
    assert_eq!(known["user_pool_id"], "eu-central-1_abc");
    let unknown = line_of(router(), of(&["eu-central-1_xyz"]), SIGN_UP).await;
    assert_eq!(unknown["user_pool_id"], "other");
    assert_eq!(
        unknown["_aws"]["CloudWatchMetrics"][0]["Dimensions"][0],
        serde_json::json!(["user_pool_id", "route"])
    );
    let none = line_of(router(), metrics(), SIGN_UP).await;
    assert_eq!(none.get("user_pool_id"), None);
}

#[tokio::test]
async fn sources_stay_a_field_without_their_metrics() {
    let router = router! { otherwise => pass_through };
    let line = line_of(router, metrics().without_sources(), SIGN_UP).await;
    assert_eq!(
        line["_aws"]["CloudWatchMetrics"][0]["Dimensions"],
        serde_json::json!([["route"]])
    );
    assert_eq!(line["source"], "PreSignUp_SignUp");
}

#[tokio::test]
async fn a_call_that_is_dropped_is_canceled() {
    let router = router! { pre_sign_up => |_, _| std::future::pending() };
    let (function, lines) = counted(router.with_state(()), metrics());
    let call = function.answer(SIGN_UP, Context::default());
    assert!(
        tokio::time::timeout(Duration::from_millis(5), call)
            .await
            .is_err()
    );
    let lines = lines.lock().unwrap();
    let line: Value = serde_json::from_str(&lines[0]).unwrap();
    assert_eq!((lines.len(), names(&line)[1]), (1, "Canceled"));
    assert!(line["Duration"].as_f64().unwrap() > 4.0, "{line}");
}

#[tokio::test]
async fn a_sender_has_no_time_left_and_a_cold_start_is_counted_once() {
    let router: Router<()> = router! { custom_email_sender => |_, _| async { Ok(Default::default()) } };
    let now = std::time::Instant::now();
    let ready = now + Duration::from_secs(60);
    let cold_start = crate::cold_start::ColdStart::new(now, ready);
    let (function, lines) = counted(router.with_state(()).started(cold_start), metrics());
    for _ in 0..2 {
        let event =
            r#"{"triggerSource":"CustomEmailSender_SignUp","request":{"type":"customEmailSenderRequestV1"}}"#;
        function.answer(event, Context::default()).await.unwrap();
    }
    let lines = lines.lock().unwrap();
    let [first, second] = [0, 1].map(|at| serde_json::from_str::<Value>(&lines[at]).unwrap());
    assert_eq!(names(&first), ["Calls", "Answered", "Duration", "ColdStart"]);
    assert_eq!(names(&second), ["Calls", "Answered", "Duration"]);
}

#[tokio::test]
async fn a_line_of_the_longest_dimensions_is_within_256_kb() {
    let mut metrics = metrics();
    for number in 0..27 {
        let name = format!("{number:02}{}", "\\".repeat(248));
        metrics = metrics.dimension(name, "\"".repeat(1024)).unwrap();
    }
    let error = metrics.clone().dimension("one-more", "x").unwrap_err();
    assert!(
        error.to_string().starts_with("there are 28 dimensions"),
        "{error}"
    );
    let metrics = metrics.user_pools(["\"".repeat(1024)]).unwrap();
    let line = line_of(router! { otherwise => pass_through }, metrics, SIGN_UP).await;
    let sets = line["_aws"]["CloudWatchMetrics"][0]["Dimensions"]
        .as_array()
        .unwrap();
    assert_eq!(sets[1].as_array().unwrap().len(), 30);
    assert!(
        line.to_string().len() < 256 * 1024 / 2,
        "{}",
        line.to_string().len()
    );
}

#[test]
fn a_level_above_info_lets_lambda_pass_the_line() {
    for (format, level, expected) in [
        (Some("JSON"), Some("WARN"), true),
        (Some("json "), Some("fatal"), true),
        (Some("JSON"), Some("INFO"), false),
        (Some("JSON"), None, false),
        (Some("Text"), Some("ERROR"), false),
        (None, Some("ERROR"), false),
    ] {
        let filter = LevelFilter::of_lambda(format, level);
        assert_eq!(filter.is_some(), expected, "{format:?} {level:?}");
    }
}

#[tokio::test]
async fn a_line_with_a_level_has_a_time() {
    let mut metrics = metrics();
    metrics.level = LevelFilter::of_lambda(Some("JSON"), Some("error"));
    let line = line_of(router! { otherwise => pass_through }, metrics, SIGN_UP).await;
    assert_eq!(line["level"], "ERROR");
    let time = line["timestamp"].as_str().unwrap();
    assert!(time.starts_with("20") && time.ends_with('Z'), "{time}");
}

#[tokio::test]
async fn every_member_of_a_line_is_a_name_that_is_taken() {
    let mut metrics = metrics().user_pools(["x"]).unwrap();
    metrics.level = LevelFilter::of_lambda(Some("JSON"), Some("error"));
    let line = line_of(router! { otherwise => pass_through }, metrics, SIGN_UP).await;
    for name in line.as_object().unwrap().keys() {
        assert!(TAKEN.contains(&name.as_str()), "{name}");
        assert!(self::metrics().dimension(name, "x").is_err(), "{name}");
    }
}

#[test]
fn names_that_cloudwatch_refuses_are_refused() {
    for namespace in ["", "  ", ":a", "AWS/Lambda", "a\nb", "café", &"a".repeat(256)] {
        let error = Metrics::new(namespace).unwrap_err().to_string();
        assert!(error.starts_with("the namespace "), "{error}");
    }
    for namespace in ["a", "Example/Sign-in_2.0#1: eu", &"a".repeat(255)] {
        assert!(Metrics::new(namespace).is_ok(), "{namespace}");
    }
    let long = "x".repeat(1025);
    for (name, value) in [
        ("", "x"),
        (" ", "x"),
        (":a", "x"),
        ("café", "x"),
        (&long[..251], "x"),
        ("a", ""),
        ("a", " "),
        ("a", "\t"),
        ("a", "é"),
        ("a", &long),
    ] {
        assert!(metrics().dimension(name, value).is_err(), "{name:?} {value:?}");
    }
    assert!(metrics().user_pools(["eu-central-1_abc", ""]).is_err());
    let twice = metrics().dimension("a", "1").unwrap().dimension("a", "2");
    assert!(twice.is_err());
}

/// Every known source is counted as itself, whatever the route.
#[test]
fn known_sources_are_those_of_the_tables() {
    for route in Route::ALL {
        for source in route.definition().sources {
            assert_eq!(known_source(source.name), Some(source.name));
        }
    }
    assert_eq!(known_source("PreSignUp_New"), None);
}
