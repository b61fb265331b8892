//! User pools and the hooks of their `LambdaConfig`.

use cognito_triggers_model::lambda_config::{Key, LambdaVersion};

use super::{
    function_ref::FunctionRef,
    only_if::OnlyIf,
    setting::{Setting, Spanned},
};
use crate::{
    source::Location,
    template_string::{Id, TemplateString},
};

/// A user pool.
#[derive(Debug)]
pub(crate) struct Pool {
    /// The logical id, or the id or name of a described pool.
    pub(crate) id: Id,
    /// Its ARN, if a description names it.
    pub(crate) arn: Option<String>,
    /// `LambdaConfig`, or the pool if it has none. Findings about missing hooks are reported there.
    pub(crate) location: Location,
    /// Whether a CloudFormation template creates the pool, so that fixes go into the template.
    pub(crate) from_template: bool,
    /// Whether the source says what AWS has, so that AWS has accepted it. A template and an input say what a pool is to get.
    pub(crate) exists: bool,
    /// The conditions without which a template doesn't create the pool, or not its `LambdaConfig`.
    pub(crate) only_if: Vec<OnlyIf>,
    /// The hooks of `LambdaConfig`, and those that SAM adds.
    pub(crate) hooks: Vec<Hook>,
    /// `KMSKeyID`, the key for codes.
    pub(crate) kms_key: Setting<TemplateString>,
    /// The conditions without which `kms_key` isn't set.
    pub(crate) kms_key_only_if: Vec<OnlyIf>,
    /// The type of the resource that `kms_key` names: `AWS::KMS::Key`.
    pub(crate) kms_key_kind: Option<String>,
    /// The feature plan: `LITE`, `ESSENTIALS` or `PLUS`.
    pub(crate) plan: Setting<String>,
    /// Whether `UserPoolAddOns` turns advanced security on, or may do so at deployment.
    pub(crate) may_have_advanced_security: bool,
    /// Keys that `LambdaConfig` isn't known to have.
    pub(crate) unknown_keys: Vec<WrongKey>,
    /// Keys of `LambdaConfig` that are written beside it, on the pool itself.
    pub(crate) misplaced_keys: Vec<WrongKey>,
}

/// A key that sets nothing, because it is misspelled or stands in the wrong place.
///
/// `unknown-key` reports it. Rules that would report what follows from it look at what was meant.
#[derive(Debug)]
pub(crate) struct WrongKey {
    /// The key, as it is written.
    pub(crate) key: Spanned<String>,
    /// The key that was probably meant. `None` if no known key is near.
    pub(crate) meant: Option<Key>,
    /// The function that its value names. `None` if the value isn't that of a hook.
    pub(crate) function: Option<FunctionRef>,
}

/// A key of `LambdaConfig` that calls a function.
#[derive(Clone, Debug)]
pub(crate) struct Hook {
    /// The key of `LambdaConfig`.
    pub(crate) key: Key,
    /// The key, or the trigger in an event of SAM.
    pub(crate) location: Location,
    /// The function that it calls. If the value is faulty, this may not be the function that was meant.
    pub(crate) function: FunctionRef,
    /// `LambdaVersion`; absent for the keys that take an ARN.
    pub(crate) version: Setting<LambdaVersion>,
    /// What is wrong with the shape of the value, if anything is.
    pub(crate) fault: Option<ShapeFault>,
    /// The conditions without which the pool doesn't have the hook.
    pub(crate) only_if: Vec<OnlyIf>,
    /// Whether SAM writes it, because of `Events: Type: Cognito`.
    pub(crate) from_event: bool,
}

impl Hook {
    /// The event version that the hook asks for; V1_0 if it names none. `None` if it is unknown before deployment.
    pub(crate) fn event_version(&self) -> Option<&str> {
        match &self.version {
            Setting::Absent => Some("V1_0"),
            Setting::Is(version) => Some(version.value.as_str()),
            Setting::Unresolved(_) => None,
        }
    }

    /// Whether it is known which function the hook calls. A value that isn't an ARN is a fault of the shape, and calls none.
    pub(crate) fn calls_known_function(&self) -> bool {
        self.function.callee.is_known() && self.fault != Some(ShapeFault::NotAnArn)
    }
}

/// How the value of a hook differs from the shape that the key takes.
///
/// | key | takes | fault, if it gets the other one |
/// |---|---|---|
/// | `PreSignUp` and most others | the ARN | [`ObjectForString`](Self::ObjectForString) |
/// | `PreTokenGenerationConfig`, `InboundFederation`, the custom senders | an object | [`StringForObject`](Self::StringForObject) |
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ShapeFault {
    /// A string instead of `{LambdaVersion, LambdaArn}`.
    StringForObject,
    /// An object instead of the ARN.
    ObjectForString,
    /// Neither a string nor an object. The text is its kind: "an array".
    OtherType(&'static str),
    /// Null, or an object without `LambdaArn`.
    NoArn,
    /// An object without `LambdaVersion`.
    NoVersion,
    /// The name of a function (`!Ref`) instead of its ARN.
    NameForArn,
    /// A string that isn't an ARN.
    NotAnArn,
}
