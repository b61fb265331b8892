//! The functions behind the endpoint of `--url`.

use std::time::Duration;

use bytes::Bytes;
use cognito_triggers::model::arn::FunctionArn;
use cognito_triggers_pool::{Functions, Invoked, LambdaError};
use cognito_triggers_targets::{BoxFuture, HttpTarget, Invocation, Target};

/// An endpoint that speaks Lambda's Invoke API.
///
/// A URL with a path stands for every function. Without one, each function is invoked by the name in its ARN, or by the whole text that
/// the pool has in its place if that is no ARN.
///
/// An endpoint that can't be reached, or doesn't answer within the limit of a trigger, is a failure of the function as on AWS: the pool
/// answers its client with an error, and goes on. Its log isn't known here.
pub(super) struct Endpoint(pub(super) HttpTarget);

impl Functions for Endpoint {
    fn invoke<'a>(
        &'a self,
        arn: &'a str,
        event: Bytes,
        limit: Duration,
    ) -> BoxFuture<'a, Result<Bytes, LambdaError>> {
        Box::pin(async move { self.invoke_with_log(arn, event, limit).await.result })
    }

    fn invoke_with_log<'a>(&'a self, arn: &'a str, event: Bytes, limit: Duration) -> BoxFuture<'a, Invoked> {
        let name = FunctionArn::parse(arn).map_or(arn, |arn| arn.name);
        let target = self.0.clone().function(name);
        Box::pin(async move {
            let invocation = Invocation {
                event,
                timeout: limit,
            };
            Invoked::of_reply(target.invoke(invocation).await).await
        })
    }
}
