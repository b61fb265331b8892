//! Asks at a terminal which routes or which example.
//!
//! It asks only if standard input and standard error are terminals. A script that forgets an option gets an error with all
//! possible values instead of a question that nobody answers.

use std::io::{self, IsTerminal};

use cognito_triggers::model::Route;

use super::choice::Choice;
use crate::{args, blocking::blocking, error::CommandError, output, projects};

/// The choice of the options. Without any, it is asked for at a terminal.
///
/// # Errors
/// Fails if the routes can't be in one function, or there is neither an option nor a terminal.
pub(super) async fn choose(args: &args::Contents) -> Result<Choice, CommandError> {
    let words: Vec<_> = args
        .route
        .iter()
        .chain(&args.example)
        .map(String::as_str)
        .collect();
    if !words.is_empty() {
        return Ok(Choice::parse(&words)?);
    }
    if !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
        return Err(format!(
            "--route or --example is missing, and there is no terminal to ask at\n  --route {}\n  --example {}",
            Route::ALL.iter().map(|route| route.as_str()).collect::<Vec<_>>().join("|"),
            projects::example_names().collect::<Vec<_>>().join("|")
        )
        .into());
    }
    ask().await
}

/// Lists the routes and the examples, and asks until the reply names some of them.
///
/// # Errors
/// Fails if standard input ends or can't be read.
async fn ask() -> Result<Choice, CommandError> {
    let words = words();
    let mut list = String::from("Which triggers does the function answer?\n");
    for (number, word) in (1..).zip(&words) {
        if number == Route::ALL.len() + 1 {
            list += "Or which example does it begin with?\n";
        }
        list += &format!("  {number:>2}  {word}\n");
    }
    output::message(list);
    loop {
        output::message("Numbers or names, separated by commas: ");
        let line = blocking(|| io::stdin().lines().next()).await?.transpose()?;
        let line = line.ok_or("nothing was chosen")?;
        match parse(&line, &words) {
            Ok(choice) => return Ok(choice),
            Err(problem) => output::message(format_args!("{problem}\n")),
        }
    }
}

/// What can be chosen, in the order of the list.
fn words() -> Vec<&'static str> {
    let routes = Route::ALL.iter().map(|route| route.as_str());
    routes.chain(projects::example_names()).collect()
}

/// The choice of a reply, such as `1, post_confirmation`. A number stands for the word at its place in the list.
///
/// # Errors
/// Fails for a number that isn't in the list, and as [`Choice::parse`] does. The text says what is wrong with the reply.
fn parse(line: &str, words: &[&'static str]) -> Result<Choice, String> {
    let mut chosen = Vec::new();
    for word in line
        .split(|letter: char| letter == ',' || letter.is_whitespace())
        .filter(|word| !word.is_empty())
    {
        chosen.push(match word.parse::<usize>() {
            Ok(number) => number
                .checked_sub(1)
                .and_then(|index| words.get(index))
                .copied()
                .ok_or_else(|| format!("there is no number {number}"))?,
            Err(_) => word,
        });
    }
    Choice::parse(&chosen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_may_be_mixed() {
        let routes = vec![Route::PreSignUp, Route::PostConfirmation];
        assert_eq!(
            parse("1, post_confirmation\n", &words()),
            Ok(Choice::Routes(routes))
        );
        assert!(matches!(parse("16", &words()), Ok(Choice::Example(_))));
        for wrong in ["", "0", "99", "pre_signup"] {
            assert!(parse(wrong, &words()).is_err(), "{wrong}");
        }
    }
}
