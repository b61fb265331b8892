//! Who is invited: addresses, and domains with an `@` before them.

use std::collections::BTreeSet;
use std::str::FromStr;

/// The invited addresses and domains, in lowercase.
#[derive(Debug, Default)]
pub(crate) struct Invitations(BTreeSet<String>);

impl FromStr for Invitations {
    type Err = String;

    /// Reads a list like `ana@example.com, @example.org`.
    fn from_str(list: &str) -> Result<Self, String> {
        let mut invitations = BTreeSet::new();
        for entry in list.split(',').map(str::trim).filter(|entry| !entry.is_empty()) {
            let is_valid = entry
                .rsplit_once('@')
                .is_some_and(|(name, domain)| !name.contains('@') && domain.contains('.'));
            if !is_valid {
                return Err(format!(
                    "INVITED has `{entry}`, which is neither an address nor a domain like @example.com"
                ));
            }
            invitations.insert(entry.to_ascii_lowercase());
        }
        Ok(Self(invitations))
    }
}

impl Invitations {
    /// Whether an address is invited, by itself or by its domain.
    pub(crate) fn includes(&self, address: &str) -> bool {
        let address = address.to_ascii_lowercase();
        // The last `@`: a quoted local part may have another one.
        let domain = address.rfind('@').and_then(|at| address.get(at..));
        self.0.contains(&address) || domain.is_some_and(|domain| self.0.contains(domain))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_domains_are_invited_in_any_case() {
        let invitations: Invitations = "Ana@example.com, kate@example.com, @Example.org,"
            .parse()
            .unwrap();
        for address in [
            "ana@example.com",
            "ANA@EXAMPLE.COM",
            "Kate@example.com",
            "emil@example.org",
        ] {
            assert!(invitations.includes(address), "{address}");
        }
        let others = [
            "eve@example.com",
            "ana@example.com.evil.net",
            "eve@sub.example.org",
            // The sign of the unit kelvin is a small k in Unicode's lower case. It is another address.
            "\u{212a}ate@example.com",
            "@example.com",
            "example.org",
            "",
        ];
        for address in others {
            assert!(!invitations.includes(address), "{address}");
        }
    }

    #[test]
    fn a_malformed_entry_is_named() {
        for entry in ["example.com", "ana", "@localhost", "a@b@c.d"] {
            let error = entry.parse::<Invitations>().unwrap_err();
            assert!(error.contains(&format!("`{entry}`")), "{error}");
        }
    }
}
