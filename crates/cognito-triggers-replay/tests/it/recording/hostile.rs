//! Recordings that no pool has written: nothing panics, and nothing counts as the same that wasn't compared.

use cognito_triggers_pool::{flow_of_recording, recording::Recording};
use cognito_triggers_replay::{Style, recording::Playback};
use serde_json::{Value, json};

use super::{
    play, recorded, recorded_with,
    session::{App, function},
};

/// A recording of a sign-up and a sign-in, as lines.
async fn lines() -> Vec<Value> {
    let text = recorded(async |app: &App| {
        app.sign_up("ana").await.unwrap();
        app.password("old", "First-Passw0rd!").await.unwrap();
    })
    .await;
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn text(lines: &[Value]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

#[tokio::test]
async fn hostile_numbers_do_not_end_the_player() {
    for (member, value) in [
        ("at", json!(i64::MAX)),
        ("at", json!(i64::MIN)),
        ("tookMs", json!(u64::MAX)),
        ("seq", json!(u64::MAX)),
        ("order", json!(u64::MAX)),
        ("order", json!(null)),
    ] {
        let mut lines = lines().await;
        for line in &mut lines[1..] {
            line["call"][member] = value.clone();
        }
        let text = text(&lines);
        let played = play(&text, function(|_, _| {})).await;
        assert_eq!(
            played.same + played.not_reached + usize::from(played.difference.is_some()),
            2
        );
        // Printing and flows read the same numbers.
        drop((Style::default().playback(&played), played.to_json()));
        drop(flow_of_recording(&Recording::parse(&text).unwrap(), None));
    }
}

#[tokio::test]
async fn placeholders_that_nothing_stands_for_are_named() {
    for name in [
        "password-1}}{{password-2",
        "{{nothing-1}}",
        "nothing-99999999999999999999",
        "code-\u{1b}[2J",
        "{{",
        "",
        "a{{b}}",
    ] {
        let mut lines = lines().await;
        lines[1]["call"]["request"]["ClientMetadata"] =
            json!({ format!("x{{{{{name}}}}}"): format!("{{{{{name}}}}}") });
        let text = text(&lines);
        let played = play(&text, function(|_, _| {})).await;
        let shown = Style::default().playback(&played);
        assert!(!shown.contains('\u{1b}'), "{shown}");
        // The sign-up isn't the recorded one any more: it isn't made, or it differs.
        assert!(played.same <= 1, "{name}: {shown}");
        drop(flow_of_recording(&Recording::parse(&text).unwrap(), None));
    }
}

#[tokio::test]
async fn a_recording_that_lacks_what_happened_is_never_the_same() {
    let untouched = play(&text(&lines().await), function(|_, _| {})).await;
    assert_eq!(untouched.same, 2, "{}", Style::default().playback(&untouched));
    for (member, value) in [
        ("triggers", json!([])),
        ("messages", json!([])),
        ("answer", json!(null)),
        ("answer", json!({})),
        ("error", json!({ "class": "E", "message": "m" })),
        ("claims", json!({ "id-token-99": {} })),
        ("operation", json!("{{operation-1}}")),
        ("isEndpoint", json!(true)),
        ("byFunction", json!(true)),
        ("drills", json!(["x"])),
    ] {
        let mut lines = lines().await;
        lines[1]["call"][member] = value.clone();
        lines.truncate(2);
        let played = play(&text(&lines), function(|_, _| {})).await;
        assert_eq!((played.same, played.is_good()), (0, false), "{member}: {value}");
    }
}

#[tokio::test]
async fn long_and_deep_values_are_compared() {
    let mut deep = json!("x");
    for _ in 0..110 {
        deep = json!([deep]);
    }
    let long = "{{a".repeat(200_000);
    let braces = "{".repeat(200_001);
    for value in [
        deep,
        json!(long),
        json!(braces),
        json!("-".repeat(300_000)),
        json!("[".repeat(300_000)),
    ] {
        let mut lines = lines().await;
        lines[1]["call"]["triggers"][0]["answer"]["extra"] = value;
        let text = text(&lines);
        let playback = Playback::new(Recording::parse(&text).unwrap());
        assert!(playback.value("nobody-1", "x").is_err());
        let played = play(&text, function(|_, _| {})).await;
        assert_eq!(played.same, 0);
        assert!(
            Style::default().playback(&played).contains("answer.extra"),
            "{}",
            Style::default().playback(&played)
        );
    }
}

#[tokio::test]
async fn a_token_as_a_name_is_hidden_and_its_value_shown() {
    let text = recorded(async |app: &App| drop(app.password("old", "First-Passw0rd!").await.unwrap())).await;
    let other = function(|source, response| {
        if source.starts_with("TokenGeneration_") {
            response["claimsOverrideDetails"]["claimsToAddOrOverride"]["Bearer abc"] = json!("x");
        }
    });
    let played = play(&text, other).await;
    let shown = Style::default().playback(&played);
    assert!(
        shown.contains("claimsToAddOrOverride[\"***\"]: recorded nothing, now \"x\""),
        "{shown}"
    );
    assert!(
        !shown.contains("abc") && !played.to_json().contains("abc"),
        "{shown}"
    );
}

#[tokio::test]
async fn each_of_many_changes_is_counted() {
    const CLAIMS: usize = 1_000;
    let claims = |value: &'static str| {
        function(move |source, response| {
            if source.starts_with("TokenGeneration_") {
                let all = (0..CLAIMS).map(|number| (format!("claim-{number}"), json!(value)));
                response["claimsOverrideDetails"]["claimsToAddOrOverride"] = all.collect();
            }
        })
    };
    let text = recorded_with(claims("before"), async |app: &App| {
        drop(app.password("old", "First-Passw0rd!").await.unwrap());
    })
    .await;
    let played = play(&text, claims("after")).await;
    let shown = Style::default().playback(&played);
    let found = played.difference.unwrap();
    assert_eq!(found.changes.len(), CLAIMS, "{shown}");
    assert_eq!(found.changes[0].now.as_deref(), Some("\"after\""));
    assert!(
        shown.contains(&format!("and {} more places", CLAIMS - 8)),
        "{shown}"
    );
}
