//! Parsers for the values of options.
//!
//! An error says how to write the value; clap adds the option and what was written.

use std::time::Duration;

use cognito_triggers::model::json::{Json, Path};

/// Parses a duration: `5s`, `300ms`, `10m`, or a number of seconds, which may have a fraction.
///
/// # Errors
/// Fails if it is none of these, zero or negative, or longer than a [`Duration`] can be.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let units = [("ms", 0.001), ("s", 1.0), ("m", 60.0)];
    let with_unit = units
        .iter()
        .find_map(|(unit, seconds)| Some((text.strip_suffix(unit)?, *seconds)));
    let (number, unit) = with_unit.unwrap_or((text, 1.0));
    let seconds = number.parse::<f64>().ok().filter(|number| *number > 0.0);
    seconds
        .and_then(|number| Duration::try_from_secs_f64(number * unit).ok())
        .ok_or_else(|| "write a duration like 5s, 300ms or 10m".to_owned())
}

/// Parses a number from 1.
///
/// # Errors
/// Fails if it is zero, negative, or no whole number.
pub(super) fn at_least_one(text: &str) -> Result<usize, String> {
    text.parse()
        .ok()
        .filter(|number| *number > 0)
        .ok_or_else(|| "write a number, 1 or more".to_owned())
}

/// Parses a change of an event, `PATH=JSON`. The path ends at the first `=`.
///
/// # Errors
/// Fails if there is no `=`, the path can't be parsed, or the value isn't JSON. A string without its quotes is the usual mistake,
/// since shells remove them.
pub(super) fn assignment(text: &str) -> Result<(Path, Json), String> {
    let (path, json) = text
        .split_once('=')
        .ok_or("write a change like `request.userAttributes.email='\"a@b.test\"'`")?;
    let path = path.parse().map_err(|error| format!("{error}"))?;
    let json = Json::parse(json).map_err(|error| {
        format!(
            "the value isn't JSON: {error}; put a string into double quotes within single ones: '\"text\"'"
        )
    })?;
    Ok((path, json))
}

/// Parses `BIN=FUNCTION`, a binary and the function that runs it. The function may be an ARN: the first `=` separates.
///
/// # Errors
/// Fails if there is no `=`.
pub(super) fn run_by(text: &str) -> Result<(String, String), &'static str> {
    let (bin, function) = text.split_once('=').ok_or("write it as BIN=FUNCTION")?;
    Ok((bin.to_owned(), function.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_parsed() {
        assert_eq!(duration("5s"), Ok(Duration::from_secs(5)));
        assert_eq!(duration("300ms"), Ok(Duration::from_millis(300)));
        assert_eq!(duration("10m"), Ok(Duration::from_secs(600)));
        assert_eq!(duration("0.5"), Ok(Duration::from_millis(500)));
        for wrong in ["", "s", "-1s", "0", "1h", "NaN", "inf", "1e300"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }
}
