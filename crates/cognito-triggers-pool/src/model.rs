//! The service model: operations, their shapes and the constraints of each member.
//!
//! `model/generate.py` generates the table, and [`crate::validate`] checks requests against it.

mod shape;
#[rustfmt::skip]
mod table;

pub(crate) use self::shape::{Kind, Member, Operation, Shape};

/// The operation with this name, if the pool simulates it or will.
pub(crate) fn operation(name: &str) -> Option<&'static Operation> {
    let index = table::OPERATIONS.binary_search_by(|operation| operation.name.cmp(name));
    index.ok().and_then(|index| table::OPERATIONS.get(index))
}

/// The names of the operations that the pool simulates, or will simulate.
#[cfg(test)]
pub(crate) fn operation_names() -> impl Iterator<Item = &'static str> {
    table::OPERATIONS.iter().map(|operation| operation.name)
}

/// The shapes of all inputs and outputs, some more than once.
fn shapes() -> impl Iterator<Item = &'static Shape> {
    let mut waiting: Vec<&'static Shape> = table::OPERATIONS
        .iter()
        .flat_map(|operation| [Some(operation.input), operation.output])
        .flatten()
        .collect();
    std::iter::from_fn(move || {
        let shape = waiting.pop()?;
        match shape.kind {
            Kind::Structure(members) => waiting.extend(members.iter().map(|member| member.shape)),
            Kind::List(element) => waiting.push(element),
            Kind::Map(key, value) => waiting.extend([key, value]),
            _ => {}
        }
        Some(shape)
    })
}

/// The names of all members of inputs and outputs, some more than once.
pub(crate) fn member_names() -> impl Iterator<Item = &'static str> {
    shapes().flat_map(|shape| match shape.kind {
        Kind::Structure(members) => members.iter().map(|member| member.name).collect(),
        _ => Vec::new(),
    })
}

/// The values of all enumerations of inputs and outputs, some more than once.
pub(crate) fn enumerated_values() -> impl Iterator<Item = &'static str> {
    shapes().flat_map(|shape| shape.values.iter().copied())
}

/// Whether the service has an operation with this name.
pub(crate) fn is_operation(name: &str) -> bool {
    operation(name).is_some() || is_other_operation(name)
}

/// The names of the members with strings that the model marks as sensitive, some more than once.
#[cfg(test)]
pub(crate) fn sensitive_names() -> impl Iterator<Item = &'static str> {
    let members = shapes().flat_map(|shape| match shape.kind {
        Kind::Structure(members) => members,
        _ => &[],
    });
    let sensitive =
        members.filter(|member| member.shape.sensitive && matches!(member.shape.kind, Kind::String));
    sensitive.map(|member| member.name)
}

/// The patterns of all inputs, some more than once.
#[cfg(test)]
pub(crate) fn patterns() -> impl Iterator<Item = crate::patterns::Pattern> {
    shapes().filter_map(|shape| shape.pattern)
}

/// Whether Cognito has an operation with this name that isn't in the table.
pub(crate) fn is_other_operation(name: &str) -> bool {
    table::OTHER_OPERATIONS
        .iter()
        .any(|operation| operation.name == name)
}

#[cfg(test)]
mod tests {
    use super::shape::Authorization;
    use super::*;

    fn count(authorization: Authorization) -> usize {
        let built = table::OPERATIONS.iter().map(|operation| operation.authorization);
        let others = table::OTHER_OPERATIONS
            .iter()
            .map(|operation| operation.authorization);
        built
            .chain(others)
            .filter(|found| *found == authorization)
            .count()
    }

    #[test]
    fn every_operation_of_the_service_is_known() {
        assert_eq!(table::OPERATIONS.len(), 95);
        assert_eq!(table::OTHER_OPERATIONS.len(), 58);
        // The model has 34 unsigned operations, 24 of them authorized by an access token.
        assert_eq!(count(Authorization::AccessToken), 24);
        assert_eq!(count(Authorization::ClientId), 10);
        assert_eq!(count(Authorization::SigV4), 119);
    }

    #[test]
    fn each_operation_is_found_by_its_name() {
        for expected in table::OPERATIONS {
            let found = operation(expected.name).map(|operation| operation.input.name);
            assert_eq!(found, Some(expected.input.name));
        }
        assert!(operation("ListUserSessions").is_none());
        assert!(is_other_operation("ListUserSessions"));
        assert!(!is_other_operation("ListUsers"));
    }
}
