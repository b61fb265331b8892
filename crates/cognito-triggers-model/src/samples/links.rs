//! The sources of the facts, each address once. A captured event that has no address of its own links to the page of
//! its trigger.

/// The address of a page of the Amazon Cognito developer guide.
macro_rules! guide {
    ($page:literal) => {
        concat!(
            "https://docs.aws.amazon.com/cognito/latest/developerguide/",
            $page,
            ".html"
        )
    };
}

// Pages of AWS.
pub(super) const TRIGGERS: &str = guide!("cognito-user-pools-working-with-lambda-triggers");
pub(super) const PRE_SIGN_UP: &str = guide!("user-pool-lambda-pre-sign-up");
pub(super) const CUSTOM_MESSAGE: &str = guide!("user-pool-lambda-custom-message");
pub(super) const POST_CONFIRMATION: &str = guide!("user-pool-lambda-post-confirmation");
pub(super) const PRE_AUTHENTICATION: &str = guide!("user-pool-lambda-pre-authentication");
pub(super) const POST_AUTHENTICATION: &str = guide!("user-pool-lambda-post-authentication");
pub(super) const DEFINE: &str = guide!("user-pool-lambda-define-auth-challenge");
pub(super) const CREATE: &str = guide!("user-pool-lambda-create-auth-challenge");
pub(super) const VERIFY: &str = guide!("user-pool-lambda-verify-auth-challenge-response");
pub(super) const TOKENS: &str = guide!("user-pool-lambda-pre-token-generation");
pub(super) const TOKEN_ENDPOINT: &str = guide!("token-endpoint");
pub(super) const MIGRATION: &str = guide!("user-pool-lambda-migrate-user");
pub(super) const SMS_SENDER: &str = guide!("user-pool-lambda-custom-sms-sender");
pub(super) const EMAIL_SENDER: &str = guide!("user-pool-lambda-custom-email-sender");
pub(super) const INBOUND: &str = guide!("user-pool-lambda-inbound-federation");
pub(super) const FEDERATED_SIGN_IN: &str = guide!("cognito-user-pools-identity-federation");
pub(super) const GET_TOKENS: &str = "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetTokensFromRefreshToken.html";

// AWS's libraries that contain events, and issues reported to them.
pub(super) const GO_SAML: &str = "https://github.com/aws/aws-lambda-go/blob/main/events/testdata/cognito-event-userpools-inbound-federation-saml.json";
pub(super) const POWERTOOLS_SMS: &str = "https://github.com/aws-powertools/powertools-lambda-python/blob/develop/tests/events/cognitoCustomSMSSenderEvent.json";
pub(super) const POWERTOOLS_PARSER: &str =
    "https://github.com/aws-powertools/powertools-lambda-typescript/pull/3729";
pub(super) const POWERTOOLS_VALIDATION: &str =
    "https://github.com/aws-powertools/powertools-lambda-typescript/issues/5249";
pub(super) const GO_CONFIRMATION: &str = "https://github.com/aws/aws-lambda-go/issues/255";
pub(super) const JAVA_GROUPS: &str = "https://github.com/aws/aws-lambda-java-libs/issues/433";
pub(super) const RUST_CHALLENGES: &str = "https://github.com/aws/aws-lambda-rust-runtime/issues/718";
pub(super) const RUST_VERIFY: &str = "https://github.com/aws/aws-lambda-rust-runtime/issues/825";
pub(super) const RUST_GROUPS: &str = "https://github.com/aws/aws-lambda-rust-runtime/issues/1129";
pub(super) const DOTNET_DEFINE: &str = "https://github.com/aws/aws-lambda-dotnet/issues/1644";
pub(super) const SENDER_CODE: &str = "https://github.com/awslabs/aws-sdk-rust/issues/1250";

// Events that others received and published.
pub(super) const LOCALSTACK_SIGN_UP: &str = "https://github.com/localstack/localstack/issues/9349";
pub(super) const LOCALSTACK_CREATE: &str = "https://github.com/localstack/localstack/issues/11687";
pub(super) const TYPES_MESSAGE: &str = "https://github.com/DefinitelyTyped/DefinitelyTyped/pull/62357";
pub(super) const TYPES_SENDER: &str = "https://github.com/DefinitelyTyped/DefinitelyTyped/pull/52111";
pub(super) const NULL_CLAIMS: &str = "https://github.com/calavera/aws-lambda-events/pull/105";
pub(super) const USER_NOT_FOUND: &str = "https://github.com/calavera/aws-lambda-events/issues/156";
pub(super) const RETRY: &str = "https://github.com/aws-amplify/amplify-js/issues/5834";
pub(super) const ROUTER_RUNS: &str = "https://github.com/pyepye/lambda-event-router";
pub(super) const OBSERVED_FLOWS: &str = "https://github.com/rambow-cloud/powertools-lambda-go";
pub(super) const EMPTY_VALIDATION: &str = "https://qiita.com/quryu/items/fea4fa0998fa9810e4bf";
pub(super) const FEDERATION_LOG: &str =
    "https://log.noid11.com/posts/cognito-user-pool-lambda-trigger-behavior-at-federation/";
pub(super) const INBOUND_LOG: &str = "https://blog.serverworks.co.jp/inbound_federation_trigger";
