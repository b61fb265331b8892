//! The time in a client's proof.

const WEEKDAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// Whether `text` is a time as Cognito accepts it: `Sat Sep 5 08:09:10 UTC 2026`.
///
/// The day has no padding and the weekday has to be right: on AWS, a proof with `Sep 05` or with a wrong weekday
/// fails. How old the time is isn't checked, because the clock of the pool may have been moved.
pub(crate) fn is_timestamp(text: &str) -> bool {
    parse(text).is_some()
}

/// Formats a time as clients write it: `Sat Sep 5 08:09:10 UTC 2026`. `seconds` counts from 1970-01-01 UTC.
///
/// The result is the `TIMESTAMP` of a proof. Cognito refuses a proof with a padded day or a wrong weekday, and one whose
/// time is far from its own.
///
/// Negative numbers are times before 1970.
///
/// ```
/// use cognito_triggers_srp::timestamp;
///
/// assert_eq!(timestamp(0), "Thu Jan 1 00:00:00 UTC 1970");
/// // A second earlier, and a leap day.
/// assert_eq!(timestamp(-1), "Wed Dec 31 23:59:59 UTC 1969");
/// assert_eq!(timestamp(951_782_400), "Tue Feb 29 00:00:00 UTC 2000");
/// ```
pub fn timestamp(seconds: i64) -> String {
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    // Days since 1 March of the year 0, in cycles of 400 years. The year begins in March, so that a leap day is its last.
    let days = days + 719_468;
    let of_cycle = days.rem_euclid(146_097);
    let year = (of_cycle - of_cycle / 1_460 + of_cycle / 36_524 - of_cycle / 146_096) / 365;
    let of_year = of_cycle - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 {
        (month + 2, 0)
    } else {
        (month - 10, 1)
    };
    let year = days.div_euclid(146_097) * 400 + year + next;
    let name = |names: &[&'static str], index: i64| {
        usize::try_from(index)
            .ok()
            .and_then(|index| names.get(index).copied())
            .unwrap_or_default()
    };
    format!(
        "{} {} {day} {:02}:{:02}:{:02} UTC {year}",
        name(&WEEKDAYS, (days + 3).rem_euclid(7)),
        name(&MONTHS, month),
        second / 3_600,
        second / 60 % 60,
        second % 60
    )
}

/// Checks the parts of a time. `None` if one of them is missing or out of range.
fn parse(text: &str) -> Option<()> {
    let mut parts = text.split(' ');
    let weekday = position(&WEEKDAYS, parts.next()?)?;
    let month = position(&MONTHS, parts.next()?)? + 1;
    let day = number(parts.next()?, 1..=2)?;
    let mut time = parts.next()?.split(':').map(|part| number(part, 2..=2));
    let (hour, minute, second) = (time.next()??, time.next()??, time.next()??);
    let zone = parts.next()?;
    let year = number(parts.next()?, 4..=4)?;
    let whole = parts.next().is_none() && time.next().is_none() && zone == "UTC";
    let padded = text.split(' ').nth(2)?.starts_with('0');
    let in_range = hour < 24 && minute < 60 && second < 60 && day <= days_in(month, year);
    (whole && in_range && !padded && weekday == weekday_of(year, month, day)).then_some(())
}

/// The position of a name, from 0.
fn position(names: &[&str], name: &str) -> Option<u32> {
    names
        .iter()
        .position(|known| *known == name)
        .and_then(|index| u32::try_from(index).ok())
}

/// A number without a sign whose count of digits is in `length`.
fn number(text: &str, length: std::ops::RangeInclusive<usize>) -> Option<u32> {
    let digits = length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

/// The number of days in a month. Months count from 1.
fn days_in(month: u32, year: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The weekday of a date, Sunday being 0: Zeller's congruence, shifted.
fn weekday_of(year: u32, month: u32, day: u32) -> u32 {
    let (year, month) = if month < 3 {
        (year.saturating_sub(1), month + 12)
    } else {
        (year, month)
    };
    let zeller = day + (13 * (month + 1)) / 5 + year + year / 4 + year / 400 + 6 * (year / 100);
    (zeller + 6) % 7
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_as_clients_write_them_are_accepted() {
        for time in [
            "Sat Sep 5 08:09:10 UTC 2026",
            "Thu Nov 26 20:40:31 UTC 2026",
            "Thu Feb 29 00:00:00 UTC 2024",
            "Sat Jan 1 23:59:59 UTC 2000",
        ] {
            assert!(is_timestamp(time), "{time}");
        }
    }

    #[test]
    fn a_time_is_written_as_cognito_accepts_it() {
        // `date -u -d @SECONDS` writes them.
        for (seconds, text) in [
            (0, "Thu Jan 1 00:00:00 UTC 1970"),
            (951_782_399, "Mon Feb 28 23:59:59 UTC 2000"),
            (951_868_799, "Tue Feb 29 23:59:59 UTC 2000"),
            (951_868_800, "Wed Mar 1 00:00:00 UTC 2000"),
            (1_704_067_199, "Sun Dec 31 23:59:59 UTC 2023"),
            (1_788_595_750, "Sat Sep 5 08:09:10 UTC 2026"),
        ] {
            let written = timestamp(seconds);
            assert_eq!(written, text);
            assert!(is_timestamp(&written), "{written}");
        }
    }

    #[test]
    fn times_that_cognito_refuses_are_refused() {
        for time in [
            "Sat Sep 05 08:09:10 UTC 2026",
            "Fri Sep 5 08:09:10 UTC 2026",
            "Sat Sep 5 8:09:10 UTC 2026",
            "Sat Sep 5 24:09:10 UTC 2026",
            "Sat Sep 5 08:09:10 GMT 2026",
            "Sun Feb 29 00:00:00 UTC 2026",
            "Sat Sep 5 08:09:10 UTC 2026 ",
            "2026-09-05T08:09:10Z",
            "",
        ] {
            assert!(!is_timestamp(time), "{time}");
        }
    }
}
