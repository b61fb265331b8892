//! The variables that Lambda sets.

use std::ffi::OsString;

use lambda_runtime::Config;

use crate::run_error::Kind;

/// What the environment of a function always has.
const REQUIRED: [&str; 4] = [
    RUNTIME_API,
    "AWS_LAMBDA_FUNCTION_NAME",
    MEMORY_SIZE,
    "AWS_LAMBDA_FUNCTION_VERSION",
];
const RUNTIME_API: &str = "AWS_LAMBDA_RUNTIME_API";
const MEMORY_SIZE: &str = "AWS_LAMBDA_FUNCTION_MEMORY_SIZE";
const INITIALIZATION_TYPE: &str = "AWS_LAMBDA_INITIALIZATION_TYPE";
const MAX_CONCURRENCY: &str = "AWS_LAMBDA_MAX_CONCURRENCY";

/// The most concurrent calls that Lambda lets an environment have (`PerExecutionEnvironmentMaxConcurrency`). Each has a
/// connection and a task, so a larger number is taken for a mistake.
const MOST_CALLS: usize = 1600;

/// The settings of a Lambda environment.
#[derive(Debug)]
pub(super) struct Environment {
    pub(super) runtime_api: ApiAddress,
    /// How many calls a process has at a time: 1 on classic Lambda, up to 1,600 on Managed Instances.
    pub(super) max_concurrency: usize,
    /// Whether the process is about to be put into a snapshot, from which it starts again.
    pub(super) snap_start: bool,
    /// The part that a handler reads through `Context::lambda`.
    pub(super) config: Config,
}

impl Environment {
    /// Reads the variables. The error comes with the address of the Runtime API, if that is valid.
    pub(super) fn read(
        variable: impl Fn(&'static str) -> Option<OsString>,
    ) -> Result<Self, (Kind, Option<ApiAddress>)> {
        let text = |name| variable(name).map(|value| value.to_string_lossy().into_owned());
        let present = |name| text(name).filter(|value| !value.trim().is_empty());
        let address = present(RUNTIME_API).and_then(|value| ApiAddress::parse(&value));

        let missing: Vec<_> = REQUIRED
            .into_iter()
            .filter(|name| present(name).is_none())
            .collect();
        if !missing.is_empty() {
            return Err((Kind::NotLambda(missing), address));
        }
        let invalid = |name, expected| Kind::Variable {
            name,
            value: text(name).unwrap_or_default(),
            expected,
        };
        let Some(runtime_api) = address else {
            return Err((
                invalid(RUNTIME_API, "a host and a port, like 127.0.0.1:9001"),
                None,
            ));
        };
        let number = |name| {
            text(name)?
                .trim()
                .parse::<u32>()
                .ok()
                .filter(|number| *number > 0)
        };
        let Some(memory) = number(MEMORY_SIZE).and_then(|memory| memory.try_into().ok()) else {
            return Err((
                invalid(MEMORY_SIZE, "a number of megabytes, like 128"),
                Some(runtime_api),
            ));
        };
        let calls = || usize::try_from(number(MAX_CONCURRENCY)?).ok();
        let max_concurrency = match variable(MAX_CONCURRENCY) {
            None => 1,
            Some(_) => match calls().filter(|calls| *calls <= MOST_CALLS) {
                Some(calls) => calls,
                None => {
                    return Err((
                        invalid(MAX_CONCURRENCY, "a number from 1 to 1600"),
                        Some(runtime_api),
                    ));
                }
            },
        };
        let config = Config {
            function_name: text("AWS_LAMBDA_FUNCTION_NAME").unwrap_or_default(),
            memory,
            version: text("AWS_LAMBDA_FUNCTION_VERSION").unwrap_or_default(),
            log_stream: text("AWS_LAMBDA_LOG_STREAM_NAME").unwrap_or_default(),
            log_group: text("AWS_LAMBDA_LOG_GROUP_NAME").unwrap_or_default(),
        };
        Ok(Self {
            runtime_api,
            max_concurrency,
            snap_start: text(INITIALIZATION_TYPE).as_deref() == Some("snap-start"),
            config,
        })
    }
}

/// Where the Runtime API is: `127.0.0.1:9001`, or with a path, as `cargo lambda watch` sets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ApiAddress {
    /// Host and port.
    pub(super) authority: String,
    /// What stands before every path of the API; empty on Lambda.
    pub(super) base_path: String,
}

impl ApiAddress {
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix("http://").unwrap_or(text);
        let (authority, base_path) = text.find('/').map_or((text, ""), |slash| text.split_at(slash));
        let plain = |text: &str| !text.contains(|c: char| c.is_whitespace() || c.is_control());
        if authority.is_empty() || !plain(authority) || !plain(base_path) {
            return None;
        }
        let port = authority.rsplit_once(':').map(|(_, port)| port);
        let authority = match port {
            Some(port) if port.parse::<u16>().is_err() => return None,
            Some(_) => authority.to_owned(),
            None => format!("{authority}:80"),
        };
        Some(Self {
            authority,
            base_path: base_path.trim_end_matches('/').to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run_error::RunError;

    fn read(changes: &[(&'static str, Option<&str>)]) -> Result<Environment, String> {
        let variable = |name: &'static str| {
            let optional = [MAX_CONCURRENCY, INITIALIZATION_TYPE];
            if let Some((_, value)) = changes.iter().find(|(changed, _)| *changed == name) {
                return value.map(OsString::from);
            }
            Some(OsString::from(match name {
                RUNTIME_API => "127.0.0.1:9001",
                MEMORY_SIZE => "128",
                name if optional.contains(&name) => return None,
                _ => "x",
            }))
        };
        Environment::read(variable).map_err(|(error, _)| RunError(error).to_string())
    }

    #[test]
    fn a_usual_environment_is_read() {
        let classic = read(&[]).unwrap();
        assert_eq!((classic.max_concurrency, classic.config.memory), (1, 128));
        assert_eq!(classic.runtime_api.authority, "127.0.0.1:9001");
        let managed = read(&[(MAX_CONCURRENCY, Some("64"))]).unwrap();
        assert_eq!(managed.max_concurrency, 64);
    }

    #[test]
    fn a_missing_or_empty_variable_is_named_in_one_line() {
        for value in [None, Some(""), Some(" ")] {
            let error = read(&[(RUNTIME_API, value), (MEMORY_SIZE, value)]).unwrap_err();
            assert_eq!(
                error,
                "this is a Lambda function, and it isn't running on Lambda: AWS_LAMBDA_RUNTIME_API, \
                 AWS_LAMBDA_FUNCTION_MEMORY_SIZE not set. Try it with `cargo cognito invoke EVENT --bin NAME` or under \
                 `cargo lambda watch`"
            );
        }
    }

    #[test]
    fn an_invalid_variable_is_printed_on_one_line() {
        for (name, value, expected) in [
            (MAX_CONCURRENCY, "many", "a number from 1 to 1600"),
            (MAX_CONCURRENCY, "", "a number from 1 to 1600"),
            (MAX_CONCURRENCY, "0", "a number from 1 to 1600"),
            (MAX_CONCURRENCY, "-1", "a number from 1 to 1600"),
            (MAX_CONCURRENCY, "1601", "a number from 1 to 1600"),
            (MAX_CONCURRENCY, "4000000", "a number from 1 to 1600"),
            (MAX_CONCURRENCY, "1600", ""),
            (MEMORY_SIZE, "128 MB", "a number of megabytes, like 128"),
            (MEMORY_SIZE, "9999999999", "a number of megabytes, like 128"),
            (
                RUNTIME_API,
                "127.0.0.1:port",
                "a host and a port, like 127.0.0.1:9001",
            ),
            (RUNTIME_API, "127.0.0.1:9001\n", ""),
            (RUNTIME_API, "a b:9001", "a host and a port, like 127.0.0.1:9001"),
        ] {
            let read = read(&[(name, Some(value))]);
            if expected.is_empty() {
                assert!(read.is_ok(), "{name}={value:?}");
                continue;
            }
            assert_eq!(
                read.unwrap_err(),
                format!("the environment variable {name} is {value:?}; it should be {expected}")
            );
        }
    }

    #[test]
    fn an_address_may_have_a_scheme_and_a_path() {
        let address = ApiAddress::parse("http://localhost:9000/.rt/my-function/").unwrap();
        assert_eq!(address.authority, "localhost:9000");
        assert_eq!(address.base_path, "/.rt/my-function");
        assert_eq!(ApiAddress::parse("localhost").unwrap().authority, "localhost:80");
    }
}
