//! A store in the memory of this process.

use std::{
    collections::{BTreeSet, HashMap},
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use super::store::{Claim, Claimed, Finish, Record, RecordState, Release, Store, StoreError, StoreErrorKind};

/// Remembers effects in the memory of one instance of the function.
///
/// It recognizes the retries that reach the same instance, which most do. Another instance knows nothing of them, and
/// nothing survives the end of the process.
///
/// It holds a bounded number of records, 10,000 unless you say otherwise. If it is full, what expires next is forgotten. A
/// mark in progress never is: if there are only those, a claim fails with [`StoreErrorKind::Full`].
pub struct MemoryStore {
    records: Mutex<Records>,
    capacity: usize,
}

#[derive(Default)]
struct Records {
    by_key: HashMap<String, Record>,
    /// The keys in the order in which they may be forgotten: what is done, by its expiry.
    done: BTreeSet<(SystemTime, String)>,
    /// The keys in progress, by their expiry.
    in_progress: BTreeSet<(SystemTime, String)>,
}

impl Records {
    fn insert(&mut self, key: &str, record: Record) {
        self.remove(key);
        let order = match record.state {
            RecordState::InProgress { .. } => &mut self.in_progress,
            RecordState::Done { .. } => &mut self.done,
        };
        order.insert((record.expires, key.to_owned()));
        self.by_key.insert(key.to_owned(), record);
    }

    fn remove(&mut self, key: &str) {
        if let Some(record) = self.by_key.remove(key) {
            let entry = (record.expires, key.to_owned());
            self.done.remove(&entry);
            self.in_progress.remove(&entry);
        }
    }

    /// Forgets what has expired, and whatever is necessary to have room for one more. False if there is no room.
    fn make_room(&mut self, capacity: usize, now: SystemTime) -> bool {
        loop {
            let oldest = |order: &BTreeSet<(SystemTime, String)>| order.first().cloned();
            let expired = [oldest(&self.done), oldest(&self.in_progress)]
                .into_iter()
                .flatten()
                .find(|(expires, _)| *expires <= now);
            if let Some((_, key)) = expired {
                self.remove(&key);
            } else if self.by_key.len() < capacity {
                return true;
            } else if let Some((_, key)) = oldest(&self.done) {
                self.remove(&key);
            } else {
                return false;
            }
        }
    }
}

impl MemoryStore {
    /// A store for 10,000 records.
    pub fn new() -> Self {
        Self::with_capacity(10_000)
    }

    /// A store for this many records, at least one.
    ///
    /// ```
    /// use cognito_triggers::once::MemoryStore;
    ///
    /// let store = MemoryStore::with_capacity(100);
    /// assert!(store.is_empty());
    /// ```
    pub fn with_capacity(records: usize) -> Self {
        Self {
            records: Mutex::default(),
            capacity: records.max(1),
        }
    }

    /// How many records there are, those included that have expired and weren't forgotten yet.
    pub fn len(&self) -> usize {
        self.records().by_key.len()
    }

    /// Whether there is no record.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn records(&self) -> MutexGuard<'_, Records> {
        // A panic can't leave half a change behind that matters: an order without its record is skipped.
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore")
            .field("records", &self.len())
            .field("capacity", &self.capacity)
            .finish()
    }
}

impl Store for MemoryStore {
    async fn claim(&self, claim: &Claim<'_>) -> Result<Claimed, StoreError> {
        let mut records = self.records();
        let claimed = Record::claimed_by(records.by_key.get(claim.key), claim);
        if matches!(claimed, Claimed::Taken) {
            records.remove(claim.key);
            if !records.make_room(self.capacity, claim.now) {
                let message = format!("{} effects are in progress, which is all that fit", self.capacity);
                return Err(StoreError::new(StoreErrorKind::Full, message));
            }
            records.insert(claim.key, claim.record());
        }
        Ok(claimed)
    }

    async fn finish(&self, finish: &Finish<'_>) -> Result<bool, StoreError> {
        let mut records = self.records();
        let is_ours = records
            .by_key
            .get(finish.key)
            .is_some_and(|record| record.token == finish.token);
        if is_ours {
            let record = Record {
                token: finish.token,
                expires: finish.expires,
                state: RecordState::Done {
                    answer: finish.answer.cloned(),
                },
            };
            records.insert(finish.key, record);
        }
        Ok(is_ours)
    }

    async fn release(&self, release: &Release<'_>) -> Result<bool, StoreError> {
        let mut records = self.records();
        let is_ours = records.by_key.get(release.key).is_some_and(|record| {
            record.token == release.token && matches!(record.state, RecordState::InProgress { .. })
        });
        if is_ours {
            records.remove(release.key);
        }
        Ok(is_ours)
    }

    fn is_private(&self) -> bool {
        true
    }
}
