//! One case of a report.

use std::{io, path::PathBuf, time::Duration};

use cognito_triggers::function::ErrorType;
use cognito_triggers_model::{
    json::{Json, Member, Value},
    rules::Finding,
};
use cognito_triggers_targets::{ApiOutcome, Outcome};

use crate::{
    case::{Approved, SCHEMA, check_answer, write_beside_and_rename},
    placeholder::to_approved,
    verdict::{Verdict, breaks_a_rule},
};

/// One case of a report, and how it ended.
///
/// ```
/// # use cognito_triggers::{Router, pass_through, router};
/// use cognito_triggers_replay::{InProcess, Replay};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// # let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases");
/// # let router: Router<()> = router! { otherwise => pass_through };
/// let report = Replay::dir(directory).against(InProcess::new(router, ())).await;
/// for entry in &report.entries {
///     println!("{}: {} after {:?}", entry.name, entry.verdict.name(), entry.duration);
/// }
/// # }
/// ```
#[derive(Debug)]
pub struct Entry {
    /// The name of the case, such as `pre_sign_up/invited`.
    pub name: String,
    /// The event file.
    pub event_path: PathBuf,
    /// The event, parsed.
    pub event_json: Json,
    /// The answer file, whether it exists or not.
    pub answer_path: PathBuf,
    /// The approved answer. `None` if there was none before the run and none was approved since.
    pub approved: Option<Approved>,
    /// The outcome of the first attempt, or of a later one at which the function returned nothing.
    pub outcome: Outcome,
    /// The number of attempts, including the one that decided the verdict.
    pub attempt: usize,
    /// The rules of Cognito that the first answer breaks, certainly or perhaps. Empty if it breaks none.
    pub findings: Vec<Finding>,
    /// Why the rules couldn't be checked. `None` if they were.
    pub rules_error: Option<String>,
    /// What Cognito's API would have returned to the application. `None` if that is unknown.
    pub api_outcome: Option<ApiOutcome>,
    /// The verdict.
    pub verdict: Verdict,
    /// How long the first call took.
    pub duration: Duration,
    /// What the function logged during the attempt that decided the verdict. Empty if the case is in order, or if the target
    /// has no log.
    pub log: String,
}

impl Entry {
    /// Approves a new or different answer: writes it to the answer file. Any other entry stays as it is.
    ///
    /// Placeholders of the old answer stay where they match the new one. An answer that certainly breaks a rule of
    /// Cognito is written too, but the case still fails.
    ///
    /// The file is replaced as a whole: it never holds half an answer.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// use cognito_triggers_replay::{Process, Replay};
    ///
    /// let mut report = Replay::dir("cases").against(Process::new("target/debug/my-function")).await;
    /// // Approves the answers of new cases, and none of those that have changed.
    /// for entry in report.entries.iter_mut().filter(|entry| entry.approved.is_none()) {
    ///     entry.approve()?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Fails if the file can't be written, or if no answer file can hold the answer. The entry is then unchanged.
    pub fn approve(&mut self) -> io::Result<()> {
        let mut answer = match &self.verdict {
            Verdict::New(received) | Verdict::Different { received, .. } => {
                to_approved(self.approved.as_ref().map(|approved| &approved.json), received)
            }
            _ => return Ok(()),
        };
        check_answer(&self.event_json, &answer)
            .map_err(|problem| io::Error::new(io::ErrorKind::InvalidData, problem))?;
        let schema = self
            .approved
            .as_ref()
            .and_then(|approved| approved.schema.clone());
        if let (Some(schema), Value::Object(members)) = (schema, &mut answer.value) {
            members.insert(0, Member::from((SCHEMA, schema)));
        }
        let text = format!("{answer:#}\n");
        write_beside_and_rename(&self.answer_path, &text)?;
        self.verdict = if breaks_a_rule(&self.findings) {
            Verdict::RuleViolation
        } else {
            Verdict::Accepted
        };
        self.approved = Json::parse(&text).ok().map(|json| Approved::new(text, json));
        Ok(())
    }

    /// Whether the function returned `Unhandled` (it has no route for the event) or `Malformed` (it can't parse the event).
    ///
    /// This is usually a mistake in the event or in the router. So [`Replay::accept`](crate::Replay::accept) doesn't approve
    /// such an answer, but [`approve`](Self::approve) does.
    pub fn is_unhandled(&self) -> bool {
        matches!(
            self.outcome.refusal(),
            Some(ErrorType::Unhandled | ErrorType::Malformed)
        )
    }
}
