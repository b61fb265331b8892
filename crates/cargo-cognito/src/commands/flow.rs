//! `cargo cognito flow`: plays the API calls of an app, with the events that Cognito sends for them.
//!
//! A flow is one of those that are included, by its name, or a file `NAME.flow.json`. `--print` shows the file of an included
//! one, and `--diagram` writes what happened as a sequence diagram.

use std::{
    fs,
    path::Path,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use cognito_triggers_replay::flow::{Flow, Run};
use cognito_triggers_targets::{BoxFuture, Invocation, Reply, Target};

use crate::{
    args,
    blocking::blocking,
    error::CommandError,
    exit_code,
    function::{self, OpenFunction},
    kms, output, style,
};

/// Plays the flows, one after the other. The exit code is 1 if one of them ended differently from what it expects.
///
/// # Errors
/// If a flow can't be read, the function can't be built or started, or the diagram can't be written.
pub(super) async fn run(args: args::Flow) -> Result<u8, CommandError> {
    if args.print {
        for name in &args.flows {
            output::print(included(name)?);
        }
        return Ok(exit_code::SUCCESS);
    }
    let paths = args.flows;
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
    let mut code = exit_code::SUCCESS;
    for (index, flow) in flows.iter().enumerate() {
        let run = flow.run(&target).await;
        if let Some(problem) = target.start_error() {
            return Err(problem.into());
        }
        let blank = if index > 0 { "\n" } else { "" };
        output::print(format_args!("{blank}{}", style::flow(&run.to_string())));
        if !run.is_good() {
            code = exit_code::FAILURE;
        }
        if let Some(path) = &args.diagram {
            draw(&run, path).map_err(|error| format!("{}: {error}", path.display()))?;
        }
    }
    Ok(code)
}

/// An included flow by its name, or the flow of a file. A name wins over a file that is called the same.
///
/// # Errors
/// If there is neither, or the file is no flow.
fn read(flow: &Path) -> Result<Flow, String> {
    if let Some(included) = flow.to_str().and_then(Flow::named) {
        return Ok(included);
    }
    if !flow.exists() {
        return Err(unknown(flow));
    }
    Flow::read(flow).map_err(|error| error.to_string())
}

fn included(name: &Path) -> Result<&'static str, String> {
    name.to_str()
        .and_then(Flow::included)
        .ok_or_else(|| unknown(name))
}

fn unknown(flow: &Path) -> String {
    let names: Vec<_> = Flow::names().collect();
    let flow = flow.display();
    format!(
        "there is no included flow and no file `{flow}`; the included flows are {}",
        names.join(", ")
    )
}

/// Writes a diagram: a picture (SVG) or Mermaid, by the extension of the file.
fn draw(run: &Run, path: &Path) -> std::io::Result<()> {
    let is_picture = path.extension().is_some_and(|extension| extension == "svg");
    fs::write(path, if is_picture { run.svg() } else { run.mermaid() })
}

/// The function of a flow: with the deadline of `--deadline` instead of that of each trigger, and with a memory for the
/// error of a binary that can't be started.
struct FlowTarget {
    function: OpenFunction,
    deadline: Option<Duration>,
    start_error: Mutex<Option<String>>,
}

impl FlowTarget {
    /// Why the binary can't be started; `None` if it can, or wasn't started yet.
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
}
