//! The binaries of `--bin`: built, asked for their routes, and matched with the functions of the hooks.

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsString,
    fs,
    path::PathBuf,
    time::SystemTime,
};

use cognito_triggers::model::{arn::FunctionArn, lambda_config};
use cognito_triggers_pool::TargetFunctions;
use cognito_triggers_targets::{MultiTarget, Process, Routes, RoutesError, sanitize};
use cognito_triggers_wiring::{Binary, Wiring};
use serde_json::{Map, Value};

use super::{
    hooks::{self, RoutedBy},
    sources::Sources,
    variables::Variables,
};
use crate::{args, binary, error::CommandError};

/// A binary that can be run.
#[derive(PartialEq)]
pub(super) struct Program {
    /// The value of `--bin`, or the name of the only function if there is none.
    bin: OsString,
    pub(super) path: PathBuf,
    /// When the file was written last, and its length.
    state: Option<(SystemTime, u64)>,
}

impl Program {
    fn new(bin: OsString, path: PathBuf) -> Self {
        let state = fs::metadata(&path)
            .and_then(|file| Ok((file.modified()?, file.len())))
            .ok();
        Self { bin, path, state }
    }

    /// Builds the binaries of the arguments, or looks for those that are given by their paths.
    ///
    /// # Errors
    /// If a binary is missing or doesn't compile.
    pub(super) async fn build_all(args: &args::Pool) -> Result<Vec<Self>, CommandError> {
        if args.function.bin.is_empty() {
            let path = binary::resolve(None).await?;
            return Ok(vec![Self::new(OsString::from(&*binary::name(&path)), path)]);
        }
        let mut programs = Vec::new();
        for bin in &args.function.bin {
            programs.push(Self::new(bin.clone(), binary::resolve(Some(bin)).await?));
        }
        Ok(programs)
    }

    /// Builds the same binaries again. Cargo prints only warnings and errors.
    ///
    /// # Errors
    /// If a binary is missing or doesn't compile.
    pub(super) async fn rebuild_all(before: &[Self]) -> Result<Vec<Self>, CommandError> {
        let mut programs = Vec::new();
        for Self { bin, .. } in before {
            programs.push(Self::new(bin.clone(), binary::rebuild(bin).await?));
        }
        Ok(programs)
    }

    /// Whether a new process of it may run something else than one that was started before.
    pub(super) fn is_changed(&self) -> bool {
        self.is_given_by_path() || Self::new(self.bin.clone(), self.path.clone()).state != self.state
    }

    /// Whether it may read files that the watcher sees and cargo doesn't, as a script does.
    pub(super) fn is_given_by_path(&self) -> bool {
        binary::is_path(&self.bin)
    }
}

/// The binaries, and in the same order what each routes and which functions run it.
pub(super) struct Programs {
    pub(super) programs: Vec<Program>,
    binaries: Vec<Binary>,
    /// The names of the binaries that can't be asked for their routes: functions in another language.
    pub(super) unasked: Vec<String>,
}

impl Programs {
    /// Asks the binaries for their routes.
    ///
    /// # Errors
    /// If a binary fails when it is asked, or `--run-by` names none of them or one of two with the same name.
    pub(super) async fn ask(
        programs: Vec<Program>,
        run_by: &[(String, String)],
    ) -> Result<Self, CommandError> {
        let mut binaries = Vec::new();
        let mut unasked = Vec::new();
        for program in &programs {
            let name = binary::name(&program.path).into_owned();
            binaries.push(match Routes::of_binary(&program.path).await {
                Ok(routes) => Binary::new(name, routes.routes).otherwise(routes.otherwise),
                // It may answer everything.
                Err(RoutesError::AsksForEvents) => {
                    unasked.push(name.clone());
                    Binary::new(name, [] as [String; 0]).otherwise(true)
                }
                Err(error) => return Err(format!("{name}: {error}").into()),
            });
        }
        if !run_by.is_empty() {
            let mut names = BTreeSet::new();
            if let Some(twice) = binaries.iter().find(|binary| !names.insert(&binary.name)) {
                return Err(format!(
                    "two binaries are called {}, and --run-by tells binaries apart by name; rename one of them",
                    twice.name
                )
                .into());
            }
            let bins: Vec<_> = programs.iter().map(|program| &program.bin).collect();
            binary::add_functions(&mut binaries, &bins, run_by)?;
        }
        Ok(Self {
            programs,
            binaries,
            unasked,
        })
    }

    /// The function that answers each route.
    pub(super) fn routed_by(&self) -> RoutedBy {
        let routes = self.binaries.iter().flat_map(|binary| {
            let routes = binary.routes.iter();
            let function = binary.functions.first().unwrap_or(&binary.name);
            let name = FunctionArn::parse(function).map_or(function.as_str(), |arn| arn.name);
            routes.map(|route| (route.clone(), name.to_owned()))
        });
        routes.collect()
    }

    /// Runs the binary that routes the trigger, whatever function a hook names.
    ///
    /// A binary gets the variables of the functions that run it. If none is known to, the only binary gets those of all. Those of a
    /// function that no binary is known for are named as lacking.
    ///
    /// # Errors
    /// If two binaries have the same route, or a hook has no route.
    pub(super) fn by_route(
        &self,
        sources: &Sources,
        variables: &Variables,
        process: impl Fn(&Program, &[&str]) -> Process,
    ) -> Result<TargetFunctions, CommandError> {
        if let [one, other, ..] = self.unasked.as_slice() {
            return Err(format!(
                "{one} and {other} can't be asked for their routes; say with --run-by BIN=FUNCTION which function runs each \
                 of them"
            )
            .into());
        }
        let mut all = MultiTarget::new();
        let run_by = match sources.is_empty() {
            true => BTreeMap::new(),
            false => self.run_by(sources, &sources.wiring()?),
        };
        let mut taken = BTreeSet::new();
        for (index, (program, binary)) in self.programs.iter().zip(&self.binaries).enumerate() {
            let mine = run_by.iter().filter(|(_, of)| **of == index);
            let mut functions: Vec<&str> = mine.map(|(name, _)| name.as_str()).collect();
            if functions.is_empty() && self.programs.len() == 1 {
                functions.extend(variables.functions());
            }
            taken.extend(functions.iter().map(|name| (*name).to_owned()));
            let routes = Routes {
                routes: binary.routes.clone(),
                otherwise: binary.otherwise,
            };
            all.add(&binary.name, routes, process(program, &functions))
                .map_err(|error| {
                    format!("{error}, or say with --run-by BIN=FUNCTION which function runs each of them")
                })?;
        }
        variables.leave_out_all_but(&taken);
        for config in sources.lambda_configs() {
            self.check_routes(config)?;
        }
        Ok(TargetFunctions::new(all))
    }

    /// Refuses a hook that no binary routes. A binary that takes every event, or can't be asked, may route it.
    fn check_routes(&self, config: &Map<String, Value>) -> Result<(), CommandError> {
        if self.binaries.iter().any(|binary| binary.otherwise) {
            return Ok(());
        }
        hooks::check_routes(config, &self.routed_by())
    }

    /// Refuses a hook of a stored pool that no binary answers. `is_by_route` says how binaries are chosen.
    ///
    /// # Errors
    /// For the first such hook. The error says what to do.
    pub(super) fn check_stored(
        &self,
        sources: &Sources,
        is_by_route: bool,
        config: &Map<String, Value>,
    ) -> Result<(), CommandError> {
        if is_by_route {
            return self.check_routes(config);
        }
        let run_by = self.run_by(sources, &sources.wiring()?);
        hooks::check_functions(config, &run_by, &self.binaries)
    }

    /// A sentence for each hook that only `otherwise` answers. `configs` has the `LambdaConfig`s, and `is_by_route` says how binaries
    /// are chosen. A hook that may go to a binary that can't be asked is left out.
    ///
    /// # Errors
    /// If the sources can't be read together.
    pub(super) fn left_to_otherwise<'c>(
        &self,
        sources: &Sources,
        is_by_route: bool,
        configs: impl Iterator<Item = &'c Map<String, Value>>,
    ) -> Result<BTreeSet<String>, CommandError> {
        let run_by = match is_by_route {
            true => BTreeMap::new(),
            false => self.run_by(sources, &sources.wiring()?),
        };
        let mut sentences = BTreeSet::new();
        for hook in configs.flat_map(lambda_config::hooks) {
            let function = FunctionArn::parse(hook.arn).map_or(hook.arn, |arn| arn.name);
            let mine = run_by.get(function);
            let all = self.binaries.iter().enumerate();
            let binaries: Vec<_> = all
                .filter(|(index, _)| is_by_route || mine == Some(index))
                .map(|(_, binary)| binary)
                .collect();
            if !binaries.iter().any(|binary| self.unasked.contains(&binary.name)) {
                sentences.extend(hooks::left_to_otherwise(&hook, &binaries));
            }
        }
        Ok(sentences)
    }

    /// The index of the binary that each function of a hook runs, by the name of the function.
    ///
    /// A template says more about its functions than a `LambdaConfig`, such as their logical ids. A hook whose ARN is the
    /// default of a parameter is only in the `LambdaConfig`.
    fn run_by(&self, sources: &Sources, wiring: &Wiring) -> BTreeMap<String, usize> {
        let mut run_by = wiring.binary_of_each_function(&self.binaries);
        for (index, binary) in self.binaries.iter().enumerate() {
            for function in &binary.functions {
                let named = hooks::named(sources.lambda_configs(), function);
                run_by.extend(named.into_iter().map(|name| (name, index)));
            }
        }
        run_by
    }

    /// Checks that each function of `--run-by` is called by a hook, and that none is named twice.
    ///
    /// # Errors
    /// For the first function that isn't, or is.
    fn check_run_by(&self, sources: &Sources, wiring: &Wiring) -> Result<(), CommandError> {
        let mut called = BTreeSet::new();
        for function in self.binaries.iter().flat_map(|binary| &binary.functions) {
            // Alone, it is matched with nothing but the functions that it names.
            let named = [Binary::new("", [] as [String; 0]).run_by(function)];
            let mut names = hooks::named(sources.lambda_configs(), function);
            names.extend(wiring.binary_of_each_function(&named).into_keys());
            if names.is_empty() {
                return Err(no_hook_calls(function, sources).into());
            }
            if !names.into_iter().all(|name| called.insert(name)) {
                return Err(
                    format!("--run-by names the function {function} twice; leave one of them out").into(),
                );
            }
        }
        Ok(())
    }

    /// The names of the binaries that no hook runs, where `--run-by` says what each function runs.
    ///
    /// # Errors
    /// If the sources can't be read together.
    pub(super) fn unused(&self, sources: &Sources) -> Result<Vec<&str>, CommandError> {
        if sources.is_empty() || self.binaries.iter().all(|binary| binary.functions.is_empty()) {
            return Ok(Vec::new());
        }
        let run_by = self.run_by(sources, &sources.wiring()?);
        let used: BTreeSet<_> = run_by.into_values().collect();
        let all = self.binaries.iter().enumerate();
        let unused = all.filter(|(index, _)| !used.contains(index));
        Ok(unused.map(|(_, binary)| binary.name.as_str()).collect())
    }

    /// Runs the binary of the function that a hook names. Each function has processes of its own.
    ///
    /// # Errors
    /// If no binary runs the function of a hook, or the binary has no route for it, or `--run-by` names a function twice or
    /// one that no hook calls.
    pub(super) fn by_function(
        &self,
        sources: &Sources,
        process: impl Fn(&Program, &[&str]) -> Process,
    ) -> Result<TargetFunctions, CommandError> {
        let wiring = sources.wiring()?;
        self.check_run_by(sources, &wiring)?;
        let run_by = self.run_by(sources, &wiring);
        for config in sources.lambda_configs() {
            hooks::check_functions(config, &run_by, &self.binaries)?;
        }
        let functions = run_by.iter().filter_map(|(function, index)| {
            let program = self.programs.get(*index)?;
            Some((function, process(program, &[function.as_str()])))
        });
        Ok(
            functions.fold(TargetFunctions::default(), |all, (function, process)| {
                all.function(function, process)
            }),
        )
    }
}

/// The error for a function of `--run-by` that no hook calls.
fn no_hook_calls(function: &str, sources: &Sources) -> String {
    let called: Vec<_> = hooks::called(sources.lambda_configs()).into_iter().collect();
    let called = match called.as_slice() {
        [] => "no hook calls any".to_owned(),
        called => format!("hooks call {}", sanitize(called.join(", "))),
    };
    format!(
        "--run-by names the function {function}, and {called}; correct the name, or leave it out. A hook whose function \
         exists only at deployment is left out: give its parameter a `Default` with an ARN, or write an ARN into the hook"
    )
}
