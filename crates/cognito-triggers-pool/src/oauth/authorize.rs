//! The parameters of `/oauth2/authorize`, which the pages of managed login pass on in their own addresses.

use std::sync::Arc;

use serde_json::{Value, json};

use super::location::{self, Location};
use super::{client_auth, requested_scopes};
use crate::call::{Call, ClientAndPool};
use crate::form::Form;
use crate::service::Service;
use crate::state::{AppClient, Granted, IdentityProvider, Settings};

/// The parameters that pages pass on.
const KEPT: [&str; 14] = [
    "client_id",
    "response_type",
    "scope",
    "redirect_uri",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "identity_provider",
    "idp_identifier",
    "prompt",
    "login_hint",
    "lang",
    "logout_uri",
];

/// The parameters of any content that a code keeps, or that go back to the app.
const STORED: [&str; 3] = ["state", "nonce", "code_challenge"];

/// The longest value of such a parameter, in bytes. The limit is ours: Cognito's isn't published.
const MAX_STORED: usize = 2048;

/// What a browser gets at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ResponseType {
    /// A code, in the query.
    Code,
    /// Tokens, in the fragment: the implicit grant.
    Token,
}

/// A checked authorization request.
#[derive(Clone, Debug)]
pub(crate) struct AuthorizeRequest {
    pub(crate) client: Arc<AppClient>,
    pub(crate) settings: Arc<Settings>,
    pub(crate) response_type: ResponseType,
    /// One of the client's `CallbackURLs`.
    pub(crate) redirect_uri: String,
    pub(crate) state: Option<String>,
    pub(crate) granted: Granted,
    /// `code_challenge` of the method S256.
    pub(crate) challenge: Option<String>,
    /// The parameters as sent, for the addresses of pages.
    pub(crate) query: Form,
}

/// Why an authorization request is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The browser can't be sent back, because it isn't known where to. The string is a code for a page.
    Page(&'static str),
    /// The browser is sent back to the app with an error.
    Redirect(Location),
}

impl AuthorizeRequest {
    /// Checks the parameters. The client and the redirect URI come first, because the others' errors are sent there.
    ///
    /// Without `scope`, all scopes of the client are granted. Without `redirect_uri`, the client's `DefaultRedirectURI` is
    /// used. PKCE works with the method S256 only, as AWS documents.
    ///
    /// # Errors
    /// A page for an unknown client, one that doesn't use OAuth, and an address that isn't exactly one of the client's
    /// `CallbackURLs`. A redirect for everything else.
    pub(crate) fn parse(service: &Service, query: &Form) -> Result<Self, Refusal> {
        let id = query.get("client_id").ok_or(Refusal::Page("invalid_request"))?;
        let found = client_auth::find(service, id).ok_or(Refusal::Page("invalid_client"))?;
        let ClientAndPool { client, settings } = found;
        if !client.allows_oauth() {
            return Err(Refusal::Page("unauthorized_client"));
        }
        let redirect_uri = match query.get("redirect_uri") {
            Some(uri) => uri,
            None => client
                .string("DefaultRedirectURI")
                .ok_or(Refusal::Page("invalid_request"))?,
        };
        if !client
            .strings("CallbackURLs")
            .any(|callback| callback == redirect_uri)
        {
            return Err(Refusal::Page("redirect_mismatch"));
        }
        let redirect_uri = redirect_uri.to_owned();
        let state = query.get("state").map(str::to_owned);
        let refused = |code: &'static str, description: Option<&str>| {
            let location = location::error(&redirect_uri, '?', code, description, state.as_deref());
            Err(Refusal::Redirect(location))
        };
        if query.has_duplicates() {
            return refused("invalid_request", Some("A parameter is repeated."));
        }
        let is_long = |name: &&str| query.get(name).is_some_and(|value| value.len() > MAX_STORED);
        if let Some(name) = STORED.iter().find(|name| is_long(name)) {
            let description = format!("{name} may have {MAX_STORED} bytes.");
            return refused("invalid_request", Some(&description));
        }
        let (response_type, grant) = match query.get("response_type") {
            Some("code") => (ResponseType::Code, "code"),
            Some("token") => (ResponseType::Token, "implicit"),
            _ => return refused("invalid_request", None),
        };
        if !client.allows_grant(grant) {
            return refused("unauthorized_client", None);
        }
        let allowed: Vec<_> = client.strings("AllowedOAuthScopes").collect();
        let scopes: Vec<_> = match query.get("scope") {
            None => allowed,
            Some(scopes) => match requested_scopes(scopes, &allowed) {
                Some(scopes) => scopes,
                None => return refused("invalid_scope", None),
            },
        };
        let challenge = match (query.get("code_challenge"), query.get("code_challenge_method")) {
            (None, None) => None,
            (Some(challenge), Some("S256")) => Some(challenge.to_owned()),
            _ => return refused("invalid_request", Some("code_challenge_method must be S256.")),
        };
        let granted = Granted {
            scopes: scopes.into_iter().map(str::to_owned).collect(),
            nonce: query.get("nonce").map(str::to_owned),
        };
        Ok(Self {
            response_type,
            granted,
            challenge,
            state,
            redirect_uri,
            query: query.only(&KEPT),
            client,
            settings,
        })
    }

    /// A call of the sign-in, with the id of the client and `AuthParameters`.
    pub(crate) fn call(&self, service: &Arc<Service>, operation: &'static str, parameters: Value) -> Call {
        let input = json!({ "ClientId": self.client.id, "AuthParameters": parameters });
        Call::of_endpoint(service, operation, input)
    }

    /// The address of a page with the parameters of the request.
    pub(crate) fn page(&self, path: &str) -> Location {
        Location(self.query.appended_to(path, '?'))
    }

    /// The external provider that the request names with `identity_provider` or `idp_identifier`, or the only one of the
    /// client. `None` if the user signs in with the pool itself, or chooses.
    ///
    /// # Errors
    /// A redirect with `invalid_request` if the client doesn't support the provider.
    pub(crate) fn provider(&self, service: &Service) -> Result<Option<IdentityProvider>, Refusal> {
        let named = self.query.get("identity_provider");
        let identifier = self.query.get("idp_identifier");
        if named == Some("COGNITO") && self.client.supports_provider("COGNITO") {
            return Ok(None);
        }
        let providers = self.providers(service);
        let found = match (named, identifier) {
            (Some(name), _) => providers.into_iter().find(|provider| provider.name == name),
            (None, Some(identifier)) => providers
                .into_iter()
                .find(|provider| provider.identifiers.iter().any(|own| own == identifier)),
            (None, None) if self.client.supports_provider("COGNITO") || providers.len() != 1 => {
                return Ok(None);
            }
            (None, None) => providers.into_iter().next(),
        };
        let unknown = "The app client has no such identity provider.";
        found
            .map(Some)
            .ok_or_else(|| Refusal::Redirect(self.error("invalid_request", Some(unknown))))
    }

    /// The external providers of the client, by name.
    pub(crate) fn providers(&self, service: &Service) -> Vec<IdentityProvider> {
        service.read(|state| {
            let pool = state.pool(&self.settings.id);
            let providers = pool.iter().flat_map(|pool| pool.providers.values());
            let supported = providers.filter(|provider| self.client.supports_provider(&provider.name));
            supported.cloned().collect()
        })
    }

    /// Sends the browser back to the app with an error.
    pub(crate) fn error(&self, code: &str, description: Option<&str>) -> Location {
        let separator = match self.response_type {
            ResponseType::Code => '?',
            ResponseType::Token => '#',
        };
        location::error(
            &self.redirect_uri,
            separator,
            code,
            description,
            self.state.as_deref(),
        )
    }
}
