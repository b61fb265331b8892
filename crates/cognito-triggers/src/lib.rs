//! Lambda triggers of Amazon Cognito user pools.

#[cfg(feature = "testing")]
pub mod testing;
