//! Files that the command generates: cases for every route, and the schema of answers.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that can't go on fails"
)]

use cognito_triggers::{
    model::{rules, triggers::DEFINITIONS},
    samples::{self, Sample},
};
use serde_json::{Value, json};

use crate::support::{TestDir, assert_snapshot};

#[test]
fn all_routed_writes_a_case_for_every_sample() {
    let place = TestDir::new();
    place.link("three_routes");
    let mut output = place.run("event --all-routed cases/all --bin ./three_routes");
    place.write("cases/all/custom_message/CustomMessage_SignUp.event.json", "mine");
    output += &place.run("event --all-routed cases/all --bin ./three_routes");
    assert_eq!(
        place.read("cases/all/custom_message/CustomMessage_SignUp.event.json"),
        "mine"
    );
    assert_snapshot(&output, "event-all-routed");
    place.remove("cases/all/custom_message/CustomMessage_SignUp.event.json");
    let wanted = samples::all()
        .filter(|sample| {
            ["pre_sign_up", "custom_message", "pre_token_generation_v2"].contains(&sample.route.as_str())
        })
        .count()
        - 1;
    let replayed = place.run("replay cases/all --bin ./three_routes --accept -q");
    assert!(
        replayed.contains(&format!("{wanted} cases: {wanted} accepted")),
        "{replayed}"
    );
}

#[test]
fn all_routed_needs_a_route_and_no_source() {
    let place = TestDir::new();
    place.write_script(
        "otherwise",
        "#!/bin/sh\necho '{\"routes\":[],\"otherwise\":true}'\n",
    );
    place.write("file", "in the way");
    let commands = [
        "event --all-routed x --bin ./otherwise",
        "event --all-routed file --bin ./sign_up",
        "event PreSignUp_SignUp --all-routed x --bin ./sign_up",
        "event PreSignUp_SignUp --bin ./sign_up",
    ];
    assert_snapshot(&place.run_each(&commands), "event-all-routed-errors");
}

#[test]
fn a_region_changes_the_pools_id_too() {
    let place = TestDir::new();
    let event = |args: &str| -> Value {
        let output = place.command(&format!("event {args}")).output().unwrap();
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let moved = event("PreSignUp_SignUp --region us-east-1");
    assert_eq!(moved["region"], "us-east-1");
    assert_eq!(moved["userPoolId"], "us-east-1_Tr1gg3rs0");
    let named = event("CustomSMSSender_SignUp --region us-west-2 --user-pool-id us-west-2_Mine");
    assert_eq!(named["userPoolId"], "us-west-2_Mine");
}

/// The schema that the command prints.
fn schema() -> Value {
    let output = TestDir::new().command("schema").output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The part of the schema for the responses of a sample's trigger.
fn response_schema(schema: &Value, sample: &Sample) -> Value {
    let version = sample.version();
    let is_for = |condition: &Value| {
        let properties = &condition["if"]["properties"];
        let pattern = properties["triggerSource"]["pattern"].as_str().unwrap();
        let triggers = pattern
            .trim_start_matches(['^', '('])
            .trim_end_matches('_')
            .trim_end_matches(')');
        let of_version = match (&properties["version"]["const"], &properties["version"]["enum"]) {
            (Value::String(only), _) => only == version,
            (_, Value::Array(several)) => several.iter().any(|one| one == version),
            _ => true,
        };
        let trigger = sample.source.split('_').next().unwrap();
        of_version && triggers.split('|').any(|known| known == trigger)
    };
    let conditions = schema["$defs"]["answered"]["allOf"].as_array().unwrap();
    let found: Vec<_> = conditions.iter().filter(|condition| is_for(condition)).collect();
    assert_eq!(found.len(), 1, "{}", sample.source);
    let reference = found[0]["then"]["properties"]["response"]["anyOf"][0]["$ref"]
        .as_str()
        .unwrap();
    schema["$defs"][reference.strip_prefix("#/$defs/").unwrap()].clone()
}

/// The codes of the rules that an answer breaks whose response is this.
fn broken_rules(event: &Value, response: Value) -> Vec<&'static str> {
    let mut answer = event.clone();
    answer["response"] = response;
    rules::check(event, &answer)
        .iter()
        .map(|finding| finding.rule.code)
        .collect()
}

/// Each property of a schema, with its path.
fn properties(schema: &Value, way: &[String]) -> Vec<(Vec<String>, Value)> {
    let mut all = Vec::new();
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let way: Vec<_> = way.iter().cloned().chain([name.clone()]).collect();
        all.push((way.clone(), property.clone()));
        all.extend(properties(property, &way));
    }
    all
}

fn nested(way: &[String], value: Value) -> Value {
    way.iter()
        .rev()
        .fold(value, |value, key| json!({ key.as_str(): value }))
}

/// The facts of the rules and those of the schema are the same, field by field.
#[test]
fn the_schema_knows_the_fields_that_the_rules_know() {
    let schema = schema();
    for definition in DEFINITIONS.iter().filter(|definition| definition.synchronous) {
        let sample = samples::all()
            .find(|sample| sample.route == definition.route)
            .unwrap();
        let event: Value = serde_json::from_str(sample.json).unwrap();
        let response = response_schema(&schema, sample);
        for name in event["response"].as_object().unwrap().keys() {
            assert!(
                response["properties"].get(name).is_some(),
                "{}: {name}",
                sample.source
            );
        }
        for (way, property) in properties(&response, &[]) {
            let place = format!("{}: {}", sample.source, way.join("."));
            let broken = broken_rules(&event, nested(&way, Value::Null));
            assert!(!broken.contains(&"response-field-unknown"), "{place}");
            let wrong = broken_rules(&event, nested(&way, json!(5)));
            let kind = property["$ref"].as_str().unwrap_or("object");
            let expected = match kind {
                "#/$defs/boolean" | "#/$defs/string" => "response-field-of-wrong-type",
                _ => "response-field-of-wrong-shape",
            };
            assert!(wrong.contains(&expected), "{place}: {wrong:?}");
            let right = match kind {
                "#/$defs/boolean" => json!(true),
                "#/$defs/string" => json!("text"),
                "#/$defs/strings" => json!(["text"]),
                _ => json!({}),
            };
            let broken = broken_rules(&event, nested(&way, right));
            assert!(
                !broken.iter().any(|code| code.starts_with("response-field-")),
                "{place}: {broken:?}"
            );
        }
        assert!(broken_rules(&event, json!({"novelty": 1})).contains(&"response-field-unknown"));
    }
}

#[test]
fn the_printed_schema_is_the_shipped_one() {
    let shipped = include_str!("../../../schema/answer.schema.json");
    let output = TestDir::new().command("schema").output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), shipped);
}
