//! What AWS publishes, and where. `docs/scale.md` has the links and the date on which they were read.

use std::time::Duration;

/// How long Cognito waits for a trigger.
pub const COGNITO_TIMEOUT: Duration = Duration::from_secs(5);

/// How often Cognito called at most, where it was seen. AWS promises no number.
pub const COGNITO_CALLS: u32 = 3;

/// Requests in a second of the category `UserAuthentication`, all user pools of an account in a region together.
pub const USER_AUTHENTICATION: u32 = 120;

/// How many `RespondToAuthChallenge` go for each request of the category before they count in it, too.
pub const RESPONSES_FOR_EACH: u32 = 3;

/// Environments that an account has at a time in a region, by default.
pub const LAMBDA_CONCURRENCY: usize = 1000;

/// Environments that a function gets at once.
pub const LAMBDA_BURST: f64 = 1000.0;

/// Environments that a function gets in a second after that: 1,000 in ten seconds.
pub const LAMBDA_GROWTH: f64 = 100.0;

/// Synchronous calls in a second for each unit of concurrency.
pub const LAMBDA_CALLS_PER_UNIT: f64 = 10.0;

/// Write units that one partition of DynamoDB takes in a second.
pub const DYNAMODB_WRITES: u32 = 1000;

/// Write units in a second of an on-demand table, by default.
pub const DYNAMODB_TABLE_WRITES: u32 = 40_000;

/// Symmetric cryptographic operations of KMS in a second, in most regions.
pub const KMS_OPERATIONS: u32 = 10_000;
