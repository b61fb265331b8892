//! Files that aren't as they were written: refused with their path and left as they are, or read as they were.

use super::*;

/// A file with some batches, and what it has.
fn file() -> (Vec<u8>, Model) {
    let machine = Machine::default();
    let mut log = open(&machine).unwrap();
    let (mut random, mut expected) = (Random(5), Model::new());
    for _ in 0..9 {
        let records: Vec<_> = changes(&mut random)
            .into_iter()
            .filter(|record| !matches!(record, Record::Clear))
            .collect();
        apply(&mut expected, &records);
        log.append(&records).unwrap();
    }
    assert!(expected.len() > 5);
    (machine.content("pool.data").unwrap(), expected)
}

/// Opens a file. False if it was refused; then it is unchanged.
fn reads(content: Vec<u8>, expected: &Model, what: &str) -> bool {
    let machine = Machine::with_file("pool.data", content.clone());
    match open(&machine) {
        Ok(log) => {
            assert_eq!(model(&log), *expected, "{what}");
            true
        }
        Err(error) => {
            assert!(error.to_string().starts_with("/data/pool.data "), "{error}");
            assert!(machine.content("pool.data").unwrap() == content, "{what}");
            false
        }
    }
}

#[test]
fn a_flipped_bit_is_refused_or_changes_nothing() {
    let (file, expected) = file();
    let mut random = Random(1);
    let (mut read, mut refused) = (0, 0);
    let lengths = [64, 4096 * 3, file.len()];
    for number in 0..3_000 {
        let mut content = file.clone();
        let at = random.below(lengths[number % 3]);
        content[at] ^= 1 << random.below(8);
        if reads(content, &expected, &format!("byte {at}")) {
            // Nothing is stored there: the space behind the marks, or one of the two marks.
            assert!((4096..12_288).contains(&at), "byte {at}");
            read += 1;
        } else {
            refused += 1;
        }
    }
    assert!(read > 250 && refused > 1_500, "{read} {refused}");
}

#[test]
fn lost_sectors_are_refused_or_change_nothing() {
    let (file, expected) = file();
    let mut random = Random(2);
    for number in 0..900 {
        let mut content = file.clone();
        let from = random.below(file.len() / 512) * 512;
        let to = (from + 512 * (1 + random.below(4))).min(file.len());
        let other = random.below(file.len() - (to - from));
        match number % 3 {
            0 => content[from..to].fill(0),
            1 => content.copy_within(other..other + (to - from), from),
            _ => drop(content.drain(from..to)),
        }
        reads(content, &expected, &format!("bytes {from} to {to}"));
    }
}

#[test]
fn a_shorter_file_is_refused() {
    let (file, expected) = file();
    for length in (0..file.len()).rev().step_by(29) {
        assert!(!reads(
            file[..length].to_vec(),
            &expected,
            &format!("{length} bytes")
        ));
    }
}

#[test]
fn what_an_unfinished_write_left_is_cut_off() {
    let (file, expected) = file();
    let mut content = file.clone();
    content.extend(b"batch 00000000000000000010 0000000");
    let machine = Machine::with_file("pool.data", content);
    let log = open(&machine).unwrap();
    assert_eq!(log.cut_off, 34);
    assert_eq!(model(&log), expected);
    assert_eq!(machine.content("pool.data").unwrap().len(), file.len());
}

#[test]
fn other_files_are_refused_by_what_they_are() {
    let refusal = |content: &[u8]| {
        let machine = Machine::with_file("pool.data", content.to_vec());
        let error = open(&machine).unwrap_err();
        assert_eq!(machine.content("pool.data").unwrap(), content);
        error.to_string()
    };
    assert!(refusal(b"").contains("is damaged at byte 0: the file is empty; it is left as it is"));
    assert!(refusal(b"SQLite format 3\0").contains("wasn't written by a local user pool"));
    let (file, _) = file();
    let newer = String::from_utf8(file.clone())
        .unwrap()
        .replacen("format 1", "format 2", 1);
    assert!(refusal(newer.as_bytes()).contains("has the format 2, which this version doesn't know"));
    let mut twice = file.clone();
    twice[4096..12_288].fill(b'x');
    assert!(refusal(&twice).contains("both marks of its length are unreadable"));
}

#[test]
fn damage_is_found_before_a_file_is_written_again() {
    let machine = Machine::default();
    let mut log = open(&machine).unwrap();
    let [ana, bo] = ["ana", "bo"].map(|name| Key::new("a", "users", name));
    log.append(&[Record::put(ana.clone(), &"x".repeat(500))]).unwrap();
    let content = machine.content("pool.data").unwrap();
    let at = content.len() - 100;
    // The disk changes a byte behind the log's back.
    let mut disk = super::super::folder::Folder::open(&machine, "pool.data")
        .unwrap()
        .unwrap();
    disk.write_at(b"y", at as u64).unwrap();
    log.tolerate(0);
    let error = log.append(&[Record::put(bo, &"x".repeat(500))]).unwrap_err();
    assert!(error.is_damaged(), "{error}");
    assert_eq!(machine.content("pool.data").unwrap()[at], b'y');
}
