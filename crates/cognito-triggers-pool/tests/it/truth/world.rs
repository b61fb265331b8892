//! Runs a row against its own pool.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cognito_triggers_pool::{LocalPool, srp};
use serde_json::{Map, Value, json};
use tempfile::TempDir;

use super::expected::{brief, claims, fits};
use super::played::{Difference, Played};
use super::shapes;
use super::support::{Scripted, call, fail_next, lambda_config};
use super::table::{ExpectedError, Proof, Row, Status, Step, User};
use crate::authenticator::Authenticator;
use crate::browser::{Browser, Web};
use crate::{device, totp};

/// Triggers that every pool has, unless the row removes them.
const DEFAULT_TRIGGERS: [&str; 6] = [
    "PreSignUp",
    "PostConfirmation",
    "PreAuthentication",
    "PostAuthentication",
    "CustomMessage",
    "PreTokenGeneration",
];

struct World {
    pool: LocalPool,
    /// Where the pool keeps what is stored.
    directory: TempDir,
    kept: HashMap<String, String>,
    srp: srp::Client,
    last: Value,
    browser: Browser,
    authenticator: Authenticator,
}

pub(crate) async fn play(row: &Row) -> Played {
    let mut world = World::new(row).await;
    let mut differences = Vec::new();
    let prepared = world.prepare(row).await;
    if let Err(text) = prepared {
        let text = format!("the situation isn't reached: {text}");
        let differences = vec![Difference { text, firm: true }];
        return Played::new(differences, world.pool, world.directory);
    }
    let seen = world.pool.events_with_secrets().len();
    let result = world.take(&row.call).await;
    let events: Vec<Value> = world
        .pool
        .events_with_secrets()
        .iter()
        .skip(seen)
        .map(|record| serde_json::to_value(record).unwrap())
        .collect();
    let mut note = |firm: bool, text: String| differences.push(Difference { text, firm });

    let fired: Vec<_> = events
        .iter()
        .map(|event| event["triggerSource"].as_str().unwrap())
        .collect();
    if fired != row.fires {
        note(
            row.order_is_firm(),
            format!("fires {:?}, not {fired:?}", row.fires),
        );
    }
    for (expected, event) in row.events.iter().zip(&events) {
        for (pointer, value) in expected {
            let found = event["event"].pointer(pointer);
            if let Err(text) = fits(&world.fill(value), found) {
                note(
                    row.order_is_firm(),
                    format!("{} {pointer}: {text}", event["triggerSource"]),
                );
            }
        }
    }
    for event in &events {
        for problem in shapes::problems(&event["event"]) {
            note(true, problem);
        }
    }
    let error: Option<ExpectedError> = row
        .error
        .as_ref()
        .map(|error| serde_json::from_value(world.fill(error)).unwrap());
    match (&error, &result) {
        (Some(expected), Err(error)) => {
            for text in world.unlike(expected, error) {
                note(row.answer_is_firm(), text);
            }
        }
        (Some(_), Ok(answer)) => note(row.answer_is_firm(), format!("succeeds: {}", brief(answer))),
        (None, Err(error)) => note(row.answer_is_firm(), format!("fails: {error}")),
        (None, Ok(answer)) => {
            if let Err(text) = fits(
                &world.fill(row.answer.as_ref().unwrap_or(&json!({}))),
                Some(answer),
            ) {
                note(row.answer_is_firm(), format!("answer{text}"));
            }
            for (token, expected) in &row.claims {
                let found = answer["AuthenticationResult"].get(token).or(answer.get(token));
                let claims = claims(found.unwrap_or(&Value::Null));
                if let Err(text) = fits(&world.fill(expected), Some(&claims)) {
                    note(row.answer_is_firm(), format!("{token}{text} in {claims}"));
                }
            }
        }
    }
    if let Some(expected) = &row.message {
        let message = serde_json::to_value(world.pool.messages().last()).unwrap();
        if let Err(text) = fits(&world.fill(expected), Some(&message)) {
            note(row.order_is_firm(), format!("message{text}"));
        }
    }
    for step in &row.then {
        if let Err(text) = world.expect(step).await {
            note(row.answer_is_firm(), format!("afterwards: {text}"));
        }
    }
    Played::new(differences, world.pool, world.directory)
}

impl World {
    async fn new(row: &Row) -> Self {
        let mut answers: BTreeMap<&str, Value> =
            DEFAULT_TRIGGERS.map(|trigger| (trigger, json!("echo"))).into();
        for (trigger, answer) in &row.triggers {
            if trigger.starts_with("PreTokenGenerationV") {
                answers.remove("PreTokenGeneration");
            }
            match answer {
                Value::Null => answers.remove(trigger.as_str()),
                answer => answers.insert(trigger, answer.clone()),
            };
        }
        let config = lambda_config(answers.keys().copied());
        let answers = answers
            .into_iter()
            .map(|(trigger, answer)| (trigger.to_owned(), answer))
            .collect();
        let functions = Scripted::new(answers);
        let endpoint = Arc::clone(&functions.endpoint);
        // In memory where the system has such a place: what a disk does isn't the subject, and there are many rows.
        let directory = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir());
        let directory = directory.unwrap();
        let builder = LocalPool::builder().functions(functions).data(directory.path());
        let pool = builder.start().await.unwrap();
        endpoint.set(pool.endpoint()).unwrap();
        // The row begins with a step of authenticator apps, so that its steps don't depend on when it runs.
        let into_step = pool.clock().now().seconds() % totp::STEP;
        let rest = u64::try_from(totp::STEP - into_step).unwrap();
        pool.clock().advance(Duration::from_secs(rest));
        let mut world = Self {
            pool,
            directory,
            kept: HashMap::new(),
            srp: srp::Client::with_secret([7; 32]),
            last: Value::Null,
            browser: Browser::default(),
            authenticator: Authenticator::new("truth"),
        };
        let mut settings = json!({ "PoolName": "truth", "LambdaConfig": config });
        settings.as_object_mut().unwrap().extend(row.pool.clone());
        let made = world.api("CreateUserPool", &settings).await.unwrap();
        world.keep("pool", &made["UserPool"]["Id"]);
        let mut settings = json!({
            "UserPoolId": world.kept["pool"],
            "ClientName": "truth",
            "ExplicitAuthFlows": [
                "ALLOW_USER_PASSWORD_AUTH",
                "ALLOW_ADMIN_USER_PASSWORD_AUTH",
                "ALLOW_USER_SRP_AUTH",
                "ALLOW_CUSTOM_AUTH",
                "ALLOW_REFRESH_TOKEN_AUTH",
            ],
        });
        settings.as_object_mut().unwrap().extend(row.client.clone());
        let made = world.api("CreateUserPoolClient", &settings).await.unwrap();
        world.keep("client", &made["UserPoolClient"]["ClientId"]);
        world.keep("secret", &made["UserPoolClient"]["ClientSecret"]);
        world
    }

    fn keep(&mut self, name: &str, value: &Value) {
        self.kept
            .insert(name.to_owned(), value.as_str().unwrap_or_default().to_owned());
    }

    async fn prepare(&mut self, row: &Row) -> Result<(), String> {
        for user in &row.users {
            self.add(user).await?;
        }
        for step in &row.given {
            self.expect(step).await?;
        }
        Ok(())
    }

    async fn add(&mut self, user: &User) -> Result<(), String> {
        let attributes: Vec<_> = user
            .attributes
            .iter()
            .map(|(name, value)| json!({ "Name": name, "Value": value }))
            .collect();
        let name = &user.name;
        let password = user.password.as_deref().unwrap_or("Passw0rd!");
        let admin = json!({ "UserPoolId": self.kept["pool"], "Username": name });
        let with = |members: Value| {
            let mut input = admin.clone();
            input
                .as_object_mut()
                .unwrap()
                .extend(members.as_object().unwrap().clone());
            input
        };
        if user.status == Status::Unconfirmed {
            let input = json!({
                "ClientId": self.kept["client"], "Username": name, "Password": password, "UserAttributes": attributes,
            });
            self.api("SignUp", &input).await?;
            return Ok(());
        }
        let input = with(json!({
            "TemporaryPassword": password, "MessageAction": "SUPPRESS", "UserAttributes": attributes,
        }));
        self.api("AdminCreateUser", &input).await?;
        if user.status != Status::ForceChangePassword {
            let input = with(json!({ "Password": password, "Permanent": true }));
            self.api("AdminSetUserPassword", &input).await?;
        }
        match user.status {
            Status::ResetRequired => drop(self.api("AdminResetUserPassword", &admin).await?),
            Status::Disabled => drop(self.api("AdminDisableUser", &admin).await?),
            _ => {}
        }
        for group in &user.groups {
            self.api("AdminAddUserToGroup", &with(json!({ "GroupName": group })))
                .await?;
        }
        Ok(())
    }

    async fn api(&self, operation: &str, input: &Value) -> Result<Value, String> {
        let result = call(&self.pool.endpoint(), operation, input).await;
        result.map_err(|error| format!("{operation}: {error}"))
    }

    /// Runs a step, and checks its own expectations.
    async fn expect(&mut self, step: &Step) -> Result<(), String> {
        for _ in 0..step.times.unwrap_or(1) {
            let result = self.take(step).await;
            let path = step
                .web
                .as_ref()
                .and_then(|web| web.get.as_ref().or(web.post.as_ref()));
            let operation = step.op.as_ref().or(path).map_or("", String::as_str);
            match (step.fails.as_ref().map(|text| self.fill_text(text)), result) {
                (None, Ok(answer)) => {
                    if let Some(expected) = &step.answer {
                        fits(&self.fill(expected), Some(&answer))
                            .map_err(|text| format!("{operation}{text}"))?;
                    }
                }
                (Some(class), Err(error)) if error["__type"] == class || error["message"] == class => {}
                (_, Ok(answer)) => return Err(format!("{operation} succeeds: {}", brief(&answer))),
                (_, Err(error)) => return Err(format!("{operation} fails: {error}")),
            }
        }
        Ok(())
    }

    /// Runs a step. The error is the body of the response.
    async fn take(&mut self, step: &Step) -> Result<Value, Value> {
        if let Some(drill) = &step.drill {
            fail_next(&self.pool.endpoint(), drill).await;
        }
        if let Some(seconds) = step.advance {
            self.pool.clock().advance(Duration::from_secs(seconds));
        }
        if let Some(web) = &step.web {
            let web = self.fill_web(web);
            let answer = self.browser.send(&self.pool.endpoint(), &web).await?;
            self.keep_all(step, &answer);
            return Ok(answer);
        }
        let Some(operation) = &step.op else {
            return Ok(Value::Null);
        };
        let mut input = self.fill(step.input.as_ref().unwrap_or(&json!({})));
        for (member, name) in [("ClientId", "client"), ("UserPoolId", "pool")] {
            let wanted = match member {
                "ClientId" => takes_client(operation),
                _ => operation.starts_with("Admin") || operation.contains("Group"),
            };
            if wanted && input.get(member).is_none() {
                input[member] = json!(self.kept[name]);
            }
        }
        if let Some(text) = input["Credential"].as_str() {
            input["Credential"] = serde_json::from_str(text).unwrap_or_else(|_| json!(text));
        }
        if let Some(proof) = &step.proves {
            self.prove(proof, &mut input);
        }
        let answer = call(&self.pool.endpoint(), operation, &input).await?;
        self.keep_all(step, &answer);
        self.last = answer.clone();
        Ok(answer)
    }

    fn keep_all(&mut self, step: &Step, answer: &Value) {
        for (name, pointer) in &step.keep {
            self.keep(name, answer.pointer(pointer).unwrap_or(&Value::Null));
        }
    }

    fn fill_web(&self, web: &Web) -> Web {
        let fill = |text: &Option<String>| text.as_ref().map(|text| self.fill_text(text));
        let form = web.form.iter();
        Web {
            get: fill(&web.get),
            post: fill(&web.post),
            form: form
                .map(|(name, value)| (name.clone(), self.fill_text(value)))
                .collect(),
            basic: fill(&web.basic),
            bearer: fill(&web.bearer),
        }
    }

    /// Computes the response to the PASSWORD_VERIFIER challenge in the last answer.
    fn prove(&self, proof: &Proof, input: &mut Value) {
        let parameters = &self.last["ChallengeParameters"];
        let text = |name: &str| parameters[name].as_str().unwrap_or_default();
        let timestamp = proof
            .timestamp
            .clone()
            .unwrap_or_else(|| "Sat Sep 5 08:09:10 UTC 2026".to_owned());
        let block = proof.block.as_deref().unwrap_or(text("SECRET_BLOCK"));
        let (group, id) = if proof.device {
            (self.kept["group"].as_str(), self.kept["device"].as_str())
        } else {
            let pool_name = self.kept["pool"].split('_').nth(1).unwrap();
            (pool_name, text("USER_ID_FOR_SRP"))
        };
        let signature = self.srp.signature(
            group,
            id,
            &proof.password,
            text("SALT"),
            text("SRP_B"),
            &STANDARD.decode(block).unwrap(),
            &timestamp,
        );
        input["ChallengeName"] = json!("PASSWORD_VERIFIER");
        input["ChallengeResponses"] = json!({
            "USERNAME": text("USERNAME"),
            "PASSWORD_CLAIM_SECRET_BLOCK": block,
            "PASSWORD_CLAIM_SIGNATURE": STANDARD.encode(signature.unwrap_or_default()),
            "TIMESTAMP": timestamp,
        });
        if let Some(key) = &proof.with {
            input["ChallengeResponses"]["DEVICE_KEY"] = json!(self.fill_text(key));
        }
        if proof.device {
            input["ChallengeName"] = json!("DEVICE_PASSWORD_VERIFIER");
            input["ChallengeResponses"]["DEVICE_KEY"] = json!(id);
        }
        if let Some(session) = self.last.get("Session") {
            input["Session"] = session.clone();
        }
    }

    /// Replaces `${name}` in all strings.
    fn fill(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.fill_text(text)),
            Value::Array(list) => list.iter().map(|item| self.fill(item)).collect(),
            Value::Object(members) => {
                let filled = members
                    .iter()
                    .map(|(name, value)| (self.fill_text(name), self.fill(value)));
                Value::Object(filled.collect::<Map<_, _>>())
            }
            other => other.clone(),
        }
    }

    fn secret_hash(&self, user_name: &str) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.kept["secret"].as_bytes());
        let message = format!("{user_name}{}", self.kept["client"]);
        STANDARD.encode(hmac::sign(&key, message.as_bytes()))
    }

    /// The code of an authenticator app. The last word of `wanted` names the secret.
    fn totp(&self, wanted: &str, code: fn(&str, i64) -> String) -> String {
        let name = wanted.rsplit(' ').next().unwrap();
        code(&self.kept[name], self.pool.clock().now().seconds())
    }

    /// The answer of the passkey to the challenge in the last answer.
    fn signed(&self) -> String {
        let options = &self.last["ChallengeParameters"]["CREDENTIAL_REQUEST_OPTIONS"];
        let options: Value = serde_json::from_str(options.as_str().unwrap()).unwrap();
        self.authenticator.sign(&options).to_string()
    }

    /// How an error differs from the expected one.
    fn unlike(&self, expected: &ExpectedError, error: &Value) -> Vec<String> {
        let class = error["__type"].as_str();
        let message = error["message"].as_str().unwrap_or_default();
        let mut differences = Vec::new();
        if expected.class.is_some() && expected.class.as_deref() != class {
            differences.push(format!("fails with {error}, not with {:?}", expected.class));
        }
        if let Some(texts) = &expected.message
            && !texts.iter().any(|text| self.fill_text(text) == message)
        {
            differences.push(format!("says {message:?}, not {texts:?}"));
        }
        if let Some(prefix) = &expected.prefix
            && !message.starts_with(prefix.as_str())
        {
            differences.push(format!("says {message:?}, which doesn't begin with {prefix:?}"));
        }
        if let Some(part) = &expected.contains
            && !message.contains(part.as_str())
        {
            differences.push(format!("says {message:?}, without {part:?}"));
        }
        differences
    }

    fn fill_text(&self, text: &str) -> String {
        let mut filled = text.to_owned();
        // The last placeholder comes first, so that placeholders can be nested.
        while let Some((before, rest)) = filled.rsplit_once("${") {
            let (name, after) = rest.split_once('}').unwrap();
            let value = match name {
                hash if hash.starts_with("secret_hash ") => self.secret_hash(&hash["secret_hash ".len()..]),
                totp if totp.starts_with("totp ") => self.totp(totp, totp::code),
                totp if totp.starts_with("wrong_totp ") => self.totp(totp, totp::wrong_code),
                "new_passkey" => self
                    .authenticator
                    .register(&self.last["CredentialCreationOptions"])
                    .to_string(),
                "passkey" => self.signed(),
                "srp_a" => self.srp.srp_a(),
                "device_salt" => device::part("salt", &self.kept["group"], &self.kept["device"]),
                "device_verifier" => device::part("verifier", &self.kept["group"], &self.kept["device"]),
                "code" => self.pool.messages().last().unwrap().code.clone(),
                name => self
                    .kept
                    .get(name)
                    .unwrap_or_else(|| panic!("nothing is kept as {name}"))
                    .clone(),
            };
            filled = format!("{before}{value}{after}");
        }
        filled
    }
}

/// Whether an operation has the member `ClientId`.
fn takes_client(operation: &str) -> bool {
    let of_clients = [
        "SignUp",
        "ConfirmSignUp",
        "ResendConfirmationCode",
        "InitiateAuth",
        "RespondToAuthChallenge",
        "AdminInitiateAuth",
        "AdminRespondToAuthChallenge",
        "ForgotPassword",
        "ConfirmForgotPassword",
        "GetTokensFromRefreshToken",
        "RevokeToken",
    ];
    of_clients.contains(&operation)
}
