//! A kill or a full disk during `replay --accept`: every answer file is the old or the new one, as a whole.
//!
//! `ROUNDS` says how often the command is killed (4 without it), `CASES` how many answers it writes (40 without it), and
//! `ACCEPT_DIRECTORY` where they are: `tests/accept/run.sh` kills more often, and has disks that are full. `cargo test` limits
//! the length of a file instead.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test that can't go on fails, and says what it counted"
)]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use crate::support::TestDir;

const OLD: &str = "{\"rejected\": \"approved by hand\"}\n";

/// The cases, and how to approve them.
struct Cases {
    place: TestDir,
    directory: PathBuf,
    /// The whole new answers, by the names of their files.
    new: BTreeMap<String, String>,
}

/// What the answer files are after a round.
#[derive(Debug, Default, PartialEq)]
struct Count {
    old: usize,
    new: usize,
    /// Hidden files that the killed command has left.
    left: usize,
}

/// A number of the environment.
fn setting(name: &str, default: u32) -> u32 {
    std::env::var(name).map_or(default, |text| text.parse().unwrap())
}

impl Cases {
    /// Events of 20 KB, so that a new answer is longer than what a nearly full disk has left.
    fn new(name: &str) -> Self {
        let place = TestDir::new();
        let parent = std::env::var_os("ACCEPT_DIRECTORY").map_or_else(|| place.path("all"), PathBuf::from);
        let directory = parent.join(name);
        fs::create_dir_all(&directory).unwrap();
        let event = place.read("cases/invited.event.json");
        let mut cases = Self {
            place,
            directory,
            new: BTreeMap::new(),
        };
        for number in 0..setting("CASES", 40) {
            let text = event.replace("Ana Lindqvist", &format!("{number} {}", "x".repeat(20_000)));
            fs::write(cases.directory.join(format!("{number}.event.json")), text).unwrap();
        }
        assert!(cases.command("").status().unwrap().success());
        for (name, text) in cases.answers() {
            assert!(text.contains("\"autoConfirmUser\": true"), "{name}");
            cases.new.insert(name, text);
        }
        cases.restore();
        cases
    }

    /// The command behind a line of a shell.
    fn command(&self, limits: &str) -> Command {
        let replay = self.place.command("");
        let mut command = Command::new("bash");
        command
            .args(["-c", &format!("{limits} exec \"$@\""), "-"])
            .arg(replay.get_program())
            .arg("replay")
            .arg(&self.directory)
            .args(["--bin", "./sign_up", "--accept", "--quiet", "-j2"])
            .current_dir(self.place.path(""))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.directory).unwrap();
        entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    }

    fn answers(&self) -> BTreeMap<String, String> {
        let is_answer = |name: &String| name.ends_with(".answer.json") && !name.starts_with('.');
        let read = |name: String| {
            let text = fs::read(self.directory.join(&name)).unwrap();
            (name, String::from_utf8_lossy(&text).into_owned())
        };
        self.names().into_iter().filter(is_answer).map(read).collect()
    }

    /// Writes the old answers again.
    fn restore(&self) {
        for name in self.new.keys() {
            let path = self.directory.join(name);
            if fs::metadata(&path).is_ok_and(|metadata| metadata.len() != OLD.len() as u64) {
                // A full disk has no room for a second file.
                fs::write(&path, OLD).unwrap();
            }
        }
    }

    /// Fails unless each answer is the old or the new one.
    #[track_caller]
    fn count(&self) -> Count {
        let mut count = Count::default();
        let answers = self.answers();
        assert_eq!(answers.len(), self.new.len());
        for (name, text) in answers {
            let is_new = Some(&text) == self.new.get(&name);
            assert!(is_new || text == OLD, "{name} is cut: {} bytes", text.len());
            *(if is_new { &mut count.new } else { &mut count.old }) += 1;
        }
        count.left = self.names().iter().filter(|name| name.starts_with('.')).count();
        count
    }

    /// Waits until the first answer is a new one, as long as a whole run at most.
    fn wait_for_the_first(&self, whole: Duration) {
        let start = Instant::now();
        let first = self.directory.join("0.answer.json");
        while start.elapsed() < whole && fs::metadata(&first).is_ok_and(|file| file.len() == OLD.len() as u64)
        {
            sleep(Duration::from_millis(1));
        }
    }

    /// Kills the command again and again, after times that are spread over the writing of the answers.
    fn kill(&self, what: &str, limits: &str) {
        let rounds = setting("ROUNDS", 4);
        let start = Instant::now();
        let mut command = self.command(limits).spawn().unwrap();
        self.wait_for_the_first(Duration::from_secs(2));
        let writing = Instant::now();
        command.wait().unwrap();
        let (whole, writing) = (start.elapsed(), writing.elapsed());
        let (mut old, mut mixed, mut new, mut left) = (0, 0, 0, 0);
        for round in 0..rounds {
            self.restore();
            let mut command = self.command(limits).spawn().unwrap();
            self.wait_for_the_first(whole);
            sleep(writing.mul_f64(f64::from(round) / f64::from(rounds)));
            command.kill().unwrap();
            command.wait().unwrap();
            let count = self.count();
            match (count.old, count.new) {
                (_, 0) => old += 1,
                (0, _) => new += 1,
                _ => mixed += 1,
            }
            left += count.left.min(1);
        }
        eprintln!(
            "{what}: {rounds} rounds over {writing:?}: {old} with old answers only, {mixed} with old and new ones, \
             {new} with new ones only; {left} with a hidden file left"
        );
    }

    /// A run that isn't killed removes what killed ones have left.
    #[track_caller]
    fn end(&self) {
        fs::write(self.directory.join(".0.answer.json.1-1.new"), "").unwrap();
        self.command("").status().unwrap();
        assert_eq!(self.count().left, 0);
        fs::remove_dir_all(&self.directory).unwrap();
    }
}

/// The bytes that a disk has left.
fn free(directory: &Path) -> u64 {
    let output = Command::new("stat")
        .args(["-f", "-c", "%a %S"])
        .arg(directory)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let (blocks, size) = text.trim().split_once(' ').unwrap();
    blocks.parse::<u64>().unwrap() * size.parse::<u64>().unwrap()
}

#[test]
fn a_killed_run_leaves_whole_answers() {
    let cases = Cases::new("killed");
    cases.kill("a disk with room", "");
    cases.restore();
    cases.end();
}

/// No file may get longer than nothing, or than a part of a new answer.
#[test]
fn a_limit_of_file_lengths_leaves_whole_answers() {
    for (name, blocks) in [("nothing", 0), ("a part", 8)] {
        let cases = Cases::new(&name.replace(' ', "-"));
        let limits = format!("trap '' XFSZ; ulimit -f {blocks};");
        let code = cases.command(&limits).status().unwrap().code();
        assert_eq!(code, Some(1));
        let all_old = Count {
            old: cases.new.len(),
            ..Count::default()
        };
        assert_eq!(cases.count(), all_old, "{name}");
        cases.kill(&format!("files that may hold {name}"), &limits);
        assert_eq!(cases.count().new, 0, "{name}");
        cases.end();
    }
}

/// `tests/accept/run.sh` mounts a small disk for this test.
#[test]
#[ignore = "needs a small disk of its own in ACCEPT_DIRECTORY"]
fn a_full_disk_leaves_whole_answers() {
    for (name, room) in [("full", 0), ("nearly-full", 50_000)] {
        let cases = Cases::new(name);
        let filler = cases.directory.join("filler");
        let size = free(&cases.directory) - room;
        fs::write(&filler, vec![0; usize::try_from(size).unwrap()]).unwrap();
        assert!(free(&cases.directory) <= room, "the filler leaves more");
        let code = cases.command("").status().unwrap().code();
        assert_eq!(code, Some(1), "some answers don't fit");
        let count = cases.count();
        assert_eq!((count.new > 0, count.left), (room > 0, 0));
        cases.kill(&format!("a {name} disk"), "");
        fs::remove_file(filler).unwrap();
        cases.end();
    }
}
