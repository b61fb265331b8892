//! Which identity provider vouches for which email addresses.

use std::str::FromStr;

use cognito_triggers::inbound_federation::ProviderType;

use crate::lists::per_provider;

/// What a person reads whose provider doesn't vouch for the address. It is the same whatever is wrong.
pub const NOT_VOUCHED: &str = "your identity provider doesn't vouch for this email address";

/// The providers that vouch for email addresses. A provider that isn't in the list vouches for none.
///
/// ```text
/// Google=*; ExampleSaml=example.org, example.net
/// ```
#[derive(Debug, Default)]
pub struct Providers(Vec<Provider>);

#[derive(Debug)]
struct Provider {
    /// The name in the pool, in its own case.
    name: String,
    /// The domains, in lower case; `*` is every domain.
    domains: Vec<String>,
}

/// An account at an identity provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The provider's name in the pool.
    pub provider: String,
    /// The provider's own id of the person.
    pub subject: String,
}

impl FromStr for Providers {
    type Err = String;

    /// Reads a list like `Google=*; ExampleSaml=example.org, example.net`.
    fn from_str(list: &str) -> Result<Self, String> {
        let is_domain = |domain: &str| {
            domain == "*" || domain.is_ascii() && domain.contains('.') && !domain.contains(['@', '*', ' '])
        };
        let providers = per_provider(
            "PROVIDERS",
            "`Google=*` or `ExampleSaml=example.org`",
            list,
            is_domain,
        )?;
        let providers = providers.into_iter().map(|(name, domains)| Provider {
            name,
            domains: domains.iter().map(|domain| domain.to_ascii_lowercase()).collect(),
        });
        Ok(Self(providers.collect()))
    }
}

impl Providers {
    /// Whether the provider vouches for an address. `said` is its claim `email_verified`.
    ///
    /// The directory of a SAML provider has no such claim: its administrator gives out the addresses of its own domains. Every other
    /// provider has to say that it has verified the address. One that leaves it out may let anybody write any address.
    pub fn vouches(&self, provider: &str, kind: &ProviderType, email: &str, said: Option<&str>) -> bool {
        let is_verified = said.map_or(*kind == ProviderType::Saml, |said| {
            said.eq_ignore_ascii_case("true")
        });
        is_verified && self.may_vouch(provider, email)
    }

    /// Whether the list has the provider.
    pub fn has(&self, provider: &str) -> bool {
        self.0.iter().any(|known| known.name == provider)
    }

    /// Whether the provider may vouch for addresses of this domain.
    ///
    /// Nobody may for an address with other characters than those of ASCII: some of them become the ones of another person's address
    /// in lower case.
    pub fn may_vouch(&self, provider: &str, email: &str) -> bool {
        if !email.is_ascii() {
            return false;
        }
        // The last `@`: a quoted local part may have another one.
        let Some((_, domain)) = email.rsplit_once('@') else {
            return false;
        };
        let domain = domain.to_ascii_lowercase();
        let mut listed = self.0.iter().filter(|known| known.name == provider);
        listed.any(|known| {
            known
                .domains
                .iter()
                .any(|allowed| allowed == "*" || *allowed == domain)
        })
    }

    /// The account of a new user: the user name is the provider's name, an underscore and the subject. In a pool that isn't
    /// case-sensitive the name is in lower case, and so `subject`, an attribute, has the subject as it is.
    ///
    /// `None` if no listed provider begins the name, or the attribute has another subject.
    pub fn account(&self, user_name: &str, subject: Option<&str>) -> Option<Account> {
        let rest = |provider: &Provider| {
            let (name, rest) = user_name.split_at_checked(provider.name.len())?;
            let rest = rest.strip_prefix('_')?;
            name.eq_ignore_ascii_case(&provider.name).then_some(rest)
        };
        let found = self
            .0
            .iter()
            .filter_map(|provider| Some((provider, rest(provider)?)));
        // The name of a provider may begin with that of another one.
        let (provider, rest) = found.max_by_key(|(provider, _)| provider.name.len())?;
        let subject = subject.filter(|subject| subject.to_lowercase() == rest.to_lowercase())?;
        Some(Account {
            provider: provider.name.clone(),
            subject: subject.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn providers() -> Providers {
        "Google=*; Corp=example.org, Example.NET ; Corp_West=west.example;"
            .parse()
            .unwrap()
    }

    #[test]
    fn a_provider_vouches_for_its_own_domains() {
        let providers = providers();
        for (provider, email, vouches) in [
            ("Google", "ana@example.com", true),
            ("Corp", "ana@EXAMPLE.org", true),
            ("Corp", "ana@example.net", true),
            ("Corp", "ana@example.com", false),
            ("Corp", "ana@sub.example.org", false),
            ("Corp", "\"@example.org\"@evil.example", false),
            ("Corp", "example.org", false),
            // The first letter is the sign of the unit kelvin, which is `k` in lower case.
            ("Google", "\u{212a}im@example.com", false),
            ("Google", "kim@\u{212a}elvin.example", false),
            ("google", "ana@example.com", false),
            ("Facebook", "ana@example.com", false),
        ] {
            assert_eq!(
                providers.may_vouch(provider, email),
                vouches,
                "{provider} {email}"
            );
        }
    }

    #[test]
    fn only_saml_needs_no_claim() {
        let vouches = |kind: ProviderType, said| providers().vouches("Corp", &kind, "ana@example.org", said);
        assert!(vouches(ProviderType::Saml, None));
        assert!(!vouches(ProviderType::Saml, Some("false")));
        assert!(vouches(ProviderType::Oidc, Some("true")) && vouches(ProviderType::Oidc, Some("True")));
        for said in [None, Some("false"), Some(""), Some("1"), Some("null")] {
            assert!(!vouches(ProviderType::Oidc, said), "{said:?}");
        }
        assert!(!vouches(ProviderType::Unknown("New".to_owned()), None));
    }

    #[test]
    fn the_account_is_that_of_the_user_name() {
        let account = |user_name, subject| {
            let account = providers().account(user_name, Some(subject))?;
            Some((account.provider, account.subject))
        };
        let some = |provider: &str, subject: &str| Some((provider.to_owned(), subject.to_owned()));
        assert_eq!(account("google_1155", "1155"), some("Google", "1155"));
        assert_eq!(account("corp_00u_ab", "00u_Ab"), some("Corp", "00u_Ab"));
        assert_eq!(account("corp_west_7", "7"), some("Corp_West", "7"));
        assert_eq!(account("google_1155", "42"), None);
        assert_eq!(account("facebook_1155", "1155"), None);
        assert_eq!(account("googlé_1155", "1155"), None);
        assert_eq!(providers().account("google_1155", None), None);
    }

    #[test]
    fn a_malformed_entry_is_named() {
        for (list, problem) in [
            ("Google", "`Google`"),
            ("Google=", "`Google=`"),
            ("=*", "`=*`"),
            ("Corp=@example.org", "`Corp=@example.org`"),
            ("Corp=*.example.org", "`Corp=*.example.org`"),
            ("Corp=bücher.example", "`Corp=bücher.example`"),
            ("Corp=*;corp=a.b", "`corp` twice"),
        ] {
            let error = list.parse::<Providers>().unwrap_err();
            assert!(error.contains(problem) && error.contains("PROVIDERS"), "{error}");
        }
    }
}
