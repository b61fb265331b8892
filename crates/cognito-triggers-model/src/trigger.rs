//! What every trigger is made of: a marker type, its source, request and response, and its facts.

use std::{fmt, time::Duration};

use serde::{Serialize, de::DeserializeOwned};

use crate::route::Route;

/// AWS's page about all triggers.
pub(crate) const GUIDE: &str = "https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html";
/// AWS's page with Cognito's quotas, such as the lengths of messages.
pub(crate) const LIMITS: &str = "https://docs.aws.amazon.com/cognito/latest/developerguide/limits.html";

/// How long Cognito waits for the answer of a synchronous trigger: 5 seconds, a cold start included. Afterwards it may
/// call again while the first call still runs. The limit can't be changed.
///
/// Cognito doesn't wait for the custom senders.
///
/// Source: <https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html>
pub const COGNITO_TIMEOUT: Duration = Duration::from_secs(5);

/// A trigger in one event version, as a marker type such as [`PreSignUp`](crate::triggers::PreSignUp).
///
/// One marker belongs to each [`Route`], and [`Otherwise`](crate::triggers::Otherwise) stands for every trigger without a
/// route. The trait is sealed: a trigger that AWS adds comes with a new version of this crate, and `otherwise` handles its
/// events until then.
pub trait Trigger: sealed::Sealed + Sized + 'static {
    /// Why Cognito calls: the values of `triggerSource`.
    type Source: Source;
    /// The fields of `request`.
    type Request: DeserializeOwned + fmt::Debug + Send + Sync;
    /// The decision of the handler: the `response` of the answer.
    type Response: Serialize + Send;

    /// The route of the trigger, which leads to its [`Definition`]. `None` for
    /// [`Otherwise`](crate::triggers::Otherwise).
    const ROUTE: Option<Route>;

    /// Whether the answer has a `response`. If not, the event is returned as it was received.
    #[doc(hidden)]
    fn has_response(_response: &Self::Response) -> bool {
        true
    }
}

pub(crate) mod sealed {
    /// Keeps [`Trigger`](super::Trigger) from being implemented elsewhere.
    pub trait Sealed {}
}

/// The values of `triggerSource` of one trigger.
pub trait Source: Clone + PartialEq + fmt::Debug + fmt::Display + Send + Sync + 'static {
    /// Reads a `triggerSource`. An unknown one is kept as it is.
    fn parse(text: &str) -> Self;

    /// The `triggerSource` as Cognito spells it.
    fn as_str(&self) -> &str;
}

/// The facts about a trigger in one event version. [`Route::definition`] finds them.
///
/// Routing, listings, explanations and the checks of templates all read these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Definition {
    /// The route: the key of every table, and the line of the router.
    pub route: Route,
    /// The key of `LambdaConfig`: `PreSignUp`. The three versions of token generation share `PreTokenGeneration`, but
    /// V2_0 and V3_0 can only be set through `PreTokenGenerationConfig`.
    pub hook: &'static str,
    /// The `LambdaVersion` in `LambdaConfig`; `None` for a key without versions.
    pub lambda_version: Option<&'static str>,
    /// The `version` in the event.
    pub event_version: &'static str,
    /// The part of `triggerSource` before the underscore: `PreSignUp`, but `TokenGeneration`.
    pub prefix: &'static str,
    /// Another spelling of the prefix in AWS's documentation. Events with it are read like those with the prefix.
    pub alias: Option<&'static str>,
    /// The name in Cognito's error messages: `PreTokenGenerationV2_0 failed with error …`.
    pub error_name: &'static str,
    /// Whether Cognito waits for the answer, for [`COGNITO_TIMEOUT`] at most. It doesn't wait for the custom senders.
    pub synchronous: bool,
    /// The page of the Amazon Cognito developer guide.
    pub page: &'static str,
    /// Every `triggerSource` of this trigger in this version.
    pub sources: &'static [SourceDefinition],
}

/// A `triggerSource`, and when Cognito sends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct SourceDefinition {
    /// The `triggerSource`: `PreSignUp_AdminCreateUser`.
    pub name: &'static str,
    /// When Cognito sends it, in one or more sentences.
    pub description: &'static str,
}

impl Definition {
    /// A definition with the values that most triggers share: no `LambdaVersion`, event version `"1"`, synchronous, and
    /// the key of `LambdaConfig` as prefix and error name.
    pub(crate) const fn new(route: Route, page: &'static str) -> Self {
        let hook = route.key().as_str();
        Self {
            route,
            hook,
            lambda_version: None,
            event_version: "1",
            prefix: hook,
            alias: None,
            error_name: hook,
            synchronous: true,
            page,
            sources: &[],
        }
    }

    /// Whether a `triggerSource` with this prefix belongs to the trigger, in any version.
    pub fn has_prefix(&self, prefix: &str) -> bool {
        self.prefix == prefix || self.alias == Some(prefix)
    }

    /// Whether several versions share the prefix, so that the `version` of the event decides.
    pub fn is_versioned(&self) -> bool {
        self.prefix == "TokenGeneration"
    }
}

/// Declares the sources of a trigger: an enum, and a table whose descriptions are the doc comments of the variants.
macro_rules! sources {
    (
        $(#[$meta:meta])*
        prefix $prefix:literal $(or $alias:literal)?;
        $( $(#[doc = $description:literal])+ $variant:ident = $text:literal ),+ $(,)?
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Source {
            $(
                $(#[doc = $description])+
                #[doc = concat!("\n\n`triggerSource`: `", $prefix, "_", $text, "`.")]
                $variant,
            )+
            /// A source that this version of the crate doesn't know: the whole `triggerSource`, as received.
            Unknown(String),
        }

        impl Source {
            /// The table of these sources.
            pub(crate) const ALL: &[$crate::trigger::SourceDefinition] = &[
                $( $crate::trigger::SourceDefinition {
                    name: concat!($prefix, "_", $text),
                    description: concat!($($description),+).trim_ascii(),
                } ),+
            ];
        }

        impl $crate::trigger::Source for Source {
            fn parse(text: &str) -> Self {
                let known = text.strip_prefix(concat!($prefix, "_"))
                    $( .or_else(|| text.strip_prefix(concat!($alias, "_"))) )?;
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
                f.write_str($crate::trigger::Source::as_str(self))
            }
        }
    };
}

pub(crate) use sources;
