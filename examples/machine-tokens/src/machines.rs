//! The machines that get tokens, and what each of them may have.

use std::{collections::BTreeMap, fmt, str::FromStr};

use serde::Deserialize;

/// The most scopes of a machine. Each is in every token, and many servers refuse a header with more than 8 KB.
const MOST_SCOPES: usize = 20;

/// What a machine may have.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Machine {
    /// The id of its app client.
    pub client: String,
    /// Its name, for the claim `service`.
    pub service: String,
    /// The tenants that it may act for.
    pub tenants: Vec<String>,
    /// The scopes that it may have, as `RESOURCE_SERVER/SCOPE`.
    pub scopes: Vec<String>,
}

/// The machines that get tokens, by the ids of their app clients.
#[derive(Debug, Default)]
pub struct Machines(BTreeMap<String, Machine>);

impl Machines {
    /// What the machine with this app client may have. `None` for an app client that isn't a machine's.
    pub fn find(&self, client: &str) -> Option<&Machine> {
        self.0.get(client)
    }
}

/// A list of machines that isn't valid. The text says what is wrong with which machine.
pub struct MachinesError(String);

impl FromStr for Machines {
    type Err = MachinesError;

    /// Reads a JSON array of machines. An empty string has none.
    fn from_str(list: &str) -> Result<Self, MachinesError> {
        if list.trim().is_empty() {
            return Ok(Self::default());
        }
        let list: Vec<Machine> =
            serde_json::from_str(list).map_err(|error| MachinesError(error.to_string()))?;
        let mut machines = BTreeMap::new();
        for machine in list {
            if let Some(problem) = machine.problem() {
                return Err(MachinesError(format!(
                    "the machine `{}`: {problem}",
                    machine.client
                )));
            }
            let client = machine.client.clone();
            if machines.insert(client.clone(), machine).is_some() {
                return Err(MachinesError(format!(
                    "two machines have the app client `{client}`"
                )));
            }
        }
        Ok(Self(machines))
    }
}

impl Machine {
    /// What is wrong with this machine.
    fn problem(&self) -> Option<String> {
        if self.client.is_empty() || !self.client.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
            return Some("`client` isn't the id of an app client".to_owned());
        }
        if self.service.trim().is_empty() {
            return Some("`service` is empty".to_owned());
        }
        if self.tenants.is_empty() || self.tenants.iter().any(|tenant| tenant.trim().is_empty()) {
            return Some("`tenants` needs at least one name, and none that is empty".to_owned());
        }
        if self.scopes.is_empty() || self.scopes.len() > MOST_SCOPES {
            return Some(format!("`scopes` needs 1 to {MOST_SCOPES} scopes"));
        }
        let is_scope = |scope: &&String| {
            let parts = scope.rsplit_once('/');
            parts.is_some_and(|(server, name)| !server.is_empty() && !name.is_empty())
                && !scope.contains(char::is_whitespace)
        };
        let wrong = self.scopes.iter().find(|scope| !is_scope(scope));
        wrong.map(|scope| format!("`{scope}` isn't a scope of a resource server, such as `orders/read`"))
    }
}

impl fmt::Display for MachinesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the environment variable MACHINES isn't valid: {}", self.0)
    }
}

/// `main` prints an error with `Debug`.
impl fmt::Debug for MachinesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for MachinesError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(scopes: &str) -> String {
        format!(r#"[{{"client":"c1","service":"s","tenants":["t"],"scopes":{scopes}}}]"#)
    }

    #[test]
    fn an_empty_list_knows_nobody() {
        for text in ["", " ", "[]"] {
            assert!(text.parse::<Machines>().unwrap().find("c1").is_none());
        }
    }

    #[test]
    fn a_wrong_list_is_refused_with_its_place() {
        let many = format!("[{}]", vec![r#""orders/read""#; 21].join(","));
        let valid = list(r#"["a/b"]"#);
        for (text, problem) in [
            ("{}", "line 1 column 0"),
            (r#"[{"client":"c1"}]"#, "missing field `service`"),
            (r#"[{"scope":[]}]"#, "unknown field `scope`"),
            (&valid.replace("c1", ""), "isn't the id of an app client"),
            (
                &format!(
                    "{},{}",
                    valid.trim_end_matches(']'),
                    valid.trim_start_matches('[')
                ),
                "two machines",
            ),
            (&list("[]"), "1 to 20 scopes"),
            (&list(&many), "1 to 20 scopes"),
            (&list(r#"["orders"]"#), "`orders` isn't a scope"),
            (&list(r#"["a/b c/d"]"#), "`a/b c/d` isn't a scope"),
            (&valid.replace(r#"["t"]"#, "[]"), "`tenants` needs"),
            (&valid.replace(r#""s""#, r#"" ""#), "`service` is empty"),
        ] {
            let error = text.parse::<Machines>().err().unwrap().to_string();
            assert!(
                error.contains(problem) && error.contains("MACHINES"),
                "{text}: {error}"
            );
        }
        assert!(valid.parse::<Machines>().unwrap().find("c1").is_some());
    }
}
