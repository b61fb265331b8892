//! Samples of the route `pre_token_generation_v3`.

use crate::samples::{
    links,
    sample::{Sample, table},
};

pub(super) static SAMPLES: &[Sample] = table! { PreTokenGenerationV3 "pre_token_generation_v3":
    TokenGeneration_HostedAuth "hosted-auth", Captured, links::TOKENS,
        "Version 3 also runs for users, with the same event as version 2 except for its `version`.";
    TokenGeneration_HostedAuth "hosted-auth" / "federated", Inferred, links::TOKENS,
        "A federated user is in a group named for the pool and the provider, and has `identities`.";
    TokenGeneration_Authentication "authentication", Documented, links::TOKENS,
        "The answer's one field, `claimsAndScopeOverrideDetails`, is null as in version 2.";
    TokenGeneration_Authentication "authentication" / "groups", Documented, links::TOKENS,
        "`groupConfiguration` has the same shape as in version 1.";
    TokenGeneration_Authentication "authentication" / "client-metadata", Documented, links::TOKENS,
        "`clientMetadata` comes from RespondToAuthChallenge, never from InitiateAuth.";
    TokenGeneration_NewPasswordChallenge "new-password-challenge", Inferred, links::TOKENS,
        "After the temporary password was changed the tokens have their own source.";
    TokenGeneration_AuthenticateDevice "authenticate-device", Inferred, links::TOKENS,
        "The end of a device's authentication has its own source.";
    TokenGeneration_RefreshTokens "refresh-tokens", Inferred, links::TOKENS,
        "A refresh asks again, so claims can change without a new sign-in.";
    TokenGeneration_RefreshTokens "refresh-tokens" / "client-metadata", Documented, links::GET_TOKENS,
        "`clientMetadata` of GetTokensFromRefreshToken arrives as a map of strings.";
    TokenGeneration_ClientCredentials "client-credentials", Documented, links::TOKEN_ENDPOINT,
        "A machine's token has the user name ClientCredentials, no attributes and a null `groupConfiguration`.";
    TokenGeneration_ClientCredentials "client-credentials" / "without-user-name", Inferred, links::POWERTOOLS_PARSER,
        "AWS's own types call `userName` optional, since a machine isn't a user.";
    TokenGeneration_ClientCredentials "client-credentials" / "without-client-metadata", Inferred,
        links::TOKEN_ENDPOINT,
        "`clientMetadata` is what the request's `aws_client_metadata` held, and absent without it.";
};
