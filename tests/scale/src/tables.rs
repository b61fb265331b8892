//! The tables of `docs/scale.md`.

mod arithmetic;
mod simulated;

pub use simulated::custom_sign_in;

use std::time::Duration;

use crate::document::Table;

/// Sign-ins in a second: a million in an hour.
pub const MILLION_AN_HOUR: f64 = 1_000_000.0 / 3600.0;

/// All tables, in the order of the document.
pub fn all() -> Vec<Table> {
    vec![
        Table {
            name: "calls",
            text: arithmetic::calls(),
        },
        Table {
            name: "concurrency",
            text: arithmetic::concurrency(),
        },
        Table {
            name: "services",
            text: arithmetic::services(),
        },
        Table {
            name: "load",
            text: simulated::load(),
        },
        Table {
            name: "service time",
            text: simulated::service_time(),
        },
        Table {
            name: "rush",
            text: simulated::rush(),
        },
        Table {
            name: "slow region",
            text: simulated::slow_region(),
        },
    ]
}

/// A share as a percentage. What isn't zero doesn't read as zero.
fn percent(share: f64) -> String {
    match share * 100.0 {
        0.0 => "0".to_owned(),
        small if small < 0.1 => "< 0.1 %".to_owned(),
        percent if percent < 10.0 => format!("{percent:.1} %"),
        percent => format!("{percent:.0} %"),
    }
}

/// A time with two digits that count.
fn time(time: Duration) -> String {
    match time.as_secs_f64() * 1000.0 {
        ms if ms < 100.0 => format!("{ms:.0} ms"),
        ms if ms < 1000.0 => format!("{:.0} ms", (ms / 10.0).round() * 10.0),
        ms => format!("{:.1} s", ms / 1000.0),
    }
}

/// A number with commas.
fn number(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_for_people() {
        assert_eq!(
            ["0", "999", "1,000", "1,234,567"],
            [0.0, 999.0, 1000.0, 1_234_567.0].map(number)
        );
        assert_eq!(
            ["0", "< 0.1 %", "2.5 %", "33 %"],
            [0.0, 0.0001, 0.025, 0.333].map(percent)
        );
        let ms = |ms| time(Duration::from_millis(ms));
        assert_eq!(["7 ms", "120 ms", "4.5 s"], [7, 123, 4500].map(ms));
    }
}
