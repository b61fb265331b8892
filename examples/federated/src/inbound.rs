//! The trigger that gets what an identity provider says, before the pool stores it.

use cognito_triggers::{
    Context, Event, InboundFederation, OrReject, Result, TextMap,
    inbound_federation::{ProviderType, Request, Response},
};

use crate::{app::App, directory::Directory, providers::NOT_VOUCHED};

/// The longest value that the pool stores, in bytes, which are never fewer than characters.
const LIMIT: usize = 2048;

/// The names of an attribute of a person, the usual one first and then that of SAML.
const EMAIL: [&str; 2] = [
    "email",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
];
const GIVEN_NAME: [&str; 2] = [
    "given_name",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname",
];
const FAMILY_NAME: [&str; 2] = [
    "family_name",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname",
];
const NAME: [&str; 2] = [
    "name",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name",
];
const GROUPS: [&str; 2] = [
    "groups",
    "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups",
];

/// Maps the attributes of every kind of provider to the same names, which are those of the pool's attribute mapping:
///
/// | name | value |
/// |---|---|
/// | `subject` | the provider's id of the person, in its own case |
/// | `email` | in lower case |
/// | `email_verified` | `true` |
/// | `given_name`, `family_name`, `name` | without surplus spaces; `name` from the other two if the provider sends none |
/// | `groups` | the allowed ones, with commas; always there, so that nobody keeps those of an earlier sign-in |
///
/// The source of the user name is repeated, because Cognito needs it. It drops everything else.
///
/// Nobody comes in with an address for which the provider doesn't vouch. Cognito calls this trigger at every sign-in and
/// `PreSignUp` only at the first one, and stores the address each time.
pub async fn map_attributes<D: Directory>(
    context: Context<App<D>>,
    event: Event<InboundFederation>,
) -> Result<Response> {
    let (app, request) = (&*context.state, &event.request);
    let all = request.attributes.merged();
    let value = |names: [&str; 2]| {
        let mut values = names.into_iter().filter_map(|name| all.get(name));
        values
            .next()
            .map(|value| value.split_whitespace().collect::<Vec<_>>().join(" "))
    };
    let name_of_subject = subject_name(&request.provider_type);
    let Some(subject) = all.get(name_of_subject).filter(|subject| !subject.is_empty()) else {
        return Err(format!("the provider sent no `{name_of_subject}`").into());
    };
    let mut map = TextMap::new();
    map.insert(name_of_subject, subject);
    map.insert("subject", subject);
    let (provider, kind) = (request.provider_name.as_str(), &request.provider_type);
    let (email, _) = email(request)
        .filter(|(email, said)| app.providers.vouches(provider, kind, email, *said))
        .or_reject(NOT_VOUCHED)?;
    map.insert("email", email);
    map.insert("email_verified", "true");
    let (given, family) = (value(GIVEN_NAME), value(FAMILY_NAME));
    let name = value(NAME).or_else(|| Some(format!("{} {}", given.as_ref()?, family.as_ref()?)));
    for (key, value) in [("given_name", given), ("family_name", family), ("name", name)] {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            map.insert(key, value.split_at(value.floor_char_boundary(LIMIT)).0);
        }
    }
    map.insert("groups", app.groups.of(provider, value(GROUPS).as_deref()));
    // A shortened subject or address could be that of somebody else.
    if map.iter().any(|(_, value)| value.len() > LIMIT) {
        return Err(format!("the provider sent a value of more than {LIMIT} bytes").into());
    }
    Ok(Response {
        user_attributes_to_map: map,
        ..Default::default()
    })
}

/// The attribute that identifies a person at a provider.
fn subject_name(provider: &ProviderType) -> &'static str {
    match provider {
        ProviderType::Saml => "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier",
        ProviderType::Facebook => "id",
        ProviderType::LoginWithAmazon => "user_id",
        _ => "sub",
    }
}

/// The address, and what the provider says about it. Both are from the same part of what the provider sent. Only letters of ASCII are
/// changed: in lower case, some others become letters of another address.
fn email(request: &Request) -> Option<(String, Option<&str>)> {
    let parts = &request.attributes;
    let mut parts = [&parts.user_info, &parts.id_token, &parts.saml_response].into_iter();
    parts.find_map(|part| {
        let email = EMAIL
            .into_iter()
            .find_map(|name| part.get(name))?
            .trim_ascii()
            .to_ascii_lowercase();
        (!email.is_empty()).then(|| (email, part.get("email_verified")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{groups::Groups, memory::InMemory, providers::Providers};

    async fn map(event: Event<InboundFederation>) -> Result<TextMap> {
        let providers: Providers =
            "Google=*; SignInWithApple=*; ExampleIdP=example.org; ExampleSaml=example.org; Facebook=*; LoginWithAmazon=*"
                .parse()
                .unwrap();
        let app = App::<InMemory> {
            groups: Groups::read("ExampleIdP=editors, readers", &providers).unwrap(),
            providers,
            directory: None,
        };
        let response = map_attributes(Context::new(app), event).await?;
        Ok(response.user_attributes_to_map)
    }

    /// A sign-in with this address, which the provider has verified.
    fn vouched(email: &str) -> Event<InboundFederation> {
        let mut event = Event::<InboundFederation>::sample().build();
        let said = &mut event.request.attributes.user_info;
        said.insert("email", email);
        said.insert("email_verified", "true");
        event
    }

    async fn refusal(event: Event<InboundFederation>) -> String {
        let error = map(event).await.unwrap_err();
        assert!(error.is_rejection(), "{error}");
        error.to_string()
    }

    #[tokio::test]
    async fn every_kind_of_provider_gives_the_same_names() {
        let sample = |variant| Event::<InboundFederation>::sample().variant(variant).build();
        for (event, subject, name) in [
            (sample("google"), "115550123004567890123", Some("Dana Petrova")),
            (
                sample("apple"),
                "000555.0123a7c94e2b48d6b1f05e8d3c7a9b21.0742",
                None,
            ),
            (
                vouched("dana@example.org"),
                "5e0b7d64-9c1f-4a38-b2e7-0f6d813a5c92",
                Some("Dana Petrova"),
            ),
            (sample("saml"), "dana@example.org", Some("Dana Petrova")),
        ] {
            let provider = event.request.provider_name.clone();
            let map = map(event).await.unwrap();
            assert_eq!(map.get("subject"), Some(subject), "{provider}");
            assert_eq!(map.get("name"), name, "{provider}");
            assert_eq!(map.get("email_verified"), Some("true"), "{provider}");
            assert!(map.get("email").unwrap().contains('@'), "{provider}");
        }
    }

    #[tokio::test]
    async fn an_address_without_a_voucher_is_refused_at_any_sign_in() {
        let sample = |variant| Event::<InboundFederation>::sample().variant(variant).build();
        let mut silent = vouched("ceo@example.org");
        silent.request.attributes.user_info.remove("email_verified");
        let mut nameless = vouched("ceo@example.org");
        nameless.request.attributes.user_info.remove("email");
        nameless.request.attributes.id_token.remove("email");
        let mut unlisted = vouched("ceo@example.org");
        unlisted.request.provider_name = "OtherIdP".to_owned();
        for (what, event) in [
            ("not verified", Event::<InboundFederation>::sample().build()),
            ("no word about it", silent),
            ("no address", nameless),
            ("an empty address", {
                let mut event = vouched(" ");
                event.request.attributes.id_token.remove("email");
                event
            }),
            ("the domain of others", vouched("ceo@example.com")),
            ("a provider that isn't listed", unlisted),
            ("facebook", sample("facebook")),
            ("amazon", sample("amazon")),
        ] {
            assert_eq!(refusal(event).await, NOT_VOUCHED, "{what}");
        }
    }

    #[tokio::test]
    async fn a_letter_that_only_looks_alike_is_no_other_address() {
        // The sign of the unit kelvin is `k` in lower case, and a dotless `ı` is `I` in capitals.
        for email in [
            "\u{212a}im@example.org",
            "k\u{131}m@example.org",
            "kim@example.org\u{a0}",
        ] {
            assert_eq!(refusal(vouched(email)).await, NOT_VOUCHED, "{email}");
        }
        let map = map(vouched("Kim@example.org")).await.unwrap();
        assert_eq!(map.get("email"), Some("kim@example.org"));
    }

    #[tokio::test]
    async fn addresses_names_and_groups_are_cleaned() {
        let mut event = Event::<InboundFederation>::sample().build();
        let said = &mut event.request.attributes.user_info;
        said.insert("email", " Dana@Example.ORG ");
        said.insert("email_verified", "true");
        said.insert("given_name", "  Dana \n Maria");
        said.insert("groups", r#"["editors", "admins","readers"]"#);
        let map = map(event).await.unwrap();
        assert_eq!(map.get("email"), Some("dana@example.org"));
        assert_eq!(map.get("email_verified"), Some("true"));
        assert_eq!(map.get("given_name"), Some("Dana Maria"));
        assert_eq!(map.get("groups"), Some("editors,readers"));
        assert!(
            map.get("iss").is_none() && map.get("picture").is_none(),
            "{map:?}"
        );
    }

    #[tokio::test]
    async fn a_claim_vouches_only_for_the_address_beside_it() {
        let mut event = Event::<InboundFederation>::sample().build();
        let attributes = &mut event.request.attributes;
        attributes.id_token.insert("email", "own@example.org");
        attributes.id_token.insert("email_verified", "true");
        attributes.user_info = TextMap::from([("sub", "7"), ("email", "victim@example.org")]);
        assert_eq!(refusal(event).await, NOT_VOUCHED);
    }

    #[tokio::test]
    async fn no_groups_takes_away_those_of_the_last_sign_in() {
        let event = vouched("dana@example.org");
        assert_eq!(map(event).await.unwrap().get("groups"), Some("-"));
        let mut event = vouched("dana@example.org");
        event.request.attributes.user_info.insert("groups", "[admins]");
        assert_eq!(map(event).await.unwrap().get("groups"), Some("-"));
    }

    #[tokio::test]
    async fn groups_of_one_provider_are_none_of_another() {
        let mut event = Event::<InboundFederation>::sample().variant("google").build();
        event.request.attributes.user_info.insert("groups", "[editors]");
        assert_eq!(map(event).await.unwrap().get("groups"), Some("-"));
    }

    #[tokio::test]
    async fn a_missing_or_long_subject_fails() {
        for subject in [String::new(), "x".repeat(LIMIT + 1)] {
            let mut event = vouched("dana@example.org");
            event.request.attributes.id_token.insert("sub", subject.clone());
            event.request.attributes.user_info.insert("sub", subject);
            assert!(!map(event).await.unwrap_err().is_rejection());
        }
    }
}
