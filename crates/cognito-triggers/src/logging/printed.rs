//! Fields that have been printed.
//!
//! A field of a span may be recorded again. Its text can't be searched for then, because the value of another field may hold
//! the same text. So the positions of the fields are kept.

/// Fields as they are printed, with a separator of one byte between two of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Printed {
    /// All of them, such as `a=1 b="x"` or `"a":1,"b":"x"`.
    pub(super) text: Vec<u8>,
    /// The name of each field, and where it begins in the text.
    pub(super) starts: Vec<(&'static str, usize)>,
}

impl Printed {
    /// No fields and no allocation yet.
    pub(super) const fn new() -> Self {
        Self {
            text: Vec::new(),
            starts: Vec::new(),
        }
    }

    /// Removes all fields. The allocations are kept.
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.starts.clear();
    }

    /// Becomes a copy, in the allocations that are there.
    pub(super) fn copy(&mut self, other: &Self) {
        self.clear();
        self.text.extend(&other.text);
        self.starts.extend(&other.starts);
    }

    /// Appends fields. Those of the same names that were there are removed.
    ///
    /// The separator stands between the old ones and the new ones if there are both.
    pub(super) fn update(&mut self, later: &Self, separator: u8) {
        for (name, _) in &later.starts {
            self.remove(name);
        }
        if !self.text.is_empty() && !later.text.is_empty() {
            self.text.push(separator);
        }
        let offset = self.text.len();
        self.text.extend(&later.text);
        let starts = later.starts.iter();
        self.starts
            .extend(starts.map(|(name, start)| (*name, offset + start)));
    }

    /// Removes a field and the separator beside it. Without such a field nothing changes.
    fn remove(&mut self, name: &str) {
        let Some(position) = self.starts.iter().position(|(known, _)| *known == name) else {
            return;
        };
        let (_, start) = self.starts.remove(position);
        match self.starts.get(position) {
            Some((_, end)) => {
                let length = end - start;
                self.text.drain(start..start + length);
                for (_, later) in self.starts.iter_mut().skip(position) {
                    *later -= length;
                }
            }
            None => self.text.truncate(start.saturating_sub(1)),
        }
    }
}
