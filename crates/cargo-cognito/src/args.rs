//! The command line.

mod flow;
mod wiring;

use std::{
    ffi::{OsStr, OsString},
    path::PathBuf,
    time::Duration,
};

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use cognito_triggers::json::{Json, Path};

pub(crate) use flow::Flow;
pub(crate) use wiring::{Check, CheckFormat, Wire, WireFormat};

/// Try the Lambda triggers of an Amazon Cognito user pool without deploying them.
#[derive(Debug, Parser)]
#[command(name = "cargo-cognito", bin_name = "cargo cognito", version, after_help = EXIT_CODES)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXIT_CODES: &str = "\
Exit codes:
  0    done; every case stands as approved, every event was answered or refused
  1    a case doesn't stand as approved, an event got no answer, or a flow ended in another way
  2    the command can't do its work: wrong arguments, no such file, a binary that doesn't compile
  130  interrupted

Results go to standard output, everything else to standard error. NO_COLOR=1 turns colours off.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run cases and compare the answers with the approved ones
    #[command(after_help = CASES)]
    Replay(Replay),
    /// Send events and print the answers, a line of JSON for each
    #[command(after_help = LINES)]
    Invoke(Invoke),
    /// Play what an app does, call by call, with the events that Cognito sends for it
    #[command(after_help = flow::after_help())]
    Flow(Flow),
    /// Print a realistic event, or list every trigger source
    Event(Event),
    /// Explain a trigger, a rule for answers, or an error text
    Explain(Explain),
    /// Print which triggers a binary answers
    Routes(Routes),
    /// Hold templates and descriptions of user pools against what binaries answer
    #[command(after_help = CHECKED)]
    Check(Check),
    /// Print what a user pool needs to call a binary; AWS is never called
    Wire(Wire),
    /// Print a completion script for a shell
    Completions(Completions),
    /// Print a manual page, as roff
    Man(Man),
}

const CHECKED: &str = "\
The exit code is 1 if there is an error or a warning. A value that exists only at deployment, such as a parameter, is
reported as not checked, which fails nothing.";

macro_rules! kms {
    () => {
        "\
A binary that opens the codes of custom senders reaches a KMS on loopback, which opens those of
`cargo cognito event --code`. It gets these variables where they aren't set: AWS_ENDPOINT_URL_KMS,
COGNITO_KMS_KEY_ARN, COGNITO_USER_POOL_IDS (the pools of the events), and, without --with-aws,
credentials that mean nothing. So that nothing leads past it, 127.0.0.1 is added to NO_PROXY, and
AWS_IGNORE_CONFIGURED_ENDPOINT_URLS and, without --with-aws, AWS_USE_FIPS_ENDPOINT and
AWS_USE_DUALSTACK_ENDPOINT become false. To use another KMS, set AWS_ENDPOINT_URL_KMS or
AWS_ENDPOINT_URL.

A binary doesn't get this shell's AWS credentials, so that nothing is sent or stored for real, unless
AWS_ENDPOINT_URL leads to this machine (localhost), or --with-aws says so."
    };
}

const LINES: &str = concat!(
    "\
The line of an event without an answer is {\"error\": {\"errorType\": \"…\", \"errorMessage\": \"…\"}}. If the
function reported no error itself, the exit code is 1 and the type is that of Lambda
(Sandbox.Timedout, Runtime.ExitError, Function.ResponseSizeTooLarge) or begins with `Replay.`.

",
    kms!()
);

const CASES: &str = concat!(
    "\
A case is a file NAME.event.json beside NAME.answer.json, which holds
  the whole answered event,
  {\"rejected\": \"…\"} for a refusal in words for the person, or
  {\"failed\": \"Failed\"} for another error: Failed, Unhandled, Malformed or TimedOut.
In an answer, ${any}, ${digits}, ${hex} and ${uuid} within a string stand for what changes from run to run.
$${any} stands for the characters ${any} themselves.

",
    kms!()
);

/// What the events are sent to.
#[derive(Debug, ClapArgs)]
#[group(required = true, multiple = true, id = "function")]
pub(crate) struct Target {
    /// The function: a binary of this workspace, which is built first, or the path of one. Several together are like
    /// several functions of a pool: an event goes to the one that has its route
    #[arg(long, value_name = "NAME|PATH", conflicts_with = "url")]
    pub(crate) bin: Vec<OsString>,
    /// An endpoint in place of a binary: `cargo lambda watch` (http://localhost:9000/NAME), the runtime interface
    /// emulator, or SAM's local one
    #[arg(long)]
    pub(crate) url: Option<String>,
}

/// How the function is run.
#[derive(Debug, ClapArgs)]
pub(crate) struct Running {
    /// How long an answer may take, such as 5s or 300ms [default: 5s, as Cognito waits; 30s for custom senders]
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) deadline: Option<Duration>,
    /// Start a fresh process for each event
    #[arg(long, conflicts_with_all = ["url", "concurrency"])]
    pub(crate) cold_start: bool,
    /// Let the function have this shell's AWS credentials: what it sends and stores is real then
    #[arg(long, conflicts_with = "url")]
    pub(crate) with_aws: bool,
    /// Run one process that takes N events at a time, as on Lambda Managed Instances
    #[arg(long, value_name = "N", conflicts_with = "url", value_parser = at_least_one)]
    pub(crate) concurrency: Option<usize>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Replay {
    /// Cases, or directories that hold some
    #[arg(value_name = "DIR|FILE", default_value = ".")]
    pub(crate) places: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) target: Target,
    /// Approve every answer: write it to its answer file
    #[arg(long, conflicts_with = "review")]
    pub(crate) accept: bool,
    /// Show each new or different answer, and ask whether to approve it
    #[arg(long)]
    pub(crate) review: bool,
    /// Run only the cases whose name contains TEXT; several are alternatives
    #[arg(long, value_name = "TEXT")]
    pub(crate) filter: Vec<String>,
    /// End with the first case that doesn't stand as approved
    #[arg(long)]
    pub(crate) fail_fast: bool,
    /// Send each event N times: every answer must equal the first, since Cognito may call again
    #[arg(long, value_name = "N", default_value = "1", value_parser = at_least_one)]
    pub(crate) attempts: usize,
    #[command(flatten)]
    pub(crate) running: Running,
    /// Run N cases at a time [default: the number of processors, or that of --concurrency]
    #[arg(long, short, value_name = "N", value_parser = at_least_one)]
    pub(crate) jobs: Option<usize>,
    /// How the report is printed
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
    /// Print only what isn't as approved, and the summary
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A line for each case, and the places to look at
    #[default]
    Human,
    /// A line of JSON for each case, and one for the summary
    Json,
    /// JUnit XML
    Junit,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Invoke {
    /// Event files; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) target: Target,
    #[command(flatten)]
    pub(crate) running: Running,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Event {
    /// The `triggerSource`, such as PreSignUp_SignUp; without it, all of them are listed
    pub(crate) source: Option<String>,
    /// The `LambdaVersion` of the event, for the sources that come in several [default: the lowest]
    #[arg(long, value_name = "V1_0|V2_0|V3_0", requires = "source")]
    pub(crate) lambda_version: Option<String>,
    /// Another form of the event; `--variants` lists them
    #[arg(long, requires = "source", conflicts_with = "variants")]
    pub(crate) variant: Option<String>,
    /// List the forms of the event, with the fact of the wire that each shows
    #[arg(long)]
    pub(crate) variants: bool,
    /// Set a value: `request.userAttributes.email='"a@b.test"'`
    #[arg(long, value_name = "PATH=JSON", value_parser = assignment, requires = "source")]
    pub(crate) set: Vec<(Path, Json)>,
    /// Take a value out: `request.clientMetadata`
    #[arg(long, value_name = "PATH", requires = "source")]
    pub(crate) unset: Vec<Path>,
    /// Set the pool's id
    #[arg(long, value_name = "ID", requires = "source")]
    pub(crate) user_pool_id: Option<String>,
    /// Set the app client's id
    #[arg(long, value_name = "ID", requires = "source")]
    pub(crate) client_id: Option<String>,
    /// Set the Region
    #[arg(long, requires = "source")]
    pub(crate) region: Option<String>,
    /// Set the user's name
    #[arg(long, value_name = "NAME", requires = "source")]
    pub(crate) user: Option<String>,
    /// Encrypt CODE for the pool as Cognito does, for an event of a custom sender; the temporary password, for a user
    /// whom an administrator made
    #[arg(long, requires = "source")]
    pub(crate) code: Option<String>,
    /// The key to encrypt it under, a local one of this name [default: that of the KMS which `replay` and `invoke` serve]
    #[arg(long, value_name = "ARN", requires = "code")]
    pub(crate) key_arn: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Explain {
    /// A `triggerSource`, a route, a key of `LambdaConfig`, the code of a rule, or the text of an error; without it,
    /// the topics are listed
    #[arg(value_name = "TOPIC")]
    pub(crate) words: Vec<String>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Routes {
    /// The function: a binary of this workspace, which is built first, or the path of one
    #[arg(long, value_name = "NAME|PATH")]
    pub(crate) bin: OsString,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Completions {
    /// The shell
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Man {
    /// The command that the page is about; without it, the page is about all of them
    pub(crate) command: Option<String>,
}

/// Cargo calls `cargo-cognito cognito …`; the alias of this workspace calls it without the word.
pub(crate) fn as_subcommand(args: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut args: Vec<_> = args.collect();
    if args.get(1).map(OsString::as_os_str) == Some(OsStr::new("cognito")) {
        args.remove(1);
    }
    args
}

fn duration(text: &str) -> Result<Duration, String> {
    let (number, unit) = match text.strip_suffix("ms") {
        Some(number) => (number, 0.001),
        None => (text.strip_suffix('s').unwrap_or(text), 1.0),
    };
    let seconds = number.parse::<f64>().ok().filter(|number| *number > 0.0);
    seconds
        .and_then(|number| Duration::try_from_secs_f64(number * unit).ok())
        .ok_or_else(|| "a time is like 5s or 300ms".to_owned())
}

fn at_least_one(text: &str) -> Result<usize, String> {
    text.parse()
        .ok()
        .filter(|number| *number > 0)
        .ok_or_else(|| "a number from 1 on".to_owned())
}

fn assignment(text: &str) -> Result<(Path, Json), String> {
    let (path, json) = text
        .split_once('=')
        .ok_or("a change is like `request.userAttributes.email='\"a@b.test\"'`")?;
    let path = path.parse().map_err(|error| format!("{error}"))?;
    let json = Json::parse(json).map_err(|error| {
        format!("the value isn't JSON: {error}; a string needs double quotes within single ones: '\"text\"'")
    })?;
    Ok((path, json))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definitions_are_sound() {
        use clap::CommandFactory;
        Args::command().debug_assert();
    }

    #[test]
    fn cargo_says_the_name_of_the_subcommand() {
        let args = |words: &[&str]| as_subcommand(words.iter().map(OsString::from));
        assert_eq!(
            args(&["cargo-cognito", "cognito", "event"]),
            args(&["cargo-cognito", "event"])
        );
    }

    #[test]
    fn times_are_read() {
        assert_eq!(duration("5s"), Ok(Duration::from_secs(5)));
        assert_eq!(duration("300ms"), Ok(Duration::from_millis(300)));
        assert_eq!(duration("0.5"), Ok(Duration::from_millis(500)));
        for wrong in ["", "s", "-1s", "0", "1h", "NaN", "inf", "1e300"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }
}
