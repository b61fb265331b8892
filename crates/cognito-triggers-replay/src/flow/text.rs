//! Runs of flows as text for people.
//!
//! Names of fields are in it, and values are not: they may be passwords, codes or personal data. The messages of rejections
//! and of other errors are shown, since Cognito shows them too. Logs are the function's own words.

use std::fmt::{Display, Formatter, Result, Write};

use cognito_triggers_targets::sanitize;

use super::{
    call::Call,
    parameters::{Answer, AuthFlow, CLIENT_CREDENTIALS, FEDERATED_SIGN_IN, Typed},
    run::{Exchange, Run, Step},
};
use crate::printer::human::{
    details::log_lines,
    style::{Paint, Style, count, seconds},
};

impl Style {
    /// The lines of a flow: each call with its triggers and its result, and what isn't as expected.
    ///
    /// Triggers that failed or broke a rule have the log of the function; with [`full_log`](Self::full_log) all have it.
    ///
    /// ```
    /// # use cognito_triggers::{Router, router};
    /// use cognito_triggers_replay::{InProcess, Style, flow::Flow};
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
    /// # let router: Router<()> = router! { pre_sign_up => async |_, _| Ok(Default::default()) };
    /// let run = Flow::named("sign-up").expect("an included flow").run(&InProcess::new(router, ())).await;
    /// let style = Style { full_log: true, ..Style::default() };
    /// assert!(style.flow(&run).contains("-> success: the user is confirmed"));
    /// # });
    /// ```
    pub fn flow(self, run: &Run) -> String {
        let mut text = String::new();
        // Writing to a string can't fail.
        let _ = self.write_flow(&mut text, run);
        text
    }

    /// The last lines of a report of several flows: how many are as expected, and which calls of the others aren't.
    ///
    /// ```
    /// use cognito_triggers_replay::Style;
    ///
    /// assert!(Style::default().flow_summary(&[]).ends_with("0 flows\n"));
    /// ```
    pub fn flow_summary(self, runs: &[Run]) -> String {
        let bad: Vec<_> = runs.iter().filter(|run| !run.is_good()).collect();
        let passed = runs.len() - bad.len();
        let mut parts = Vec::new();
        if passed > 0 {
            parts.push(format!("{passed} passed"));
        }
        if !bad.is_empty() {
            let names: Vec<_> = bad.iter().map(|run| failed_calls(run)).collect();
            parts.push(format!("{} not as expected ({})", bad.len(), names.join("; ")));
        }
        let paint = if bad.is_empty() { Paint::Good } else { Paint::Bad };
        let parts = match parts.as_slice() {
            [] => String::new(),
            parts => format!(": {}", parts.join(", ")),
        };
        let duration = seconds(runs.iter().map(|run| run.duration).sum());
        let summary = self.paint(paint, " Summary");
        format!(
            "{}\n{summary} {duration} {}{parts}\n",
            "─".repeat(12),
            count(runs.len(), "flow")
        )
    }

    /// Writes the title, the problem if there is one, and the calls.
    fn write_flow(self, text: &mut String, run: &Run) -> Result {
        let name = sanitize(&run.name).to_string();
        let title = match run.about.as_str() {
            "" => name,
            about => format!("{name}: {}", sanitize(about)),
        };
        writeln!(text, "{}", self.paint(Paint::Bold, &title))?;
        if let Some(problem) = &run.problem {
            writeln!(text, "\n{} {}", self.error(), sanitize(problem))?;
        }
        for line in log_lines(self, run.start_log.as_deref().unwrap_or_default(), &[]) {
            writeln!(text, "  {line}")?;
        }
        for exchange in &run.exchanges {
            self.write_exchange(text, exchange)?;
        }
        if run.steps().any(|step| step.is_otherwise) {
            let note = "[otherwise]: the function has no route for this trigger. The pool of a flow fires it, whatever hooks your \
                        template has.";
            writeln!(text, "\n{}", self.paint(Paint::Dim, note))?;
        }
        if run.has_no_route() {
            let problem = "The function has no route for any of these triggers.";
            writeln!(text, "\n{}", self.paint(Paint::Bad, problem))?;
        }
        Ok(())
    }

    /// Writes a call, its triggers, its result, and what isn't as expected.
    fn write_exchange(self, text: &mut String, exchange: &Exchange) -> Result {
        let call = self.paint(Paint::Bold, &exchange.call);
        match exchange.is_good() {
            true => writeln!(text, "\n{call}")?,
            false => writeln!(text, "\n{} {call}", self.paint(Paint::Bad, "FAIL"))?,
        }
        for step in &exchange.steps {
            self.write_step(text, step)?;
        }
        let paint = if exchange.is_good() {
            Paint::Good
        } else {
            Paint::Bad
        };
        let result = format!("-> {}", sanitize(&exchange.result));
        writeln!(text, "  {}", self.paint(paint, &result))?;
        for unexpected in &exchange.unexpected {
            let unexpected = sanitize(unexpected).to_string();
            writeln!(text, "  {}", self.paint(Paint::Bad, &unexpected))?;
        }
        Ok(())
    }

    /// Writes a trigger: its source and outcome, the rules that it breaks, and its log.
    fn write_step(self, text: &mut String, step: &Step) -> Result {
        let outcome = sanitize(&step.outcome).to_string();
        let attempts = match step.attempts {
            0 | 1 => String::new(),
            attempts => format!(" ({attempts} attempts)"),
        };
        let line = format!("{:<44} {outcome}{attempts}", step.source);
        let paint = if step.outcome.is_failure() {
            Some(Paint::Bad)
        } else if step.is_skipped() {
            Some(Paint::Dim)
        } else {
            None
        };
        let line = paint.map_or(line.clone(), |paint| self.paint(paint, &line));
        let mut marks = String::new();
        for (is_so, mark) in [
            (step.is_inferred, " [inferred]"),
            (step.is_otherwise, " [otherwise]"),
        ] {
            if is_so {
                marks += &self.paint(Paint::Dim, mark);
            }
        }
        writeln!(text, "  {line}{marks}")?;
        for finding in &step.findings {
            writeln!(text, "    {}: {}", finding.certainty, sanitize(finding))?;
        }
        if !self.full_log && !step.outcome.is_failure() && !step.breaks_a_rule() {
            return Ok(());
        }
        for line in log_lines(self, &step.log, &step.findings) {
            writeln!(
                text,
                "    {}",
                format_args!("{} {line}", self.paint(Paint::Dim, "|"))
            )?;
        }
        Ok(())
    }
}

/// The name of a flow that isn't as expected, with the numbers of its calls that aren't: `guest: call 3`.
fn failed_calls(run: &Run) -> String {
    let name = sanitize(&run.name);
    let exchanges = run.exchanges.iter().zip(1..);
    let calls: Vec<_> = exchanges
        .filter(|(exchange, _)| !exchange.is_good())
        .map(|(_, number): (_, usize)| number.to_string())
        .collect();
    match calls.as_slice() {
        [] if run.has_no_route() => format!("{name}: no route"),
        [] => name.to_string(),
        [call] => format!("{name}: call {call}"),
        calls => format!("{name}: calls {}", calls.join(", ")),
    }
}

impl Display for Run {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(&Style::default().flow(self))
    }
}

/// The call in a few words, without the values of its parameters.
impl Display for Call {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self.name.as_str() {
            FEDERATED_SIGN_IN => {
                f.write_str("sign-in through an identity provider")?;
                return match &self.provider {
                    Some(provider) => write!(f, " ({})", sanitize(provider)),
                    None => Ok(()),
                };
            }
            CLIENT_CREDENTIALS => return f.write_str("token endpoint with client_credentials"),
            name => f.write_str(name)?,
        }
        if let Some(flow) = self.auth_flow {
            write!(f, " with {flow}")?;
        }
        let responds = self.name.ends_with("RespondToAuthChallenge");
        let joint = if self.auth_flow.is_some() { " and" } else { " with" };
        match (self.password, self.code, &self.answer) {
            (Typed::Wrong, ..) => write!(f, "{joint} a wrong password"),
            (_, Typed::Wrong, _) => f.write_str(" with a wrong code"),
            (_, _, Answer::Wrong) => f.write_str(" with a wrong answer"),
            (_, _, Answer::Text(_)) => f.write_str(" with a text of the flow"),
            _ if responds => f.write_str(" with what is asked for"),
            _ => Ok(()),
        }
    }
}

/// The value of `AuthFlow` in the API; two of them for `CustomAuthWithSrp`.
impl Display for AuthFlow {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let found = Self::ALL.into_iter().find(|(_, flow)| flow == self);
        f.write_str(match self {
            Self::CustomAuthWithSrp => "CUSTOM_AUTH and SRP_A",
            _ => found.map_or("", |(name, _)| name),
        })
    }
}
