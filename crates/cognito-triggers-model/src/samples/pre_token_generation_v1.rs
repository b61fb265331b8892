//! Samples of the route `pre_token_generation_v1`.

use crate::samples::{
    links,
    sample::{Sample, table},
};

pub(super) static SAMPLES: &[Sample] = table! { PreTokenGenerationV1 "pre_token_generation_v1":
    TokenGeneration_HostedAuth "hosted-auth", Inferred, links::TOKENS,
        "Managed login has its own source, for users of the pool and for federated users.";
    TokenGeneration_HostedAuth "hosted-auth" / "federated", Inferred, links::JAVA_GROUPS,
        "A federated user is in a group named for the pool and the provider, and has `identities`.";
    TokenGeneration_Authentication "authentication", Captured, links::NULL_CLAIMS,
        "Without groups both lists are empty and `preferredRole` is null; `claimsOverrideDetails` is null.";
    TokenGeneration_Authentication "authentication" / "groups", Documented, links::TOKENS,
        "`groupsToOverride` lists the user's groups, and `iamRolesToOverride` their roles.";
    TokenGeneration_Authentication "authentication" / "groups-without-roles", Captured, links::JAVA_GROUPS,
        "Groups don't need roles: without them, `iamRolesToOverride` is empty and `preferredRole` null.";
    TokenGeneration_Authentication "authentication" / "client-metadata", Documented, links::TOKENS,
        "`clientMetadata` comes from RespondToAuthChallenge, never from InitiateAuth.";
    TokenGeneration_Authentication "authentication" / "token-nbf", Captured, links::TOKENS,
        "`cognito:token_nbf` is the time at which the user's earlier tokens were revoked.";
    TokenGeneration_Authentication "authentication" / "default-value", Captured, links::TOKENS,
        "A required attribute that wasn't supplied holds the string cognito:default_val.";
    TokenGeneration_Authentication "authentication" / "force-change-password", Captured, links::TOKENS,
        "The trigger also runs for an invited user who still has to change the password.";
    TokenGeneration_Authentication "authentication" / "group-configuration-null", Inferred, links::RUST_GROUPS,
        "The whole `groupConfiguration` may be null, as it was seen in version 2.";
    TokenGeneration_NewPasswordChallenge "new-password-challenge", Inferred, links::TOKENS,
        "After the temporary password was changed the tokens have their own source.";
    TokenGeneration_AuthenticateDevice "authenticate-device", Inferred, links::TOKENS,
        "The end of a device's authentication has its own source.";
    TokenGeneration_RefreshTokens "refresh-tokens", Inferred, links::ROUTER_RUNS,
        "A refresh runs only this trigger, and neither authentication trigger.";
    TokenGeneration_RefreshTokens "refresh-tokens" / "client-metadata", Documented, links::GET_TOKENS,
        "`clientMetadata` of GetTokensFromRefreshToken arrives as a map of strings.";
};
