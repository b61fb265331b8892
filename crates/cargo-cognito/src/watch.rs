//! Waiting for changes of files, for `replay --watch` and `pool --watch`.
//!
//! | what happens | what follows |
//! |---|---|
//! | a file changes between two runs | a run |
//! | a file changes during a run, with other content than before | another run, so that no save is missed |
//! | the same in three runs in a row | the file is named once, and is the run's own from then on |
//! | a file is written with the content that it had | nothing |
//! | files go on changing | nothing, until they rest for half a second |
//!
//! The files are polled twice a second, which costs a few milliseconds for a thousand files. Notifications of the operating
//! system would miss changes on network drives and in containers.

mod files;

use std::{
    collections::BTreeMap,
    fs::{self, File},
    hash::{DefaultHasher, Hash, Hasher},
    io::Read,
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::time::sleep;

use self::files::Files;
use crate::{args, blocking::blocking, error::CommandError, output};

/// The time between two looks at the files.
const INTERVAL: Duration = Duration::from_millis(500);

/// In how many runs in a row a file has to change, so that it is clear that the runs write it.
const SETTLED: u32 = 3;

/// The files and directories to watch: `paths`, binaries that are given by their paths, and the workspace of binaries that
/// are built. Where there is no workspace, also the directories of scripts, which may read other files there.
///
/// # Errors
/// Fails if cargo can't be asked for the workspace.
pub(crate) async fn roots(
    paths: &[PathBuf],
    function: &args::Function,
) -> Result<Vec<PathBuf>, CommandError> {
    let mut roots = paths.to_vec();
    let bins: Vec<_> = function.bin.iter().map(PathBuf::from).collect();
    roots.extend(bins.iter().filter(|bin| bin.is_file()).cloned());
    if function.url.is_none() {
        roots.extend(
            blocking(
                move || match cognito_triggers_targets::cargo::workspace_root(None) {
                    Some(root) => vec![root],
                    None => bins.iter().filter_map(|bin| directory_of_script(bin)).collect(),
                },
            )
            .await?,
        );
    }
    Ok(outermost(roots))
}

/// The directory of a file that an interpreter runs; `None` for another file.
fn directory_of_script(path: &Path) -> Option<PathBuf> {
    let mut start = [0; 2];
    File::open(path).ok()?.read_exact(&mut start).ok()?;
    path.parent().filter(|_| &start == b"#!").map(Path::to_owned)
}

/// The paths without directories below another one, so that no directory is read twice. A file stays: it may be one that
/// isn't watched as a part of its directory, such as a binary in `target`.
fn outermost(mut paths: Vec<PathBuf>) -> Vec<PathBuf> {
    let full = |path: &PathBuf| path.canonicalize().unwrap_or(path.clone());
    paths.sort_by_cached_key(|path| full(path).components().count());
    let mut outermost: Vec<PathBuf> = Vec::new();
    for path in paths {
        if path.is_file() || !outermost.iter().any(|outer| full(&path).starts_with(full(outer))) {
            outermost.push(path);
        }
    }
    outermost
}

/// The watched files, as they were before the run that is in progress or has just ended.
///
/// A run is whatever a change starts: a build, the start of a function, cases. A run may write watched files itself. If it
/// writes what they had before, that is no change. If it writes something else every time, such as a date, the third run in
/// a row settles that the file is its own, and changes during a run start no other from then on. Two runs in a row don't
/// settle it, because a person may save a file twice while a build is running.
pub(crate) struct Watch {
    roots: Vec<PathBuf>,
    before: Files,
    /// The hashes of the contents of files that have changed.
    contents: BTreeMap<PathBuf, u64>,
    /// In how many runs in a row a file has changed.
    in_a_row: BTreeMap<PathBuf, u32>,
}

impl Watch {
    /// Looks at the files, before the first run.
    ///
    /// # Errors
    /// Fails if a thread can't be started.
    pub(crate) async fn start(roots: Vec<PathBuf>) -> Result<Self, CommandError> {
        let before = Files::find(&roots).await?;
        Ok(Self {
            roots,
            before,
            contents: BTreeMap::new(),
            in_a_row: BTreeMap::new(),
        })
    }

    /// Waits until a file has changed and no file changes any more. Returns the changed files, at least one.
    ///
    /// # Errors
    /// Fails if a thread can't be started.
    pub(crate) async fn wait_for_change(&mut self) -> Result<Vec<PathBuf>, CommandError> {
        loop {
            sleep(INTERVAL).await;
            let mut now = Files::find(&self.roots).await?;
            if now == self.before {
                continue;
            }
            // An editor or `git` may still be writing.
            loop {
                sleep(INTERVAL).await;
                let later = Files::find(&self.roots).await?;
                if later == now {
                    break;
                }
                now = later;
            }
            let mut changed = self.before.differences(&now);
            let contents = contents(&changed).await?;
            changed.retain(|path| !self.is_content(path, &contents));
            for path in &changed {
                match contents.get(path) {
                    Some(content) => self.contents.insert(path.clone(), *content),
                    None => self.contents.remove(path),
                };
            }
            self.before = now;
            if !changed.is_empty() {
                return Ok(changed);
            }
        }
    }

    /// Looks at the files after a run. Returns those of which it is now clear that the runs write them.
    ///
    /// # Errors
    /// Fails if a thread can't be started.
    pub(crate) async fn finish_run(&mut self) -> Result<Vec<PathBuf>, CommandError> {
        let after = Files::find(&self.roots).await?;
        let changed = self.before.differences(&after);
        let contents = contents(&changed).await?;
        self.in_a_row.retain(|path, _| changed.contains(path));
        let mut written = Vec::new();
        for path in changed {
            let is_same = self.is_content(&path, &contents);
            let count = self.in_a_row.entry(path.clone()).or_default();
            *count += u32::from(!is_same);
            if is_same || *count >= SETTLED {
                self.before.take(&path, &after);
                contents
                    .get(&path)
                    .map(|content| self.contents.insert(path.clone(), *content));
            }
            if !is_same && *count == SETTLED {
                written.push(path);
            }
        }
        Ok(written)
    }

    /// Whether a file has the content that it had when it changed last.
    fn is_content(&self, path: &Path, contents: &BTreeMap<PathBuf, u64>) -> bool {
        contents
            .get(path)
            .is_some_and(|content| self.contents.get(path) == Some(content))
    }
}

/// Says that the runs write these files.
pub(crate) fn warn_about_written(paths: &[PathBuf]) {
    for path in paths {
        output::warning(format_args!(
            "{} was written in three runs in a row, so the runs write it themselves; what is written during a run starts no \
             other",
            path.display()
        ));
    }
}

/// Hashes of the contents of files. A file that can't be read has none.
async fn contents(paths: &[PathBuf]) -> Result<BTreeMap<PathBuf, u64>, CommandError> {
    let paths = paths.to_vec();
    blocking(move || {
        let content = |path: PathBuf| {
            let mut hasher = DefaultHasher::new();
            fs::read(&path).ok()?.hash(&mut hasher);
            Some((path, hasher.finish()))
        };
        paths.into_iter().filter_map(content).collect()
    })
    .await
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;

    #[tokio::test]
    async fn a_binary_is_watched_where_directories_are_skipped() {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path().to_owned();
        let binary = root.join("target/debug/function");
        fs::create_dir_all(root.join("target/debug")).unwrap();
        fs::create_dir(root.join("src")).unwrap();
        fs::write(&binary, "one").unwrap();
        let roots = outermost(vec![root.join("src"), binary.clone(), root.clone()]);
        assert_eq!(roots, [root, binary.clone()]);

        let before = Files::find(&roots).await.unwrap();
        fs::write(&binary, "another").unwrap();
        let after = Files::find(&roots).await.unwrap();
        assert_eq!(before.differences(&after), [binary]);
    }

    /// Waits for a change for four intervals.
    async fn changed(watch: &mut Watch) -> Option<Vec<PathBuf>> {
        let change = tokio::time::timeout(4 * INTERVAL, watch.wait_for_change());
        change.await.ok().map(Result::unwrap)
    }

    #[tokio::test(start_paused = true)]
    async fn what_every_run_writes_starts_three_runs_at_most() {
        let directory = tempfile::tempdir().unwrap();
        let [source, written] = ["source.rs", "written.rs"].map(|name| directory.path().join(name));
        fs::write(&source, "one").unwrap();
        let mut watch = Watch::start(vec![directory.path().to_owned()]).await.unwrap();
        for run in 1..=3 {
            fs::write(&written, "x".repeat(run)).unwrap();
            let is_clear = watch.finish_run().await.unwrap();
            if run < 3 {
                assert!(is_clear.is_empty());
                assert_eq!(changed(&mut watch).await, Some(vec![written.clone()]));
            } else {
                assert_eq!(is_clear, std::slice::from_ref(&written));
                assert_eq!(changed(&mut watch).await, None);
            }
        }
        // A change between the runs is somebody else's.
        fs::write(&written, "by hand").unwrap();
        assert_eq!(changed(&mut watch).await, Some(vec![written.clone()]));
        fs::write(&written, "by the run").unwrap();
        assert!(watch.finish_run().await.unwrap().is_empty());
        fs::write(&source, "another").unwrap();
        assert_eq!(changed(&mut watch).await, Some(vec![source]));
    }

    #[tokio::test(start_paused = true)]
    async fn the_same_content_is_no_change() {
        let directory = tempfile::tempdir().unwrap();
        let written = directory.path().join("written.rs");
        let mut watch = Watch::start(vec![directory.path().to_owned()]).await.unwrap();
        fs::write(&written, "always this").unwrap();
        assert!(watch.finish_run().await.unwrap().is_empty());
        assert_eq!(changed(&mut watch).await, Some(vec![written.clone()]));
        let touch = || {
            File::options()
                .append(true)
                .open(&written)
                .unwrap()
                .set_modified(SystemTime::UNIX_EPOCH)
        };
        touch().unwrap();
        assert!(watch.finish_run().await.unwrap().is_empty());
        assert_eq!(changed(&mut watch).await, None);
        fs::remove_file(&written).unwrap();
        assert_eq!(changed(&mut watch).await, Some(vec![written]));
    }

    /// A person who saves a file while a build is running isn't taken for the build.
    #[tokio::test(start_paused = true)]
    async fn a_source_saved_during_two_runs_starts_another() {
        let directory = tempfile::tempdir().unwrap();
        let source = directory.path().join("source.rs");
        let mut watch = Watch::start(vec![directory.path().to_owned()]).await.unwrap();
        for save in 1..=2 {
            fs::write(&source, "x".repeat(save)).unwrap();
            assert!(watch.finish_run().await.unwrap().is_empty());
            assert_eq!(changed(&mut watch).await, Some(vec![source.clone()]));
        }
        assert!(watch.finish_run().await.unwrap().is_empty());
        for save in 3..=4 {
            fs::write(&source, "x".repeat(save)).unwrap();
            assert!(watch.finish_run().await.unwrap().is_empty());
            assert_eq!(changed(&mut watch).await, Some(vec![source.clone()]));
        }
    }

    #[test]
    fn only_a_script_has_a_directory_to_watch() {
        let directory = tempfile::tempdir().unwrap();
        let script = directory.path().join("script");
        fs::write(&script, "#!/bin/sh\n").unwrap();
        assert_eq!(directory_of_script(&script).as_deref(), Some(directory.path()));
        fs::write(&script, "#").unwrap();
        assert_eq!(directory_of_script(&script), None);
    }
}
