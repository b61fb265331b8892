//! What the sources say, in one form. No rule asks whether a fact comes from a template or a description.
//!
//! The reading modules fill [`Facts`], and the rules look at it. A value that exists only at deployment is kept with what
//! provides it ([`Setting::Unresolved`], [`Callee::Unresolved`]), so that rules can report "not checked" instead of guessing.

mod function;
mod function_ref;
mod kms_key;
mod only_if;
mod pool;
mod setting;

use cognito_triggers_model::lambda_config::Key;

pub(crate) use self::{
    function::{Condition, Function, Grant, HiddenPolicy, Permission, grants_decrypt},
    function_ref::{Callee, FunctionRef},
    kms_key::{IamPolicies, KmsKey},
    only_if::OnlyIf,
    pool::{Hook, Pool, ShapeFault, WrongKey},
    setting::{Setting, Spanned},
};
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
    /// Keys that templates create.
    pub(crate) kms_keys: Vec<KmsKey>,
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

    /// Keys that set nothing, though it is known which hook was meant.
    pub(crate) fn wrong_keys(&self) -> impl Iterator<Item = (&WrongKey, Key)> {
        let keys = self
            .pools
            .iter()
            .flat_map(|pool| pool.unknown_keys.iter().chain(&pool.misplaced_keys));
        keys.filter_map(|key| Some((key, key.meant?)))
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

    /// Whether policies of roles can allow `kms:Decrypt` on a key. The policy of a key of no template counts as the default one.
    pub(crate) fn iam_policies(&self, key: &TemplateString) -> IamPolicies {
        let mut keys = self.kms_keys.iter();
        let key = keys.find(|known| key.names(&known.id));
        key.map_or(IamPolicies::Count, |key| key.iam_policies)
    }

    /// Whether a part of the sources may set hooks without being readable here.
    pub(crate) fn may_hide_hooks(&self) -> bool {
        let mut resources = self.custom_resources.iter();
        let has_unread = !self.hidden.is_empty() || !self.wrong_types.is_empty();
        has_unread || resources.any(|resource| resource.hooks.is_empty())
    }
}
