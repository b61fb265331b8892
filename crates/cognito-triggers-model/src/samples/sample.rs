//! What a sample is.

use crate::route::Route;

/// One event as Cognito sends it, and what is known about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sample {
    /// The route that takes it.
    pub route: Route,
    /// Its `triggerSource`.
    pub source: &'static str,
    /// What sets it apart from the plain event of its source, in kebab case; `None` is the plain event.
    pub variant: Option<&'static str>,
    /// How its shape is known.
    pub shape: Shape,
    /// The fact of the wire that it shows, in one sentence.
    pub fact: &'static str,
    /// Where that fact comes from: a page of AWS, or a public issue or article.
    pub link: &'static str,
    /// Keys of the event that no type of this crate reads, as dotted paths (`request.riskScore`).
    pub unread: &'static [&'static str],
    /// The event: JSON, indented by two spaces, with a newline at its end.
    pub json: &'static str,
}

/// How the structure of a sample is known. The values are ours in every case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Shape {
    /// A real event of this structure was published by somebody who received it.
    Captured,
    /// AWS's documentation, or a library that AWS ships, prints it.
    Documented,
    /// Neither: formed like the events of the same trigger that are known.
    Inferred,
}

impl Sample {
    /// The event's `version`: `"2"` and `"3"` for the later token generations, else `"1"`.
    pub fn version(&self) -> &'static str {
        self.route.definition().event_version
    }

    /// The `LambdaVersion` that makes Cognito send it: `V1_0`, `V2_0` or `V3_0`.
    ///
    /// Triggers whose setting knows no version count as `V1_0`.
    pub fn lambda_version(&self) -> &'static str {
        self.route.definition().lambda_version.unwrap_or("V1_0")
    }
}

/// The samples of one route: `source "name" [/ "variant"] shape link "fact" [unread [paths]];` for each.
macro_rules! table {
    ($route:ident $directory:literal: $(
        $source:ident $name:literal $(/ $variant:literal)?, $shape:ident, $link:expr,
        $fact:literal $(, unread $unread:expr)?;
    )*) => {
        &[$($crate::samples::sample::Sample {
            route: $crate::route::Route::$route,
            source: stringify!($source),
            variant: $crate::samples::sample::table!(@optional $($variant)?),
            shape: $crate::samples::sample::Shape::$shape,
            fact: $fact,
            link: $link,
            unread: $crate::samples::sample::table!(@list $($unread)?),
            json: include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"), "/samples/", $directory, "/", $name, $(".", $variant,)? ".json"
            )),
        }),*]
    };
    (@optional) => { None };
    (@optional $value:literal) => { Some($value) };
    (@list) => { &[] };
    (@list $value:expr) => { &$value };
}
pub(super) use table;
