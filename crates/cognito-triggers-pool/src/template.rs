//! User pools of a CloudFormation or SAM template.

mod ids;
mod parts;

use std::fmt;
use std::io;
use std::path::Path;

use cognito_triggers_loopback::seal::KEY_ARN;
use cognito_triggers_wiring::{Deployment, PoolResource, ReadError, Source, UNKNOWN, Wiring};
use serde_json::{Map, Value, json};

use crate::source::ResourceKind;

/// The values that a template gets only at deployment, such as those of `AWS::Region`.
const DEPLOYMENT: Deployment<'_> = Deployment {
    region: "us-east-1",
    account: "123456789012",
    stack: "local",
    kms_key: KEY_ARN,
};

/// Properties of `AWS::Cognito::UserPool` that CloudFormation sets with SetUserPoolMfaConfig, and their names in its
/// `WebAuthnConfiguration`.
const PASSKEYS: [(&str, &str); 3] = [
    ("WebAuthnFactorConfiguration", "FactorConfiguration"),
    ("WebAuthnRelyingPartyID", "RelyingPartyId"),
    ("WebAuthnUserVerification", "UserVerification"),
];

/// The user pools of a template and what they have, as [`Builder`](crate::Builder) takes them.
///
/// [`Builder::template`](crate::Builder::template) reads a template and adds its contents. Use this type to inspect them
/// first.
///
/// Pools and clients get ids that are derived from their logical ids, so they stay the same in every run. The name of a
/// function is its `FunctionName` if that is a plain string, otherwise its logical id:
/// `arn:aws:lambda:us-east-1:123456789012:function:SignUp`.
///
/// ```
/// use cognito_triggers_pool::PoolTemplate;
///
/// let text = "Resources:\n  People:\n    Type: AWS::Cognito::UserPool\n    Properties: {UserPoolName: !Ref Name}\n\
///             Parameters:\n  Name: {Type: String}\n";
/// let template = PoolTemplate::read("template.yaml", text)?;
/// assert_eq!(template.pools[0]["Id"], "us-east-1_2T3tGVUgv");
/// assert_eq!(
///     template.left_out,
///     ["template.yaml:4:18: the setting depends on parameter `Name`, whose value isn't known here; it is left out"]
/// );
/// # Ok::<(), cognito_triggers_pool::TemplateError>(())
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct PoolTemplate {
    /// Settings as CreateUserPool takes them, with an `Id`, and the second factors as SetUserPoolMfaConfig takes them.
    pub pools: Vec<Value>,
    /// The id of the pool, and settings as CreateUserPoolClient takes them, with a `ClientId`.
    pub clients: Vec<(String, Value)>,
    /// The id of the pool, and a domain, group, identity provider or resource server as the operation that creates it takes it.
    pub resources: Vec<(String, ResourceKind, Value)>,
    /// The settings of the template that were left out and why, one sentence for each.
    pub left_out: Vec<String>,
}

impl PoolTemplate {
    /// Parses a template in YAML or JSON. `label` names it in messages, such as the path of its file.
    ///
    /// # Errors
    /// Fails if it can't be parsed or has no user pool.
    pub fn read(label: impl Into<String>, text: impl Into<String>) -> Result<Self, TemplateError> {
        Self::of_source(Source::new(label, text))
    }

    /// Reads a template from a file.
    ///
    /// # Errors
    /// Fails if the file can't be read, or the template can't be parsed or has no user pool.
    pub(crate) fn read_file(path: &Path) -> Result<Self, TemplateError> {
        let label = path.display().to_string();
        let bytes =
            std::fs::read(path).map_err(|error| TemplateError(Problem::File(label.clone(), error)))?;
        Self::of_source(Source::from_bytes(label, bytes)?)
    }

    fn of_source(source: Source) -> Result<Self, TemplateError> {
        let label = source.label().to_owned();
        let pools = Wiring::read([source])?.pool_resources(DEPLOYMENT)?;
        if pools.is_empty() {
            return Err(TemplateError(Problem::NoPool(label)));
        }
        let mut template = Self::default();
        pools.into_iter().for_each(|pool| template.add(pool));
        Ok(template)
    }

    /// Adds a pool and what it has, without settings whose value is known only at deployment or that aren't simulated.
    fn add(&mut self, pool: PoolResource) {
        self.left_out.extend(pool.unresolved.iter().map(|setting| {
            let instead = if setting.has_placeholder {
                format!("`{UNKNOWN}` stands for it")
            } else {
                "it is left out".to_owned()
            };
            format!(
                "{}: the setting depends on {}, whose value isn't known here; {instead}",
                setting.location, setting.provided_by
            )
        }));
        let id = ids::pool_id(DEPLOYMENT.region, &pool.logical_id);
        let mut settings = pool.settings;
        choose_factors(&mut settings);
        let passkeys: Map<_, _> = PASSKEYS
            .into_iter()
            .filter_map(|(property, member)| Some((member.to_owned(), settings.remove(property)?)))
            .collect();
        if !passkeys.is_empty() {
            settings.insert("WebAuthnConfiguration".to_owned(), Value::Object(passkeys));
        }
        settings.insert("Id".to_owned(), json!(id));
        for client in pool.clients {
            let mut settings = client.settings;
            settings
                .entry("ClientName")
                .or_insert_with(|| json!(client.logical_id));
            let client_id = ids::client_id(&pool.logical_id, &client.logical_id);
            settings.insert("ClientId".to_owned(), json!(client_id));
            self.clients.push((id.clone(), Value::Object(settings)));
        }
        for part in pool.parts {
            match parts::resource(part) {
                Ok((kind, settings)) => self.resources.push((id.clone(), kind, settings)),
                Err(sentence) => self.left_out.push(sentence),
            }
        }
        self.pools.push(Value::Object(settings));
    }
}

/// Replaces `EnabledMfas` and the text of emails at sign-in by the members of SetUserPoolMfaConfig, with which CloudFormation sets
/// them. Without MFA they have no effect.
fn choose_factors(settings: &mut Map<String, Value>) {
    let enabled = settings.remove("EnabledMfas");
    let mut texts = Map::new();
    for (property, member) in [
        ("EmailAuthenticationMessage", "Message"),
        ("EmailAuthenticationSubject", "Subject"),
    ] {
        texts.extend(settings.remove(property).map(|text| (member.to_owned(), text)));
    }
    let off = json!("OFF");
    if *settings.get("MfaConfiguration").unwrap_or(&off) == off {
        return;
    }
    let enabled = enabled.as_ref().and_then(Value::as_array);
    for factor in enabled.into_iter().flatten().filter_map(Value::as_str) {
        let (member, value) = match factor {
            "SMS_MFA" => ("SmsMfaConfiguration", json!({})),
            "SOFTWARE_TOKEN_MFA" => ("SoftwareTokenMfaConfiguration", json!({ "Enabled": true })),
            "EMAIL_OTP" => ("EmailMfaConfiguration", Value::Object(texts.clone())),
            _ => continue,
        };
        settings.insert(member.to_owned(), value);
    }
}

/// The error for a template that can't be used.
///
/// `Display` prints the file, the location if there is one, and what is wrong.
#[derive(Debug)]
pub struct TemplateError(Problem);

#[derive(Debug)]
enum Problem {
    /// The file can't be read.
    File(String, io::Error),
    /// The file isn't a template.
    Template(ReadError),
    /// The template has no user pool.
    NoPool(String),
}

impl TemplateError {
    /// Whether the template has no user pool.
    ///
    /// ```
    /// use cognito_triggers_pool::PoolTemplate;
    ///
    /// let template = "Resources: {Jobs: {Type: 'AWS::SQS::Queue'}}";
    /// let error = PoolTemplate::read("queue.yaml", template).err().ok_or("this template has a pool")?;
    /// assert!(error.has_no_pool());
    /// # Ok::<_, &str>(())
    /// ```
    #[must_use]
    pub fn has_no_pool(&self) -> bool {
        matches!(self.0, Problem::NoPool(_))
    }
}

impl From<ReadError> for TemplateError {
    fn from(error: ReadError) -> Self {
        Self(Problem::Template(error))
    }
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Problem::File(label, error) => write!(f, "{label}: {error}"),
            Problem::Template(error) => error.fmt(f),
            Problem::NoPool(label) => write!(
                f,
                "{label}: no AWS::Cognito::UserPool; give a template that creates one"
            ),
        }
    }
}

impl std::error::Error for TemplateError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0 {
            Problem::File(_, error) => Some(error),
            Problem::Template(_) | Problem::NoPool(_) => None,
        }
    }
}
