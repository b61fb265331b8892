//! Reads flow files.
//!
//! A [`Node`] knows its location, so every error names the line, the column and the path of the faulty value. The known words
//! come from [`words`], and the [schema](super::schema) has the same ones.

use std::collections::BTreeMap;

use cognito_triggers_model::json::Json;

use super::{
    call::Call,
    claims::ExpectedClaims,
    error::FlowError,
    expectation::Expectation,
    node::Node,
    oauth,
    parameters::{Answer, AuthFlow, Fault, Typed},
    script::{Flow, User},
    words,
};

/// Reads the text of a flow file. `name` is the flow's name.
///
/// # Errors
/// Fails at the first value that a flow can't have.
pub(super) fn read(name: &str, text: &str) -> Result<Flow, FlowError> {
    let json = Json::parse(text).map_err(|error| FlowError {
        position: Some((error.line, error.column)),
        ..FlowError::of_file(error.problem)
    })?;
    let root = Node::root(&json);
    if json.is_array() {
        return Err(root.error("this is an array; a flow is an object with the array `calls`"));
    }
    root.check_keys(&words::FLOW, |_| None)?;
    let calls = root
        .get("calls")
        .ok_or_else(|| root.error("the array `calls` is missing"))?;
    let flow = Flow {
        name: name.to_owned(),
        about: string(&root, "about")?.unwrap_or_default(),
        pool: field(&root, "pool", |node| node.object())?.unwrap_or_default(),
        client: field(&root, "client", |node| node.object())?.unwrap_or_default(),
        user: field(&root, "user", user)?.unwrap_or_default(),
        calls: calls.items()?.map(|node| call(&node)).collect::<Result<_, _>>()?,
    };
    for (node, call) in calls.items()?.zip(&flow.calls) {
        let (Some(name), Some(named)) = (&call.provider, node.get("provider")) else {
            continue;
        };
        oauth::check_provider(&flow, name).map_err(|problem| named.error(problem))?;
    }
    match flow.calls.is_empty() {
        true => Err(calls.error("there is no call; add one, such as {\"call\": \"SignUp\"}")),
        false => Ok(flow),
    }
}

/// Reads `user`. A field that is missing has its default.
///
/// # Errors
/// Fails at an unknown field, and at a value of the wrong kind. This also holds for the functions below.
fn user(node: &Node<'_>) -> Result<User, FlowError> {
    node.check_keys(&words::USER, |_| None)?;
    Ok(User {
        user_name: string(node, "userName")?,
        password: string(node, "password")?,
        exists: field(node, "exists", |node| node.boolean())?.unwrap_or_default(),
        attributes: strings(node, "attributes")?,
        groups: field(node, "groups", |node| node.list())?.unwrap_or_default(),
    })
}

/// Reads one of `calls`. Which fields it may have depends on the operation.
///
/// # Errors
/// Fails if `call` is missing or isn't an operation of the local user pool, if the operation has no such field, and if a
/// sign-in has no `authFlow`.
fn call(node: &Node<'_>) -> Result<Call, FlowError> {
    node.check_object()?;
    let named = node
        .get("call")
        .ok_or_else(|| node.error("the name of the call is missing: {\"call\": \"SignUp\"}"))?;
    let name = named.string()?;
    let calls = words::calls();
    if !calls.contains(&name) {
        let problem = match words::closest(name, calls.iter().copied()) {
            Some(meant) => format!("there is no call `{name}`; did you mean `{meant}`?"),
            None => format!(
                "there is no call `{name}`; it is an operation of the API that the local user pool serves"
            ),
        };
        return Err(named.error(problem));
    }
    let fields = words::fields(name);
    node.check_keys(&fields, |key| {
        let is_of_others = words::SOME_CALLS.contains(&key);
        is_of_others.then(|| format!("`{name}` has no such field; it has {}", fields.join(", ")))
    })?;
    let auth_flow = word(node, "authFlow", &AuthFlow::ALL)?;
    if auth_flow.is_none() && fields.contains(&"authFlow") {
        return Err(node.error("`authFlow` is missing: {\"authFlow\": \"USER_SRP_AUTH\"}"));
    }
    let expect = field(node, "expect", expectation)?;
    let claims = field(node, "claims", claims)?.unwrap_or_default();
    if let (Some(expect), Some(claims)) = (&expect, node.get("claims"))
        && !expect.is_tokens()
    {
        return Err(claims.error(format!(
            "only tokens have claims, and the call expects `{expect}`"
        )));
    }
    Ok(Call {
        name: name.to_owned(),
        input: field(node, "input", |node| node.object())?.unwrap_or_default(),
        auth_flow,
        password: word(node, "password", &Typed::ALL)?.unwrap_or_default(),
        code: word(node, "code", &Typed::ALL)?.unwrap_or_default(),
        answer: field(node, "answer", answer)?.unwrap_or_default(),
        attributes: strings(node, "attributes")?,
        client_metadata: strings(node, "clientMetadata")?,
        validation_data: strings(node, "validationData")?,
        provider: string(node, "provider")?,
        subject: string(node, "subject")?,
        scopes: field(node, "scopes", |node| node.list())?.unwrap_or_default(),
        fail: field(node, "fail", faults)?.unwrap_or_default(),
        expect,
        claims,
        triggers: field(node, "triggers", triggers)?,
        times: field(node, "times", |node| node.count())?.unwrap_or(1),
    })
}

/// Reads a field with `read`. `None` if the field is missing.
fn field<T>(
    node: &Node<'_>,
    name: &str,
    read: impl FnOnce(&Node<'_>) -> Result<T, FlowError>,
) -> Result<Option<T>, FlowError> {
    node.get(name).map(|value| read(&value)).transpose()
}

/// Reads a field with a string. `None` if the field is missing.
fn string(node: &Node<'_>, name: &str) -> Result<Option<String>, FlowError> {
    field(node, name, |value| Ok(value.string()?.to_owned()))
}

/// Reads a field with a map of strings. Empty if the field is missing.
fn strings(node: &Node<'_>, name: &str) -> Result<BTreeMap<String, String>, FlowError> {
    Ok(field(node, name, |value| value.strings())?.unwrap_or_default())
}

/// Reads a field with one of the `known` words. `None` if the field is missing.
fn word<T: Copy>(node: &Node<'_>, name: &str, known: &[(&'static str, T)]) -> Result<Option<T>, FlowError> {
    field(node, name, |value| value.word(known))
}

/// Reads `answer`: `"right"`, `"wrong"`, `{"private": "NAME"}` or `{"text": "TEXT"}`.
fn answer(node: &Node<'_>) -> Result<Answer, FlowError> {
    if !node.is_object() {
        return node.word(&[("right", Answer::Right), ("wrong", Answer::Wrong)]);
    }
    node.check_keys(&["private", "text"], |_| None)?;
    match (string(node, "private")?, string(node, "text")?) {
        (Some(name), None) => Ok(Answer::Private(name)),
        (None, Some(text)) => Ok(Answer::Text(text)),
        _ => Err(node.error("write {\"private\": \"NAME\"} or {\"text\": \"TEXT\"}, one of them")),
    }
}

/// Reads `expect`, such as `"tokens"` or `"not sent"`.
fn expectation(node: &Node<'_>) -> Result<Expectation, FlowError> {
    Expectation::parse(node.string()?).map_err(|problem| node.error(problem))
}

/// Reads `claims`: an object for each token, with names and values of claims.
fn claims(node: &Node<'_>) -> Result<ExpectedClaims, FlowError> {
    node.check_keys(&words::CLAIMS, |_| None)?;
    Ok(ExpectedClaims {
        id: field(node, "id", |node| node.object())?.unwrap_or_default(),
        access: field(node, "access", |node| node.object())?.unwrap_or_default(),
    })
}

/// Checks the name of a trigger source.
///
/// # Errors
/// Fails if Cognito has no such trigger source. The error suggests the name that was probably meant.
fn source(node: &Node<'_>, name: &str) -> Result<String, FlowError> {
    let sources = words::sources();
    if sources.contains(name) {
        return Ok(name.to_owned());
    }
    let hint = words::closest(name, sources).map_or_else(
        || "`cargo cognito event` lists them".to_owned(),
        |meant| format!("did you mean `{meant}`?"),
    );
    Err(node.error(format!("there is no trigger source `{name}`; {hint}")))
}

/// Reads `triggers`: the sources that should fire, in order. An empty array means that none should fire.
fn triggers(node: &Node<'_>) -> Result<Vec<String>, FlowError> {
    node.items()?.map(|item| source(&item, item.string()?)).collect()
}

/// Reads `fail`: an object with trigger sources as keys and faults as values.
fn faults(node: &Node<'_>) -> Result<BTreeMap<String, Fault>, FlowError> {
    node.members()?
        .map(|(name, fault)| Ok((source(&fault, name)?, fault.word(&Fault::ALL)?)))
        .collect()
}
