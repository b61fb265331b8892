//! Writes what a binary needs: a template, a `LambdaConfig`, or a complete input of `update-user-pool`.
//!
//! Nothing here calls AWS or writes files: the result is text or JSON, for a person or a command to use. A result that the
//! check would report as an error is refused.
//!
//! | function | for |
//! |---|---|
//! | [`sam`] | AWS SAM and CloudFormation |
//! | [`terraform`] | Terraform, with the AWS provider |
//! | [`cdk`] | the AWS CDK, in TypeScript |
//! | [`lambda_config`] | the option `--lambda-config` of the AWS CLI |
//! | [`update_user_pool`] | `aws cognito-idp update-user-pool --cli-input-json` |

mod cdk;
mod error;
mod hooks;
mod lambda_config;
mod refusal;
mod sam;
mod settings;
mod terraform;
mod update_user_pool;

pub use cdk::cdk;
pub use error::WireError;
pub use lambda_config::{Arns, lambda_config};
pub use sam::sam;
pub use settings::{READ_ONLY, SETTABLE};
pub use terraform::terraform;
pub use update_user_pool::{Change, LeftOut, Update, update_user_pool};
