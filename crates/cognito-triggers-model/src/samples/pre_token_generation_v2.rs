//! Samples of the route `pre_token_generation_v2`.

use crate::samples::{
    links,
    sample::{Sample, table},
};

pub(super) static SAMPLES: &[Sample] = table! { PreTokenGenerationV2 "pre_token_generation_v2":
    TokenGeneration_HostedAuth "hosted-auth", Documented, links::TOKENS,
        "`scopes` are those that the app asked for.";
    TokenGeneration_HostedAuth "hosted-auth" / "federated", Inferred, links::TOKENS,
        "A federated user is in a group named for the pool and the provider, and has `identities`.";
    TokenGeneration_HostedAuth "hosted-auth" / "custom-scopes", Inferred, links::TOKENS,
        "A scope of a resource server is the server's identifier, a slash and the scope's name.";
    TokenGeneration_Authentication "authentication", Captured, links::TOKENS,
        "`version` is \"2\", and a sign-in through the API has the one scope aws.cognito.signin.user.admin.";
    TokenGeneration_Authentication "authentication" / "group-configuration-null", Captured, links::RUST_GROUPS,
        "For some pools the whole `groupConfiguration` is null.";
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
};
