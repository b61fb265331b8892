//! Medians with their spread.

/// The median of some numbers, and the quartiles around it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Spread {
    /// The lower quartile: a quarter of the numbers is below it.
    pub(super) low: f64,
    pub(super) median: f64,
    /// The upper quartile: a quarter of the numbers is above it.
    pub(super) high: f64,
}

impl Spread {
    /// The spread of these numbers; zero if there are none.
    pub(super) fn of(numbers: impl IntoIterator<Item = f64>) -> Self {
        let mut numbers: Vec<_> = numbers.into_iter().collect();
        numbers.sort_by(f64::total_cmp);
        Self {
            low: quantile(&numbers, 0.25),
            median: quantile(&numbers, 0.5),
            high: quantile(&numbers, 0.75),
        }
    }
}

/// The quantile for this share, from 0 to 1, of sorted numbers. Between two numbers it is interpolated. 0 without numbers.
pub(super) fn quantile(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return 0.0;
    };
    #[expect(clippy::cast_precision_loss, reason = "there are fewer numbers than 2^52")]
    let position = share * last as f64;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is a position in the slice"
    )]
    let (below, above) = (position.floor() as usize, position.ceil() as usize);
    match (sorted.get(below), sorted.get(above)) {
        (Some(below), Some(above)) => below + (above - below) * position.fract(),
        _ => 0.0,
    }
}

/// A number with three digits, or all digits before the point.
pub(super) fn three_digits(number: f64) -> String {
    match number.abs() {
        ..10.0 => format!("{number:.2}"),
        ..100.0 => format!("{number:.1}"),
        _ => format!("{number:.0}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_is_between_its_quartiles() {
        let spread = Spread::of([5.0, 1.0, 2.0, 4.0, 3.0]);
        assert_eq!((spread.low, spread.median, spread.high), (2.0, 3.0, 4.0));
        let spread = Spread::of([1.0, 2.0]);
        assert_eq!((spread.low, spread.median, spread.high), (1.25, 1.5, 1.75));
        assert_eq!(Spread::of([]).median, 0.0);
        assert_eq!(quantile(&[7.0], 0.99), 7.0);
    }

    #[test]
    fn numbers_have_three_digits() {
        for (number, text) in [
            (0.1234, "0.12"),
            (1.0, "1.00"),
            (12.34, "12.3"),
            (1234.5, "1234"),
            (99.99, "100.0"),
        ] {
            assert_eq!(three_digits(number), text);
        }
    }
}
