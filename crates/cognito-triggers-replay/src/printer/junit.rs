//! Reports for continuous integration: JUnit XML, which most services read.
//!
//! The directory of a case is the class of its test, and the rest of its name is the test's name. The text of a failure is
//! what [`Style`] prints without colors, with the whole log. Durations are in seconds.

use std::{
    fmt::{self, Write},
    time::Duration,
};

use super::human::Style;
use crate::{case::CaseError, entry::Entry, report::Report, verdict::Verdict};

impl Report {
    /// The report as JUnit XML, with a `testcase` for each case and each invalid file.
    ///
    /// An answer that isn't in order is a `failure`. A case in which the function returned nothing is an `error`, and so is
    /// an invalid file. The `type` of both is [`Verdict::name`], or `file` for an invalid file. Cases that didn't run are
    /// left out.
    ///
    /// ```no_run
    /// # use cognito_triggers_replay::Report;
    /// # fn example(report: &Report) -> std::io::Result<()> {
    /// std::fs::write("target/cognito.xml", report.to_junit())?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn to_junit(&self) -> String {
        let summary = self.summary();
        let suite = Suite {
            name: "cognito",
            tests: summary.cases,
            failures: summary.different + summary.rule_violations + summary.not_idempotent + summary.new,
            errors: summary.failed,
            duration: self.duration,
        };
        suite.to_xml(|xml| {
            self.entries
                .iter()
                .try_for_each(|entry| write_entry(xml, entry))?;
            self.errors.iter().try_for_each(|error| write_error(xml, error))
        })
    }
}

/// A `testsuite`, which is the only one of its document.
pub(crate) struct Suite {
    /// The name of the suite.
    pub(crate) name: &'static str,
    /// The number of its `testcase`s.
    pub(crate) tests: usize,
    /// How many of them have a `failure`.
    pub(crate) failures: usize,
    /// How many of them have an `error`.
    pub(crate) errors: usize,
    /// How long the suite took.
    pub(crate) duration: Duration,
}

impl Suite {
    /// The whole document. `write_cases` writes the `testcase`s.
    pub(crate) fn to_xml(&self, write_cases: impl FnOnce(&mut String) -> fmt::Result) -> String {
        let mut xml = String::new();
        // Writing to a string can't fail.
        let _ = self.write(&mut xml, write_cases);
        xml
    }

    /// Writes the document.
    fn write(&self, xml: &mut String, write_cases: impl FnOnce(&mut String) -> fmt::Result) -> fmt::Result {
        let counts = format!(
            "tests=\"{}\" failures=\"{}\" errors=\"{}\" time=\"{:.3}\"",
            self.tests,
            self.failures,
            self.errors,
            self.duration.as_secs_f64()
        );
        let name = self.name;
        writeln!(
            xml,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {counts}>\n  <testsuite name=\"{name}\" {counts}>"
        )?;
        write_cases(xml)?;
        writeln!(xml, "  </testsuite>\n</testsuites>")
    }
}

/// Writes a case as a `testcase`: empty if the case is in order, otherwise with a `failure` or an `error`.
fn write_entry(xml: &mut String, entry: &Entry) -> fmt::Result {
    let (class, name) = entry.name.rsplit_once('/').unwrap_or(("", &entry.name));
    let time = entry.duration.as_secs_f64();
    write!(
        xml,
        "    <testcase classname=\"{}\" name=\"{}\" time=\"{time:.3}\"",
        Escaped(class),
        Escaped(name)
    )?;
    let element = match &entry.verdict {
        verdict if verdict.is_good() => return xml.write_str("/>\n"),
        Verdict::Failed(_) => "error",
        _ => "failure",
    };
    let style = Style {
        color: false,
        full_log: true,
    };
    let text = style.entry(entry);
    let message = text.lines().nth(1).unwrap_or_default();
    let message = message.split_once(": ").map_or(message, |(_, message)| message);
    let kind = entry.verdict.name();
    writeln!(
        xml,
        ">\n      <{element} type=\"{kind}\" message=\"{}\">{}</{element}>",
        Escaped(message),
        Escaped(&text)
    )?;
    xml.write_str("    </testcase>\n")
}

/// Writes a file that isn't a case as a `testcase` with an `error`. Its path is the name of the test.
fn write_error(xml: &mut String, error: &CaseError) -> fmt::Result {
    let problem = Escaped(&error.problem);
    writeln!(
        xml,
        "    <testcase classname=\"\" name=\"{}\" time=\"0.000\">\n      <error type=\"file\" \
         message=\"{problem}\">{problem}</error>\n    </testcase>",
        Escaped(&error.path.to_string_lossy())
    )
}

/// Text for XML 1.0: markup is escaped, and characters that XML can't hold become `U+FFFD`.
pub(crate) struct Escaped<'a>(pub(crate) &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\n' | '\t' => f.write_char(c)?,
                c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => f.write_char('\u{fffd}')?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_is_escaped_for_xml() {
        assert_eq!(
            Escaped("<a b=\"c\">&\u{1b}ü\n").to_string(),
            "&lt;a b=&quot;c&quot;&gt;&amp;\u{fffd}ü\n"
        );
    }
}
