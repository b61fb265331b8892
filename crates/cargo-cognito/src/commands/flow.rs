//! `cargo cognito flow`: plays the API calls of an app against a local user pool in memory, whose triggers are the function.
//!
//! A flow is one of those that are included, by its name, or a file `NAME.flow.json`. `--list` names the included ones,
//! `--print` shows the file of one, and `--diagram` writes what happened as a sequence diagram.

use std::{
    fs,
    path::Path,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use cognito_triggers_pool::flow_of_recording;
use cognito_triggers_replay::flow::{Flow, Run, summary_json, to_junit};
use cognito_triggers_targets::{BoxFuture, Invocation, Reply, Routes, Target, sanitize};

use crate::{
    args::{self, ReplayFormat},
    blocking::blocking,
    error::CommandError,
    exit_code,
    function::{self, OpenFunction},
    kms, output, recording,
};

/// Plays the flows, one after the other. The exit code is 1 if one of them ended differently from what it expects, and 0
/// otherwise. All flows are read before the first one starts, so that a typo in the last name is an error at once.
///
/// # Errors
/// Fails if a flow can't be read, the function can't be built or started, or the diagram can't be written.
pub(super) async fn run(args: args::Flow) -> Result<u8, CommandError> {
    if args.list {
        output::report(list());
        return Ok(exit_code::SUCCESS);
    }
    if let Some(path) = &args.from_recording {
        return print_recorded(path, args.user.as_deref()).await;
    }
    if args.print {
        for name in &args.flows {
            output::print(included(name)?);
        }
        return Ok(exit_code::SUCCESS);
    }
    let paths = args.flows.clone();
    let read_all = move || paths.iter().map(|path| read(path)).collect::<Result<Vec<_>, _>>();
    let flows = blocking(read_all).await??;
    if args.diagram.is_some() && flows.len() > 1 {
        return Err("a diagram shows one flow; give one name".into());
    }
    let target = FlowTarget {
        function: function::open(&args.function, &args.running, &kms::pools([])).await?,
        deadline: args.running.deadline,
        start_error: Mutex::default(),
    };
    let style = args.log.style();
    let mut runs = Vec::new();
    for (path, flow) in args.flows.iter().zip(&flows) {
        let run = flow.run(&target).await;
        if let Some(problem) = target.start_error() {
            return Err(problem.into());
        }
        let can_start = run.start_log.is_none();
        if let (Some(problem), true) = (&run.problem, can_start) {
            return Err(format!("{}: {problem}", path.display()).into());
        }
        match args.format {
            ReplayFormat::Human if runs.is_empty() => output::report(style.flow(&run)),
            ReplayFormat::Human => output::report(format_args!("\n{}", style.flow(&run))),
            ReplayFormat::Json => output::print(run.to_json()),
            ReplayFormat::Junit => {}
        }
        if let (Some(path), true) = (&args.diagram, can_start) {
            draw(&run, path).map_err(|error| format!("{}: {error}", path.display()))?;
        }
        runs.push(run);
        // The other flows would end in the same way.
        if !can_start {
            break;
        }
    }
    if let left @ 1.. = flows.len().saturating_sub(runs.len()) {
        output::warning(format_args!("flows that aren't played any more: {left}"));
    }
    match args.format {
        ReplayFormat::Human if runs.len() > 1 => {
            output::report(format_args!("\n{}", style.flow_summary(&runs)))
        }
        ReplayFormat::Human => {}
        ReplayFormat::Json => output::print(summary_json(&runs)),
        ReplayFormat::Junit => output::print(to_junit(&runs)),
    }
    match runs.iter().all(Run::is_good) {
        true => Ok(exit_code::SUCCESS),
        false => Ok(exit_code::FAILURE),
    }
}

/// Prints the flow of a person in a recording. What was left out of it is said on standard error.
///
/// # Errors
/// Fails if the file isn't a recording, or the person has no call that a flow can make.
async fn print_recorded(path: &Path, user: Option<&str>) -> Result<u8, CommandError> {
    let wrong = |error: &dyn std::fmt::Display| format!("{}: {}", path.display(), sanitize(error));
    let recording = recording::read(path).await?;
    let made = flow_of_recording(&recording, user).map_err(|error| wrong(&error))?;
    let member = |name: &str| made.get(name).cloned().unwrap_or_default();
    output::print_json(format_args!("{:#}\n", member("flow")));
    for reason in member("leftOut").as_array().into_iter().flatten() {
        let reason = reason.as_str().unwrap_or_default();
        output::warning(format_args!("left out: {}", sanitize(reason)));
    }
    Ok(exit_code::SUCCESS)
}

/// The included flows, a line for each.
fn list() -> String {
    let flows = Flow::names().filter_map(Flow::named);
    let lines = flows.map(|flow| format!("{:<30} {}\n", flow.name, flow.about));
    lines.collect()
}

/// The included flow of this name, or the flow of this file. The included flow wins if both exist.
///
/// # Errors
/// Fails if neither exists, or the file isn't a flow.
fn read(flow: &Path) -> Result<Flow, String> {
    if let Some(included) = flow.to_str().and_then(Flow::named) {
        return Ok(included);
    }
    if !flow.exists() {
        return Err(unknown(flow));
    }
    Flow::read(flow).map_err(|error| error.to_string())
}

/// The file of an included flow, as text.
///
/// # Errors
/// Fails if there is no included flow of this name. The error lists the names.
fn included(name: &Path) -> Result<&'static str, String> {
    name.to_str()
        .and_then(Flow::included)
        .ok_or_else(|| unknown(name))
}

/// The error for a name that is neither an included flow nor a file.
fn unknown(flow: &Path) -> String {
    let flow = flow.display();
    format!(
        "there is no included flow and no file `{flow}`; `cargo cognito flow --list` lists the included flows"
    )
}

/// Writes a diagram: a picture if the file ends with `.svg`, otherwise Mermaid. An existing file is replaced.
fn draw(run: &Run, path: &Path) -> std::io::Result<()> {
    let is_picture = path.extension().is_some_and(|extension| extension == "svg");
    fs::write(path, if is_picture { run.svg() } else { run.mermaid() })
}

/// The function of a flow. It applies `--deadline`, and remembers the error of a binary that can't be started: a flow
/// would report it as an outcome of the call.
struct FlowTarget {
    function: OpenFunction,
    /// The time limit of every answer. `None` for that of the trigger.
    deadline: Option<Duration>,
    /// Why the binary can't be started. `None` if it can, or wasn't started yet.
    start_error: Mutex<Option<String>>,
}

impl FlowTarget {
    /// Takes the error of a binary that can't be started; `None` if there is none.
    fn start_error(&self) -> Option<String> {
        self.start_error
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }
}

impl Target for FlowTarget {
    fn invoke(&self, mut invocation: Invocation) -> BoxFuture<'_, Reply> {
        if let Some(deadline) = self.deadline {
            invocation.timeout = deadline;
        }
        Box::pin(async move {
            let reply = self.function.invoke(invocation).await;
            if let Some(problem) = function::start_error(&reply.outcome) {
                let mut start_error = self.start_error.lock().unwrap_or_else(PoisonError::into_inner);
                *start_error = Some(problem.to_string());
            }
            reply
        })
    }

    fn routes(&self) -> BoxFuture<'_, Option<Routes>> {
        self.function.routes()
    }
}
