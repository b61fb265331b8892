//! Rules for tokens: versions, scopes and groups. The rules for claims are in `claims.rs`.

use serde_json::{Map, Value};

use crate::json::path;
use crate::rules::{
    answered::Answered,
    findings::Findings,
    rule::{Rule, rules},
};
use crate::{route::Route, triggers::pre_token_generation::PAGE};

pub(super) const V1: Route = Route::PreTokenGenerationV1;
const V2: Route = Route::PreTokenGenerationV2;
const V3: Route = Route::PreTokenGenerationV3;

pub(super) const ALL: &[Route] = &[V1, V2, V3];
/// The versions that reach the access token.
pub(super) const LATER: &[Route] = &[V2, V3];

pub(super) const RULES: &[Rule] = rules! { Response ALL;
    Certain "token-answer-of-other-version" = other_version, PAGE,
        "Version 1 answers with `claimsOverrideDetails`, versions 2 and 3 with `claimsAndScopeOverrideDetails`.",
        "Cognito ignores the field of the other version and doesn't change the tokens.",
        effect Succeeds;
    Uncertain "groups-wiped" = groups_wiped, PAGE,
        "`groupOverrideDetails` is left out to keep a user's groups; an empty object or null removes them all.",
        "The tokens carry no groups and no roles.";
};

pub(super) const LATER_RULES: &[Rule] = rules! { Response LATER;
    Certain "scope-with-blank" = scope_with_blank, PAGE,
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
        "A machine is no user and has no groups, so its answer has no `groupOverrideDetails`.",
        "Cognito ignores the field: groups and roles apply to users only.",
        for "ClientCredentials";
    Uncertain "claims-too-many" = too_many,
        "https://docs.aws.amazon.com/cognito/latest/developerguide/limits.html",
        "Claims and scopes, existing and added, of the access and the ID token together are at most 5,000.",
        "Not known.";
};

/// The changes to one token.
pub(super) struct Token<'a> {
    pub(super) place: &'static str,
    pub(super) is_access: bool,
    pub(super) changes: &'a Map<String, Value>,
}

impl<'a> Token<'a> {
    /// The strings of an array.
    pub(super) fn strings(&self, name: &'static str) -> impl Iterator<Item = Entry<'a>> + use<'a> {
        let place = self.place;
        let list = self.changes.get(name).and_then(Value::as_array);
        let texts = list.into_iter().flatten().enumerate();
        texts.filter_map(move |(index, text)| {
            let text = text.as_str()?;
            Some(Entry {
                token: place,
                array: name,
                index,
                text,
            })
        })
    }

    /// The claims that are set.
    pub(super) fn claims(&self) -> impl Iterator<Item = Claim<'a>> + use<'a> {
        let place = self.place;
        let claims = self
            .changes
            .get("claimsToAddOrOverride")
            .and_then(Value::as_object);
        let claims = claims.into_iter().flatten();
        claims.map(move |(name, value)| Claim {
            token: place,
            name,
            value,
        })
    }
}

/// An element of an array of strings.
pub(super) struct Entry<'a> {
    token: &'static str,
    array: &'static str,
    index: usize,
    pub(super) text: &'a str,
}

impl Entry<'_> {
    pub(super) fn place(&self) -> String {
        path::item(&path::key(self.token, self.array), self.index)
    }
}

/// A claim that is set.
pub(super) struct Claim<'a> {
    token: &'static str,
    pub(super) name: &'a str,
    pub(super) value: &'a Value,
}

impl Claim<'_> {
    pub(super) fn place(&self) -> String {
        path::key(&path::key(self.token, "claimsToAddOrOverride"), self.name)
    }

    /// Whether the value is an array or an object.
    pub(super) fn is_complex(&self) -> bool {
        self.value.is_array() || self.value.is_object()
    }
}

/// The tokens that an answer changes.
pub(super) fn tokens<'a>(answered: &Answered<'a>) -> impl Iterator<Item = Token<'a>> + use<'a> {
    let details = details(answered);
    let part = |place, name, is_access| {
        let changes = details?.get(name)?.as_object()?;
        Some(Token {
            place,
            is_access,
            changes,
        })
    };
    let tokens = match answered.route {
        V1 => {
            let place = "response.claimsOverrideDetails";
            let whole = |changes| Token {
                place,
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

fn details<'a>(answered: &Answered<'a>) -> Option<&'a Map<String, Value>> {
    answered.object(names(answered.route).0)
}

fn other_version(answered: &Answered<'_>, findings: &mut Findings) {
    let (own, other) = names(answered.route);
    if answered.field(own).is_none() && answered.field(other).is_some() {
        let message = format!("this version reads `{own}`; see `LambdaVersion` of the pool");
        findings.add(path::key("response", other), message);
    }
}

fn groups_wiped(answered: &Answered<'_>, findings: &mut Findings) {
    const NAME: &str = "groupOverrideDetails";
    let Some(groups) = details(answered).and_then(|details| details.get(NAME)) else {
        return;
    };
    let lists = ["groupsToOverride", "iamRolesToOverride"];
    let has_any = |groups: &Value| {
        let filled = |name| groups.get(name)?.as_array().filter(|list| !list.is_empty());
        lists.into_iter().any(|name| filled(name).is_some())
    };
    let configuration = answered.event("/request/groupConfiguration");
    // AWS documents that a copy keeps the groups.
    let is_copy = groups.is_object() && groups == configuration;
    if !has_any(groups) && !is_copy {
        let place = path::key(&path::key("response", names(answered.route).0), NAME);
        let message = if has_any(configuration) {
            "this removes the groups that the user has; leave it out to keep them"
        } else {
            "this user has no groups, but it removes the groups of users who have some; leave it out to keep them"
        };
        findings.add(place, message);
    }
}

fn scope_with_blank(answered: &Answered<'_>, findings: &mut Findings) {
    for token in tokens(answered) {
        for scope in token
            .strings("scopesToAdd")
            .chain(token.strings("scopesToSuppress"))
        {
            if scope.text.contains(char::is_whitespace) {
                findings.add(scope.place(), "this scope contains whitespace");
            }
        }
    }
}

fn scope_of_user_pool(answered: &Answered<'_>, findings: &mut Findings) {
    const SCOPE: &str = "aws.cognito.signin.user.admin";
    for scope in tokens(answered).flat_map(|token| token.strings("scopesToAdd")) {
        let has_it = || {
            let granted = answered.event("/request/scopes").as_array();
            granted.is_some_and(|granted| granted.iter().any(|granted| granted == SCOPE))
        };
        if scope.text == SCOPE && !has_it() {
            findings.add(
                scope.place(),
                "this scope comes with a sign-in through the API and can't be added",
            );
        }
    }
}

fn is_machine(answered: &Answered<'_>) -> bool {
    answered.source_suffix() == "ClientCredentials"
}

fn groups_of_machine(answered: &Answered<'_>, findings: &mut Findings) {
    const NAME: &str = "groupOverrideDetails";
    let groups = details(answered).and_then(|details| details.get(NAME));
    let has_groups = groups.and_then(Value::as_object).is_some_and(|groups| {
        let is_set = |value: &Value| match value {
            Value::Array(items) => !items.is_empty(),
            value => !value.is_null(),
        };
        groups.values().any(is_set)
    });
    if has_groups && is_machine(answered) {
        let place = path::key(&path::key("response", names(answered.route).0), NAME);
        findings.add(place, "a machine has no groups");
    }
}

fn too_many(answered: &Answered<'_>, findings: &mut Findings) {
    const LIMIT: usize = 5_000;
    let count: usize = tokens(answered)
        .map(|token| token.claims().count() + token.strings("scopesToAdd").count())
        .sum();
    if count > LIMIT {
        let place = path::key("response", names(answered.route).0);
        findings.add(
            place,
            format!("{count} claims and scopes are added, {LIMIT} are allowed"),
        );
    }
}

fn id_token_of_machine(answered: &Answered<'_>, findings: &mut Findings) {
    for token in tokens(answered) {
        if !token.is_access && !token.changes.is_empty() && is_machine(answered) {
            findings.add(token.place, "a machine gets no ID token");
        }
    }
}
