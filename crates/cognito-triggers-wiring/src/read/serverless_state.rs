//! `serverless-state.json`, which Serverless writes beside the template.
//!
//! It holds the template in `service.provider.compiledCloudFormationTemplate`. A value that occurs twice in the file is written
//! once, and the template names its place:
//!
//! ```json
//! {"$ref": "$[\"service\"][\"provider\"][\"iam\"][\"role\"][\"statements\"][0]"}
//! ```
//!
//! Source: the output of `serverless package` 3.40.0 and of osls 4.3.1.

use cognito_triggers_model::json::{Json, Member, Value};

/// Where the template is.
pub(super) const TEMPLATE: &[&str] = &["service", "provider", "compiledCloudFormationTemplate"];

/// The most values of a template. A reference copies the value that it names, so a small file can ask for a huge tree.
const MAX_VALUES: usize = 500_000;
/// How deep references may lead to others.
const MAX_DEPTH: usize = 16;

/// The document with the values that its template refers to. A document without such a template stays as it is.
///
/// References that lead nowhere, in a circle or beyond the limits stay as they are.
pub(super) fn with_values(root: Json) -> Json {
    let Some(template) = root.get_path(TEMPLATE) else {
        return root;
    };
    let mut values = Values {
        root: &root,
        left: MAX_VALUES,
    };
    let template = values.of(template, MAX_DEPTH);
    let (location, mut value) = (root.location, template);
    for key in TEMPLATE.iter().rev() {
        let member = Member {
            key: (*key).to_owned(),
            location: value.location,
            value,
        };
        value = Json {
            location,
            value: Value::Object(vec![member]),
        };
    }
    value
}

/// Replaces references by their values.
struct Values<'a> {
    root: &'a Json,
    /// How many values may still be copied.
    left: usize,
}

impl Values<'_> {
    /// A copy of a value. `depth` is how many references may still follow each other.
    fn of(&mut self, json: &Json, depth: usize) -> Json {
        self.left = self.left.saturating_sub(1);
        if let [member] = json.members()
            && member.key == "$ref"
            && depth > 0
            && self.left > 0
            && let Some(named) = member.value.as_str().and_then(|path| find(self.root, path))
        {
            return self.of(named, depth - 1);
        }
        let value = match &json.value {
            Value::Object(members) => {
                let copy = |member: &Member| Member {
                    value: self.of(&member.value, depth),
                    ..member.clone()
                };
                Value::Object(members.iter().map(copy).collect())
            }
            Value::Array(items) => Value::Array(items.iter().map(|item| self.of(item, depth)).collect()),
            scalar => scalar.clone(),
        };
        Json {
            location: json.location,
            value,
        }
    }
}

/// The value at a path such as `$["service"]["functions"][0]`.
fn find<'a>(root: &'a Json, path: &str) -> Option<&'a Json> {
    let steps = path.strip_prefix("$[")?.strip_suffix(']')?.split("][");
    let mut json = root;
    for step in steps {
        json = match serde_json::from_str(step).ok()? {
            serde_json::Value::String(key) => json.get(&key)?,
            serde_json::Value::Number(index) => {
                let index = usize::try_from(index.as_u64()?).ok()?;
                json.items().get(index)?
            }
            _ => return None,
        };
    }
    Some(json)
}
