//! One-time codes.

use cognito_triggers_model::secret::Secret;

use crate::error::Result;

/// A random code with this many decimal digits, from the operating system's random source. Each digit is equally likely.
///
/// Compare it with [`Secret::matches`], which takes the same time wherever two codes differ.
///
/// ```
/// use cognito_triggers::code::random_code;
///
/// let code = random_code(6)?;
/// assert!(code.expose().len() == 6 && code.expose().bytes().all(|digit| digit.is_ascii_digit()));
/// assert!(code.matches(code.expose()));
/// # Ok::<_, cognito_triggers::Error>(())
/// ```
///
/// # Errors
/// Fails if there are fewer than four digits, which can be guessed, or the random source fails.
pub fn random_code(digits: usize) -> Result<Secret> {
    if digits < 4 {
        return Err(format!("a code of {digits} digits can be guessed; use 4 or more").into());
    }
    let mut code = String::with_capacity(digits);
    while code.len() < digits {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|error| format!("no random numbers: {error}"))?;
        // The highest 6 of 256 values are left out, so that no digit is likelier than another.
        let even = bytes.iter().filter(|byte| **byte < 250);
        let missing = digits - code.len();
        code.extend(even.map(|byte| char::from(b'0' + byte % 10)).take(missing));
    }
    Ok(Secret::new(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_digit_occurs_about_as_often() {
        let code = random_code(20_000).unwrap();
        for digit in '0'..='9' {
            let count = code.expose().chars().filter(|c| *c == digit).count();
            // Seven standard deviations of a binomial distribution around 2,000.
            assert!((1700..=2300).contains(&count), "{digit}: {count}");
        }
    }

    #[test]
    fn codes_differ_and_short_ones_are_refused() {
        let (one, other) = (random_code(12).unwrap(), random_code(12).unwrap());
        assert!(!one.matches(other.expose()));
        assert!(random_code(3).unwrap_err().to_string().contains("use 4 or more"));
    }
}
