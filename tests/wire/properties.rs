//! Random events: fields and sources that AWS may add, and events that are truncated or damaged.

use cognito_triggers::{function::ErrorType, samples};
use proptest::{prelude::*, sample::Index, test_runner::RngSeed};
use serde_json::Value;

use super::support::{self, Caller};

/// The seed is fixed, so that every run has the same cases. A test that fails at random would only be run again.
fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 400,
        rng_seed: RngSeed::Fixed(0x1005_e1f5),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// JSON values whose spelling changes if they are parsed and written again.
fn fragment() -> impl Strategy<Value = String> {
    let spelled = [
        "1.50",
        "1e2",
        "-0",
        "-0.0",
        "1E+3",
        "12345678901234567890123",
        "0.1000000000000000055",
        "[ ]",
        "[ 1 , null ]",
        "{ }",
        "{\"b\":1, \"a\":2}",
        "\"\\u00e9\\/\"",
        "\"\\ud83d\\ude00\"",
        "\"\u{1f600}\"",
        "null",
        "false",
        "\"{\\n\"",
    ];
    let any = any::<f64>().prop_map(Value::from).boxed();
    let any = any.prop_union(any_string().prop_map(Value::from).boxed());
    let nested = any.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(any_string(), inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    });
    prop_oneof![
        prop::sample::select(spelled.to_vec()).prop_map(str::to_owned),
        nested.prop_map(|value| value.to_string()),
    ]
}

fn any_string() -> impl Strategy<Value = String> {
    prop_oneof!["\\PC{0,12}", any::<String>()]
}

/// Inserts a key and a value at the beginning of an object of a sample. `at` selects the object.
fn insert(json: &str, at: &Index, key: &str, value: &str) -> String {
    // A string can't contain a raw newline, so each match is an object of the sample or of an earlier insertion.
    let objects: Vec<_> = json.match_indices("{\n").map(|(start, _)| start + 1).collect();
    let start = objects[at.index(objects.len())];
    let key = Value::from(format!("x{key}"));
    format!("{}\n{key} : {value} ,{}", &json[..start], &json[start..])
}

/// The text of an event before the value of `response`, and the text from this value on.
fn split(json: &str) -> (&str, &str) {
    json.rsplit_once("\n  \"response\": ").unwrap_or((json, ""))
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn unknown_fields_are_repeated_in_the_answer(
        sample: Index,
        additions in prop::collection::vec((any::<Index>(), any_string(), fragment()), 1..6),
    ) {
        let samples: Vec<_> = samples::all().collect();
        let sample = samples[sample.index(samples.len())];
        // Only outside of `response`, whose content the answer replaces.
        let (mut event, response) = (split(sample.json).0.to_owned(), split(sample.json).1);
        for (at, key, value) in &additions {
            event = insert(&event, at, key, value);
        }
        let sender = response.is_empty();
        let json = if sender { event.clone() } else { format!("{event}\n  \"response\": {response}") };

        let (answer, calls) = Caller::new(support::defaults()).call(json.as_bytes());
        let answer = answer.map_err(|refusal| TestCaseError::fail(format!("{}: {json}", refusal.detail())))?;
        let answer = std::str::from_utf8(answer.as_bytes()).unwrap();
        prop_assert_eq!(calls[0].route, sample.route.as_str());
        if sender {
            prop_assert_eq!(answer, json);
        } else {
            prop_assert_eq!(split(answer).0, event);
            let end = "\n}\n";
            prop_assert!(answer.ends_with(end));
        }
    }

    #[test]
    fn unknown_sources_are_routed_by_their_prefix(sample: Index, name in "[A-Za-z0-9_]{0,24}") {
        let samples: Vec<_> = samples::all().collect();
        let sample = samples[sample.index(samples.len())];
        let (trigger, _) = sample.source.split_once('_').unwrap();
        let source = format!("{trigger}_{name}");
        let json = sample.json.replace(sample.source, &source);

        let (answer, calls) = Caller::new(support::defaults()).call(json.as_bytes());
        let answer = answer.map_err(|refusal| TestCaseError::fail(refusal.detail().to_owned()))?;
        prop_assert_eq!(calls[0].route, sample.route.as_str());
        prop_assert_eq!(&calls[0].source, &source);
        let answer: Value = serde_json::from_slice(answer.as_bytes()).unwrap();
        prop_assert_eq!(&answer["triggerSource"], &Value::from(source));
    }

    #[test]
    fn sources_without_a_route_are_passed_through_or_refused(
        source in any_string().prop_filter("an event needs a source", |source| !source.is_empty()),
    ) {
        let sample = samples::find("PreSignUp_SignUp", None, None).unwrap();
        let json = sample.json.replace("\"PreSignUp_SignUp\"", &Value::from(source.as_str()).to_string());
        let (answer, calls) = Caller::new(support::lenient()).call(json.as_bytes());
        prop_assert_eq!(&calls[0].source, &source);
        if calls[0].route == "otherwise" {
            let answer = answer.unwrap();
            prop_assert_eq!(answer.as_bytes(), json.as_bytes());
            let refusal = Caller::new(support::defaults()).call(json.as_bytes()).0.unwrap_err();
            prop_assert_eq!(refusal.error_type(), ErrorType::Unhandled);
            prop_assert!(refusal.detail().is_ascii(), "{}", refusal.detail());
        }
    }

    #[test]
    fn a_truncated_event_is_malformed_and_calls_no_handler(sample: Index, end: Index) {
        let samples: Vec<_> = samples::all().collect();
        let bytes = samples[sample.index(samples.len())].json.trim_end().as_bytes();
        let (answer, calls) = Caller::new(support::lenient()).call(&bytes[..end.index(bytes.len())]);
        prop_assert_eq!(answer.unwrap_err().error_type(), ErrorType::Malformed);
        prop_assert_eq!(calls, []);
    }

    #[test]
    fn a_damaged_event_never_panics(
        sample: Index,
        damages in prop::collection::vec((any::<Index>(), 0..4_usize, any::<u8>(), any::<Index>()), 1..5),
    ) {
        let samples: Vec<_> = samples::all().collect();
        let mut bytes = samples[sample.index(samples.len())].json.as_bytes().to_vec();
        for (at, kind, byte, from) in damages {
            let (at, from) = (at.index(bytes.len()), from.index(bytes.len()));
            match kind {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                2 => drop(bytes.drain(at.min(from)..at.max(from))),
                // A copy of other bytes of the event: repeated keys, unclosed brackets.
                _ => {
                    let copy = bytes[from..bytes.len().min(from + 40)].to_vec();
                    bytes.splice(at..at, copy);
                }
            }
            bytes.push(b' ');
        }
        if let Err(refusal) = Caller::new(support::lenient()).call(&bytes).0 {
            prop_assert_eq!(refusal.error_type(), ErrorType::Malformed, "{}", refusal.detail());
        }
    }
}

#[test]
fn values_that_no_rust_type_can_hold_are_repeated() {
    let deep = format!("{}1{}", "[".repeat(1000), "]".repeat(1000));
    let caller = Caller::new(support::defaults());
    for sample in samples::all().filter(|sample| sample.variant.is_none()) {
        for value in ["1e400", "-1e-400", "\"\\ud800\"", &deep] {
            // Inserted into each object, also into maps of strings, but not into `response`, which the answer replaces.
            let (event, response) = split(sample.json);
            let event = event.replace("{\n", &format!("{{\n\"new\": {value},\n"));
            let json = if response.is_empty() {
                event.clone()
            } else {
                format!("{event}\n  \"response\": {response}")
            };
            let answer = caller.call(json.as_bytes()).0;
            let answer = answer.unwrap_or_else(|refusal| panic!("{value:.20}: {}", refusal.detail()));
            let answer = std::str::from_utf8(answer.as_bytes()).unwrap();
            assert!(answer.starts_with(&event), "{}", support::name(sample));
        }
    }
}

#[test]
fn an_event_truncated_at_any_byte_is_malformed() {
    let caller = Caller::new(support::lenient());
    for sample in samples::all().filter(|sample| sample.variant.is_none()) {
        let event = sample.json.trim_end();
        for end in (0..event.len()).step_by(3) {
            let refusal = caller.call(&event.as_bytes()[..end]).0.unwrap_err();
            assert_eq!(refusal.error_type(), ErrorType::Malformed, "{}", &event[..end]);
        }
    }
}
