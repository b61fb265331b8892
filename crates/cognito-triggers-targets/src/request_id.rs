//! The request id of a call: random for the function, and the same in every run for whoever reads the result.
//!
//! Only the function gets the random id, so no other program can answer for it. Answers, error texts and logs must not change
//! from run to run, though, because answers are approved and compared. So the random id is replaced wherever it comes back.

use std::{borrow::Cow, fmt::Write, io};

/// The length of an id in bytes: a UUID with hyphens.
const LENGTH: usize = 36;

/// The first group of every id. It isn't random, so that a function that quotes only this group answers the same in every run.
const FIRST_GROUP: &str = "00000000-";

/// The request id of the `number`th call, in the form of Lambda's ids. It is the same in every run.
pub(crate) fn stable_id(number: u64) -> String {
    format!("{FIRST_GROUP}0000-4000-8000-{number:012x}")
}

/// The request id of one call.
#[derive(Debug, Clone)]
pub(crate) struct RequestId {
    /// What the function gets. 90 bits of it are random.
    pub(crate) secret: String,
    /// What reports show.
    pub(crate) stable: String,
}

impl RequestId {
    /// The id of the `number`th call.
    ///
    /// # Errors
    /// Fails if the system has no random numbers.
    pub(crate) fn new(number: u64) -> io::Result<Self> {
        let mut random = [0; 12];
        getrandom::fill(&mut random).map_err(io::Error::other)?;
        let [a, b, c, d, e, f, rest @ ..] = random;
        // A UUID of version 4, RFC 9562 section 5.4.
        let mut secret = format!("{FIRST_GROUP}{a:02x}{b:02x}-4{:x}{d:02x}-", c & 0xf);
        let _ = write!(secret, "{:02x}{f:02x}-", e & 0x3f | 0x80);
        for byte in rest {
            let _ = write!(secret, "{byte:02x}");
        }
        Ok(Self {
            secret,
            stable: stable_id(number),
        })
    }

    /// The text with the stable id in place of the random one.
    pub(crate) fn stabilize<'a>(&self, text: &'a str) -> Cow<'a, str> {
        replace_ids(text, |id| (id == self.secret).then_some(self.stable.as_str()))
    }
}

/// The text with what `stable` returns in place of each id that it knows.
pub(crate) fn replace_ids<'a, 'b>(text: &'a str, stable: impl Fn(&str) -> Option<&'b str>) -> Cow<'a, str> {
    let mut replaced = String::new();
    let mut done = 0;
    for (start, _) in text.match_indices(FIRST_GROUP) {
        let end = start + LENGTH;
        if start >= done
            && let Some(id) = text.get(start..end).and_then(&stable)
        {
            replaced.push_str(text.get(done..start).unwrap_or_default());
            replaced.push_str(id);
            done = end;
        }
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    replaced.push_str(text.get(done..).unwrap_or_default());
    Cow::Owned(replaced)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ids_are_uuids_that_nobody_can_guess() {
        let ids: HashSet<_> = (0..1000).map(|_| RequestId::new(7).unwrap().secret).collect();
        assert_eq!(ids.len(), 1000);
        for id in ids {
            let groups: Vec<_> = id.split('-').map(str::len).collect();
            assert_eq!(groups, [8, 4, 4, 4, 12], "{id}");
            assert!(id.starts_with(FIRST_GROUP) && id[14..].starts_with('4'), "{id}");
            assert!("89ab".contains(&id[19..20]), "{id}");
        }
    }

    #[test]
    fn a_random_id_never_comes_back() {
        let id = RequestId::new(7).unwrap();
        let other = RequestId::new(8).unwrap().secret;
        let text = format!("ü{0}{0}, {other}, 00000000-, {0}", id.secret);
        let stable = "00000000-0000-4000-8000-000000000007";
        assert_eq!(
            id.stabilize(&text),
            format!("ü{stable}{stable}, {other}, 00000000-, {stable}")
        );
        assert!(matches!(id.stabilize("no id"), Cow::Borrowed("no id")));
    }
}
