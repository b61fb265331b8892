//! The texts of all messages: a file for each language.
//!
//! A new language is a new file, its `mod` and its place in [`LANGUAGES`].

mod ar;
mod de;
mod en;
mod ja;
mod pt_br;

use crate::text::Language;

/// All languages.
pub(crate) const LANGUAGES: [&Language; 5] = [&en::TEXTS, &ar::TEXTS, &de::TEXTS, &ja::TEXTS, &pt_br::TEXTS];
