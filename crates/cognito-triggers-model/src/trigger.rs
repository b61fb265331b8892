//! What every trigger is made of: a marker, its source, request and response, and one row of facts.

use std::fmt;

use serde::{Serialize, de::DeserializeOwned};

use crate::route::Route;

/// One kind of event that Cognito sends: fifteen markers implement it, from [`PreSignUp`](crate::PreSignUp) to
/// [`InboundFederation`](crate::InboundFederation), and [`Otherwise`](crate::Otherwise) for what has no route.
///
/// It is implemented in this crate only; a new trigger of AWS comes with a new version of the crate, and until then
/// through `otherwise`.
pub trait Trigger: sealed::Sealed + Sized + 'static {
    /// Why Cognito calls: the values of `triggerSource`.
    type Source: Source;
    /// What the event carries in `request`.
    type Request: DeserializeOwned + fmt::Debug + Send + Sync;
    /// What the handler decides: the answer's `response`.
    type Response: Serialize + Send;

    /// The route of this trigger in this version, and the way to its [`Definition`]. `None` for
    /// [`Otherwise`](crate::Otherwise), which stands for every trigger without a route.
    const ROUTE: Option<Route>;

    /// Whether an answer has a `response` at all. Where not, the event goes back as it came.
    #[doc(hidden)]
    const ANSWERS: bool = true;
}

pub(crate) mod sealed {
    pub trait Sealed {}
}

/// The values of `triggerSource` that one trigger knows.
pub trait Source: Clone + PartialEq + fmt::Debug + fmt::Display + Send + Sync + 'static {
    /// Reads a `triggerSource`; one that isn't known is kept as it is.
    fn parse(text: &str) -> Self;

    /// The `triggerSource` as Cognito writes it.
    fn as_str(&self) -> &str;
}

/// The facts about one trigger in one version: a row of [`DEFINITIONS`](crate::DEFINITIONS).
///
/// Routing, listings, the checks of templates and the explanations all read this table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Definition {
    /// The route: the key of every table, and the line in the router.
    pub route: Route,
    /// The key of `LambdaConfig`: `PreSignUp`. The three versions of token generation share `PreTokenGeneration`;
    /// V2_0 and V3_0 can only be set through `PreTokenGenerationConfig`.
    pub hook: &'static str,
    /// `LambdaVersion` in `LambdaConfig`, for the hooks that have one.
    pub lambda_version: Option<&'static str>,
    /// `version` in the event.
    pub event_version: &'static str,
    /// What stands before the underscore in `triggerSource`: `PreSignUp`, but `TokenGeneration`.
    pub prefix: &'static str,
    /// A misprint of the prefix in AWS's own documents, read as if it were right.
    pub misprint: Option<&'static str>,
    /// The name in Cognito's error text: `PreTokenGenerationV2_0 failed with error …`.
    pub error_name: &'static str,
    /// Whether Cognito waits for the answer, for five seconds at most. The custom senders are asynchronous.
    pub synchronous: bool,
    /// The page of the developer guide.
    pub page: &'static str,
    /// Every `triggerSource` of this trigger in this version.
    pub sources: &'static [SourceDefinition],
}

/// A `triggerSource` and when it fires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct SourceDefinition {
    /// The `triggerSource`: `PreSignUp_AdminCreateUser`.
    pub name: &'static str,
    /// When Cognito sends it.
    pub fires: &'static str,
}

impl Definition {
    /// A definition with the values that most triggers share: no `LambdaVersion`, event version `"1"`, synchronous,
    /// prefix and error name as the hook.
    pub(crate) const fn new(route: Route, hook: &'static str, page: &'static str) -> Self {
        Self {
            route,
            hook,
            lambda_version: None,
            event_version: "1",
            prefix: hook,
            misprint: None,
            error_name: hook,
            synchronous: true,
            page,
            sources: &[],
        }
    }

    /// Whether a `triggerSource` with this prefix belongs to the trigger, in whatever version.
    pub fn has_prefix(&self, prefix: &str) -> bool {
        self.prefix == prefix || self.misprint == Some(prefix)
    }

    /// Whether several versions share the prefix, so that `version` in the event decides.
    pub fn is_versioned(&self) -> bool {
        self.prefix == "TokenGeneration"
    }
}

/// Declares the sources of a trigger: an enum whose doc comments are also the table's "when it fires".
macro_rules! sources {
    (
        $(#[$meta:meta])*
        prefix $prefix:literal $(or $misprint:literal)?;
        $( $(#[doc = $fires:literal])+ $variant:ident = $text:literal ),+ $(,)?
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Source {
            $(
                $(#[doc = $fires])+
                #[doc = concat!("\n\n`triggerSource`: `", $prefix, "_", $text, "`.")]
                $variant,
            )+
            /// A source that this version of the crate doesn't know: the whole `triggerSource`, as received.
            Unknown(String),
        }

        impl Source {
            /// The table of these sources.
            pub(crate) const ALL: &[$crate::SourceDefinition] = &[
                $( $crate::SourceDefinition {
                    name: concat!($prefix, "_", $text),
                    fires: concat!($($fires),+).trim_ascii(),
                } ),+
            ];
        }

        impl $crate::Source for Source {
            fn parse(text: &str) -> Self {
                let known = text.strip_prefix(concat!($prefix, "_"))
                    $( .or_else(|| text.strip_prefix(concat!($misprint, "_"))) )?;
                match known {
                    $( Some($text) => Self::$variant, )+
                    _ => Self::Unknown(text.to_owned()),
                }
            }

            fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => concat!($prefix, "_", $text), )+
                    Self::Unknown(text) => text,
                }
            }
        }

        impl std::fmt::Display for Source {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str($crate::Source::as_str(self))
            }
        }
    };
}

pub(crate) use sources;
