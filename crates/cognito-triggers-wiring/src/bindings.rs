//! Matches functions with the binaries that they run.
//!
//! A function runs a binary for the first of these reasons:
//!
//! 1. The caller named the function for the binary.
//! 2. The source names the binary for the function.
//! 3. The function and the binary have the same name.
//! 4. No other function and no other binary are left.

use std::collections::BTreeMap;

use crate::{
    binary::Binary,
    facts::{Callee, Facts, Function, FunctionRef, Hook, Setting},
};

/// The functions that hooks call, also those under a wrong key, with the binary that each runs, by its index.
pub(crate) struct Bindings {
    bound: Vec<(Callee, usize)>,
    /// The function and the binary that were matched only because no others are left. `None` if there was no such match.
    pub(crate) assumed: Option<(FunctionRef, usize)>,
}

impl Bindings {
    /// Matches functions and binaries by what the sources say, and the last of each by elimination.
    pub(crate) fn new(facts: &Facts, binaries: &[Binary]) -> Self {
        let mut called: Vec<&FunctionRef> = Vec::new();
        // A hook under a wrong key says as well as any other which function is meant.
        let meant = facts.wrong_keys().filter_map(|(key, _)| key.function.as_ref());
        for function in facts.hooks().map(|hook| &hook.function).chain(meant) {
            let is_new = called.iter().all(|known| known.callee != function.callee);
            if function.callee.is_known() && is_new {
                called.push(function);
            }
        }
        let mut bound = Vec::new();
        let mut free = Vec::new();
        for function in called {
            match binaries.iter().position(|binary| runs(facts, function, binary)) {
                Some(index) => bound.push((function.callee.clone(), index)),
                None if may_run_rust(facts, function) => free.push(function),
                None => {}
            }
        }
        // A binary whose functions are named doesn't run another one.
        let left: Vec<usize> = binaries
            .iter()
            .enumerate()
            .filter(|(index, binary)| binary.functions.is_empty() && bound.iter().all(|(_, of)| of != index))
            .map(|(index, _)| index)
            .collect();
        let mut assumed = None;
        if let ([index], [function]) = (left.as_slice(), free.as_slice()) {
            bound.push((function.callee.clone(), *index));
            assumed = Some(((*function).clone(), *index));
        }
        Self { bound, assumed }
    }

    /// The binary of a hook's function. `None` if it isn't known.
    pub(crate) fn binary<'b>(&self, hook: &Hook, binaries: &'b [Binary]) -> Option<&'b Binary> {
        self.binary_of(&hook.function.callee, binaries)
    }

    /// The binary that a function runs. `None` if it isn't known.
    pub(crate) fn binary_of<'b>(&self, callee: &Callee, binaries: &'b [Binary]) -> Option<&'b Binary> {
        let (_, index) = self.bound.iter().find(|(known, _)| known == callee)?;
        binaries.get(*index)
    }

    /// The logical id of the function that runs a binary, by its index: that of a template that a hook calls, or else the one
    /// function of the sources that names the binary. `None` if there is none.
    pub(crate) fn logical_id<'f>(
        &'f self,
        facts: &'f Facts,
        binaries: &[Binary],
        index: usize,
    ) -> Option<&'f str> {
        let called = self.bound.iter().find_map(|(callee, of)| match callee {
            Callee::InTemplate(id) if *of == index => Some(id),
            _ => None,
        });
        let named = || {
            let name = &binaries.get(index)?.name;
            let runs =
                |function: &&Function| function.arn.is_none() && function.binary.as_ref() == Some(name);
            let mut functions = facts.functions.iter().filter(runs);
            match (functions.next(), functions.next()) {
                (Some(function), None) => Some(&function.id),
                _ => None,
            }
        };
        called.or_else(named).map(|id| id.name.as_str())
    }

    /// The index of each function's binary, by the name of the function. Without a name that is known before deployment, it is
    /// the logical id.
    pub(crate) fn by_function_name(&self, facts: &Facts) -> BTreeMap<String, usize> {
        let name = |callee: &Callee| {
            let mut functions = facts.functions.iter();
            let function =
                functions.find(|function| matches!(callee, Callee::InTemplate(id) if function.id == *id));
            function
                .and_then(|function| function.name.clone())
                .unwrap_or_else(|| callee.name())
        };
        self.bound
            .iter()
            .map(|(callee, index)| (name(callee), *index))
            .collect()
    }

    /// Whether any hook calls a function that runs the binary.
    pub(crate) fn has(&self, binary: usize) -> bool {
        self.bound.iter().any(|(_, index)| *index == binary)
    }
}

/// Whether the sources say that the function runs the binary.
///
/// If the caller named functions for the binary, only these count: by logical id, name or ARN. Otherwise the binary that the
/// source names for the function decides, and without one the names have to be equal.
fn runs(facts: &Facts, reference: &FunctionRef, binary: &Binary) -> bool {
    let name = reference.name();
    let arn = match &reference.callee {
        Callee::Arn(arn) => arn.to_string(),
        _ => String::new(),
    };
    let function = facts.function(reference);
    let names = function
        .map(|function| function.names.as_slice())
        .unwrap_or_default();
    if !binary.functions.is_empty() {
        let mut wanted = binary.functions.iter();
        return wanted.any(|wanted| {
            let is_named = *wanted == name || *wanted == arn || names.contains(wanted);
            is_named || FunctionRef::from_arn(wanted).callee.is(&reference.callee)
        });
    }
    match function.and_then(|function| function.binary.as_ref()) {
        Some(named) => *named == binary.name,
        None => name == binary.name || names.contains(&binary.name),
    }
}

/// Whether the function may run a compiled binary that the sources don't name. A function that isn't in the sources may; one
/// with another runtime than `provided` may not.
fn may_run_rust(facts: &Facts, reference: &FunctionRef) -> bool {
    let Some(function) = facts.function(reference) else {
        return true;
    };
    let is_provided = match &function.runtime {
        Setting::Is(runtime) => runtime.value.starts_with("provided"),
        Setting::Absent | Setting::Unresolved(_) => true,
    };
    is_provided && function.binary.is_none()
}
