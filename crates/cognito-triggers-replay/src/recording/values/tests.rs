//! What is learned, filled in and shown.

use serde_json::json;

use super::*;

const OLD: &str = "d3b4c8a2-70f1-4e6b-9a57-2c81f09e64d5";
const NEW: &str = "0f1e2d3c-70f1-4e6b-9a57-2c81f09e64d5";

#[test]
fn a_value_is_learned_once_and_filled_everywhere() {
    let mut values = Values::new(BTreeSet::from(["fixed".to_owned()]));
    let recorded = json!({
        "Session": "{{session-1}}", "sub": OLD, "Id": "us-east-1_old", "ClientId": "fixed",
        "body": "Your code is {{code-2}}.", "Number": "{{answer-3}}",
    });
    let now = json!({
        "Session": "s", "sub": NEW, "Id": "us-east-1_new", "ClientId": "other", "body": "Your code is 123.", "Number": 7,
    });
    values.learn(Origin::Pool, &recorded, &now);
    values.learn(
        Origin::Pool,
        &json!({ "Session": "{{session-1}}" }),
        &json!({ "Session": "later" }),
    );
    let mut unknown = BTreeSet::new();
    let filled = values.fill(
        &json!([
            "{{session-1}}",
            format!("device_{OLD}"),
            "arn:us-east-1_old",
            "fixed",
            "{{code-2}}",
            "{{answer-3}}",
            "{{{{x",
            "{{nobody-9}}"
        ]),
        &mut unknown,
    );
    let expected = json!([
        "s",
        format!("device_{NEW}"),
        "arn:us-east-1_new",
        "fixed",
        "123",
        7,
        "{{x",
        "{{nobody-9}}"
    ]);
    assert_eq!(filled, expected);
    assert_eq!(unknown, BTreeSet::from(["nobody-9".to_owned()]));
}

#[test]
fn a_text_that_differs_elsewhere_teaches_nothing_wrong() {
    let mut values = Values::default();
    values.learn(
        Origin::Pool,
        &json!("Code {{code-1}}, bye"),
        &json!("Kode 7, bye"),
    );
    values.learn(Origin::Pool, &json!("{{code-2}}{{code-3}}"), &json!("12"));
    assert!(values.secrets.is_empty());
}

#[test]
fn an_id_is_taken_from_the_pool_only_and_once() {
    let mut values = Values::default();
    let recorded = json!({ "Id": "a", "sub": OLD, "custom:tenant": OLD, "NextToken": "" });
    let now = json!({ "Id": "b", "sub": NEW, "custom:tenant": NEW, "NextToken": "x" });
    values.learn(Origin::Function, &recorded, &now);
    assert_eq!(values.fill(&recorded, &mut BTreeSet::new()), recorded);
    // One that is the same in this run isn't another one later.
    values.learn(Origin::Pool, &recorded, &recorded);
    values.learn(Origin::Pool, &recorded, &now);
    let text = json!({ "Id": "a", "arn": "arn:a/banana", "sub": OLD });
    assert_eq!(values.fill(&text, &mut BTreeSet::new()), text);

    let mut values = Values::default();
    values.learn(Origin::Pool, &recorded, &now);
    assert_eq!(
        values.fill(&text, &mut BTreeSet::new()),
        json!({ "Id": "b", "arn": "arn:b/banana", "sub": NEW })
    );
    let mut chosen = Values::default();
    let attribute = |id: &str| json!([{ "Name": "custom:tenant", "Value": id }]);
    chosen.learn(Origin::Pool, &attribute(OLD), &attribute(NEW));
    chosen.learn(
        Origin::Pool,
        &json!({ "custom:t": OLD }),
        &json!({ "custom:t": NEW }),
    );
    assert!(chosen.uuids.is_empty());
}

#[test]
fn a_report_shows_no_secret_of_the_run() {
    let mut values = Values::default();
    values.set("code-1", "7");
    values.set("password-2", "Sunny-Day-42");
    values.set("secret-3", 77);
    values.hide_from_now("123456");
    let mut now = json!(["7", "17", "at Sunny-Day-42!", 77, { "body": "Your code is 123456" }]);
    values.hidden().hide(&mut now);
    assert_eq!(
        now,
        json!(["{{code-1}}", "17", "at {{password-2}}!", "{{secret-3}}", { "body": "Your code is ***" }])
    );
    let mut named = json!({ "Sunny-Day-42": { "123456": 1 }, "Bearer x": 2 });
    values.hidden().hide_names(&mut named);
    assert_eq!(named, json!({ "{{password-2}}": { "***": 1 }, "***": 2 }));
}

#[test]
fn names_of_members_are_learned_and_filled() {
    let mut values = Values::default();
    let recorded =
        json!({ "{{code-1}}": 1, "x-{{code-2}}": 2, "plain": 3, "{{{{y}}": 4, OLD: { "Id": "a" } });
    let now = json!({ "123": 1, "x-456": 2, "plain": 3, "{{y}}": 4, NEW: { "Id": "b" } });
    values.learn(Origin::Pool, &recorded, &now);
    let filled = values.fill(&recorded, &mut BTreeSet::new());
    assert_eq!(filled[NEW]["Id"], "b", "{filled}");
    assert_eq!(
        (&filled["{{y}}"], &filled["123"], &filled["x-456"]),
        (&json!(4), &json!(1), &json!(2))
    );
    // Where two fit, nothing is learned.
    let mut values = Values::default();
    values.learn(
        Origin::Pool,
        &json!({ "{{code-1}}": 1, "{{code-2}}": 2 }),
        &json!({ "a": 1, "b": 2 }),
    );
    assert!(values.secrets.is_empty());
    // Two that become the same stay two.
    values.set("code-2", "same");
    values.set("code-3", "same");
    let two = json!({ "{{code-2}}": 1, "{{code-3}}": 2 });
    assert_eq!(
        values.fill(&two, &mut BTreeSet::new()),
        json!({ "same": 1, "{{code-3}}": 2 })
    );
    let mut unknown = BTreeSet::new();
    values.unknown_names(&json!([{ "{{code-9}}": 1 }]), &mut unknown);
    assert_eq!(unknown.len(), 1);
}

#[test]
fn a_secret_in_json_in_a_text_is_written_as_json() {
    let mut values = Values::default();
    let recorded = json!("{\"a\":\"{{answer-1}}\",\"n\":{{code-2}}}");
    values.learn(Origin::Function, &recorded, &json!("{\"a\":\"x\\\"y\",\"n\":7}"));
    assert_eq!(values.get("answer-1"), Some(&json!("x\"y")));
    assert_eq!(
        values.fill(&recorded, &mut BTreeSet::new()),
        "{\"a\":\"x\\\"y\",\"n\":7}"
    );
    assert_eq!(
        values.fill(&json!("say {{answer-1}}"), &mut BTreeSet::new()),
        "say x\"y"
    );
}

#[test]
fn a_report_has_what_was_recorded_and_what_it_is_here() {
    let mut values = Values::default();
    values.learn(
        Origin::Pool,
        &json!({ "sub": OLD, "Id": "a" }),
        &json!({ "sub": NEW, "Id": "b" }),
    );
    values.set("answer-1", "x");
    let recorded = json!({ "{{answer-1}}": [format!("of {OLD}"), "a", "{{answer-1}}", "{{{{x"] });
    assert_eq!(
        values.recorded(&recorded),
        json!({ "x": [format!("of {OLD}"), "a", "{{answer-1}}", "{{x"] })
    );
    assert_eq!(
        values.recorded_here(&recorded),
        json!({ "x": [format!("of {NEW}"), "b", "{{answer-1}}", "{{x"] })
    );
}

#[test]
fn a_secret_is_written_as_the_recording_says() {
    let mut values = Values::default();
    let body =
        json!("https://x.example/?t={{answer-1|url}}&u={{answer-1}} {\"a\":\"{{answer-2|json|json}}\"}");
    let now = json!("https://x.example/?t=c%2Fd%3D&u=c/d= {\"a\":\"e\\\\\\\"f\"}");
    values.learn(Origin::Pool, &body, &now);
    assert_eq!(values.get("answer-1"), Some(&json!("c/d=")));
    assert_eq!(values.get("answer-2"), Some(&json!("e\"f")));
    assert_eq!(values.fill(&body, &mut BTreeSet::new()), now);
    // Also where the whole text is one.
    let mut values = Values::default();
    values.learn(Origin::Pool, &json!("{{answer-1|url}}"), &json!("a%2Bb"));
    let mut unknown = BTreeSet::new();
    let filled = values.fill(
        &json!(["{{answer-1}}", "{{answer-1|url}}", "{{answer-9|url}}"]),
        &mut unknown,
    );
    assert_eq!(filled, json!(["a+b", "a%2Bb", "{{answer-9|url}}"]));
    assert_eq!(unknown, BTreeSet::from(["answer-9".to_owned()]));
}

#[test]
fn a_report_shows_no_secret_that_is_written_otherwise() {
    let mut values = Values::default();
    values.set("answer-1", "a+b==");
    values.hide_from_now("x/y/z");
    let mut now = json!(["t=a%2Bb%3D%3D", "x%2Fy%2Fz"]);
    values.hidden().hide(&mut now);
    assert_eq!(now, json!(["t={{answer-1|url}}", "***"]));
}

#[test]
fn too_many_unknown_names_are_not_learned() {
    for (count, is_learned) in [(MOST_NAMES, true), (MOST_NAMES + 1, false)] {
        let names = |name: &dyn Fn(usize) -> String| -> Value {
            (0..count)
                .map(|number| (name(number), json!(number)))
                .collect::<Map<_, _>>()
                .into()
        };
        let mut values = Values::default();
        let recorded = names(&|number| format!("n{number}-{{{{code-{number}}}}}"));
        let now = names(&|number| format!("n{number}-x"));
        values.learn(Origin::Pool, &recorded, &now);
        assert_eq!(values.secrets.len() == count, is_learned, "{count}");
        assert_eq!(
            values.fill(&recorded, &mut BTreeSet::new()) == now,
            is_learned,
            "{count}"
        );
    }
}

#[test]
fn the_longest_secret_is_hidden_and_the_first_one_named() {
    let mut values = Values::default();
    values.set("code-1", "abcd");
    values.set("code-2", "abcdef");
    values.set("code-3", "abcdef");
    values.hide_from_now("abcdef");
    values.hide_from_now("ü€");
    values.set("answer-4", "");
    let hidden = values.hidden();
    for (text, shown) in [
        ("abcdef", "{{code-2}}"),
        ("xabcdefabcde", "x{{code-2}}{{code-1}}e"),
        ("ü€", "***"),
        ("ü€ü", "ü€ü"),
        ("ab", "ab"),
        ("", ""),
    ] {
        assert_eq!(hidden.hide_text(text), shown, "{text}");
    }
}

/// Names of quadratic length would need more memory than there is.
#[test]
fn many_names_that_become_the_same_stay_short() {
    let values = Values::default();
    let many = (0..100_000).map(|number| (format!("Bearer {number}"), json!(1)));
    let mut now = Value::Object(many.collect());
    values.hidden().hide_names(&mut now);
    assert_eq!(now.as_object().map(Map::len), Some(100_000));
    assert_eq!(now["***-100000"], 1);
}
