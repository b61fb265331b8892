//! Parts of SAM templates. `wire` writes them, and fixes suggest them.
//!
//! Each part is a file in `snippets/`, with placeholders in braces:
//!
//! ```yaml
//! {pool}MayCall{id}:
//!   Type: AWS::Lambda::Permission
//!   Properties:
//!     FunctionName: {function}
//! ```

/// A function with its time limit in seconds.
pub(crate) fn function(id: &str, binary: &str, timeout: u64) -> String {
    let text = include_str!("snippets/function.yaml")
        .replace("{id}", id)
        .replace("{binary}", binary);
    text.replace("{timeout}", &timeout.to_string())
}

/// The permission for a pool to call a function or an alias of it.
pub(crate) fn permission(id: &str, function: &str, pool: &str) -> String {
    let text = include_str!("snippets/permission.yaml").replace("{id}", id);
    text.replace("{function}", function).replace("{pool}", pool)
}

/// The permission of a function's role to decrypt the codes of a pool.
pub(crate) fn decrypt(id: &str, role: &str, key: &str, pool: &str) -> String {
    let text = include_str!("snippets/decrypt.yaml")
        .replace("{id}", id)
        .replace("{role}", role);
    text.replace("{key}", key).replace("{pool}", pool)
}

/// The environment of a function that decrypts codes, as further properties of it.
pub(crate) const ENVIRONMENT: &str = include_str!("snippets/environment.yaml");

/// The parameter from which that environment gets the pool.
pub(crate) const PARAMETERS: &str = include_str!("snippets/parameters.yaml");

/// The output from which that parameter is set.
pub(crate) const OUTPUTS: &str = include_str!("snippets/outputs.yaml");

/// The key for codes, called `CodeKey`.
pub(crate) const KEY: &str = include_str!("snippets/key.yaml");
