//! `cargo cognito invoke`

use std::{
    fs,
    io::{self, Read},
    path::Path,
};

use cognito_triggers::{encoding, json::Json};
use cognito_triggers_targets::{Invocation, Outcome, Target};

use super::{Unable, kms, target, waiting};
use crate::{
    args,
    output::{self, exit},
};

pub(super) async fn run(args: args::Invoke) -> Result<u8, Unable> {
    let files = args.files.clone();
    let events: Vec<Vec<u8>> =
        waiting(move || files.iter().map(|file| read(file)).collect::<Result<_, _>>()).await??;
    let pools = kms::pools(&events.iter().filter_map(|event| json(event)).collect::<Vec<_>>());
    let target = target::open(&args.target, &args.running, &pools).await?;
    let mut code = exit::GOOD;
    for (file, event) in args.files.iter().zip(events) {
        let mut invocation = Invocation::new(event);
        if let Some(deadline) = args.running.deadline {
            invocation.timeout = deadline;
        }
        let reply = target.invoke(invocation).await;
        output::talk(reply.log.text());
        if let Outcome::InvokeError(problem) = &reply.outcome {
            output::error(format_args!("{}: {problem}", file.display()));
            code = exit::BAD;
        }
        // One line for each event, so that the lines are in step with the files.
        output::data(format_args!("{}\n", reply.outcome));
    }
    Ok(code)
}

/// Any bytes will do: what a function makes of input that isn't JSON is worth knowing too.
fn read(file: &Path) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let result = if file == Path::new("-") {
        io::stdin().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        fs::read(file)
    };
    let bytes = result.map_err(|error| format!("{}: {error}", file.display()))?;
    // AWS sends UTF-8 without a byte order mark, however the file was saved.
    Ok(encoding::decode(bytes.clone()).map_or(bytes, String::into_bytes))
}

fn json(event: &[u8]) -> Option<Json> {
    Json::parse(std::str::from_utf8(event).ok()?).ok()
}
