//! The JSON Schema of flow files, made from the words that the reader knows.

use serde_json::{Map, Value, json};

use super::{
    parameters::{AuthFlow, Fault, Typed},
    words,
};

/// The JSON Schema of flow files (draft 2020-12). A flow file may refer to it with `"$schema"`.
///
/// ```
/// let schema: serde_json::Value = serde_json::from_str(&cognito_triggers_replay::flow::schema())?;
/// assert_eq!(schema["required"], serde_json::json!(["calls"]));
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// It is as strict as the reader: a call has only the fields of its operation, and words must be known ones.
pub fn schema() -> String {
    let calls: Vec<_> = words::calls()
        .into_iter()
        .map(|name| {
            let fields = words::fields(name);
            let properties: Map<_, _> = fields
                .iter()
                .map(|field| ((*field).to_owned(), field_schema(name, field)))
                .collect();
            let required: &[&str] = match fields.contains(&"authFlow") {
                true => &["call", "authFlow"],
                false => &["call"],
            };
            json!({
                "title": name,
                "type": "object",
                "additionalProperties": false,
                "required": required,
                "properties": properties,
            })
        })
        .collect();
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A flow, NAME.flow.json",
        "description": "What one user does, call by call. Printed by `cargo cognito schema flow`.",
        "type": "object",
        "additionalProperties": false,
        "required": ["calls"],
        "properties": {
            "$schema": string("Where this schema is; `flow` ignores it."),
            "about": string("What the flow shows, in a few words."),
            "pool": object(
                "Members of CreateUserPool and GetUserPoolMfaConfig. Each replaces the whole default, except LambdaConfig, whose \
                 members replace single triggers; null takes one away.",
            ),
            "client": object("Members of CreateUserPoolClient. Each replaces the whole default of the flow's app client."),
            "user": user(),
            "calls": {
                "description": "The calls, in order.",
                "type": "array",
                "minItems": 1,
                "items": { "oneOf": calls },
            },
        },
        "$defs": {
            "source": { "enum": words::sources() },
            "strings": { "type": "object", "additionalProperties": { "type": "string" } },
        },
    });
    format!("{schema:#}\n")
}

/// The schema of `user`.
fn user() -> Value {
    json!({
        "description": "The user who makes the calls.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "userName": string("The user name, or what the user types instead of it. The default is `ana`."),
            "password": string("The password. The default is that of the sample events."),
            "exists": {
                "description": "Whether the user exists and is confirmed when the flow starts.",
                "type": "boolean",
                "default": false,
            },
            "attributes": strings(
                "The user's attributes. The default is an email address; in a pool with UsernameAttributes, the user name.",
            ),
            "groups": { "description": "The user's groups.", "type": "array", "items": { "type": "string" } },
        },
    })
}

/// The schema of one field of a call. `call` is the name of the operation, which is the only value of the field `call`.
fn field_schema(call: &str, field: &str) -> Value {
    let typed = Typed::ALL.map(|(name, _)| name);
    match field {
        "call" => json!({ "const": call }),
        "expect" => string(
            "A prefix of the result, in whole words: `tokens`, `success`, `success: the user is confirmed`, `not sent`, \
             `challenge NAME`, or the name of an exception, with or without its text.",
        ),
        "triggers" => json!({
            "description": "The triggers that fire, in order. Those that the function doesn't route are skipped.",
            "type": "array",
            "items": { "$ref": "#/$defs/source" },
        }),
        "fail" => json!({
            "description": "Triggers that fail in this call, and how. The function isn't called for them.",
            "type": "object",
            "propertyNames": { "$ref": "#/$defs/source" },
            "additionalProperties": { "enum": Fault::ALL.map(|(name, _)| name) },
        }),
        "times" => json!({
            "description": "The most times that the call is made. It is repeated while a challenge is pending.",
            "type": "integer",
            "minimum": 1,
            "default": 1,
        }),
        "input" => object(
            "Members of the operation's input, as the API has them. They win over what the flow fills in.",
        ),
        "claims" => json!({
            "description": "Claims that the tokens have, by name. A value is compared as a whole; null means that the token \
                            lacks the claim, and an array stands for the words of a claim that is a string, such as `scope`.",
            "type": "object",
            "additionalProperties": false,
            "properties": {
                "id": object("Those of the ID token."),
                "access": object("Those of the access token."),
            },
        }),
        "authFlow" => json!({ "enum": AuthFlow::ALL.map(|(name, _)| name) }),
        "password" | "code" => json!({ "enum": typed, "default": "right" }),
        "answer" => json!({
            "description": "The answer to a custom challenge.",
            "oneOf": [
                { "enum": typed },
                one("private", "The name of the private challenge parameter that holds the answer."),
                one("text", "The answer itself."),
            ],
        }),
        "provider" => string(
            "The name of the identity provider: ExampleIdP, ExampleSaml, Facebook, Google, LoginWithAmazon, SignInWithApple, or \
             one that the flow creates. The default is ExampleIdP.",
        ),
        "subject" => string("The provider's own id of the user."),
        "scopes" => json!({
            "description": "The scopes that the machine asks for. The default is all that it has.",
            "type": "array",
            "items": { "type": "string" },
        }),
        "attributes" => strings("The attributes to send."),
        _ => strings("What the app sends with the call."),
    }
}

/// An object with one string.
fn one(name: &str, description: &str) -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": [name],
        "properties": { name: string(description) },
    })
}

/// A string, with its description.
fn string(description: &str) -> Value {
    json!({ "description": description, "type": "string" })
}

/// An object with any members, with its description.
fn object(description: &str) -> Value {
    json!({ "description": description, "type": "object" })
}

/// An object whose values are strings, with its description.
fn strings(description: &str) -> Value {
    json!({ "description": description, "$ref": "#/$defs/strings" })
}
