//! IDs for the resources of a template.
//!
//! The same logical ID gives the same ID in every run and on every machine, so that an app can keep them in its
//! configuration.

use crate::ids::{SPLIT_MIX_STEP, mix};

/// The ID of a user pool: the Region, an underscore, and nine letters and digits, as in `us-east-1_Ab3dE6gHi`.
pub(super) fn pool_id(region: &str, logical_id: &str) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    format!("{region}_{}", derived(ALPHABET, 9, logical_id))
}

/// The ID of an app client: 26 lowercase letters and digits. Clients of different pools differ, even with the same name.
pub(super) fn client_id(pool: &str, logical_id: &str) -> String {
    const ALPHABET: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
    derived(ALPHABET, 26, &format!("{pool}/{logical_id}"))
}

/// Derives `length` characters of `alphabet` from a string: its FNV-1a hash is the seed of a SplitMix64 generator, and each
/// generated number selects a character.
fn derived(alphabet: &[u8], length: usize, text: &str) -> String {
    let seed = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    let numbers = std::iter::successors(Some(seed), |state| Some(state.wrapping_add(SPLIT_MIX_STEP)));
    numbers
        .map(mix)
        .take(length)
        .filter_map(|number| {
            let index = usize::try_from(number % alphabet.len() as u64).ok()?;
            alphabet.get(index).copied().map(char::from)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_stay_and_differ() {
        assert_eq!(pool_id("us-east-1", "UserPool"), pool_id("us-east-1", "UserPool"));
        assert_ne!(
            pool_id("us-east-1", "UserPool"),
            pool_id("us-east-1", "UserPool2")
        );
        let client = client_id("UserPool", "AppClient");
        assert_eq!(client.len(), 26);
        assert!(
            client.bytes().collect::<std::collections::BTreeSet<_>>().len() > 8,
            "{client}"
        );
        assert_ne!(client, client_id("Other", "AppClient"));
    }
}
