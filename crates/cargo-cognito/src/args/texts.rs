//! The texts below the options in `--help`.
//!
//! A paragraph is one line here, whatever its length: clap wraps it to the width of the terminal.

/// Below `cargo cognito --help`.
pub(super) const EXIT_CODES: &str = "\
Exit codes:
  0    success: every case is as approved, every event was answered or refused
  1    a case is not as approved, an event got no answer, or a flow failed
  2    wrong arguments, a missing file, or a binary that doesn't compile
  130  interrupted

Results go to standard output, everything else to standard error. NO_COLOR=1 turns colors off, CLICOLOR_FORCE=1 turns them on.";

/// Below the help of `new`.
pub(super) const NEW: &str = "\
The project has a library and a `main`, a file for each handler with its unit test, cases for the sources of its routes, a flow, template.yaml, a workflow for CI and a README with the next commands. Without --route and --example the command asks, if there is a terminal. Nothing is compiled, and no network is used.

A command that was built in a clone writes dependencies on the crates of that clone by their paths, with the versions of its Cargo.lock. Otherwise it writes published versions. In a workspace the project becomes a member.

Routes: pre_sign_up, custom_message, post_confirmation, pre_authentication, post_authentication, define_auth_challenge, create_auth_challenge, verify_auth_challenge_response, pre_token_generation_v1, pre_token_generation_v2, pre_token_generation_v3, user_migration, custom_sms_sender, custom_email_sender, inbound_federation. A pool sends one version of token generation, so only one of the three can be chosen.";

/// Below the help of `init`.
pub(super) const INIT: &str = "\
No file is overwritten, and each one that stays is named. Cargo.toml gets the dependencies that it lacks. What has to be added to src/lib.rs and src/main.rs by hand is printed. The command can be run again: it goes on where it ended.";

/// Below the help of `check`.
pub(super) const CHECKED: &str = "\
The exit code is 1 if there is an error or a warning. A value that exists only at deployment, such as a parameter, is reported as not checked and doesn't change the exit code.";

/// What `replay` and `invoke` say about the environment of a binary.
macro_rules! kms {
    () => {
        "\
A binary gets a KMS on 127.0.0.1, which decrypts the codes of `cargo cognito event --code` for a custom sender. These variables are set unless they are set already: AWS_ENDPOINT_URL_KMS, COGNITO_KMS_KEY_ARN, COGNITO_USER_POOL_IDS (the pools of the events) and, without --with-aws, placeholder credentials. So that no request bypasses this KMS, 127.0.0.1 is added to NO_PROXY, and AWS_IGNORE_CONFIGURED_ENDPOINT_URLS is set to false; without --with-aws, AWS_USE_FIPS_ENDPOINT and AWS_USE_DUALSTACK_ENDPOINT are too. To use another KMS, set AWS_ENDPOINT_URL_KMS or AWS_ENDPOINT_URL.

A binary doesn't get the AWS credentials of this shell, so that it can't send or store anything in AWS. It gets them with --with-aws, or if AWS_ENDPOINT_URL points to this machine (localhost)."
    };
}

/// Below the help of `invoke`.
pub(super) const LINES: &str = concat!(
    "\
An event without an answer is printed as {\"error\": {\"errorType\": \"…\", \"errorMessage\": \"…\"}}. An error that the function reports, such as a rejection, is an answer, and the exit code is 0. If the function didn't report the error itself, the exit code is 1, and the type is Lambda's (Sandbox.Timedout, Runtime.ExitError, Function.ResponseSizeTooLarge) or begins with `Replay.`.

",
    kms!()
);

/// Below the help of `replay`.
pub(super) const CASES: &str = concat!(
    "\
A case is a file NAME.event.json beside a file NAME.answer.json, which holds
  the whole answered event,
  {\"rejected\": \"…\"} for a rejection with a message for the user, or
  {\"failed\": \"Failed\"} for another error: Failed, Unhandled, Malformed or TimedOut.
In an answer, ${any}, ${digits}, ${hex} and ${uuid} within a string stand for values that change from run to run. $${any} stands for the characters ${any} themselves. `cargo cognito schema` prints the JSON Schema of answers; an answer may refer to it with \"$schema\".

",
    kms!()
);

/// Below the help of `pool`.
pub(super) const POOL: &str = "\
The server speaks the API of Amazon Cognito user pools at http://127.0.0.1:9229. Point a client at it with AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER or its endpoint setting; credentials are not checked. A command behind `--` gets that variable, COGNITO_USER_POOL_ID, COGNITO_CLIENT_ID, a region and placeholder credentials.

Without a SOURCE the pool has a hook for every route of the binary. One --bin answers for all functions that hooks call; of several, the one that routes the trigger, unless --run-by says which function runs which. A --bin may be any program that speaks Lambda's Runtime API, in any language. A --url without a path is the Invoke API of all functions, by their names. Messages are not sent; the lines show their codes. An operation or setting that is not simulated is refused by name.

With --tls the server speaks HTTPS, as browsers and aws-amplify need it for a sign-in by redirect. Clients trust its authority, which is in a file: AWS_CA_BUNDLE for the AWS CLI, boto3 and Go, NODE_EXTRA_CA_CERTS for Node, SSL_CERT_FILE for Rust, and a flag that the output shows for Chromium. A command behind `--` gets the first two, with what they have named before, and COGNITO_CA_FILE. The authority's key is thrown away, and the server's key stays in memory; --tls-dir keeps it, for a certificate that browsers trust for longer. Programs on this machine, such as functions, may still call the API in plain HTTP.

A function gets placeholder credentials and calls this server for Amazon Cognito. It is a tool for development and tests, not an identity provider.";

/// Below the help of `bench`.
pub(super) const BENCH: &str = "\
The binaries run one after the other in every round, against a Runtime API on 127.0.0.1 and without the AWS credentials of this shell. A ratio below 1 means that --bin is cheaper than the other binary. Run it on a machine that does nothing else. Other load changes the times more than the ratios. If a binary fails, or answers with an error, the exit code is 2.";

/// Below the help of `schema`.
pub(super) const SCHEMA: &str = "\
Write the schema to a file and refer to it in an answer: {\"$schema\": \"./answer.schema.json\", \"rejected\": \"…\"}. `replay` ignores \"$schema\", and --accept keeps it. Files named *.schema.json are never cases. `cargo cognito schema flow` prints the schema of flows. A flow refers to it in the same way.";

/// Below the help of `completions`.
pub(super) const COMPLETIONS: &str = "\
The script completes `cargo cognito` and leaves the completions of cargo's other subcommands as they are.
  bash: in ~/.bashrc, after cargo's own completions
    source <(cargo cognito completions bash)
  zsh: in ~/.zshrc, after compinit
    source <(cargo cognito completions zsh)
  fish: once in a shell
    cargo cognito completions fish > ~/.config/fish/conf.d/cargo-cognito.fish
  elvish and powershell: the script completes `cargo-cognito` only";

/// Below the help of `flow`.
pub(super) const FLOWS: &str = "\
A flow is a file NAME.flow.json: {\"calls\": [{\"call\": \"SignUp\", \"expect\": \"success\"}, …]}. Each call is an operation of the user pools API. The flow fills in what the user and the app know, such as the code of the latest message. The calls are made against a local user pool in memory. `cargo cognito flow --list` lists the included flows, and `cargo cognito schema flow` prints the JSON Schema of flows. A flow may refer to it with \"$schema\".

`expect` is a prefix of the result, in whole words: tokens, success, challenge NAME, not sent (a custom sender failed), or an exception. `triggers` lists the triggers that fire; those that the function doesn't route are skipped. `fail` makes triggers fail.

The exit code is 1 if a call ends differently from what the flow expects, a trigger fails in a call without `expect`, an answer certainly breaks a rule of Cognito, or the function can't start, which ends the flow. The output has the names of the fields of events and answers, and their values only with --log full. The log of a trigger that failed is printed as the function wrote it, so it may contain values.";
