//! Rules for tokens: versions, scopes and groups. The rules for claims are in `claims.rs`.
//!
//! The source is AWS's page on the [pre token generation trigger][page]. `LambdaVersion` of the pool selects the
//! version, and the event says which one it is: `"1"`, `"2"` or `"3"`. Versions 2 and 3 have the same events and
//! answers; version 3 also runs for machines.
//!
//! [page]: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html

use serde_json::{Map, Value};

use crate::json::path;
use crate::rules::{
    answered::Answered,
    findings::Findings,
    rule::{Rule, rules},
};
use crate::{route::Route, trigger::LIMITS, triggers::pre_token_generation::PAGE};

/// Version 1 changes the ID token, and the groups in both tokens.
pub(super) const V1: Route = Route::PreTokenGenerationV1;
/// Version 2 changes the access token too.
const V2: Route = Route::PreTokenGenerationV2;
/// Version 3 also changes the access token of a machine.
const V3: Route = Route::PreTokenGenerationV3;

/// All versions.
pub(super) const ALL: &[Route] = &[V1, V2, V3];
/// The versions that reach the access token.
pub(super) const LATER: &[Route] = &[V2, V3];

/// Rules for all versions.
pub(super) const RULES: &[Rule] = rules! { Response ALL;
    Certain "token-answer-of-other-version" = other_version, PAGE,
        "Version 1 answers with `claimsOverrideDetails`, versions 2 and 3 with `claimsAndScopeOverrideDetails`.",
        "Cognito ignores the field of the other version and doesn't change the tokens.",
        effect Succeeds;
    Uncertain "groups-wiped" = groups_wiped, PAGE,
        "`groupOverrideDetails` is left out to keep a user's groups; an empty object or null removes them all.",
        "The tokens carry no groups and no roles.";
};

/// Rules for versions 2 and 3: scopes, machines, and the number of claims.
pub(super) const LATER_RULES: &[Rule] = rules! { Response LATER;
    Certain "scope-with-blank" = scope_with_whitespace, PAGE,
        "A scope contains no whitespace; several scopes are several elements.",
        "The scope isn't set; whether Cognito uses the rest of the answer isn't known.";
    Uncertain "scope-of-user-pool" = scope_of_user_pool, PAGE,
        "`aws.cognito.signin.user.admin` can be suppressed, but it can't be added.",
        "Not known.";
    Uncertain "id-token-of-machine" = id_token_of_machine, PAGE,
        "A machine gets an access token only, so its answer has no `idTokenGeneration`.",
        "Cognito ignores the field.",
        for "ClientCredentials";
    Uncertain "groups-of-machine" = groups_of_machine, PAGE,
        "A machine isn't a user and has no groups, so its answer has no `groupOverrideDetails`.",
        "Cognito ignores the field: groups and roles apply to users only.",
        for "ClientCredentials";
    Uncertain "claims-too-many" = too_many,
        LIMITS,
        "Claims and scopes, existing and added, of the access and the ID token together are at most 5,000.",
        "Not known.";
};

/// The changes to one token.
pub(super) struct Token<'a> {
    /// Where the changes are in the answer.
    pub(super) path: &'static str,
    /// Whether it is the access token; otherwise the ID token.
    pub(super) is_access: bool,
    /// The object with the changes, such as `accessTokenGeneration`. In version 1 that is `claimsOverrideDetails` as
    /// a whole.
    pub(super) changes: &'a Map<String, Value>,
}

impl<'a> Token<'a> {
    /// The strings of an array.
    ///
    /// Empty if the array is null or absent. Elements of other types are skipped.
    pub(super) fn strings(&self, name: &'static str) -> impl Iterator<Item = Entry<'a>> + use<'a> {
        let path = self.path;
        let array = self.changes.get(name).and_then(Value::as_array);
        let items = array.into_iter().flatten().enumerate();
        items.filter_map(move |(index, item)| {
            let string = item.as_str()?;
            Some(Entry {
                token: path,
                array: name,
                index,
                string,
            })
        })
    }

    /// The claims that are set.
    ///
    /// Empty if `claimsToAddOrOverride` is null or absent.
    pub(super) fn claims(&self) -> impl Iterator<Item = Claim<'a>> + use<'a> {
        let path = self.path;
        let claims = self.claims_to_set().into_iter().flatten();
        claims.map(move |(name, value)| Claim {
            token: path,
            name,
            value,
        })
    }

    /// Whether the claim of this name is set. Takes the same time however many are.
    pub(super) fn sets(&self, name: &str) -> bool {
        self.claims_to_set()
            .is_some_and(|claims| claims.contains_key(name))
    }

    fn claims_to_set(&self) -> Option<&'a Map<String, Value>> {
        self.changes.get("claimsToAddOrOverride")?.as_object()
    }
}

/// An element of an array of strings.
pub(super) struct Entry<'a> {
    /// Where the changes to the token are in the answer.
    token: &'static str,
    /// The name of the array, such as `scopesToAdd`.
    array: &'static str,
    /// The position in the array, from 0.
    index: usize,
    /// The element: a claim or a scope.
    pub(super) string: &'a str,
}

impl Entry<'_> {
    /// The path of the element, such as `response.….scopesToAdd[0]`.
    pub(super) fn path(&self) -> String {
        path::item(&path::key(self.token, self.array), self.index)
    }
}

/// A claim that is set.
pub(super) struct Claim<'a> {
    /// Where the changes to the token are in the answer.
    token: &'static str,
    /// The name of the claim. Case matters.
    pub(super) name: &'a str,
    /// The value, of any JSON type.
    pub(super) value: &'a Value,
}

impl Claim<'_> {
    /// The path of the claim. A name with other characters than letters, digits, `_`, `-` and `:` is in brackets.
    pub(super) fn path(&self) -> String {
        path::key(&path::key(self.token, "claimsToAddOrOverride"), self.name)
    }

    /// Whether the value is an array or an object.
    pub(super) fn is_complex(&self) -> bool {
        self.value.is_array() || self.value.is_object()
    }
}

/// The tokens that an answer changes.
///
/// Version 1 has one, the ID token. A later version has those whose object is in the answer. None if the answer
/// changes nothing.
pub(super) fn tokens<'a>(answered: &Answered<'a>) -> impl Iterator<Item = Token<'a>> + use<'a> {
    let details = details(answered);
    let part = |path, name, is_access| {
        let changes = details?.get(name)?.as_object()?;
        Some(Token {
            path,
            is_access,
            changes,
        })
    };
    let tokens = match answered.route {
        V1 => {
            let path = "response.claimsOverrideDetails";
            let whole = |changes| Token {
                path,
                is_access: false,
                changes,
            };
            [details.map(whole), None]
        }
        _ => {
            let id = "response.claimsAndScopeOverrideDetails.idTokenGeneration";
            let access = "response.claimsAndScopeOverrideDetails.accessTokenGeneration";
            [
                part(id, "idTokenGeneration", false),
                part(access, "accessTokenGeneration", true),
            ]
        }
    };
    tokens.into_iter().flatten()
}

/// The field for changes that a version reads, and the one that it doesn't read.
fn names(route: Route) -> (&'static str, &'static str) {
    match route {
        V1 => ("claimsOverrideDetails", "claimsAndScopeOverrideDetails"),
        _ => ("claimsAndScopeOverrideDetails", "claimsOverrideDetails"),
    }
}

/// The changes in the answer, under the name that the version reads. `None` if they are null, absent or not an object.
fn details<'a>(answered: &Answered<'a>) -> Option<&'a Map<String, Value>> {
    answered.object(names(answered.route).0)
}

/// The name of the field for groups and roles, within [`details`].
const GROUPS: &str = "groupOverrideDetails";

/// The changes to groups and roles; `None` if the answer leaves them out.
fn groups<'a>(answered: &Answered<'a>) -> Option<&'a Value> {
    details(answered)?.get(GROUPS)
}

/// The path of [`groups`] in the answer.
fn groups_path(answered: &Answered<'_>) -> String {
    path::key(&path::key("response", names(answered.route).0), GROUPS)
}

/// `token-answer-of-other-version`: reports the other version's field if this version's field is missing. A report says
/// that Cognito drops it without an error.
fn other_version(answered: &Answered<'_>, findings: &mut Findings) {
    let (own, other) = names(answered.route);
    if answered.field(own).is_none() && answered.field(other).is_some() {
        let message = format!("this version reads `{own}`; see `LambdaVersion` of the pool");
        findings.add(path::key("response", other), message);
    }
}

/// `groups-wiped`: finds null, an object without groups and roles, and any other value, unless it is a copy of the
/// event's `groupConfiguration`. AWS's page says that null and an empty object suppress the groups.
fn groups_wiped(answered: &Answered<'_>, findings: &mut Findings) {
    let Some(groups) = groups(answered) else {
        return;
    };
    let arrays = ["groupsToOverride", "iamRolesToOverride"];
    let has_any = |groups: &Value| {
        let filled = |name| groups.get(name)?.as_array().filter(|array| !array.is_empty());
        arrays.into_iter().any(|name| filled(name).is_some())
    };
    let configuration = answered.event("/request/groupConfiguration");
    // AWS documents that a copy keeps the groups.
    let is_copy = groups.is_object() && groups == configuration;
    if !has_any(groups) && !is_copy {
        let message = if has_any(configuration) {
            "this removes the groups that the user has; leave it out to keep them"
        } else {
            "this user has no groups, but it removes the groups of users who have some; leave it out to keep them"
        };
        findings.add(groups_path(answered), message);
    }
}

/// `scope-with-blank`: looks at added and suppressed scopes. A scope need not exist on a resource server.
fn scope_with_whitespace(answered: &Answered<'_>, findings: &mut Findings) {
    for token in tokens(answered) {
        for scope in token
            .strings("scopesToAdd")
            .chain(token.strings("scopesToSuppress"))
        {
            if scope.string.contains(char::is_whitespace) {
                findings.add(scope.path(), "this scope contains whitespace");
            }
        }
    }
}

/// `scope-of-user-pool`: a scope that the event already has isn't reported.
fn scope_of_user_pool(answered: &Answered<'_>, findings: &mut Findings) {
    const SCOPE: &str = "aws.cognito.signin.user.admin";
    for scope in tokens(answered).flat_map(|token| token.strings("scopesToAdd")) {
        let has_it = || {
            let granted = answered.event("/request/scopes").as_array();
            granted.is_some_and(|granted| granted.iter().any(|granted| granted == SCOPE))
        };
        if scope.string == SCOPE && !has_it() {
            findings.add(
                scope.path(),
                "this scope comes with a sign-in through the API and can't be added",
            );
        }
    }
}

/// Whether the event is about a machine, which signs in without a user.
fn is_machine(answered: &Answered<'_>) -> bool {
    answered.source_suffix() == "ClientCredentials"
}

/// `groups-of-machine`: an object whose values are all null or empty isn't reported.
fn groups_of_machine(answered: &Answered<'_>, findings: &mut Findings) {
    let groups = groups(answered).and_then(Value::as_object);
    let has_groups = groups.is_some_and(|groups| {
        let is_set = |value: &Value| match value {
            Value::Array(items) => !items.is_empty(),
            value => !value.is_null(),
        };
        groups.values().any(is_set)
    });
    if has_groups && is_machine(answered) {
        findings.add(groups_path(answered), "a machine has no groups");
    }
}

/// `claims-too-many`: counts what the answer adds to both tokens, and the scopes that the event has and the answer
/// doesn't suppress. The claims that the tokens already have aren't known here, so fewer may be too many.
fn too_many(answered: &Answered<'_>, findings: &mut Findings) {
    const LIMIT: usize = 5_000;
    let added: usize = tokens(answered)
        .map(|token| token.claims().count() + token.strings("scopesToAdd").count())
        .sum();
    let scopes = answered.event("/request/scopes").as_array().map_or(0, Vec::len);
    let suppressed: usize = tokens(answered)
        .map(|token| token.strings("scopesToSuppress").count())
        .sum();
    let count = added + scopes.saturating_sub(suppressed);
    if added > 0 && count > LIMIT {
        let path = path::key("response", names(answered.route).0);
        findings.add(
            path,
            format!("{count} claims and scopes are in the tokens, {LIMIT} are allowed"),
        );
    }
}

/// `id-token-of-machine`: an empty `idTokenGeneration` isn't reported.
fn id_token_of_machine(answered: &Answered<'_>, findings: &mut Findings) {
    for token in tokens(answered) {
        if !token.is_access && !token.changes.is_empty() && is_machine(answered) {
            findings.add(token.path, "a machine gets no ID token");
        }
    }
}
