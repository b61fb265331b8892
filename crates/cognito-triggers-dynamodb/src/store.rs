//! The store: one conditional write for each step.

use std::{env, fmt, sync::OnceLock};

use aws_sdk_dynamodb::{
    Client,
    types::{AttributeValue, ReturnValuesOnConditionCheckFailure},
};
use cognito_triggers::once::{
    Claim, Claimed, Finish, Record, RecordState, Release, Store, StoreError, StoreErrorKind,
};

use crate::{
    item::{self, DONE, EXPIRES, ID, IN_PROGRESS, LEASE, STATE, TOKEN},
    sdk_error::to_store_error,
    settings,
};

/// The variable that [`DynamoStore::from_env`] reads.
pub const TABLE_VARIABLE: &str = "COGNITO_ONCE_TABLE";

/// Remembers side effects in a table of Amazon DynamoDB, which all instances of a function share.
///
/// Each step is one conditional write, so of two calls at the same time one sees what the other did. It makes no retry
/// itself: [`Once`](cognito_triggers::once::Once) repeats a step after a transient error, within the time of the call.
pub struct DynamoStore {
    table: String,
    client: OnceLock<Client>,
}

impl DynamoStore {
    /// Uses this client and this table.
    ///
    /// Disable the retries of the client: `Once` has its own, and they know how much time is left.
    ///
    /// ```
    /// use aws_sdk_dynamodb::config::{BehaviorVersion, Region, retry::RetryConfig};
    /// use cognito_triggers_dynamodb::DynamoStore;
    ///
    /// let config = aws_sdk_dynamodb::Config::builder()
    ///     .behavior_version(BehaviorVersion::latest())
    ///     .region(Region::new("eu-central-1"))
    ///     .retry_config(RetryConfig::disabled())
    ///     .build();
    /// let store = DynamoStore::new(aws_sdk_dynamodb::Client::from_conf(config), "once");
    /// ```
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self {
            table: table.into(),
            client: OnceLock::from(client),
        }
    }

    /// Uses the table in the environment variable `COGNITO_ONCE_TABLE`, with the region and the credentials that Lambda puts
    /// into the environment.
    ///
    /// The client is created at the first call, so that a function that needs no side effect doesn't pay for it.
    /// `AWS_ENDPOINT_URL_DYNAMODB`, or else `AWS_ENDPOINT_URL`, overrides the endpoint.
    ///
    /// # Errors
    /// Fails if the variable isn't set.
    pub fn from_env() -> Result<Self, StoreError> {
        let table = env::var(TABLE_VARIABLE).ok().filter(|name| !name.is_empty());
        let table = table.ok_or_else(|| {
            let message = format!("{TABLE_VARIABLE} isn't set: set it to the name of the table");
            StoreError::new(StoreErrorKind::Missing, message)
        })?;
        Ok(Self {
            table,
            client: OnceLock::new(),
        })
    }

    fn client(&self) -> Result<&Client, StoreError> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let config = settings::config(|name| env::var(name).ok())?;
        Ok(self.client.get_or_init(|| Client::from_conf(config)))
    }

    /// What the table has for a key, read consistently. Only for endpoints whose refusals don't say it.
    async fn read(&self, key: &str) -> Result<Option<Record>, StoreError> {
        let output = self
            .client()?
            .get_item()
            .table_name(&self.table)
            .key(ID, AttributeValue::S(key.to_owned()))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| to_store_error(&self.table, &error))?;
        output.item.as_ref().map(item::to_record).transpose()
    }
}

impl Store for DynamoStore {
    async fn claim(&self, claim: &Claim<'_>) -> Result<Claimed, StoreError> {
        let free =
            "attribute_not_exists(#id) OR #expires <= :now OR (#state = :progress AND #token = :token)";
        let mut put = self.client()?.put_item();
        if claim.take_over {
            put = put
                .condition_expression(format!("{free} OR (#state = :progress AND #lease <= :now)"))
                .expression_attribute_names("#lease", LEASE);
        } else {
            put = put.condition_expression(free);
        }
        let put = put
            .table_name(&self.table)
            .set_item(Some(item::from_record(claim.key, &claim.record())))
            .expression_attribute_names("#id", ID)
            .expression_attribute_names("#expires", EXPIRES)
            .expression_attribute_names("#state", STATE)
            .expression_attribute_names("#token", TOKEN)
            .expression_attribute_values(":now", item::milliseconds(claim.now))
            .expression_attribute_values(":progress", AttributeValue::S(IN_PROGRESS.to_owned()))
            .expression_attribute_values(":token", AttributeValue::S(claim.token.to_string()))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let error = match put.send().await {
            Ok(_) => return Ok(Claimed::Taken),
            Err(error) => error,
        };
        let refusal = error
            .as_service_error()
            .filter(|error| error.is_conditional_check_failed_exception());
        if refusal.is_none() {
            return Err(to_store_error(&self.table, &error));
        }
        let there = match refusal {
            Some(aws_sdk_dynamodb::operation::put_item::PutItemError::ConditionalCheckFailedException(
                refusal,
            )) => refusal.item(),
            _ => None,
        };
        let record = match there {
            Some(item) => Some(item::to_record(item)?),
            None => self.read(claim.key).await?,
        };
        Ok(match record.map(|record| record.state) {
            Some(RecordState::Done { answer }) => Claimed::Done { answer },
            Some(RecordState::InProgress { lease_until }) => Claimed::Busy { lease_until },
            // Released between the write and the read. The next claim gets it.
            None => Claimed::Busy {
                lease_until: claim.lease_until,
            },
        })
    }

    async fn finish(&self, finish: &Finish<'_>) -> Result<bool, StoreError> {
        let record = Record {
            token: finish.token,
            expires: finish.expires,
            state: RecordState::Done {
                answer: finish.answer.cloned(),
            },
        };
        let put = self
            .client()?
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item::from_record(finish.key, &record)))
            .condition_expression("#token = :token")
            .expression_attribute_names("#token", TOKEN)
            .expression_attribute_values(":token", AttributeValue::S(finish.token.to_string()));
        match put.send().await {
            Ok(_) => Ok(true),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(|error| error.is_conditional_check_failed_exception()) =>
            {
                Ok(false)
            }
            Err(error) => Err(to_store_error(&self.table, &error)),
        }
    }

    async fn release(&self, release: &Release<'_>) -> Result<bool, StoreError> {
        let delete = self
            .client()?
            .delete_item()
            .table_name(&self.table)
            .key(ID, AttributeValue::S(release.key.to_owned()))
            .condition_expression("#token = :token AND #state <> :done")
            .expression_attribute_names("#token", TOKEN)
            .expression_attribute_names("#state", STATE)
            .expression_attribute_values(":token", AttributeValue::S(release.token.to_string()))
            .expression_attribute_values(":done", AttributeValue::S(DONE.to_owned()));
        match delete.send().await {
            Ok(_) => Ok(true),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(|error| error.is_conditional_check_failed_exception()) =>
            {
                Ok(false)
            }
            Err(error) => Err(to_store_error(&self.table, &error)),
        }
    }
}

impl fmt::Debug for DynamoStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DynamoStore")
            .field("table", &self.table)
            .finish_non_exhaustive()
    }
}
