//! What is replaced in a text, and what stays.

use super::*;

/// Everything called `pin` is a secret.
struct Pins;

impl Rules for Pins {
    fn is_secret(&self, name: &str, _: Kind, _: bool) -> bool {
        name == "pin"
    }

    fn has_sent(&self, _: &str) -> bool {
        false
    }

    fn is_secret_text(&self, text: &str) -> bool {
        text == "token"
    }
}

fn replaced(text: &str) -> Option<String> {
    let mut secret = |name: &str, found: &Found<'_>| format!("<{name} {}>", found.written);
    Embedded::new(&Pins, false, &mut secret).replace(text, false)
}

#[test]
fn only_the_secret_changes() {
    for (text, expected) in [
        (
            r#" { "pin" : "1\"2", "a": 1.50 }"#,
            r#" { "pin" : "<pin 1\\\"2>", "a": 1.50 }"#,
        ),
        (
            r#"[{"pin":[7,null,true,""]}]"#,
            r#"[{"pin":[<pin 7>,null,<pin true>,""]}]"#,
        ),
        (
            r#"[{"Name":"pin","Value":"7"}]"#,
            r#"[{"Name":"pin","Value":"<pin 7>"}]"#,
        ),
        (r#"{"a":"{\"pin\":\"7\"}"}"#, r#"{"a":"{\"pin\":\"<pin 7>\"}"}"#),
        (r#"{"a":"b?pin=7&c"}"#, r#"{"a":"b?pin=<pin 7>&c"}"#),
        (
            r#"{"a":"token","pin":"1","pin":"2"}"#,
            r#"{"a":"<secret token>","pin":"<pin 1>","pin":"<pin 2>"}"#,
        ),
        ("pin=7", "pin=<pin 7>"),
        (
            "ü https://a.example/?x=1&pin=7%218#y see\u{2003}pin=9",
            "ü https://a.example/?x=1&pin=<pin 7%218>#y see\u{2003}pin=<pin 9>",
        ),
        ("p%69n=7", "p%69n=<pin 7>"),
        (
            "data=%7B%22pin%22%3A1%7D&b=2",
            "data=<data %7B%22pin%22%3A1%7D>&b=2",
        ),
    ] {
        assert_eq!(replaced(text).as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn a_text_without_a_secret_is_left_alone() {
    for text in [
        "",
        "pin",
        "pin=",
        "pin==",
        "=7",
        "my pin = 7",
        "a?pin={####}",
        "{\"pin\":",
        "{\"pin\":null}",
        "[]",
        "{\"a\":\"pin\"}",
        "\"pin\"",
    ] {
        assert_eq!(replaced(text), None, "{text}");
    }
    for deep in ["[", "a=", "a=%25"] {
        assert_eq!(replaced(&deep.repeat(200_000)), None);
    }
}

#[test]
fn the_value_of_a_secret_parameter_is_replaced_whole() {
    for (text, expected) in [
        (
            "https://a.example/?pin=it's-Secret-9",
            "https://a.example/?pin=<pin it's-Secret-9>",
        ),
        ("?pin=a?b;c'd&x=it's", "?pin=<pin a?b;c'd>&x=it's"),
        ("pin={S3cret}x", "pin=<pin {S3cret}x>"),
        ("pin={{hunter2}}", "pin=<pin {{hunter2}}>"),
        ("pin={####}S3cret", "pin=<pin {####}S3cret>"),
        ("pin='x'", "pin=<pin 'x'>"),
        (
            "see 'https://a.example/?pin=7' or x",
            "see 'https://a.example/?pin=<pin 7>' or x",
        ),
        (
            "<a href='/?pin=7'>it's pin=8'9</a>",
            "<a href='/?pin=<pin 7>'>it's pin=<pin 8'9></a>",
        ),
        ("pin=\"a b\" x", "pin=\"<pin a b>\" x"),
        ("(pin=7", "(pin=<pin 7>"),
        ("{user=ana, pin=7", "{user=ana, pin=<pin 7>"),
        ("pin={\"a\":1}x&b=2", "pin=<pin {\"a\":1}x>&b=2"),
        ("t=token;b=2", "t=<t token;b=2>"),
    ] {
        assert_eq!(replaced(text).as_deref(), Some(expected), "{text}");
    }
    for text in [
        "a?pin={####}&b",
        "pin={####}.",
        "pin={username}",
        "pin={##Click here##}",
        "pin={{password-1}}",
        "pin={{password-1|url}}",
    ] {
        assert_eq!(replaced(text), None, "{text}");
    }
}

#[test]
fn json_anywhere_in_a_text_is_looked_at() {
    for (text, expected) in [
        (r#""{\"pin\":\"7\"}""#, r#""{\"pin\":\"<pin 7>\"}""#),
        (r#"payload={"pin":"7"}"#, r#"payload={"pin":"<pin 7>"}"#),
        (r#"log: {"pin":"7"} end"#, r#"log: {"pin":"<pin 7>"} end"#),
        (
            "{\"pin\":\"7\"}\n{\"pin\":\"8\"}\nü pin=9",
            "{\"pin\":\"<pin 7>\"}\n{\"pin\":\"<pin 8>\"}\nü pin=<pin 9>",
        ),
        (r#"[{"a":1},{"pin":7},"#, r#"[{"a":1},{"pin":<pin 7>},"#),
        (r#"{"token":1}"#, r#"{"<secret token>":1}"#),
        (r#"{"pin":{"token":1}}"#, r#"{"pin":{"<secret token>":<pin 1>}}"#),
        (
            r#"[{"Name":"lang","Value":"en","pin":"7"}]"#,
            r#"[{"Name":"lang","Value":"en","pin":"<pin 7>"}]"#,
        ),
        (
            r#"[{"pin":"7","Name":"pin","Value":"8"}]"#,
            r#"[{"pin":"<pin 7>","Name":"pin","Value":"<pin 8>"}]"#,
        ),
    ] {
        assert_eq!(replaced(text).as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn what_looks_like_json_with_a_secret_is_replaced_whole() {
    for text in [
        r#"{"pin":"7""#,
        r#"{'pin': '7'}"#,
        "{pin: 7}",
        r#"log: {\"pin\": 7}"#,
        r#"{bad "pin": {"a":1}}"#,
    ] {
        assert_eq!(replaced(text), Some(format!("<secret {text}>")), "{text}");
    }
    for text in [
        "{username}, your pin: 7",
        "[1] pin: 7",
        "{\"a\":",
        "{a: 1}",
        "the \"pin\" is: 7",
    ] {
        assert_eq!(replaced(text), None, "{text}");
    }
}

#[test]
fn a_secret_at_any_depth_is_replaced() {
    for levels in [1, 7, 8, 9, 12] {
        let mut text = r#"{"pin":"Hunter2"}"#.to_owned();
        for _ in 0..levels {
            text = serde_json::json!({ "a": text }).to_string();
        }
        let mut secret = |_: &str, _: &Found<'_>| "***".to_owned();
        let replaced = Embedded::new(&Pins, true, &mut secret).replace(&text, false);
        assert!(replaced.is_some_and(|text| !text.contains("Hunter2")), "{levels}");
    }
}

#[test]
fn a_secret_is_found_with_how_it_is_written() {
    let found = |text: &str| {
        let mut all = Vec::new();
        let mut secret = |_: &str, found: &Found<'_>| {
            all.push((found.value.to_owned(), found.own, found.above));
            String::new()
        };
        Embedded::new(&Pins, true, &mut secret).replace(text, false);
        all.pop().unwrap()
    };
    assert_eq!(found("pin=ab%21cd"), ("ab!cd".to_owned(), Some(Spelling::Url), 0));
    assert_eq!(
        found("pin=a%2fb+c"),
        ("a/b c".to_owned(), Some(Spelling::LowerForm), 0)
    );
    assert_eq!(found("pin=a!b"), ("a!b".to_owned(), None, 0));
    assert_eq!(found("pin=%ff"), ("%ff".to_owned(), None, 0));
    assert_eq!(
        found(r#"{"pin":"\u00e4"}"#),
        ("ä".to_owned(), Some(Spelling::AsciiJson), 0)
    );
    assert_eq!(
        found(r#"{"a":"{\"pin\":\"b\\\"c\"}"}"#),
        ("b\"c".to_owned(), Some(Spelling::Json), 1)
    );
}
