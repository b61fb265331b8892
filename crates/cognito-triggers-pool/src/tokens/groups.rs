//! The groups of a user, as events and tokens have them.

use serde_json::{Value, json};

use crate::state::Group;

/// Groups and roles of a user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Membership {
    /// Names of the groups, the lowest `Precedence` first.
    pub(crate) groups: Vec<String>,
    /// ARNs of the roles in the order of the groups, without duplicates.
    pub(crate) roles: Vec<String>,
    /// `None` without roles, and if two groups with the lowest `Precedence` have different roles.
    pub(crate) preferred_role: Option<String>,
}

impl Membership {
    pub(crate) fn new<'a>(groups: impl IntoIterator<Item = &'a Group>) -> Self {
        let mut groups: Vec<_> = groups.into_iter().collect();
        // A group without `Precedence` comes last.
        groups.sort_by_key(|group| group.precedence.unwrap_or(i64::MAX));
        let mut membership = Self::default();
        for group in &groups {
            membership.groups.push(group.name.clone());
            if let Some(role) = group
                .role_arn
                .as_ref()
                .filter(|role| !membership.roles.contains(role))
            {
                membership.roles.push(role.clone());
            }
        }
        membership.preferred_role = preferred_role(&groups);
        membership
    }
}

/// The role of the group with the lowest `Precedence`.
///
/// `None` if that group has no role, or if another group with the same `Precedence` has a different role.
fn preferred_role(groups: &[&Group]) -> Option<String> {
    let lowest = groups.first()?.precedence;
    let mut roles = groups
        .iter()
        .take_while(|group| group.precedence == lowest)
        .map(|group| &group.role_arn);
    let role = roles.next()?;
    roles.all(|other| other == role).then(|| role.clone())?
}

/// `groupConfiguration` of a token trigger's event.
pub(crate) fn group_configuration(membership: &Membership) -> Value {
    json!({
        "groupsToOverride": membership.groups,
        "iamRolesToOverride": membership.roles,
        "preferredRole": membership.preferred_role,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;

    fn group(name: &str, precedence: Option<i64>, role: Option<&str>) -> Group {
        Group {
            name: name.to_owned(),
            description: None,
            role_arn: role.map(str::to_owned),
            precedence,
            created: Timestamp::default(),
            modified: Timestamp::default(),
        }
    }

    #[test]
    fn the_lowest_precedence_gives_the_preferred_role() {
        let groups = [
            group("b", Some(2), Some("role-b")),
            group("c", None, None),
            group("a", Some(1), Some("role-a")),
        ];
        let membership = Membership::new(&groups);
        assert_eq!(membership.groups, ["a", "b", "c"]);
        assert_eq!(membership.roles, ["role-a", "role-b"]);
        assert_eq!(membership.preferred_role.as_deref(), Some("role-a"));
    }

    #[test]
    fn a_tie_between_two_roles_prefers_none() {
        let groups = [
            group("a", Some(1), Some("role-a")),
            group("b", Some(1), Some("role-b")),
        ];
        assert_eq!(Membership::new(&groups).preferred_role, None);
        let same = [
            group("a", Some(1), Some("role-a")),
            group("b", Some(1), Some("role-a")),
        ];
        assert_eq!(Membership::new(&same).preferred_role.as_deref(), Some("role-a"));
    }

    #[test]
    fn a_user_without_groups_has_empty_arrays() {
        let expected = json!({ "groupsToOverride": [], "iamRolesToOverride": [], "preferredRole": null });
        assert_eq!(group_configuration(&Membership::new([])), expected);
    }
}
