//! Rules for tokens: versions, scopes and groups. Those for claims are next door.

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
        "Cognito ignores the other one, and the tokens stay as they are.",
        effect Succeeds;
    Uncertain "groups-wiped" = groups_wiped, PAGE,
        "`groupOverrideDetails` is left out to keep a user's groups; empty or null it takes them all away.",
        "The tokens carry no groups and no roles.";
};

pub(super) const LATER_RULES: &[Rule] = rules! { Response LATER;
    Certain "scope-with-blank" = scope_with_blank, PAGE,
        "A scope contains no blank; several scopes are several elements.",
        "The scope isn't set; whether the rest of the answer counts isn't known.";
    Uncertain "scope-of-user-pool" = scope_of_user_pool, PAGE,
        "`aws.cognito.signin.user.admin` can be suppressed, but it can't be added.",
        "Not known.";
    Uncertain "id-token-of-machine" = id_token_of_machine, PAGE,
        "A machine gets an access token only: `idTokenGeneration` has no place in its answer.",
        "Cognito ignores it.";
};

/// The changes to one token.
pub(super) struct Token<'a> {
    pub(super) place: &'static str,
    pub(super) is_access: bool,
    pub(super) changes: &'a Map<String, Value>,
}

impl<'a> Token<'a> {
    /// The texts of a list.
    pub(super) fn list(&self, name: &'static str) -> impl Iterator<Item = Entry<'a>> + use<'a> {
        let place = self.place;
        let list = self.changes.get(name).and_then(Value::as_array);
        let texts = list.into_iter().flatten().enumerate();
        texts.filter_map(move |(index, text)| {
            let text = text.as_str()?;
            Some(Entry {
                token: place,
                list: name,
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

/// An element of a list.
pub(super) struct Entry<'a> {
    token: &'static str,
    list: &'static str,
    index: usize,
    pub(super) text: &'a str,
}

impl Entry<'_> {
    pub(super) fn place(&self) -> String {
        path::item(&path::key(self.token, self.list), self.index)
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

    /// Whether the value is a list or an object.
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

/// The name that a version has for the changes, and the one that it hasn't.
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
    // A copy keeps what there is: AWS says so itself.
    let is_copy = groups.is_object() && groups == configuration;
    if !has_any(groups) && !is_copy {
        let place = path::key(&path::key("response", names(answered.route).0), NAME);
        let message = if has_any(configuration) {
            "this takes away the groups that the user has; leave it out to keep them"
        } else {
            "this user has no groups; from one who has, this takes them away: leave it out to keep them"
        };
        findings.add(place, message);
    }
}

fn scope_with_blank(answered: &Answered<'_>, findings: &mut Findings) {
    for token in tokens(answered) {
        for scope in token.list("scopesToAdd").chain(token.list("scopesToSuppress")) {
            if scope.text.contains(char::is_whitespace) {
                findings.add(scope.place(), "there is a blank in this scope");
            }
        }
    }
}

fn scope_of_user_pool(answered: &Answered<'_>, findings: &mut Findings) {
    const SCOPE: &str = "aws.cognito.signin.user.admin";
    for scope in tokens(answered).flat_map(|token| token.list("scopesToAdd")) {
        let has_it = || {
            let granted = answered.event("/request/scopes").as_array();
            granted.is_some_and(|granted| granted.iter().any(|granted| granted == SCOPE))
        };
        if scope.text == SCOPE && !has_it() {
            findings.add(
                scope.place(),
                "this scope belongs to sign-ins through the API and can't be added",
            );
        }
    }
}

fn id_token_of_machine(answered: &Answered<'_>, findings: &mut Findings) {
    for token in tokens(answered) {
        if !token.is_access && !token.changes.is_empty() && answered.source_suffix() == "ClientCredentials" {
            findings.add(token.place, "a machine gets no ID token");
        }
    }
}
