//! Parts of templates: what `wire` writes and what fixes say to paste is the same text.

/// A function, its time-out in seconds.
pub(crate) fn function(id: &str, binary: &str, timeout: u64) -> String {
    let text = include_str!("parts/function.yaml")
        .replace("{id}", id)
        .replace("{binary}", binary);
    text.replace("{timeout}", &timeout.to_string())
}

/// The permission for a pool to call a function, or an alias of it.
pub(crate) fn permission(id: &str, function: &str, pool: &str) -> String {
    let text = include_str!("parts/permission.yaml").replace("{id}", id);
    text.replace("{function}", function).replace("{pool}", pool)
}

/// The right of a function's role to open the codes of a pool.
pub(crate) fn decrypt(id: &str, role: &str, key: &str, pool: &str) -> String {
    let text = include_str!("parts/decrypt.yaml")
        .replace("{id}", id)
        .replace("{role}", role);
    text.replace("{key}", key).replace("{pool}", pool)
}

/// What a function that opens codes has to know, as further properties of it.
pub(crate) const ENVIRONMENT: &str = include_str!("parts/environment.yaml");

/// Where the environment gets the pool from: a parameter, and the output to set it from.
pub(crate) const PARAMETERS: &str = include_str!("parts/parameters.yaml");
pub(crate) const OUTPUTS: &str = include_str!("parts/outputs.yaml");

/// The key for codes, called `CodeKey`.
pub(crate) const KEY: &str = include_str!("parts/key.yaml");
