//! The report of `bench`, as a table and as JSON.

use std::{ffi::OsStr, fmt, path::PathBuf, time::Duration};

use cognito_triggers_targets::measure::Measurement;
use serde_json::{Value, json};

use super::statistics::{Spread, quantile, three_digits};

/// What is measured: its key in JSON, its name with the unit, and its value in one round.
type Quantity = (&'static str, &'static str, fn(&Measurement) -> f64);

const QUANTITIES: [Quantity; 8] = [
    ("first_poll_ms", "start to first poll, ms", |round| {
        ms(round.first_poll)
    }),
    ("first_answer_ms", "start to first answer, ms", |round| {
        ms(round.first_answer)
    }),
    ("cold_cpu_ms", "CPU to first answer, ms", |round| {
        ms(round.cold_cpu)
    }),
    ("call_cpu_us", "CPU per call, µs", |round| {
        1000.0 * ms(round.cpu_per_call)
    }),
    ("call_p50_us", "call, p50, µs", |round| call(round, 0.5)),
    ("call_p99_us", "call, p99, µs", |round| call(round, 0.99)),
    ("memory_kib", "memory, KiB", |round| float(round.memory_kib)),
    ("size_kib", "size, KiB", |round| float(round.size) / 1024.0),
];

fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

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
    /// As it was given.
    pub(super) name: String,
    pub(super) path: PathBuf,
    pub(super) rounds: Vec<Measurement>,
}

impl Measured {
    /// A binary that hasn't been measured. `bin` is how it was given.
    pub(super) fn new(bin: &OsStr, path: PathBuf) -> Self {
        Self {
            name: bin.to_string_lossy().into_owned(),
            path,
            rounds: Vec::new(),
        }
    }
}

/// What was measured, of the first binary and of those beside it.
pub(super) struct Report<'a> {
    binaries: &'a [Measured],
    calls: usize,
}

impl<'a> Report<'a> {
    pub(super) fn new(binaries: &'a [Measured], calls: usize) -> Self {
        Self { binaries, calls }
    }

    fn rounds(&self) -> usize {
        self.binaries.first().map_or(0, |first| first.rounds.len())
    }

    /// The ratios of the first binary to another one, round by round.
    fn ratio(&self, other: &Measured, quantity: fn(&Measurement) -> f64) -> Spread {
        let first = self.binaries.first().map_or(&[][..], |first| &first.rounds);
        let rounds = first.iter().zip(&other.rounds);
        Spread::of(rounds.map(|(first, other)| quantity(first) / quantity(other)))
    }

    /// The report as JSON.
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
        let (rounds, calls) = (self.rounds(), self.calls);
        writeln!(
            f,
            "{rounds} rounds of one start and {calls} calls: medians, with quartiles\n"
        )?;
        for (index, binary) in self.binaries.iter().enumerate() {
            writeln!(f, "{}", binary.name)?;
            for (_, name, quantity) in QUANTITIES {
                let spread = Spread::of(binary.rounds.iter().map(quantity));
                write!(f, "  {name:<26}{}", columns(spread))?;
                if index > 0 {
                    write!(f, "   ratio {}", columns(self.ratio(binary, quantity)))?;
                }
                writeln!(f)?;
            }
        }
        match self.binaries.first() {
            Some(first) if self.binaries.len() > 1 => {
                writeln!(
                    f,
                    "\nA ratio is {} to the other binary: below 1, {} is cheaper.",
                    first.name, first.name
                )
            }
            _ => Ok(()),
        }
    }
}

fn columns(spread: Spread) -> String {
    let quartiles = format!("({}–{})", three_digits(spread.low), three_digits(spread.high));
    format!("{:>8} {quartiles:<16}", three_digits(spread.median))
}
