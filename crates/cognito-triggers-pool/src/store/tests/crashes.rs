//! A power loss after each operation of the disk, and a disk that is full.

use super::*;

/// A machine on which changes were appended. For each batch: after how many operations it was begun and acknowledged, and what
/// was stored then.
struct Run {
    machine: Machine,
    begun: Vec<usize>,
    acknowledged: Vec<usize>,
    models: Vec<Model>,
    rewrites: usize,
}

fn run(seed: u64, batches: usize) -> Run {
    let machine = Machine::default();
    let mut random = Random(seed << 32);
    let mut run = Run {
        machine: machine.clone(),
        begun: vec![0],
        acknowledged: vec![0],
        models: vec![Model::new()],
        rewrites: 0,
    };
    let mut log = open(&machine).unwrap();
    // Small enough for the file to be written again several times.
    log.tolerate(6_000);
    for _ in 0..batches {
        let records = changes(&mut random);
        let mut after = run.models.last().unwrap().clone();
        apply(&mut after, &records);
        let before = machine.content("pool.data").unwrap().len();
        run.begun.push(machine.steps());
        log.append(&records).unwrap();
        run.acknowledged.push(machine.steps());
        run.models.push(after);
        run.rewrites += usize::from(machine.content("pool.data").unwrap().len() < before);
    }
    run
}

#[test]
fn no_power_loss_takes_what_was_acknowledged() {
    let mut losses = 0;
    for seed in 0..2 {
        let run = run(seed, 26);
        assert!(run.rewrites > 0, "the file was never written again");
        let mut random = Random(seed);
        for steps in 0..=run.machine.steps() {
            for _ in 0..3 {
                let crashed = run.machine.crashed_after(steps, &mut random);
                let log = open(&crashed).unwrap_or_else(|error| panic!("seed {seed}, step {steps}: {error}"));
                let found = model(&log);
                let least = run.acknowledged.iter().filter(|at| **at <= steps).count() - 1;
                let most = run.begun.iter().filter(|at| **at < steps.max(1)).count() - 1;
                let fits = run.models[least..=most.max(least)].contains(&found);
                assert!(
                    fits,
                    "seed {seed}, step {steps}: not what batch {least} to {most} left"
                );
                losses += usize::from(least > 0);
            }
        }
    }
    assert!(losses > 300, "{losses}");
}

#[test]
fn a_log_goes_on_after_a_power_loss() {
    let run = run(99, 12);
    let mut random = Random(7);
    for steps in (0..=run.machine.steps()).step_by(3) {
        let crashed = run.machine.crashed_after(steps, &mut random);
        let mut log = open(&crashed).unwrap();
        let mut expected = model(&log);
        for _ in 0..3 {
            let records = changes(&mut random);
            apply(&mut expected, &records);
            log.append(&records).unwrap();
        }
        drop(log);
        assert_eq!(model(&open(&crashed).unwrap()), expected, "step {steps}");
    }
}

#[test]
fn a_full_disk_loses_nothing_acknowledged() {
    for room in (0..4_000).step_by(97) {
        let machine = Machine::default();
        let mut log = open(&machine).unwrap();
        machine.limit(Some(room));
        let (mut random, mut kept) = (Random(room as u64), Model::new());
        let error = loop {
            let records = changes(&mut random);
            let mut after = kept.clone();
            apply(&mut after, &records);
            match log.append(&records) {
                Ok(()) => kept = after,
                Err(error) => break error,
            }
        };
        assert!(
            error.to_string().starts_with("/data/pool.data can't be written"),
            "{error}"
        );
        drop(log);
        // It opens although there still is no room.
        assert_eq!(model(&open(&machine).unwrap()), kept, "{room}");
    }
}

#[test]
fn without_room_to_write_it_again_a_file_is_kept() {
    let machine = Machine::default();
    let mut log = open(&machine).unwrap();
    let key = Key::new("a", "users", "ana");
    log.append(&[Record::put(key.clone(), &"x".repeat(5_000))])
        .unwrap();
    log.tolerate(0);
    // Room for a change, but not for the beginning of another file.
    machine.limit(Some(8_000));
    for number in 0..4 {
        log.append(&[Record::put(key.clone(), &number)]).unwrap();
    }
    machine.limit(None);
    drop(log);
    let found = model(&open(&machine).unwrap());
    assert_eq!(found.get(&key).map(String::as_str), Some("3"));
}
