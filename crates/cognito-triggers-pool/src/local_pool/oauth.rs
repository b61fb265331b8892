//! What needs a browser or the token endpoint on AWS, as calls: a sign-in through an identity provider, and a token for a machine.
//!
//! Both do what the endpoints do, with the same triggers and the same state, and are reported under the same names.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::LocalPool;
use crate::auth::{hosted, machine};
use crate::call::{Call, ClientAndPool};
use crate::calls::trace;
use crate::error::ApiError;
use crate::federation::{self, Assertion};
use crate::oauth::client_credentials;
use crate::operations::end;
use crate::state::{Authorization, Granted};

/// The names under which the calls are reported: those of the endpoints.
const FEDERATION: &str = "OAuth /oauth2/idpresponse";
const TOKEN: &str = "OAuth /oauth2/token";

impl LocalPool {
    /// Signs in a user for whom an identity provider vouches, without a browser.
    ///
    /// `provider` is a provider of the pool that the app client supports; it isn't called. `subject` is its own id of the user, and
    /// `attributes` is a JSON object with what it says about the user, under its own names. The client must allow the grant
    /// `code` or `implicit`; the tokens have all its scopes. The answer has the tokens as that of InitiateAuth has them.
    ///
    /// The triggers are those of such a sign-in in a browser: `InboundFederation_ExternalProvider`, those of the first or a later sign-in,
    /// and `TokenGeneration_HostedAuth`.
    ///
    /// ```
    /// # use cognito_triggers_pool::LocalPool;
    /// # use serde_json::json;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let pool = LocalPool::builder()
    ///     .client_setting("AllowedOAuthFlowsUserPoolClient", json!(true))
    ///     .client_setting("AllowedOAuthFlows", json!(["code"]))
    ///     .client_setting("AllowedOAuthScopes", json!(["openid"]))
    ///     .client_setting("CallbackURLs", json!(["https://app.example.com/"]))
    ///     .client_setting("SupportedIdentityProviders", json!(["Google"]))
    ///     .start()
    ///     .await?;
    /// pool.call("CreateIdentityProvider", json!({
    ///     "UserPoolId": "us-east-1_localpool", "ProviderName": "Google", "ProviderType": "Google",
    ///     "ProviderDetails": { "client_id": "app", "client_secret": "secret", "authorize_scopes": "email" },
    ///     "AttributeMapping": { "email": "email" },
    /// }))
    /// .await?;
    /// let said = json!({ "email": "ana@example.com" });
    /// let answer = pool.sign_in_with_provider("localclient", "Google", "1155501230", said).await?;
    /// assert_eq!(answer["AuthenticationResult"]["TokenType"], "Bearer");
    ///
    /// let user = json!({ "UserPoolId": "us-east-1_localpool", "Username": "Google_1155501230" });
    /// assert_eq!(pool.call("AdminGetUser", user).await?["UserStatus"], "EXTERNAL_PROVIDER");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Fails with the exception of a failing trigger, which an app gets as `error_description` of `invalid_request`; with
    /// `InvalidParameterException` for a provider that the client doesn't support, and for a user who can't be stored; and with
    /// the OAuth error `unauthorized_client` for a client without these grants.
    pub async fn sign_in_with_provider(
        &self,
        client_id: &str,
        provider: &str,
        subject: &str,
        attributes: Value,
    ) -> Result<Value, ApiError> {
        let service = self.current.get();
        let input = json!({ "ClientId": client_id, "AuthParameters": {} });
        let draft = service.begin(FEDERATION, &input, false);
        let call = Call::of_endpoint(&service, FEDERATION, input);
        let (result, traced) = trace::run(
            service.calls.begin(&draft),
            sign_in(&call, provider, subject, &attributes),
        )
        .await;
        end(&service, draft, &result, traced);
        result
    }

    /// Issues an access token for an app client itself, as the token endpoint does for the grant `client_credentials`.
    ///
    /// `scope` has names separated by spaces; `None` stands for all scopes of the client. `metadata` is `aws_client_metadata`. No
    /// secret is needed, but the client must have one. The answer has the token as that of InitiateAuth has it. Fires
    /// `TokenGeneration_ClientCredentials` if the pool has a token trigger of version 3.
    ///
    /// ```
    /// # use std::collections::BTreeMap;
    /// # use cognito_triggers_pool::LocalPool;
    /// # use serde_json::json;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let pool = LocalPool::builder()
    ///     .client_setting("ClientSecret", json!("secret"))
    ///     .client_setting("AllowedOAuthFlowsUserPoolClient", json!(true))
    ///     .client_setting("AllowedOAuthFlows", json!(["client_credentials"]))
    ///     .client_setting("AllowedOAuthScopes", json!(["orders/read"]))
    ///     .start()
    ///     .await?;
    /// let answer = pool.client_credentials("localclient", Some("orders/read"), &BTreeMap::new()).await?;
    /// assert_eq!(answer["AuthenticationResult"]["ExpiresIn"], 3600);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Fails with `ResourceNotFoundException` for an unknown client, the OAuth errors `unauthorized_client` and `invalid_scope` as
    /// class, and the exception of a failing trigger, which an app gets as `error_description` of `invalid_request`.
    pub async fn client_credentials(
        &self,
        client_id: &str,
        scope: Option<&str>,
        metadata: &BTreeMap<String, String>,
    ) -> Result<Value, ApiError> {
        let service = self.current.get();
        let input = json!({ "ClientId": client_id });
        let draft = service.begin(TOKEN, &input, false);
        let call = Call::of_endpoint(&service, TOKEN, input);
        let metadata = (!metadata.is_empty()).then(|| json!(metadata));
        let (result, traced) = trace::run(
            service.calls.begin(&draft),
            machine_token(&call, scope, metadata.as_ref()),
        )
        .await;
        end(&service, draft, &result, traced);
        result
    }
}

/// Signs in a user of a provider, and exchanges the code at once.
async fn sign_in(call: &Call, provider: &str, subject: &str, attributes: &Value) -> Result<Value, ApiError> {
    let ClientAndPool { client, settings } = call.client()?;
    if !["code", "implicit"]
        .iter()
        .any(|grant| client.allows_grant(grant))
    {
        let message = "The app client allows neither of the grants code and implicit.";
        return Err(ApiError::new("unauthorized_client", message));
    }
    let found = call
        .service
        .read(|state| Ok(state.pool(&settings.id)?.providers.get(provider).cloned()))?;
    let found = found.filter(|found| client.supports_provider(&found.name));
    let provider = found.ok_or_else(|| {
        let message = format!("The app client has no identity provider {provider}.");
        ApiError::invalid_parameter(message)
    })?;
    let attributes = attributes
        .as_object()
        .ok_or_else(|| ApiError::invalid_parameter("The attributes aren't a JSON object."))?;
    let attributes = attributes
        .iter()
        .map(|(name, value)| (name.clone(), federation::claim(name, value)));
    let auth_time = call.now(&settings);
    let assertion = Assertion::made_up(&provider, subject, attributes.collect(), auth_time);
    let (user, proof) = federation::sign_in(call, &settings, &client, &provider, &assertion).await?;
    let scopes: Vec<_> = client.strings("AllowedOAuthScopes").collect();
    let token_answer = hosted::token_answer(call, &user, &scopes, false).await?;
    let authorization = Authorization {
        client_id: client.id.clone(),
        redirect_uri: String::new(),
        challenge: None,
        sub: user.sub,
        auth_time,
        proof,
        granted: Granted {
            scopes: scopes.into_iter().map(str::to_owned).collect(),
            nonce: None,
        },
        token_answer,
    };
    let tokens = hosted::tokens(call, authorization, client.allows_grant("code")).await?;
    Ok(json!({ "AuthenticationResult": tokens }))
}

async fn machine_token(
    call: &Call,
    scope: Option<&str>,
    metadata: Option<&Value>,
) -> Result<Value, ApiError> {
    let found = call.client()?;
    let scopes = client_credentials::scopes(&found.client, scope)
        .map_err(|error| ApiError::new(error.code, error.description.unwrap_or_default()))?;
    let token = machine::token(call, &found, &scopes, metadata, false).await?;
    Ok(json!({ "AuthenticationResult": token }))
}
