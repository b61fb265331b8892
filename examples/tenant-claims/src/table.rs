//! The tenants in a table of Amazon DynamoDB.

use std::{collections::HashMap, sync::OnceLock, time::Duration};

use aws_sdk_dynamodb::{
    Client, Config,
    config::{BehaviorVersion, Credentials, Region, retry::RetryConfig, timeout::TimeoutConfig},
    error::ProvideErrorMetadata as _,
    types::AttributeValue,
};
use cognito_triggers::Result;

use crate::directory::{Directory, Finding, Tenant};

/// The time for one request. A second one is made within the time of the look-up.
const ATTEMPT: Duration = Duration::from_millis(600);

/// A table with the string key `id`, and the attributes `tenant`, `plan` and `scopes`.
pub(crate) struct Table {
    name: String,
    config: Config,
    client: OnceLock<Client>,
}

impl Table {
    /// Reads what Lambda puts into the environment of every function. `AWS_ENDPOINT_URL_DYNAMODB` overrides the endpoint.
    ///
    /// # Errors
    /// Fails if the region or the credentials are missing.
    pub(crate) fn new(name: String, variable: impl Fn(&str) -> Option<String>) -> Result<Self, String> {
        let required = |name: &str| variable(name).ok_or_else(|| format!("{name} isn't set"));
        let region = Region::new(required("AWS_REGION")?);
        let credentials = Credentials::new(
            required("AWS_ACCESS_KEY_ID")?,
            required("AWS_SECRET_ACCESS_KEY")?,
            variable("AWS_SESSION_TOKEN"),
            None,
            "environment",
        );
        let timeouts = TimeoutConfig::builder()
            .operation_attempt_timeout(ATTEMPT)
            .build();
        let mut config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(region)
            .credentials_provider(credentials)
            .timeout_config(timeouts)
            // Reading twice does no harm, and one lost packet then fails no sign-in.
            .retry_config(RetryConfig::standard().with_max_attempts(2));
        config
            .set_endpoint_url(variable("AWS_ENDPOINT_URL_DYNAMODB").or_else(|| variable("AWS_ENDPOINT_URL")));
        Ok(Self {
            name,
            config: config.build(),
            client: OnceLock::new(),
        })
    }

    async fn get(&self, id: &str) -> Result<Option<Tenant>> {
        let client = self.client.get_or_init(|| Client::from_conf(self.config.clone()));
        let output = client
            .get_item()
            .table_name(&self.name)
            .key("id", AttributeValue::S(id.to_owned()))
            .send()
            .await;
        let output = output.map_err(|error| {
            let code = error.code().unwrap_or("no answer that says why");
            format!("the table {} can't be read: {code}", self.name)
        })?;
        output.item.map(tenant).transpose()
    }
}

impl Directory for Table {
    fn find<'a>(&'a self, id: &'a str) -> Finding<'a> {
        Box::pin(self.get(id))
    }
}

/// Reads an item. One of another shape is an error: to read it as an item without scopes would change what a token may do.
fn tenant(mut item: HashMap<String, AttributeValue>) -> Result<Tenant> {
    let string = |value: Option<AttributeValue>, name| match value {
        None => Ok(None),
        Some(AttributeValue::S(text)) => Ok(Some(text)),
        Some(_) => Err(format!("the attribute {name} of an item isn't a string")),
    };
    let scopes = match item.remove("scopes") {
        None => Vec::new(),
        Some(AttributeValue::Ss(mut scopes)) => {
            // A set has no order, and tokens that differ from call to call are hard to compare.
            scopes.sort();
            scopes
        }
        Some(_) => return Err("the attribute scopes of an item isn't a set of strings".into()),
    };
    Tenant {
        tenant: string(item.remove("tenant"), "tenant")?.ok_or("an item has no attribute tenant")?,
        plan: string(item.remove("plan"), "plan")?,
        scopes,
    }
    .checked()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> AttributeValue {
        AttributeValue::S(text.to_owned())
    }

    fn item<const N: usize>(attributes: [(&str, AttributeValue); N]) -> HashMap<String, AttributeValue> {
        let attributes = attributes.into_iter();
        attributes.map(|(name, value)| (name.to_owned(), value)).collect()
    }

    #[test]
    fn an_item_is_read_as_a_whole_or_not_at_all() {
        let scopes = AttributeValue::Ss(vec!["orders/write".to_owned(), "orders/read".to_owned()]);
        let whole = item([
            ("id", text("user#1")),
            ("tenant", text("acme")),
            ("plan", text("pro")),
            ("scopes", scopes),
        ]);
        let whole = tenant(whole).unwrap();
        assert_eq!(
            (whole.tenant.as_str(), whole.plan.as_deref()),
            ("acme", Some("pro"))
        );
        assert_eq!(whole.scopes, ["orders/read", "orders/write"]);

        for (broken, problem) in [
            (item([("plan", text("pro"))]), "no attribute tenant"),
            (item([("tenant", text(""))]), "empty tenant"),
            (item([("tenant", AttributeValue::Bool(true))]), "isn't a string"),
            (
                item([("tenant", text("acme")), ("scopes", text("orders/read"))]),
                "isn't a set of strings",
            ),
        ] {
            let error = tenant(broken).unwrap_err().to_string();
            assert!(error.contains(problem), "{error}");
        }
    }
}
