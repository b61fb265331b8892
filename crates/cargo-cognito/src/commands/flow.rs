//! `cargo cognito flow`

use std::{fs, path::Path, time::Duration};

use cognito_triggers_replay::flow::{Flow, Run};
use cognito_triggers_targets::{BoxFuture, Invocation, Reply, Target};

use super::{Unable, kms, target, waiting};
use crate::{
    args,
    output::{self, exit},
};

pub(super) async fn run(args: args::Flow) -> Result<u8, Unable> {
    if args.print {
        for name in &args.flows {
            output::data(shipped(name)?);
        }
        return Ok(exit::GOOD);
    }
    let paths = args.flows;
    let flows = waiting(move || paths.iter().map(|path| read(path)).collect::<Result<Vec<_>, _>>()).await??;
    if args.diagram.is_some() && flows.len() > 1 {
        return Err("a diagram shows one flow; name one".into());
    }
    let functions = Within {
        functions: target::open(&args.target, &args.running, &kms::pools([])).await?,
        deadline: args.running.deadline,
    };
    let mut code = exit::GOOD;
    for (index, flow) in flows.iter().enumerate() {
        let run = flow.run(&functions).await;
        output::data(format_args!("{}{run}", if index > 0 { "\n" } else { "" }));
        if !run.is_good() {
            code = exit::BAD;
        }
        if let Some(path) = &args.diagram {
            draw(&run, path).map_err(|error| format!("{}: {error}", path.display()))?;
        }
    }
    Ok(code)
}

/// A flow that ships by its name, or one of a file.
fn read(flow: &Path) -> Result<Flow, String> {
    if let Some(shipped) = flow.to_str().and_then(Flow::named) {
        return Ok(shipped);
    }
    if !flow.exists() {
        return Err(unknown(flow));
    }
    Flow::read(flow).map_err(|error| error.to_string())
}

fn shipped(name: &Path) -> Result<&'static str, String> {
    name.to_str().and_then(Flow::shipped).ok_or_else(|| unknown(name))
}

fn unknown(flow: &Path) -> String {
    let names: Vec<_> = Flow::names().collect();
    let flow = flow.display();
    format!(
        "no flow `{flow}` ships, and no file is called so; there is {}",
        names.join(", ")
    )
}

fn draw(run: &Run, path: &Path) -> std::io::Result<()> {
    let is_picture = path.extension().is_some_and(|extension| extension == "svg");
    fs::write(path, if is_picture { run.svg() } else { run.mermaid() })
}

/// Functions with the deadline that was asked for, in place of that of each trigger.
struct Within {
    functions: Box<dyn Target>,
    deadline: Option<Duration>,
}

impl Target for Within {
    fn invoke(&self, mut invocation: Invocation) -> BoxFuture<'_, Reply> {
        if let Some(deadline) = self.deadline {
            invocation.timeout = deadline;
        }
        self.functions.invoke(invocation)
    }
}
