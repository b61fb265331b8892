//! The table of all error texts.

use crate::explain::errors::{
    api, codes, deployment, error_text::ErrorText, federation, own, sign_in, trigger,
};

/// The groups, in the order in which they are searched.
const PARTS: &[&[ErrorText]] = &[
    trigger::ANSWERS,
    trigger::FUNCTION_ERRORS,
    trigger::INVOCATIONS,
    trigger::GENERAL,
    sign_in::ROWS,
    codes::ROWS,
    deployment::ROWS,
    federation::ROWS,
    api::ROWS,
    own::ROWS,
];

/// The number of entries, for the length of the table.
const COUNT: usize = {
    let mut count = 0;
    let mut parts = PARTS;
    while let [part, rest @ ..] = parts {
        count += part.len();
        parts = rest;
    }
    count
};

/// Every error text. If several fit, the special ones come before the general ones.
pub static ERRORS: &[ErrorText] = &collect();

/// Copies the rows of all groups into one array, when the crate is compiled.
#[expect(clippy::indexing_slicing, reason = "it runs when the crate is compiled")]
const fn collect() -> [ErrorText; COUNT] {
    let mut all = [trigger::ANSWERS[0]; COUNT];
    let mut next = 0;
    let mut parts = PARTS;
    while let [part, rest @ ..] = parts {
        let mut row = 0;
        while row < part.len() {
            all[next] = part[row];
            next += 1;
            row += 1;
        }
        parts = rest;
    }
    all
}
