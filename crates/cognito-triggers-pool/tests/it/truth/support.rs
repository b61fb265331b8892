//! Helpers for tests over HTTP: calls of the API, and functions with scripted answers.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use cognito_triggers_model::arn::FunctionArn;
use cognito_triggers_pool::{Functions, LambdaError};
use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Calls an operation of the API. Returns the answer, or the error's body.
pub(crate) async fn call(endpoint: &str, operation: &str, input: &Value) -> Result<Value, Value> {
    let target = format!("x-amz-target: AWSCognitoIdentityProviderService.{operation}\r\n");
    post(endpoint, "/", &target, input).await
}

/// Makes the next invocation of a function, or the next delivery of a message, fail.
pub(crate) async fn fail_next(endpoint: &str, drill: &Value) {
    post(endpoint, "/_dev/fail", "", drill).await.unwrap();
}

async fn post(endpoint: &str, path: &str, headers: &str, body: &Value) -> Result<Value, Value> {
    let address = endpoint.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let body = body.to_string();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/x-amz-json-1.1\r\n{headers}\
         content-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let body = serde_json::from_str(body).unwrap();
    if head.starts_with("HTTP/1.1 200 ") {
        Ok(body)
    } else {
        Err(body)
    }
}

/// The ARN of the function that answers a trigger.
pub(crate) fn arn(trigger: &str) -> String {
    format!("arn:aws:lambda:us-east-1:123456789012:function:{trigger}")
}

/// The key under which codes for custom senders are encrypted.
pub(crate) const KEY_ARN: &str =
    "arn:aws:kms:us-east-1:123456789012:key/6c0f9a4e-27d1-4b83-9e5f-d41a7b60c382";

/// Functions with scripted answers, one for each trigger.
///
/// An answer is `"echo"`, `{"response": …}`, `{"error": "text"}`, `{"raw": …}` (any JSON), `{"bytes": "text"}` (need
/// not be JSON), `"timeout"`, or `{"refused": "exception of Lambda"}`. `{"without": "key"}` echoes the event without
/// a key. A list of answers is used in order, and its last answer is repeated.
///
/// `{"calls": {"op", "in"}, "at": "source"}` calls an operation of the pool before it echoes the event with this source.
pub(crate) struct Scripted {
    answers: HashMap<String, Value>,
    /// The URL of the pool, which is set when it has started.
    pub(crate) endpoint: Arc<OnceLock<String>>,
    given: Mutex<HashMap<String, usize>>,
}

impl Scripted {
    pub(crate) fn new(answers: HashMap<String, Value>) -> Self {
        Self {
            answers,
            endpoint: Arc::default(),
            given: Mutex::default(),
        }
    }

    /// Calls the operation of the answer, if there is one and the event has its source.
    async fn call(&self, arn: &str, event: &[u8]) {
        let trigger = FunctionArn::parse(arn).unwrap().name;
        let answer = self.answers.get(trigger).unwrap_or(&Value::Null);
        let event: Value = serde_json::from_slice(event).unwrap();
        if let Some(operation) = answer["calls"]["op"]
            .as_str()
            .filter(|_| answer["at"] == event["triggerSource"])
        {
            let mut input = answer["calls"]["in"].clone();
            input["UserPoolId"] = event["userPoolId"].clone();
            call(self.endpoint.get().unwrap(), operation, &input)
                .await
                .unwrap();
        }
    }

    fn answer(&self, arn: &str, event: &[u8]) -> Result<Bytes, LambdaError> {
        let trigger = FunctionArn::parse(arn).unwrap().name;
        let mut answer = self.answers.get(trigger).unwrap_or(&Value::Null);
        if let Value::Array(list) = answer {
            let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
            let turn = given.entry(trigger.to_owned()).or_default();
            answer = list.get(*turn).or_else(|| list.last()).unwrap();
            *turn += 1;
        }
        if let Some(error) = answer["error"].as_str() {
            return Err(LambdaError::Function(error.to_owned()));
        }
        if answer == "timeout" {
            return Err(LambdaError::Timeout);
        }
        if let Some(exception) = answer["refused"].as_str() {
            return Err(LambdaError::Refused(exception.to_owned()));
        }
        if let Some(text) = answer["bytes"].as_str() {
            return Ok(Bytes::from(text.to_owned()));
        }
        if let Some(raw) = answer.get("raw") {
            return Ok(Bytes::from(raw.to_string()));
        }
        let mut event: Value = serde_json::from_slice(event).unwrap();
        if let Some(key) = answer["without"].as_str() {
            event.as_object_mut().unwrap().remove(key);
        }
        if let Some(change) = answer.get("change") {
            let pointer = change["at"].as_str().unwrap();
            *event.pointer_mut(pointer).unwrap() = change["to"].clone();
        }
        if let Some(response) = answer.get("response") {
            event["response"] = response.clone();
        }
        Ok(Bytes::from(event.to_string()))
    }
}

impl Functions for Scripted {
    fn invoke<'a>(
        &'a self,
        arn: &'a str,
        event: Bytes,
        _limit: Duration,
    ) -> BoxFuture<'a, Result<Bytes, LambdaError>> {
        Box::pin(async move {
            self.call(arn, &event).await;
            self.answer(arn, &event)
        })
    }
}

/// The hooks of a pool, from the names of triggers: `PreTokenGenerationV2_0` and `V3_0` name a version.
pub(crate) fn lambda_config<'a>(triggers: impl IntoIterator<Item = &'a str>) -> Value {
    let mut config = json!({});
    for trigger in triggers {
        match trigger.strip_prefix("PreTokenGenerationV") {
            Some(version) => {
                config["PreTokenGenerationConfig"] =
                    json!({ "LambdaVersion": format!("V{version}"), "LambdaArn": arn(trigger) });
            }
            None if trigger == "InboundFederation" => {
                config[trigger] = json!({ "LambdaVersion": "V1_0", "LambdaArn": arn(trigger) });
            }
            None if trigger.ends_with("Sender") => {
                config["KMSKeyID"] = json!(KEY_ARN);
                config[trigger] = json!({ "LambdaVersion": "V1_0", "LambdaArn": arn(trigger) });
            }
            None => config[trigger] = json!(arn(trigger)),
        }
    }
    config
}
