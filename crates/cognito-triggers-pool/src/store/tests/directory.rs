//! Directories of the file system: who may use them, and what they hold.

use std::fs;
use std::path::Path;

use super::super::{Store, open};
use super::*;

fn put(log: &mut Log, name: &str) {
    log.append(&[Record::put(Key::new("a", "users", name), &1)])
        .unwrap();
}

#[test]
fn a_missing_directory_is_created_for_its_owner() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("a/b");
    let mut log = open(&path).unwrap();
    put(&mut log, "ana");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;

        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o700);
        assert_eq!(mode(&path.join("pool.data")), 0o600);
        assert_eq!(mode(&path.join("lock")), 0o600);
    }
    drop(log);
    assert_eq!(model(&open(&path).unwrap()).len(), 1);
}

#[cfg(unix)]
#[test]
fn a_copied_file_is_taken_away_from_others() {
    use std::os::unix::fs::PermissionsExt;

    let root = tempfile::tempdir().unwrap();
    drop(open(root.path()).unwrap());
    let file = root.path().join("pool.data");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    drop(open(root.path()).unwrap());
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
}

#[cfg(unix)]
#[test]
fn a_second_server_is_refused_under_every_name() {
    let root = tempfile::tempdir().unwrap();
    let (path, link) = (root.path().join("data"), root.path().join("link"));
    let log = open(&path).unwrap();
    std::os::unix::fs::symlink(&path, &link).unwrap();
    for name in [&path, &link] {
        let error = open(name).unwrap_err();
        assert!(error.is_locked());
        let process = format!("another local user pool, process {};", std::process::id());
        assert!(error.to_string().contains(&process), "{error}");
    }
    drop(log);
    drop(open(&link).unwrap());
}

#[test]
fn a_lock_file_that_was_left_locks_nothing() {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("lock"), "1\n").unwrap();
    drop(open(root.path()).unwrap());
}

#[test]
fn a_file_in_place_of_a_directory_is_named() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("file");
    fs::write(&path, "mine").unwrap();
    let error = open(&path).unwrap_err().to_string();
    assert!(
        error.starts_with(&format!("{} can't be created", path.display())),
        "{error}"
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
}

#[tokio::test]
async fn changes_are_waited_for_and_written_in_order() {
    let root = tempfile::tempdir().unwrap();
    let store = Store::start(open(root.path()).unwrap(), |_| {});
    store.kept().await.unwrap();
    let key = Key::new("a", "users", "ana");
    for number in 0..500 {
        store.append(vec![Record::put(key.clone(), &number)]);
    }
    store.kept().await.unwrap();
    // Nothing is closed: the file is read as after a kill.
    let copy = tempfile::tempdir().unwrap();
    fs::copy(root.path().join("pool.data"), copy.path().join("pool.data")).unwrap();
    let found = model(&open(copy.path()).unwrap());
    assert_eq!(found.get(&key).map(String::as_str), Some("499"));
    store.close();
    drop(open(root.path()).unwrap());
}

#[tokio::test]
async fn a_change_after_the_end_is_never_kept() {
    let root = tempfile::tempdir().unwrap();
    let store = Store::start(open(root.path()).unwrap(), |_| {});
    let record = || vec![Record::put(Key::new("a", "users", "ana"), &1)];
    store.append(record());
    store.close();
    store.kept().await.unwrap();
    store.append(record());
    let failure = store.kept().await.unwrap_err();
    assert_eq!(*failure, *"the pool has ended, and its directory is closed");
}

#[tokio::test]
async fn after_a_failure_nothing_is_kept_any_more() {
    let machine = Machine::default();
    let log = super::open(&machine).unwrap();
    machine.limit(Some(0));
    let (report, reported) = std::sync::mpsc::channel();
    let store = Store::start(log, move |failure| report.send(failure.to_owned()).unwrap());
    assert!(store.kept().await.is_ok() && store.failure().is_none());
    let record = Record::put(Key::new("a", "users", "ana"), &1);
    store.append(vec![record.clone()]);
    let failure = store.kept().await.unwrap_err();
    assert!(
        failure.starts_with("/data/pool.data can't be written: "),
        "{failure}"
    );
    assert_eq!(reported.recv().unwrap(), *failure);
    // The disk has room again, but what is in memory isn't what it has.
    machine.limit(None);
    store.append(vec![record]);
    assert_eq!(store.kept().await.unwrap_err(), failure);
    assert_eq!(store.failure(), Some(failure));
    store.close();
    assert!(model(&super::open(&machine).unwrap()).is_empty());
}
