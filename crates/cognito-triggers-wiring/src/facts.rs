//! What the sources say, in one form. No rule asks whether a fact comes from a template or a description.
//!
//! The reading modules fill [`Facts`], and the rules look at it. A value that exists only at deployment is kept with what
//! provides it ([`Setting::Unresolved`], [`Callee::Unresolved`]), so that rules can report "not checked" instead of guessing.

mod function_ref;

use cognito_triggers_model::lambda_config::{Key, LambdaVersion};

pub(crate) use self::function_ref::{Callee, FunctionRef};
use crate::{
    source::Location,
    template_string::{Id, TemplateString},
};

/// Everything that was read from all sources.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    /// Where each source begins.
    pub(crate) starts: Vec<Location>,
    /// User pools, in the order of the sources.
    pub(crate) pools: Vec<Pool>,
    /// Functions whose settings were read.
    pub(crate) functions: Vec<Function>,
    /// Statements that let Cognito call a function.
    pub(crate) permissions: Vec<Permission>,
    /// Functions whose whole resource policy was read.
    pub(crate) policies: Vec<FunctionRef>,
    /// App clients of all pools.
    pub(crate) clients: Vec<Client>,
    /// Which resource of a template needs which other.
    pub(crate) references: Vec<Reference>,
    /// Custom resources that set hooks.
    pub(crate) custom_resources: Vec<CustomResource>,
    /// Parts of a source whose content exists only at deployment, and what hides them.
    pub(crate) hidden: Vec<Spanned<String>>,
    /// Values of a type that AWS refuses.
    pub(crate) wrong_types: Vec<Spanned<WrongType>>,
    /// Keys that occur twice in one object.
    pub(crate) repeated_keys: Vec<RepeatedKey>,
    /// Names that a template uses and doesn't have.
    pub(crate) missing_names: Vec<Spanned<MissingName>>,
}

/// A value and where it is written.
#[derive(Clone, Debug)]
pub(crate) struct Spanned<T> {
    /// The value.
    pub(crate) value: T,
    /// Where it is written: the key that holds it, or the element of an array.
    pub(crate) location: Location,
}

/// A setting that may be absent, or unknown before deployment.
///
/// | written | setting |
/// |---|---|
/// | nothing, null, `!Ref AWS::NoValue` | [`Absent`](Self::Absent) |
/// | `Timeout: 5` | [`Is`](Self::Is), 5 |
/// | `Timeout: !Ref Seconds` | [`Unresolved`](Self::Unresolved), "parameter `Seconds`" |
#[derive(Clone, Debug)]
pub(crate) enum Setting<T> {
    /// It isn't set, so AWS's default applies.
    Absent,
    /// It is set to this value.
    Is(Spanned<T>),
    /// It is set to something unknown before deployment. The text names what provides it.
    Unresolved(Spanned<String>),
}

impl<T> Setting<T> {
    /// The value, if it is known.
    pub(crate) fn is(&self) -> Option<&Spanned<T>> {
        match self {
            Self::Is(spanned) => Some(spanned),
            _ => None,
        }
    }
}

impl Setting<TemplateString> {
    /// A string as a setting.
    pub(crate) fn of(text: TemplateString, location: Location) -> Self {
        match text.unresolved() {
            Some(how) => Self::Unresolved(Spanned {
                value: how.to_owned(),
                location,
            }),
            None => Self::Is(Spanned {
                value: text,
                location,
            }),
        }
    }

    /// The setting parsed as something else. What can't be parsed is unresolved: it may become something else.
    pub(crate) fn parsed<T>(self, parse: impl FnOnce(&str) -> Option<T>) -> Setting<T> {
        match self {
            Self::Absent => Setting::Absent,
            Self::Unresolved(unresolved) => Setting::Unresolved(unresolved),
            Self::Is(Spanned { value, location }) => match value.as_literal().and_then(parse) {
                Some(value) => Setting::Is(Spanned { value, location }),
                None => Setting::Unresolved(Spanned {
                    value: value.quoted(),
                    location,
                }),
            },
        }
    }
}

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
    /// The hooks of `LambdaConfig`, and those that SAM adds.
    pub(crate) hooks: Vec<Hook>,
    /// `KMSKeyID`, the key for codes.
    pub(crate) kms_key: Setting<TemplateString>,
    /// The type of the resource that `kms_key` names: `AWS::KMS::Key`.
    pub(crate) kms_key_kind: Option<String>,
    /// The feature plan: `LITE`, `ESSENTIALS` or `PLUS`.
    pub(crate) plan: Setting<String>,
    /// Keys that `LambdaConfig` isn't known to have.
    pub(crate) unknown_keys: Vec<Spanned<String>>,
    /// Keys of `LambdaConfig` that are written beside it, on the pool itself.
    pub(crate) misplaced_keys: Vec<Spanned<String>>,
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

/// A Lambda function.
#[derive(Debug)]
pub(crate) struct Function {
    /// The logical id, or the name of a described function.
    pub(crate) id: Id,
    /// Its ARN without a qualifier, if a description names it. A template knows it only at deployment.
    pub(crate) arn: Option<String>,
    /// The resource, or the start of the description.
    pub(crate) location: Location,
    /// The role it runs as, by logical id, if the template has it.
    pub(crate) role: Option<String>,
    /// The binary, if the source names it.
    pub(crate) binary: Option<String>,
    /// Other names by which the binary may be known.
    pub(crate) names: Vec<String>,
    /// The runtime: `provided.al2023`.
    pub(crate) runtime: Setting<String>,
    /// In seconds.
    pub(crate) timeout: Setting<u64>,
    /// Whether it is a container image, which has no runtime.
    pub(crate) is_image: bool,
    /// The statements of every policy that concerns its role.
    pub(crate) grants: Vec<Grant>,
    /// What gives rights that can't be read here: "its role, …,".
    pub(crate) hidden_rights: Vec<String>,
}

/// A statement of a policy.
///
/// `NotAction` and `NotResource` grant everything with exceptions. They become `*`, with the condition
/// [`Condition::Other`].
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    /// Whether it takes the right away (`Effect: Deny`).
    pub(crate) denies: bool,
    /// The actions, with wildcards: `kms:*`.
    pub(crate) actions: Vec<String>,
    /// The resources, with wildcards.
    pub(crate) resources: Vec<TemplateString>,
    /// When the statement applies.
    pub(crate) condition: Condition,
}

/// Under which condition a statement applies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Condition {
    /// Always.
    Always,
    /// Only to codes of these pools.
    Pools(Vec<TemplateString>),
    /// A condition or exception that isn't understood here.
    Other,
}

/// A statement that lets Cognito call a function.
///
/// It comes from `AWS::Lambda::Permission`, from an event of SAM, from a statement that `get-policy` prints, or from
/// `aws_lambda_permission` of Terraform. Statements for other services aren't read.
#[derive(Debug)]
pub(crate) struct Permission {
    /// The resource, the event of SAM, or the statement of a policy.
    pub(crate) location: Location,
    /// The function that may be called, with the qualifier for which the statement is.
    pub(crate) function: FunctionRef,
    /// The condition on the ARN of the pool.
    pub(crate) source_arn: Setting<TemplateString>,
    /// The condition on the account of the pool.
    pub(crate) source_account: Setting<TemplateString>,
    /// Whether a CloudFormation template creates the statement, so that fixes go into the template.
    pub(crate) from_template: bool,
    /// Whether SAM writes it, because of `Events: Type: Cognito`.
    pub(crate) from_event: bool,
}

/// An app client.
///
/// If `flows` is absent, the client has the defaults: SRP, custom sign-in and refresh.
#[derive(Debug)]
pub(crate) struct Client {
    /// `UserPoolId`: the pool of the template, or the id of another. Empty if it is missing.
    pub(crate) pool: TemplateString,
    /// The index of its source.
    pub(crate) source: usize,
    /// The resource, or the start of the description.
    pub(crate) location: Location,
    /// `ExplicitAuthFlows`; absent means the defaults.
    pub(crate) flows: Setting<Vec<String>>,
    /// Whether the list has a flow that is unknown before deployment.
    pub(crate) has_unresolved_flow: bool,
}

/// One resource of a template needs another to exist first.
///
/// References are the edges of the graph in which `cycle` looks for circles.
#[derive(Debug)]
pub(crate) struct Reference {
    /// The resource that needs the other one.
    pub(crate) from: Id,
    /// The resource that has to exist first.
    pub(crate) to: Id,
    /// The reference itself, such as a `Ref` or an element of `DependsOn`.
    pub(crate) location: Location,
}

/// A custom resource that sets hooks of a pool by an API call during deployment.
///
/// Its hooks may be gone after the next update of the pool, and they can't be checked here.
#[derive(Debug)]
pub(crate) struct CustomResource {
    /// The logical id.
    pub(crate) id: Id,
    /// Its type: `Custom::AWS`.
    pub(crate) kind: String,
    /// The resource.
    pub(crate) location: Location,
    /// The keys of `LambdaConfig` that it names; empty if they can't be read.
    pub(crate) hooks: Vec<Key>,
    /// Whether it describes a call of `UpdateUserPool`, instead of leaving the call to a function.
    pub(crate) is_api_call: bool,
}

/// A value of the wrong JSON type.
#[derive(Clone, Debug)]
pub(crate) struct WrongType {
    /// The name of the setting: `LambdaConfig`.
    pub(crate) name: String,
    /// The type that AWS takes: "an object".
    pub(crate) expected: &'static str,
    /// The type that is written: "an array".
    pub(crate) found: &'static str,
}

/// A key that occurs twice in one object.
#[derive(Clone, Debug)]
pub(crate) struct RepeatedKey {
    /// The key, as it is spelled.
    pub(crate) key: String,
    /// Where the key is written again.
    pub(crate) location: Location,
    /// Where the key is written first.
    pub(crate) first: Location,
}

/// A name that a template uses and doesn't have.
#[derive(Clone, Debug)]
pub(crate) struct MissingName {
    /// What the name should refer to.
    pub(crate) kind: NameKind,
    /// The name without an attribute: `Functoin` for `Functoin.Arn`.
    pub(crate) name: String,
    /// A name of the template that was probably meant.
    pub(crate) near: Option<String>,
}

/// What a name in a template refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NameKind {
    /// A resource or a parameter.
    Value,
    /// A resource.
    Resource,
    /// A condition.
    Condition,
    /// A mapping.
    Mapping,
}

impl NameKind {
    /// The section of a template that has the names.
    pub(crate) fn section(self) -> &'static str {
        match self {
            Self::Value | Self::Resource => "Resources",
            Self::Condition => "Conditions",
            Self::Mapping => "Mappings",
        }
    }
}

impl Facts {
    /// The hooks of all pools, including those that Cognito ignores.
    pub(crate) fn hooks(&self) -> impl Iterator<Item = &Hook> {
        self.pools.iter().flat_map(|pool| &pool.hooks)
    }

    /// The function that a reference names, if its settings were read.
    pub(crate) fn function(&self, reference: &FunctionRef) -> Option<&Function> {
        self.functions.iter().find(|function| match &reference.callee {
            Callee::InTemplate(id) => function.id == *id,
            Callee::Arn(arn) => arn
                .as_literal()
                .is_some_and(|arn| function.arn.as_deref() == Some(arn)),
            Callee::Missing(_) | Callee::Unresolved(_) => false,
        })
    }

    /// Whether a part of the sources may set hooks without being readable here.
    pub(crate) fn may_hide_hooks(&self) -> bool {
        let mut resources = self.custom_resources.iter();
        let has_unread = !self.hidden.is_empty() || !self.wrong_types.is_empty();
        has_unread || resources.any(|resource| resource.hooks.is_empty())
    }
}
