//! The trigger that gets what an identity provider says, before the pool stores it.

use cognito_triggers::{
    Context, Event, InboundFederation, Result, TextMap,
    inbound_federation::{ProviderType, Request, Response},
};

use crate::{app::App, directory::Directory};

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
/// | `email_verified` | `true` if the provider vouches for the address, otherwise `false` |
/// | `given_name`, `family_name`, `name` | without surplus spaces; `name` from the other two if the provider sends none |
/// | `groups` | the allowed ones, with commas |
///
/// The source of the user name is repeated, because Cognito needs it. It drops everything else.
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
    if let Some((email, said)) = email(request) {
        let vouches = app
            .providers
            .vouches(&request.provider_name, &request.provider_type, &email, said);
        map.insert("email", email);
        map.insert("email_verified", if vouches { "true" } else { "false" });
    }
    let (given, family) = (value(GIVEN_NAME), value(FAMILY_NAME));
    let name = value(NAME).or_else(|| Some(format!("{} {}", given.as_ref()?, family.as_ref()?)));
    for (key, value) in [("given_name", given), ("family_name", family), ("name", name)] {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            map.insert(key, value.split_at(value.floor_char_boundary(LIMIT)).0);
        }
    }
    if let Some(groups) = value(GROUPS) {
        // Always there: a person who is in no group any more loses those of the last sign-in.
        map.insert("groups", allowed(&groups, |group| app.groups.contains(group)));
    }
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

/// The address, and what the provider says about it. Both are from the same part of what the provider sent.
fn email(request: &Request) -> Option<(String, Option<&str>)> {
    let parts = &request.attributes;
    let mut parts = [&parts.user_info, &parts.id_token, &parts.saml_response].into_iter();
    parts.find_map(|part| {
        let email = EMAIL
            .into_iter()
            .find_map(|name| part.get(name))?
            .trim()
            .to_lowercase();
        (!email.is_empty()).then(|| (email, part.get("email_verified")))
    })
}

/// The allowed groups of a list, which is `[one, two]`, JSON or names with commas.
fn allowed(list: &str, is_allowed: impl Fn(&str) -> bool) -> String {
    let names = list.trim_start_matches('[').trim_end_matches(']').split(',');
    let names = names.map(|name| name.trim().trim_matches('"'));
    names
        .filter(|name| is_allowed(name))
        .collect::<Vec<_>>()
        .join(",")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{app::groups, memory::InMemory};

    async fn map(event: Event<InboundFederation>) -> Result<TextMap> {
        let app = App::<InMemory> {
            providers: "Google=*; ExampleIdP=example.org; ExampleSaml=example.org; Facebook=*"
                .parse()
                .unwrap(),
            groups: groups("editors, readers"),
            directory: None,
        };
        let response = map_attributes(Context::new(app), event).await?;
        Ok(response.user_attributes_to_map)
    }

    #[tokio::test]
    async fn every_kind_of_provider_gives_the_same_names() {
        let sample = Event::<InboundFederation>::sample;
        for (event, subject, name, verified) in [
            (
                sample().variant("google"),
                "115550123004567890123",
                "Dana Petrova",
                "true",
            ),
            // It says that the address isn't verified.
            (
                sample(),
                "5e0b7d64-9c1f-4a38-b2e7-0f6d813a5c92",
                "Dana Petrova",
                "false",
            ),
            // It says nothing about the address.
            (
                sample().variant("facebook"),
                "10215550123456789",
                "Dana Petrova",
                "false",
            ),
            (
                sample().variant("saml"),
                "dana@example.org",
                "Dana Petrova",
                "true",
            ),
        ] {
            let event = event.build();
            let provider = event.request.provider_name.clone();
            let map = map(event).await.unwrap();
            assert_eq!(map.get("subject"), Some(subject), "{provider}");
            assert_eq!(map.get("name"), Some(name), "{provider}");
            assert_eq!(map.get("email_verified"), Some(verified), "{provider}");
            assert!(
                map.get("email").unwrap().starts_with("dana@example."),
                "{provider}"
            );
        }
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
        let map = map(event).await.unwrap();
        assert_eq!(map.get("email"), Some("victim@example.org"));
        assert_eq!(map.get("email_verified"), Some("false"));
    }

    #[tokio::test]
    async fn no_groups_takes_away_those_of_the_last_sign_in() {
        let mut event = Event::<InboundFederation>::sample().build();
        event.request.attributes.user_info.insert("groups", "[admins]");
        assert_eq!(map(event).await.unwrap().get("groups"), Some(""));
    }

    #[tokio::test]
    async fn a_missing_or_long_subject_fails() {
        for subject in [String::new(), "x".repeat(LIMIT + 1)] {
            let mut event = Event::<InboundFederation>::sample().build();
            event.request.attributes.id_token.insert("sub", subject.clone());
            event.request.attributes.user_info.insert("sub", subject);
            assert!(!map(event).await.unwrap_err().is_rejection());
        }
    }
}
