//! Fixes are written as YAML; whoever works in JSON gets them as JSON.

use serde_json::{Map, Value};

use crate::{
    node::{Data, Node},
    source::Source,
};

/// The fix in the language of the source: its first line is a sentence, what follows is for pasting.
///
/// Lines that aren't YAML maps (a route, a command) stay as they are.
pub(crate) fn in_language_of(source: &Source, fix: String) -> String {
    let Some((sentence, lines)) = fix.split_once('\n').filter(|_| source.is_json()) else {
        return fix;
    };
    match Node::read(&Source::new("", lines)) {
        Ok(node) if node.is_map() => format!("{sentence}\n{}", members(&node)),
        _ => fix,
    }
}

/// The members of a map as they stand inside of a JSON object.
fn members(node: &Node) -> String {
    let text = serde_json::to_string_pretty(&value(node)).unwrap_or_default();
    let lines = text.lines().filter(|line| !matches!(*line, "{" | "}"));
    lines
        .map(|line| line.strip_prefix("  ").unwrap_or(line))
        .collect::<Vec<_>>()
        .join("\n")
}

fn value(node: &Node) -> Value {
    match &node.data {
        Data::Null => Value::Null,
        Data::Text(text) => text
            .parse::<u64>()
            .map_or_else(|_| Value::from(text.as_str()), Value::from),
        Data::List(items) => items.iter().map(value).collect(),
        // In JSON the function takes a list only.
        Data::Map(entries) if node.get("Fn::GetAtt").is_some_and(|path| path.text().is_some()) => {
            let path = entries
                .iter()
                .find_map(|entry| entry.value.text()?.split_once('.'));
            path.map_or(
                Value::Null,
                |(id, attribute)| serde_json::json!({ "Fn::GetAtt": [id, attribute] }),
            )
        }
        Data::Map(entries) => {
            let members = entries
                .iter()
                .map(|entry| (entry.key.clone(), value(&entry.value)));
            Value::Object(members.collect::<Map<_, _>>())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(fix: &str) -> String {
        in_language_of(&Source::new("x.json", "{}"), fix.to_owned())
    }

    #[test]
    fn yaml_becomes_json_and_the_rest_stays() {
        assert_eq!(json("set it:\nTimeout: 5"), "set it:\n\"Timeout\": 5");
        assert_eq!(
            json("write it:\nPreSignUp: !GetAtt Triggers.Arn"),
            "write it:\n\"PreSignUp\": {\n  \"Fn::GetAtt\": [\n    \"Triggers\",\n    \"Arn\"\n  ]\n}"
        );
        assert_eq!(
            json("route it:\npre_sign_up => your_handler,"),
            "route it:\npre_sign_up => your_handler,"
        );
        assert_eq!(json("one line"), "one line");
        let yaml = "set it:\nTimeout: 5".to_owned();
        assert_eq!(in_language_of(&Source::new("x.yaml", "A: b"), yaml.clone()), yaml);
    }
}
