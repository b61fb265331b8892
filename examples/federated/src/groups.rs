//! The groups of identity providers that reach the pool.

use crate::{lists::per_provider, providers::Providers};

/// What stands for no group. Cognito keeps the value of an attribute that a sign-in doesn't bring, and an empty one may count as not
/// brought. Only another value surely takes the groups of the last sign-in away.
pub const NONE: &str = "-";

/// The groups of each provider that reach the pool. All others are dropped, and all of a provider that isn't in the list.
///
/// The variable isn't called `GROUPS`, because bash has one of that name, which can't be set.
///
/// ```text
/// ExampleIdP=editors, readers; ExampleSaml=editors
/// ```
#[derive(Debug, Default)]
pub struct Groups(Vec<(String, Vec<String>)>);

impl Groups {
    /// Reads a list like `ExampleIdP=editors, readers; ExampleSaml=editors`.
    ///
    /// # Errors
    /// Names the entry that is malformed, or whose provider vouches for no address, so that nobody comes from it.
    pub fn read(list: &str, providers: &Providers) -> Result<Self, String> {
        let is_group = |name: &str| !name.is_empty() && name != NONE;
        let groups = per_provider(
            "PROVIDER_GROUPS",
            "`ExampleSaml=editors, readers`",
            list,
            is_group,
        )?;
        match groups.iter().find(|(provider, _)| !providers.has(provider)) {
            Some((provider, _)) => Err(format!(
                "PROVIDER_GROUPS has `{provider}`, which isn't in PROVIDERS"
            )),
            None => Ok(Self(groups)),
        }
    }

    /// The allowed groups of a provider, with commas; [`NONE`] if there is none. `said` is `[one, two]`, JSON or names with commas.
    pub fn of(&self, provider: &str, said: Option<&str>) -> String {
        let list = said.unwrap_or_default();
        let names = list.trim_start_matches('[').trim_end_matches(']').split(',');
        let names = names.map(|name| name.trim().trim_matches('"'));
        let names: Vec<_> = names.filter(|name| self.allows(provider, name)).collect();
        if names.is_empty() {
            return NONE.to_owned();
        }
        names.join(",")
    }

    fn allows(&self, provider: &str, group: &str) -> bool {
        let mut listed = self.0.iter().filter(|(known, _)| known == provider);
        listed.any(|(_, groups)| groups.iter().any(|allowed| allowed == group))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(list: &str) -> Result<Groups, String> {
        Groups::read(list, &"Google=*; Corp=example.org".parse()?)
    }

    #[test]
    fn each_provider_gives_only_its_own_groups() {
        let groups = read("Corp=editors, Night Shift; Google=readers").unwrap();
        let said = Some(r#"["editors", "admins","readers", "Night Shift"]"#);
        assert_eq!(groups.of("Corp", said), "editors,Night Shift");
        assert_eq!(groups.of("Google", said), "readers");
        for provider in ["Facebook", "corp", ""] {
            assert_eq!(groups.of(provider, said), NONE, "{provider}");
        }
        assert_eq!(groups.of("Corp", Some("[editors, admins]")), "editors");
    }

    #[test]
    fn no_group_is_a_value_of_its_own() {
        let groups = read("Corp=editors").unwrap();
        for said in [None, Some(""), Some("[]"), Some("admins"), Some("-")] {
            assert_eq!(groups.of("Corp", said), "-", "{said:?}");
        }
        assert_eq!(read("").unwrap().of("Corp", Some("editors")), "-");
    }

    #[test]
    fn a_malformed_entry_of_groups_is_named() {
        for (list, problem) in [
            ("editors, readers", "`editors, readers`"),
            ("Corp=", "`Corp=`"),
            ("Corp=editors,,readers", "`Corp=editors,,readers`"),
            ("Corp=-", "`Corp=-`"),
            ("=editors", "`=editors`"),
            ("Corp=editors; corp=readers", "`corp` twice"),
            ("Facebook=editors", "`Facebook`, which isn't in PROVIDERS"),
        ] {
            let error = read(list).unwrap_err();
            assert!(
                error.contains(problem) && error.contains("PROVIDER_GROUPS"),
                "{error}"
            );
        }
    }
}
