//! Files that set up a pool and can't be read here, because a framework makes a template of them first.
//!
//! | file | known by | read instead |
//! |---|---|---|
//! | `main.tf` | its name | `terraform show -json` |
//! | `stack.ts`, `stack.py` | its name | what `cdk synth` writes |
//! | `serverless.yml` | `service` with `provider` or `functions` | what `serverless package` writes |
//! | a file that a framework merges into a template | resources without `Resources` around them | the whole template |

use cognito_triggers_model::json::Json;

use crate::source::Source;

/// The known kinds of documents, for the error about any other document.
const EXPECTED: &str = "expected a CloudFormation or SAM template, or the output of describe-user-pool, \
                        describe-user-pool-client, get-function-configuration, get-policy, get-template or \
                        `terraform show -json`";

/// What to read instead of a file of this name, if it can't be a template.
pub(super) fn by_name(source: &Source) -> Option<&'static str> {
    let name = source.label();
    let has = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    if has(&[".tf", ".tf.json", ".tofu"]) {
        Some("this is Terraform's configuration; save the output of `terraform show -json`, and check that")
    } else if has(&[".ts", ".js", ".py", ".java", ".go", ".cs"]) {
        Some("this is source code; run `cdk synth`, and check the template that it writes into cdk.out")
    } else {
        None
    }
}

/// Whether a document has resources without `Resources` around them. If it were read as a description, it would be a pool
/// without hooks.
pub(super) fn is_fragment(root: &Json) -> bool {
    root.members().iter().any(|member| {
        let kind = member.value.get("Type").and_then(Json::as_scalar);
        kind.is_some_and(|kind| kind.starts_with("AWS::") || kind.starts_with("Custom::"))
    })
}

/// The error about a document of an unknown kind: what it seems to be, and what to do.
pub(super) fn problem(root: &Json) -> &'static str {
    let has = |key: &str| root.get(key).is_some();
    if is_fragment(root) {
        "these resources aren't below `Resources`, so this is a part of a template; check the whole template, which \
         Serverless writes into .serverless by `serverless package`"
    } else if has("service") && (has("provider") || has("functions")) {
        "this is the configuration of Serverless; run `serverless package`, and check \
         .serverless/cloudformation-template-update-stack.json"
    } else {
        EXPECTED
    }
}
