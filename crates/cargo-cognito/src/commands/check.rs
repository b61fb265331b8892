//! `cargo cognito check`: compares templates and descriptions of user pools with what binaries route.
//!
//! The exit code is 1 if there is an error or a warning that `--allow` doesn't name. What is known only at deployment is
//! reported as not checked, and fails nothing.

use cognito_triggers_wiring::{Finding, Program, RULES, Report, Severity, Source, Wiring};

use crate::{
    args::{self, CheckFormat},
    binary,
    error::CommandError,
    exit_code, files, output, style,
};

/// Reads the sources, asks the binaries for their routes, and prints the findings.
///
/// # Errors
/// If a source can't be read or is no template or description, a code in `--allow` is unknown, or a binary doesn't say what
/// it routes.
pub(super) async fn run(args: args::Check) -> Result<u8, CommandError> {
    check_codes(&args.allow)?;
    let texts = files::read_all(args.sources.clone()).await?;
    let names = args.sources.iter().map(|path| path.display().to_string());
    let wiring = Wiring::read(names.zip(texts).map(|(name, text)| Source::new(name, text)))?;
    let programs = programs(&args).await?;
    let mut report = wiring.check(&programs);
    let is_allowed = |finding: &Finding| args.allow.iter().any(|code| code == finding.code);
    let allowed = report
        .findings
        .extract_if(.., |finding| is_allowed(finding))
        .collect();
    print(&report, args.format)?;
    if !report.is_clean() {
        return Ok(exit_code::FAILURE);
    }
    output::message(verdict(&programs, &Report { findings: allowed }));
    Ok(exit_code::SUCCESS)
}

/// Refuses a code in `--allow` that no finding has: a typo would hide nothing, and no one would notice.
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
/// If a binary doesn't say what it routes, two have the same name, or `--run-by` names none of them.
async fn programs(args: &args::Check) -> Result<Vec<Program>, CommandError> {
    let mut programs: Vec<Program> = Vec::new();
    for bin in &args.bin {
        let program = binary::program(Some(bin)).await?;
        if programs.iter().any(|other| other.name == program.name) {
            return Err(format!(
                "two binaries are called {}, and functions are matched with binaries by name; check them one at a time",
                program.name
            )
            .into());
        }
        programs.push(program);
    }
    for (bin, function) in &args.run_by {
        let program = programs.iter_mut().find(|program| program.name == *bin);
        let program = program
            .ok_or_else(|| format!("--run-by names the binary {bin}, and no --bin does; add --bin {bin}"))?;
        program.functions.push(function.clone());
    }
    Ok(programs)
}

/// Prints the findings in the format of `--format`.
fn print(report: &Report, format: CheckFormat) -> Result<(), CommandError> {
    match format {
        CheckFormat::Json => output::print(format!("{}\n", serde_json::to_string_pretty(report)?)),
        CheckFormat::Human => {
            let mut text = String::new();
            report.render(&mut text)?;
            output::print(style::findings(&text));
        }
    }
    Ok(())
}

/// The last sentence for a report without errors and warnings. What `--allow` removed is counted, not praised.
fn verdict(programs: &[Program], allowed: &Report) -> String {
    let names: Vec<_> = programs.iter().map(|program| program.name.as_str()).collect();
    let for_binaries = if names.is_empty() {
        String::new()
    } else {
        format!(" for {}", names.join(" and "))
    };
    if allowed.is_clean() {
        return format!("the wiring is right{for_binaries}, as far as these sources show\n");
    }
    let counts = [(Severity::Error, "error"), (Severity::Warning, "warning")].map(|(severity, name)| {
        let count = allowed.count(severity);
        format!("{count} {name}{}", if count == 1 { "" } else { "s" })
    });
    format!(
        "nothing else is wrong{for_binaries}; --allow removed {}\n",
        counts.join(" and ")
    )
}
