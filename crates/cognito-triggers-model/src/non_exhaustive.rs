//! Lets structs that users fill in grow without a breaking release.

/// A field that can only be filled by `..Default::default()`.
///
/// `#[non_exhaustive]` would forbid struct literals altogether. With a hidden field of this type, users write the fields
/// they need and `..Default::default()`, and a new field doesn't break them. See
/// `docs/decisions/answers-can-grow.md`.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct NonExhaustive(());

impl std::fmt::Debug for NonExhaustive {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("..")
    }
}
