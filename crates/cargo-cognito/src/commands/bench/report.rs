//! The report of `bench`, as a table and as JSON.
//!
//! Each quantity is measured once in every round. The report has its median over the rounds, with the lower and the upper
//! quartile. The first binary is compared with each of the others round by round, so that a change in the machine's speed
//! affects both.

use std::{ffi::OsStr, fmt, path::PathBuf, time::Duration};

use cognito_triggers_targets::measure::Measurement;
use serde_json::{Value, json};

use super::statistics::{Spread, quantile, three_digits};
use crate::style::{Role, paint};

/// A measured quantity: its key in JSON, its name with the unit, and its value in one round.
type Quantity = (&'static str, &'static str, fn(&Measurement) -> f64);

/// The quantities in the order of the report. The keys don't change from version to version.
const QUANTITIES: [Quantity; 8] = [
    ("first_poll_ms", "start to first poll, ms", |round| {
        ms(round.first_poll)
    }),
    ("first_answer_ms", "start to first answer, ms", |round| {
        ms(round.first_answer)
    }),
    (
        "cold_cpu_ms",
        "CPU to second poll, ms",
        |round| ms(round.cold_cpu),
    ),
    ("call_cpu_us", "CPU per call, µs", |round| {
        1000.0 * ms(round.cpu_per_call)
    }),
    ("call_p50_us", "call, p50, µs", |round| call(round, 0.5)),
    ("call_p99_us", "call, p99, µs", |round| call(round, 0.99)),
    ("memory_kib", "memory, KiB", |round| float(round.memory_kib)),
    ("size_kib", "size, KiB", |round| float(round.size) / 1024.0),
];

/// A duration in milliseconds.
fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

/// A quantile of the durations of a round's calls, in microseconds.
fn call(round: &Measurement, share: f64) -> f64 {
    let calls: Vec<_> = round.calls.iter().map(|call| 1000.0 * ms(*call)).collect();
    quantile(&calls, share)
}

#[expect(clippy::cast_precision_loss, reason = "sizes are below 2^52")]
fn float(number: u64) -> f64 {
    number as f64
}

/// A binary and its rounds.
pub(super) struct Measured {
    /// The value of `--bin`.
    pub(super) name: String,
    /// The path of the executable.
    pub(super) path: PathBuf,
    /// One measurement for each round so far.
    pub(super) rounds: Vec<Measurement>,
}

impl Measured {
    /// A binary that hasn't been measured. `bin` is the value of `--bin`.
    pub(super) fn new(bin: &OsStr, path: PathBuf) -> Self {
        Self {
            name: bin.to_string_lossy().into_owned(),
            path,
            rounds: Vec::new(),
        }
    }
}

/// The measurements of all binaries.
pub(super) struct Report<'a> {
    /// The first binary is compared with each of the others.
    binaries: &'a [Measured],
    /// The number of calls in a round.
    calls: usize,
}

impl<'a> Report<'a> {
    pub(super) fn new(binaries: &'a [Measured], calls: usize) -> Self {
        Self { binaries, calls }
    }

    /// The number of rounds, which is the same for all binaries.
    fn rounds(&self) -> usize {
        self.binaries.first().map_or(0, |first| first.rounds.len())
    }

    /// The ratios of the first binary to another one, round by round.
    fn ratio(&self, other: &Measured, quantity: fn(&Measurement) -> f64) -> Spread {
        let first = self.binaries.first().map_or(&[][..], |first| &first.rounds);
        let rounds = first.iter().zip(&other.rounds);
        Spread::of(rounds.map(|(first, other)| quantity(first) / quantity(other)))
    }

    /// The report as JSON: `rounds`, `calls`, `binaries` with their `measured` quantities, and `ratios` of the first binary
    /// to each of the others.
    pub(super) fn to_json(&self) -> Value {
        let spread =
            |spread: Spread| json!({ "low": spread.low, "median": spread.median, "high": spread.high });
        let quantities = |of: &dyn Fn(fn(&Measurement) -> f64) -> Spread| -> Value {
            let all = QUANTITIES.iter();
            all.map(|(key, _, quantity)| ((*key).to_owned(), spread(of(*quantity))))
                .collect()
        };
        let binaries = self.binaries.iter().map(|binary| {
            let measured = quantities(&|quantity| Spread::of(binary.rounds.iter().map(quantity)));
            json!({ "name": binary.name, "path": binary.path.to_string_lossy(), "measured": measured })
        });
        let ratios = self.binaries.iter().skip(1).map(|other| {
            json!({ "to": other.name, "ratios": quantities(&|quantity| self.ratio(other, quantity)) })
        });
        json!({
            "rounds": self.rounds(),
            "calls": self.calls,
            "binaries": binaries.collect::<Value>(),
            "ratios": ratios.collect::<Value>(),
        })
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (rounds, calls) = (count(self.rounds(), "round"), count(self.calls, "call"));
        writeln!(
            f,
            "{rounds} of one start and {calls}: medians, and quartiles in parentheses\n"
        )?;
        for (index, binary) in self.binaries.iter().enumerate() {
            writeln!(f, "{}", paint(Role::Strong, &binary.name))?;
            for (_, name, quantity) in QUANTITIES {
                let spread = Spread::of(binary.rounds.iter().map(quantity));
                let mut line = format!("  {name:<25}{}", columns(spread));
                if index > 0 {
                    line += &format!(" ratio{}", columns(self.ratio(binary, quantity)));
                }
                writeln!(f, "{}", line.trim_end())?;
            }
        }
        match self.binaries.first() {
            Some(first) if self.binaries.len() > 1 => {
                writeln!(
                    f,
                    "\nA ratio below 1 means that {} is cheaper than the other binary.",
                    first.name
                )
            }
            _ => Ok(()),
        }
    }
}

/// A number and its noun, with an `s` for the plural.
fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// The median and the quartiles in columns of fixed width.
fn columns(spread: Spread) -> String {
    let quartiles = format!("({}–{})", three_digits(spread.low), three_digits(spread.high));
    format!("{:>8} {quartiles:<16}", three_digits(spread.median))
}
