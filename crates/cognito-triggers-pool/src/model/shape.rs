//! The types of the table.

use crate::patterns::Pattern;

/// An operation that the pool simulates, or will simulate.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) name: &'static str,
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "tests count the kinds of authorization")
    )]
    pub(crate) authorization: Authorization,
    pub(crate) input: &'static Shape,
    /// `None` if the answer has no members.
    pub(crate) output: Option<&'static Shape>,
    /// The errors that the model declares.
    pub(crate) errors: &'static [&'static str],
}

/// An operation of Cognito that the pool doesn't simulate.
#[derive(Debug)]
pub(crate) struct OtherOperation {
    pub(crate) name: &'static str,
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "tests count the kinds of authorization")
    )]
    pub(crate) authorization: Authorization,
}

/// How calls of an operation are authorized.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Authorization {
    /// Signed with IAM credentials. The pool doesn't verify the signature.
    SigV4,
    /// By the member `AccessToken`.
    AccessToken,
    /// By the member `ClientId`, and `SecretHash` if the app client has a secret.
    ClientId,
}

/// A shape and its constraints.
#[derive(Debug)]
pub(crate) struct Shape {
    #[cfg_attr(not(test), expect(dead_code, reason = "tests name the shape"))]
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    /// The minimum length of a string, size of a list or map, or value of an integer.
    pub(crate) min: Option<i64>,
    /// The maximum length of a string, size of a list or map, or value of an integer.
    pub(crate) max: Option<i64>,
    pub(crate) pattern: Option<Pattern>,
    /// The values of an enumeration, in the model's order; empty for other shapes.
    pub(crate) values: &'static [&'static str],
    /// Whether an error must not print the value.
    pub(crate) sensitive: bool,
}

/// The type of a shape.
#[derive(Debug)]
pub(crate) enum Kind {
    Structure(&'static [Member]),
    List(&'static Shape),
    Map(&'static Shape, &'static Shape),
    String,
    Integer,
    Boolean,
    /// Seconds since 1970, as a number.
    Timestamp,
    /// Any JSON.
    Document,
}

/// A member of a structure.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) name: &'static str,
    pub(crate) shape: &'static Shape,
    pub(crate) required: bool,
}

pub(super) const fn member(name: &'static str, shape: &'static Shape) -> Member {
    let required = false;
    Member {
        name,
        shape,
        required,
    }
}

pub(super) const fn required(name: &'static str, shape: &'static Shape) -> Member {
    let required = true;
    Member {
        name,
        shape,
        required,
    }
}
