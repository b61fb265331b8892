//! Where the tables stand in `docs/scale.md`.

use std::path::PathBuf;

/// A table and its name in the document.
#[derive(Clone, Debug)]
pub struct Table {
    /// The name in the comments around it.
    pub name: &'static str,
    /// Its rows, as Markdown.
    pub text: String,
}

/// The document.
pub fn path() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/scale.md"))
}

/// Puts a table between its comments, `<!-- table NAME: begin -->` and `<!-- table NAME: end -->`.
///
/// # Errors
/// If the document hasn't both.
pub fn replace(document: &str, table: &Table) -> Result<String, String> {
    let (before, rest) = split(document, table.name, "begin")?;
    let (_, after) = split(rest, table.name, "end")?;
    let [begin, end] = ["begin", "end"].map(|which| comment(table.name, which));
    Ok(format!("{before}{begin}\n\n{}\n{end}{after}", table.text))
}

fn split<'a>(document: &'a str, name: &str, which: &str) -> Result<(&'a str, &'a str), String> {
    let comment = comment(name, which);
    document
        .split_once(comment.as_str())
        .ok_or_else(|| format!("{} has no {comment}", path().display()))
}

fn comment(name: &str, which: &str) -> String {
    format!("<!-- table {name}: {which} -->")
}

/// The first line in which two documents differ.
///
/// Numbers may differ by three, or by 3 %: `Once` waits for random times, so that calls that wait together don't ask together,
/// and that is the one thing here that no seed decides. Zero is only like zero.
pub fn difference<'a>(one: &'a str, other: &'a str) -> Option<(&'a str, &'a str)> {
    let mut lines = one.lines().zip(other.lines());
    let of_length = (one.lines().count() != other.lines().count()).then_some(("more lines or fewer", ""));
    lines.find(|(one, other)| !is_alike(one, other)).or(of_length)
}

fn is_alike(one: &str, other: &str) -> bool {
    let (one, other) = (parts(one), parts(other));
    let alike = |(one, other): (&Part, &Part)| match (one, other) {
        (Part::Number(one), Part::Number(other)) => {
            let allowed = f64::max(3.0, one * 0.03);
            one == other || (*one > 0.0 && *other > 0.0 && (one - other).abs() <= allowed)
        }
        _ => one == other,
    };
    one.len() == other.len() && one.iter().zip(&other).all(alike)
}

/// A line as numbers and what stands between them.
#[derive(Debug, PartialEq)]
enum Part {
    Text(String),
    Number(f64),
}

fn parts(line: &str) -> Vec<Part> {
    let is_of_number = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',');
    let mut parts = Vec::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let of_number = first.is_ascii_digit();
        let end = |c: char| match of_number {
            true => !is_of_number(c),
            false => c.is_ascii_digit(),
        };
        let (part, after) = rest.split_at(rest.find(end).unwrap_or(rest.len()));
        parts.push(match part.replace(',', "").parse() {
            Ok(number) if of_number => Part::Number(number),
            _ => Part::Text(part.to_owned()),
        });
        rest = after;
    }
    parts
}

/// Makes a table of Markdown.
pub fn markdown<const N: usize>(head: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let mut text = line(&head.map(str::to_owned)) + &line(&head.map(|_| "---".to_owned())).replace(' ', "");
    text.extend(rows.into_iter().map(|row| line(&row)));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_are_near_are_alike_and_zero_is_only_zero() {
        let row = "| 1.0 % | none | 3,268 | 205 | 0 |";
        assert_eq!(difference(row, row), None);
        assert_eq!(difference(row, "| 1.0 % | none | 3,300 | 207 | 0 |"), None);
        for other in [
            "| 1.0 % | none | 3,268 | 205 | 1 |",
            "| 1.0 % | none | 3,268 | 212 | 0 |",
            "| 1.0 % | once | 3,268 | 205 | 0 |",
            "| 1.0 % | none | 3,268 | 205 | < 0.1 % |",
        ] {
            assert_eq!(difference(row, other), Some((row, other)));
        }
        assert!(difference(row, "").is_some());
    }

    #[test]
    fn a_table_replaces_what_stands_between_its_comments() {
        let table = Table {
            name: "a",
            text: markdown(["x", "y"], [["1".to_owned(), "2".to_owned()]]),
        };
        let document = "before\n<!-- table a: begin -->\nold\n<!-- table a: end -->\nafter\n";
        let replaced = replace(document, &table).unwrap();
        assert_eq!(
            replaced,
            "before\n<!-- table a: begin -->\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\n<!-- table a: end -->\nafter\n"
        );
        assert_eq!(replace(&replaced, &table).unwrap(), replaced);
        assert!(replace("nothing", &table).is_err());
    }
}
