//! The binaries that wiring is held against, and the functions that run them.

use crate::{
    model::{Callee, Facts, FunctionRef, Hook, Setting},
    routes,
};

/// A binary and what it answers, as it says itself (`cargo cognito routes`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// The name of the binary.
    pub name: String,
    /// Its routes: `pre_sign_up`, `pre_token_generation_v2`, …
    pub routes: Vec<String>,
    /// Functions known to run it, by logical id, name or ARN. Where none is given they are found by their names.
    pub functions: Vec<String>,
    /// Whether it answers what it has no route for (`otherwise => …`).
    pub otherwise: bool,
}

impl Program {
    /// A binary and its routes.
    pub fn new<R: Into<String>>(name: impl Into<String>, routes: impl IntoIterator<Item = R>) -> Self {
        let routes = routes.into_iter().map(Into::into).collect();
        Self {
            name: name.into(),
            routes,
            functions: Vec::new(),
            otherwise: false,
        }
    }

    /// Says whether the binary answers what it has no route for (`otherwise => …`).
    #[must_use]
    pub fn otherwise(mut self, answers: bool) -> Self {
        self.otherwise = answers;
        self
    }

    /// Says that this function (logical id, name or ARN) runs the binary.
    #[must_use]
    pub fn run_by(mut self, function: impl Into<String>) -> Self {
        self.functions.push(function.into());
        self
    }

    /// The routes of this binary that answer a hook.
    pub(crate) fn routes_of(
        &self,
        hook: &str,
    ) -> impl Iterator<Item = &'static cognito_triggers_model::Definition> {
        routes::of_hook(hook)
            .filter(|definition| self.routes.iter().any(|route| route == definition.route.as_str()))
    }
}

/// Which function runs which binary.
pub(crate) struct Bindings {
    bound: Vec<(Callee, usize)>,
    /// A function and binary that nothing but their being the only ones speaks for.
    pub(crate) assumed: Option<(FunctionRef, usize)>,
}

impl Bindings {
    pub(crate) fn new(facts: &Facts, programs: &[Program]) -> Self {
        let mut callees: Vec<(&FunctionRef, bool)> = Vec::new();
        for hook in facts.pools.iter().flat_map(|pool| &pool.hooks) {
            if !matches!(hook.function.callee, Callee::Later(_))
                && !callees
                    .iter()
                    .any(|(known, _)| known.callee == hook.function.callee)
            {
                callees.push((&hook.function, false));
            }
        }
        let mut bound = Vec::new();
        for (reference, taken) in &mut callees {
            if let Some(index) = programs
                .iter()
                .position(|program| runs(facts, reference, program))
            {
                *taken = true;
                bound.push((reference.callee.clone(), index));
            }
        }
        let mut assumed = None;
        // One binary and one function are left: there is nothing else it could be.
        let left: Vec<_> = (0..programs.len())
            .filter(|index| bound.iter().all(|(_, of)| of != index))
            // Who names the function doesn't want another one.
            .filter(|index| {
                programs
                    .get(*index)
                    .is_some_and(|program| program.functions.is_empty())
            })
            .collect();
        let free: Vec<_> = callees
            .iter()
            .filter(|(reference, taken)| !taken && may_run_rust(facts, reference))
            .collect();
        if let ([index], [(reference, _)]) = (left.as_slice(), free.as_slice()) {
            bound.push((reference.callee.clone(), *index));
            assumed = Some(((*reference).clone(), *index));
        }
        Self { bound, assumed }
    }

    /// The binary behind a hook.
    pub(crate) fn program<'p>(&self, hook: &Hook, programs: &'p [Program]) -> Option<&'p Program> {
        self.of(&hook.function.callee, programs)
    }

    pub(crate) fn of<'p>(&self, callee: &Callee, programs: &'p [Program]) -> Option<&'p Program> {
        self.bound
            .iter()
            .find(|(known, _)| known == callee)
            .and_then(|(_, index)| programs.get(*index))
    }

    /// Whether any hooked function runs the binary.
    pub(crate) fn has(&self, program: usize) -> bool {
        self.bound.iter().any(|(_, index)| *index == program)
    }
}

fn runs(facts: &Facts, reference: &FunctionRef, program: &Program) -> bool {
    let name = reference.name();
    let arn = match &reference.callee {
        Callee::Arn(arn) => arn.to_string(),
        _ => String::new(),
    };
    let function = facts.function(reference);
    let names = function
        .map(|function| function.names.as_slice())
        .unwrap_or_default();
    if !program.functions.is_empty() {
        return program
            .functions
            .iter()
            .any(|wanted| *wanted == name || *wanted == arn || names.contains(wanted));
    }
    match function.and_then(|function| function.binary.as_ref()) {
        Some(binary) => *binary == program.name,
        None => name == program.name || names.contains(&program.name),
    }
}

fn may_run_rust(facts: &Facts, reference: &FunctionRef) -> bool {
    let Some(function) = facts.function(reference) else {
        return true;
    };
    let provided = match &function.runtime {
        Setting::Is(runtime) => runtime.value.starts_with("provided"),
        Setting::Absent | Setting::Later(_) => true,
    };
    provided && function.binary.is_none()
}
