//! The two steps of a check: reading sources, and holding them against binaries.

use crate::{
    binary::Binary,
    facts::Facts,
    pool_resource::{Deployment, PoolResource},
    read,
    report::Report,
    rules,
    source::{ReadError, Source},
};

/// What a set of sources says about pools, functions, permissions and app clients.
#[derive(Debug)]
pub struct Wiring {
    sources: Vec<Source>,
    facts: Facts,
}

impl Wiring {
    /// Reads sources as one set: a permission in one of them may be for a function in another.
    ///
    /// # Errors
    /// If a source is neither YAML nor JSON, or is neither a template nor a description that is known.
    pub fn read(sources: impl IntoIterator<Item = Source>) -> Result<Self, ReadError> {
        let mut sources: Vec<Source> = sources.into_iter().collect();
        let facts = read::read(&mut sources)?;
        Ok(Self { sources, facts })
    }

    /// The user pools that templates among the sources create, with their app clients, as a local pool can serve them.
    ///
    /// # Errors
    /// If a source can't be read, which [`Wiring::read`] has reported before.
    pub fn pool_resources(&self, deployment: Deployment<'_>) -> Result<Vec<PoolResource>, ReadError> {
        read::read_pool_resources(&self.sources, &self.facts, deployment)
    }

    /// Holds the wiring against what binaries route. Without binaries, only faults that concern every binary are found.
    pub fn check(&self, binaries: &[Binary]) -> Report {
        Report::new(&self.sources, rules::check(&self.facts, binaries))
    }
}
