//! `cargo cognito check`

use std::path::Path;

use cognito_triggers_wiring::{Finding, Program, RULES, Report, Severity, Source, Wiring};

use super::{Unable, target};
use crate::{
    args::{self, CheckFormat},
    output::{self, exit},
};

pub(super) async fn run(args: &args::Check) -> Result<u8, Unable> {
    if let Some(code) = args
        .allow
        .iter()
        .find(|code| RULES.iter().all(|rule| rule.code != **code))
    {
        let codes: Vec<_> = RULES.iter().map(|rule| rule.code).collect();
        return Err(format!("there is no finding `{code}`; there are {}", codes.join(", ")).into());
    }
    let sources = args
        .sources
        .iter()
        .map(|path| read(path))
        .collect::<Result<Vec<_>, _>>()?;
    let wiring = Wiring::read(sources)?;
    let mut programs: Vec<Program> = Vec::new();
    for bin in &args.bin {
        let program = target::routed(bin).await?;
        if programs.iter().any(|other| other.name == program.name) {
            let name = program.name;
            return Err(format!(
                "two binaries are called {name}, and only names tell which function runs which"
            )
            .into());
        }
        programs.push(program);
    }
    for (bin, function) in &args.run_by {
        let program = programs.iter_mut().find(|program| program.name == *bin);
        let program =
            program.ok_or_else(|| format!("--run-by names the binary {bin}, and there is no --bin {bin}"))?;
        program.functions.push(function.clone());
    }
    let mut report = wiring.check(&programs);
    let allowed = |finding: &Finding| args.allow.iter().any(|code| code == finding.code);
    let left_out = report
        .findings
        .extract_if(.., |finding| allowed(finding))
        .collect();
    print(&report, args.format)?;
    if report.is_clean() {
        output::talk(verdict(&programs, &Report { findings: left_out }));
    }
    Ok(if report.is_clean() { exit::GOOD } else { exit::BAD })
}

pub(super) fn read(path: &Path) -> Result<Source, Unable> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(Source::new(path.display().to_string(), text))
}

fn print(report: &Report, format: CheckFormat) -> Result<(), Unable> {
    match format {
        CheckFormat::Json => output::data(format!("{}\n", serde_json::to_string_pretty(report)?)),
        CheckFormat::Human => {
            let mut text = String::new();
            report.render(&mut text)?;
            output::data(text);
        }
    }
    Ok(())
}

/// What is said of a report without errors and warnings: how good the wiring is depends on what was left out.
fn verdict(programs: &[Program], left_out: &Report) -> String {
    let names: Vec<_> = programs.iter().map(|program| program.name.as_str()).collect();
    let for_whom = if names.is_empty() {
        String::new()
    } else {
        format!(" for {}", names.join(" and "))
    };
    if left_out.is_clean() {
        return format!("the wiring is right{for_whom}, as far as it can be seen here\n");
    }
    let counts = [(Severity::Error, "error"), (Severity::Warning, "warning")].map(|(severity, name)| {
        let count = left_out.count(severity);
        format!("{count} {name}{}", if count == 1 { "" } else { "s" })
    });
    format!(
        "nothing else is wrong{for_whom}; --allow left out {}\n",
        counts.join(" and ")
    )
}
