//! What the sources say, in one form: a rule never asks whether it was a template or a description.

pub(crate) use crate::text::{Part, Text};
use crate::{lambda_config::LambdaVersion, source::Place};

/// Everything that was read.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    pub(crate) pools: Vec<Pool>,
    pub(crate) functions: Vec<Function>,
    pub(crate) permissions: Vec<Permission>,
    /// Functions whose whole resource policy was read.
    pub(crate) policies: Vec<FunctionRef>,
    pub(crate) clients: Vec<Client>,
    pub(crate) references: Vec<Reference>,
    /// Parts of a source that can't be seen into, and why.
    pub(crate) unseen: Vec<Spot<String>>,
}

/// A name, and the source in which it means something.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Id {
    pub(crate) source: usize,
    pub(crate) name: String,
}

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Spot<T> {
    pub(crate) value: T,
    pub(crate) place: Place,
}

/// A setting that may be left out, or exist only at deployment.
#[derive(Clone, Debug)]
pub(crate) enum Setting<T> {
    Absent,
    Is(Spot<T>),
    /// Not known before deployment; the text says through what.
    Later(Spot<String>),
}

impl<T> Setting<T> {
    pub(crate) fn is(&self) -> Option<&Spot<T>> {
        match self {
            Self::Is(spot) => Some(spot),
            _ => None,
        }
    }
}

/// A user pool.
#[derive(Debug)]
pub(crate) struct Pool {
    pub(crate) id: Id,
    /// Its ARN, where a description gives it.
    pub(crate) arn: Option<String>,
    pub(crate) place: Place,
    /// Whether a template makes the pool: then the template is where to mend it.
    pub(crate) from_template: bool,
    pub(crate) hooks: Vec<Hook>,
    pub(crate) kms_key: Setting<Text>,
    pub(crate) plan: Setting<String>,
    pub(crate) unknown: Vec<Spot<String>>,
}

/// A key of `LambdaConfig` that calls a function.
#[derive(Clone, Debug)]
pub(crate) struct Hook {
    pub(crate) key: String,
    pub(crate) place: Place,
    pub(crate) function: FunctionRef,
    pub(crate) version: Setting<LambdaVersion>,
    pub(crate) fault: Option<ShapeFault>,
    /// Written by SAM, from `Events: Type: Cognito`.
    pub(crate) from_event: bool,
}

/// A value of another shape than the key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ShapeFault {
    /// A text where `{LambdaVersion, LambdaArn}` belongs.
    TextForObject,
    /// An object where the ARN itself belongs.
    ObjectForText,
    /// No value at all, or an object without `LambdaArn`.
    NoArn,
    /// A function's name (`!Ref`) where its ARN belongs.
    NameForArn,
}

/// The function that a hook or a permission names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FunctionRef {
    pub(crate) callee: Callee,
    /// Alias or version.
    pub(crate) qualifier: Option<String>,
    /// As it was written, for messages.
    pub(crate) written: Text,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Callee {
    /// A function of the same template.
    Here(Id),
    /// An unqualified ARN, or what is known of it.
    Arn(Text),
    /// Not known before deployment; the text says through what.
    Later(String),
}

/// A Lambda function.
#[derive(Debug)]
pub(crate) struct Function {
    pub(crate) id: Id,
    pub(crate) arn: Option<String>,
    pub(crate) place: Place,
    /// The role it runs as, by logical id, where the template has it.
    pub(crate) role: Option<String>,
    /// The binary, where the template names it.
    pub(crate) binary: Option<String>,
    /// Other names by which the binary may be known.
    pub(crate) names: Vec<String>,
    pub(crate) runtime: Setting<String>,
    pub(crate) timeout: Setting<u64>,
    pub(crate) image: bool,
    pub(crate) grants: Vec<Grant>,
    /// Rights that can't be seen from here, by what gives them.
    pub(crate) unseen_rights: Vec<String>,
}

/// A statement of a policy.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    /// Whether it takes the right away (`Effect: Deny`).
    pub(crate) denies: bool,
    pub(crate) actions: Vec<String>,
    pub(crate) resources: Vec<Text>,
    pub(crate) when: When,
}

/// Under which condition a statement holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum When {
    Always,
    /// Only for codes of these pools.
    Pools(Vec<Text>),
    /// A condition or exception that isn't seen through here.
    Unseen,
}

/// A statement that lets Cognito call a function.
#[derive(Debug)]
pub(crate) struct Permission {
    pub(crate) place: Place,
    pub(crate) function: FunctionRef,
    pub(crate) source_arn: Setting<Text>,
    pub(crate) source_account: Setting<Text>,
    /// Whether a template makes the statement: then the template is where to mend it.
    pub(crate) from_template: bool,
    /// Written by SAM, from `Events: Type: Cognito`.
    pub(crate) from_event: bool,
}

/// An app client.
#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) pool: Text,
    pub(crate) source: usize,
    pub(crate) place: Place,
    pub(crate) flows: Setting<Vec<String>>,
    /// A flow in the list that isn't known before deployment.
    pub(crate) open_ended: bool,
}

/// One resource of a template needs another to exist first.
#[derive(Debug)]
pub(crate) struct Reference {
    pub(crate) from: Id,
    pub(crate) to: Id,
    pub(crate) place: Place,
}

impl Facts {
    /// The function that a reference names, where its settings were read.
    pub(crate) fn function(&self, reference: &FunctionRef) -> Option<&Function> {
        self.functions.iter().find(|function| match &reference.callee {
            Callee::Here(id) => function.id == *id,
            Callee::Arn(arn) => arn
                .as_literal()
                .is_some_and(|arn| function.arn.as_deref() == Some(arn)),
            Callee::Later(_) => false,
        })
    }
}

impl FunctionRef {
    /// What messages call the function.
    pub(crate) fn name(&self) -> String {
        match &self.callee {
            Callee::Here(id) => id.name.clone(),
            Callee::Arn(arn) => {
                let arn = arn.to_string();
                arn.rsplit_once("function:")
                    .map_or(arn.clone(), |(_, name)| name.to_owned())
            }
            Callee::Later(how) => how.clone(),
        }
    }
}
