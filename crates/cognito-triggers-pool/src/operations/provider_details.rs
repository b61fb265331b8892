//! `ProviderDetails`: the keys that each type of identity provider needs, and those that Cognito adds.

use std::collections::BTreeMap;

use crate::error::ApiError;
use crate::state::ProviderType;

/// The keys of a type.
struct Keys {
    /// Keys that a caller must send. Of several in one element, one is enough.
    required: &'static [&'static [&'static str]],
    /// Further keys that a caller may send.
    optional: &'static [&'static str],
    /// Keys that Cognito adds. A caller may send them back, but their values don't change.
    added: &'static [(&'static str, &'static str)],
}

const SAML: Keys = Keys {
    required: &[&["MetadataURL", "MetadataFile"]],
    optional: &[
        "IDPSignout",
        "IDPInit",
        "EncryptedResponses",
        "RequestSigningAlgorithm",
        "SSORedirectBindingURI",
        "SLORedirectBindingURI",
        "ActiveEncryptionCertificate",
    ],
    added: &[],
};

const OIDC: Keys = Keys {
    required: &[
        &["client_id"],
        &["authorize_scopes"],
        &["oidc_issuer"],
        &["attributes_request_method"],
    ],
    optional: &[
        "client_secret",
        "authorize_url",
        "token_url",
        "attributes_url",
        "jwks_uri",
    ],
    added: &[("attributes_url_add_attributes", "false")],
};

/// What Facebook, Google and Amazon need.
const SOCIAL: &[&[&str]] = &[&["client_id"], &["client_secret"], &["authorize_scopes"]];

const GOOGLE: Keys = Keys {
    required: SOCIAL,
    optional: &[],
    added: &[
        (
            "attributes_url",
            "https://people.googleapis.com/v1/people/me?personFields=",
        ),
        ("attributes_url_add_attributes", "true"),
        ("authorize_url", "https://accounts.google.com/o/oauth2/v2/auth"),
        ("oidc_issuer", "https://accounts.google.com"),
        ("token_request_method", "POST"),
        ("token_url", "https://www.googleapis.com/oauth2/v4/token"),
    ],
};

const FACEBOOK: Keys = Keys {
    required: SOCIAL,
    optional: &["api_version"],
    added: &[
        ("attributes_url", "https://graph.facebook.com/VERSION/me?fields="),
        ("attributes_url_add_attributes", "true"),
        ("authorize_url", "https://www.facebook.com/VERSION/dialog/oauth"),
        ("token_request_method", "GET"),
        (
            "token_url",
            "https://graph.facebook.com/VERSION/oauth/access_token",
        ),
    ],
};

/// The version of Facebook's API if the details name none.
const FACEBOOK_VERSION: &str = "v17.0";

const AMAZON: Keys = Keys {
    required: SOCIAL,
    optional: &[],
    added: &[
        ("attributes_url", "https://api.amazon.com/user/profile"),
        ("attributes_url_add_attributes", "false"),
        ("authorize_url", "https://www.amazon.com/ap/oa"),
        ("token_request_method", "POST"),
        ("token_url", "https://api.amazon.com/auth/o2/token"),
    ],
};

const APPLE: Keys = Keys {
    required: &[
        &["client_id"],
        &["team_id"],
        &["key_id"],
        &["private_key"],
        &["authorize_scopes"],
    ],
    optional: &[],
    added: &[
        ("attributes_url_add_attributes", "false"),
        ("authorize_url", "https://appleid.apple.com/auth/authorize"),
        ("oidc_issuer", "https://appleid.apple.com"),
        ("token_request_method", "POST"),
        ("token_url", "https://appleid.apple.com/auth/token"),
    ],
};

/// The details as stored: those of the caller, and the keys that Cognito adds.
///
/// Nothing is fetched: of a SAML provider, the addresses are those of `MetadataFile`, and `MetadataURL` adds none.
///
/// # Errors
/// `InvalidParameterException` for a required key that is missing or empty, and for a key that the type doesn't have. The
/// service model describes the keys; the messages are ours.
pub(super) fn complete(
    kind: ProviderType,
    sent: BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, ApiError> {
    let keys = match kind {
        ProviderType::Saml => SAML,
        ProviderType::Facebook => FACEBOOK,
        ProviderType::Google => GOOGLE,
        ProviderType::LoginWithAmazon => AMAZON,
        ProviderType::SignInWithApple => APPLE,
        ProviderType::Oidc => OIDC,
    };
    let refused = |problem: String| {
        let kind = kind.as_str();
        ApiError::invalid_parameter(format!("ProviderDetails of a {kind} provider {problem}"))
    };
    let there = |key: &&str| sent.get(*key).is_some_and(|value| !value.is_empty());
    if let Some(missing) = keys.required.iter().find(|one_of| !one_of.iter().any(there)) {
        return Err(refused(format!("must have {}.", missing.join(" or "))));
    }
    let is_known = |key: &str| {
        let mut required = keys.required.iter().flat_map(|one_of| one_of.iter());
        required.any(|name| *name == key)
            || keys.optional.contains(&key)
            || keys.added.iter().any(|(name, _)| *name == key)
    };
    if let Some(unknown) = sent.keys().find(|key| !is_known(key)) {
        return Err(refused(format!("can't have {unknown}.")));
    }
    // The service model has no list of values; those that it describes are the only ones with a meaning.
    let method = sent.get("attributes_request_method").map(String::as_str);
    if !matches!(method, None | Some("GET" | "POST")) {
        return Err(refused(
            "must have GET or POST as attributes_request_method.".to_owned(),
        ));
    }
    let mut details = sent;
    let version = details
        .get("api_version")
        .cloned()
        .unwrap_or_else(|| FACEBOOK_VERSION.to_owned());
    for (key, value) in keys.added {
        details.insert((*key).to_owned(), value.replace("VERSION", &version));
    }
    if let Some(metadata) = details.get("MetadataFile").cloned() {
        let services = [
            ("SSORedirectBindingURI", "SingleSignOnService"),
            ("SLORedirectBindingURI", "SingleLogoutService"),
        ];
        for (key, service) in services {
            details.extend(redirect_location(&metadata, service).map(|uri| (key.to_owned(), uri)));
        }
    }
    Ok(details)
}

/// The address at which a service of a SAML provider takes requests by redirect.
///
/// `None` if the metadata doesn't name one.
fn redirect_location(metadata: &str, service: &str) -> Option<String> {
    let elements = metadata.split('<').filter(|element| {
        let name = element
            .split(|c: char| c.is_whitespace() || c == '/' || c == '>')
            .next();
        name.and_then(|name| name.rsplit(':').next()) == Some(service)
    });
    let mut redirects = elements.filter(|element| element.contains("bindings:HTTP-Redirect"));
    let location = redirects.next()?.split_once("Location=")?.1;
    let quote = location
        .chars()
        .next()
        .filter(|quote| matches!(quote, '"' | '\''))?;
    let value = location.get(1..)?.split(quote).next()?;
    Some(value.replace("&amp;", "&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn details(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        let owned = pairs
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        owned.collect()
    }

    #[test]
    fn the_address_is_that_of_the_redirect_binding() {
        let metadata = r#"<md:EntityDescriptor><md:IDPSSODescriptor>
            <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://a.example/post"/>
            <md:SingleSignOnService Location='https://a.example/redirect?x=1&amp;y=2' Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"/>
            </md:IDPSSODescriptor></md:EntityDescriptor>"#;
        let stored = complete(ProviderType::Saml, details(&[("MetadataFile", metadata)])).unwrap();
        assert_eq!(
            stored["SSORedirectBindingURI"],
            "https://a.example/redirect?x=1&y=2"
        );
        assert_eq!(stored.get("SLORedirectBindingURI"), None);
    }

    #[test]
    fn metadata_without_an_address_adds_none() {
        for metadata in [
            "",
            "<",
            "<SingleSignOnService bindings:HTTP-Redirect Location=",
            "<SingleSignOnService bindings:HTTP-Redirect Location=x",
        ] {
            assert_eq!(
                redirect_location(metadata, "SingleSignOnService"),
                None,
                "{metadata}"
            );
        }
    }

    #[test]
    fn stored_details_can_be_sent_back() {
        for kind in [
            ProviderType::Google,
            ProviderType::Facebook,
            ProviderType::LoginWithAmazon,
        ] {
            let sent = details(&[
                ("client_id", "a"),
                ("client_secret", "b"),
                ("authorize_scopes", "c"),
            ]);
            let stored = complete(kind, sent).unwrap();
            assert_eq!(complete(kind, stored.clone()).unwrap(), stored);
        }
    }
}
