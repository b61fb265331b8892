//! What is left of a row that was played: its differences, and a pool with a directory.

use cognito_triggers_pool::LocalPool;
use tempfile::TempDir;

use crate::data;

/// A difference between what a row expects and what the pool did.
pub(crate) struct Difference {
    pub(crate) text: String,
    /// Whether the expectation is measured or documented.
    pub(crate) firm: bool,
}

/// A row that was played.
pub(crate) struct Played {
    pub(crate) differences: Vec<Difference>,
    pool: LocalPool,
    /// Where the pool keeps what is stored.
    directory: TempDir,
}

impl Played {
    pub(crate) fn new(differences: Vec<Difference>, pool: LocalPool, directory: TempDir) -> Self {
        Self {
            differences,
            pool,
            directory,
        }
    }

    /// Whether the directory has everything that is in memory, whatever the operations of the row have changed.
    pub(crate) async fn survives_a_restart(self) -> bool {
        let before = data::state(&self.pool).await;
        drop(self.pool);
        let pool = LocalPool::builder().data(self.directory.path()).start();
        data::state(&pool.await.unwrap()).await == before
    }
}
