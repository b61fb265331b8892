//! The package that `new` or `init` writes.

/// The package that is written.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Package {
    /// The name of the package and of its binary.
    pub(super) name: String,
    /// The name of its library in Rust.
    pub(super) library: String,
    /// Whether it is a member of a workspace, which has the profiles and `Cargo.lock`.
    pub(super) is_member: bool,
    /// Whether it has a `template.yaml` already, which stays.
    pub(super) has_template: bool,
}

impl Package {
    /// A package that is its own workspace.
    #[cfg(test)]
    pub(super) fn standalone(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            library: name.replace('-', "_"),
            is_member: false,
            has_template: false,
        }
    }
}
