//! What a sample is.

use crate::route::Route;

/// An event as Cognito sends it, and what is known about it.
///
/// Names, addresses, ids and codes are invented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sample {
    /// The route that takes it.
    pub route: Route,
    /// Its `triggerSource`.
    pub source: &'static str,
    /// The name of the variant in kebab case; `None` for the plain event of the source.
    pub variant: Option<&'static str>,
    /// How the structure is known.
    pub shape: Shape,
    /// The fact about Cognito that the event shows, in one sentence.
    pub fact: &'static str,
    /// The source of the fact: a page of AWS, a public issue or an article.
    pub link: &'static str,
    /// The keys of the event that no type of this crate reads, as paths such as `request.riskScore`.
    pub unread: &'static [&'static str],
    /// The event as JSON, indented by two spaces, with a newline at the end.
    pub json: &'static str,
}

/// How the structure of a sample is known. The values are always invented.
///
/// Trust a `Captured` sample more than an `Inferred` one when your function meets another form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Shape {
    /// A published real event.
    Captured,
    /// AWS's documentation or one of AWS's libraries has such an event.
    Documented,
    /// Neither: it is inferred from the known events of the same trigger.
    Inferred,
}

impl Sample {
    /// The `version` of the event: `"2"` or `"3"` for later versions of token generation, otherwise `"1"`.
    pub fn version(&self) -> &'static str {
        self.route.definition().event_version
    }

    /// The `LambdaVersion` of the pool that sends the event: `V1_0`, `V2_0` or `V3_0`. A trigger without versions counts as
    /// `V1_0`.
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
