//! Lambda triggers of Amazon Cognito user pools.
