//! `cargo cognito check`: compares templates and descriptions of user pools with what binaries route.
//!
//! The exit code is 1 if there is an error or a warning that `--allow` doesn't name. A value that exists only at deployment
//! is reported as not checked and doesn't change the exit code.

use cognito_triggers_wiring::{Binary, Finding, RULES, Report, Severity, Source, Wiring};

use crate::{
    args::{self, CheckFormat},
    binary,
    error::CommandError,
    exit_code, files, output, style,
};

/// Reads the sources, asks the binaries for their routes, and prints the findings.
///
/// # Errors
/// Fails if a source can't be read or is no template or description, a code in `--allow` is unknown, or a binary doesn't say what
/// it routes.
pub(super) async fn run(args: args::Check) -> Result<u8, CommandError> {
    check_codes(&args.allow)?;
    let texts = files::read_all(args.sources.clone()).await?;
    let names = args.sources.iter().map(|path| path.display().to_string());
    let wiring = Wiring::read(names.zip(texts).map(|(name, text)| Source::new(name, text)))?;
    let binaries = binaries(&args).await?;
    let mut report = wiring.check(&binaries);
    let is_allowed = |finding: &Finding| args.allow.iter().any(|code| code == finding.code);
    let allowed = report
        .findings
        .extract_if(.., |finding| is_allowed(finding))
        .collect();
    print(&report, args.format)?;
    if !report.is_clean() {
        return Ok(exit_code::FAILURE);
    }
    output::message(verdict(&binaries, &report, &Report { findings: allowed }));
    Ok(exit_code::SUCCESS)
}

/// Refuses a code in `--allow` that no finding has. A typo would otherwise have no effect, without a message.
///
/// # Errors
/// For the first unknown code. The error lists the known ones.
fn check_codes(codes: &[String]) -> Result<(), CommandError> {
    let is_known = |code: &&String| RULES.iter().any(|rule| rule.code == **code);
    match codes.iter().find(|code| !is_known(code)) {
        None => Ok(()),
        Some(code) => {
            let codes: Vec<_> = RULES.iter().map(|rule| rule.code).collect();
            Err(format!("there is no finding `{code}`; the codes are {}", codes.join(", ")).into())
        }
    }
}

/// The binaries, and the functions that `--run-by` names for them.
///
/// # Errors
/// Fails if a binary doesn't say what it routes, two have the same name, or `--run-by` names none of them.
async fn binaries(args: &args::Check) -> Result<Vec<Binary>, CommandError> {
    let mut binaries: Vec<Binary> = Vec::new();
    let mut bins = args.bin.clone();
    if bins.is_empty()
        && !args.no_bin
        && let Some(binary) = binary::only_program().await?
    {
        bins.push(binary.name.clone().into());
        binaries.push(binary);
    }
    for bin in &args.bin {
        let binary = binary::program(Some(bin)).await?;
        if binaries.iter().any(|other| other.name == binary.name) {
            return Err(format!(
                "two binaries are called {}, and functions are matched with binaries by name; check them one at a time",
                binary.name
            )
            .into());
        }
        binaries.push(binary);
    }
    binary::add_functions(&mut binaries, &bins, &args.run_by)?;
    Ok(binaries)
}

/// Prints the findings in the format of `--format`.
///
/// # Errors
/// None in practice: a report can always be written as JSON.
fn print(report: &Report, format: CheckFormat) -> Result<(), CommandError> {
    match format {
        CheckFormat::Json => output::print(format!("{}\n", serde_json::to_string_pretty(report)?)),
        CheckFormat::Human => {
            let mut text = String::new();
            report.render(&mut text)?;
            output::report(style::findings(&text));
        }
    }
    Ok(())
}

/// The last sentence for a report without errors and warnings.
///
/// It says that the wiring is right only if everything was checked and `--allow` removed nothing. Otherwise it counts what
/// wasn't checked and what was removed.
fn verdict(binaries: &[Binary], report: &Report, allowed: &Report) -> String {
    let names: Vec<_> = binaries.iter().map(|binary| binary.name.as_str()).collect();
    let for_binaries = if names.is_empty() {
        String::new()
    } else {
        format!(" for {}", names.join(" and "))
    };
    let unchecked = report.count(Severity::NotChecked) + allowed.count(Severity::NotChecked);
    let unchecked = match unchecked {
        0 => String::new(),
        1 => "; 1 point is not checked".to_owned(),
        number => format!("; {number} points are not checked"),
    };
    if allowed.is_clean() {
        return match unchecked.as_str() {
            "" => format!("the wiring is right{for_binaries}, as far as these sources show\n"),
            unchecked => format!("no fault is found{for_binaries}{unchecked}\n"),
        };
    }
    let counts = [(Severity::Error, "error"), (Severity::Warning, "warning")].map(|(severity, name)| {
        let count = allowed.count(severity);
        format!("{count} {name}{}", if count == 1 { "" } else { "s" })
    });
    format!(
        "nothing else is wrong{for_binaries}; --allow removed {}{unchecked}\n",
        counts.join(" and ")
    )
}
