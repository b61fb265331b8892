//! Values with their locations, and settings that may be absent or unknown before deployment.

use crate::{
    source::Location,
    template_string::{Part, TemplateString},
};

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

    /// A string as a setting, with the parts that are known. It is unresolved only if nothing of it is known.
    ///
    /// | written | setting |
    /// |---|---|
    /// | `!Sub arn:aws:cognito-idp:${Region}:111122223333:userpool/*` | [`Is`](Self::Is), with an unresolved part |
    /// | `!Ref PoolArn` | [`Unresolved`](Self::Unresolved), "parameter `PoolArn`" |
    pub(crate) fn of_parts(text: TemplateString, location: Location) -> Self {
        match text.0.as_slice() {
            [Part::Unresolved(_)] => Self::of(text, location),
            _ => Self::Is(Spanned {
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
