//! The two steps of a check: reading sources, and comparing them with binaries.

use std::collections::BTreeMap;

use crate::{
    binary::Binary,
    bindings::Bindings,
    facts::Facts,
    pool_resource::{Deployment, PoolResource},
    read,
    report::Report,
    rules,
    source::{ReadError, Source},
};

/// What a set of sources says about pools, functions, permissions and app clients.
///
/// ```
/// use cognito_triggers_wiring::{Binary, Source, Wiring};
///
/// let function = "arn:aws:lambda:eu-west-1:111122223333:function:triggers";
/// let pool = format!(r#"{{"UserPool": {{"Id": "eu-west-1_Abc", "LambdaConfig": {{"PreSignUp": "{function}"}}}}}}"#);
/// let settings = format!(r#"{{"FunctionName": "triggers", "FunctionArn": "{function}", "Timeout": 30}}"#);
/// let sources = [Source::new("pool.json", pool), Source::new("function.json", settings)];
///
/// let report = Wiring::read(sources)?.check(&[Binary::new("triggers", ["pre_sign_up"])]);
/// let codes: Vec<_> = report.findings.iter().map(|finding| finding.code).collect();
/// assert_eq!(codes, ["permission-missing", "timeout-too-long"]);
/// # Ok::<(), cognito_triggers_wiring::ReadError>(())
/// ```
#[derive(Debug)]
pub struct Wiring {
    sources: Vec<Source>,
    facts: Facts,
}

impl Wiring {
    /// Reads sources as one set: a permission in one of them may be for a function in another.
    ///
    /// # Errors
    /// Fails if a source is neither YAML nor JSON, or isn't a known kind of template or description.
    pub fn read(sources: impl IntoIterator<Item = Source>) -> Result<Self, ReadError> {
        let mut sources: Vec<Source> = sources.into_iter().collect();
        let facts = read::read(&mut sources)?;
        Ok(Self { sources, facts })
    }

    /// The user pools that templates among the sources create, with their app clients, as a local pool can serve them.
    ///
    /// # Errors
    /// Fails if a source can't be read, which [`Wiring::read`] has reported before.
    pub fn pool_resources(&self, deployment: Deployment<'_>) -> Result<Vec<PoolResource>, ReadError> {
        read::read_pool_resources(&self.sources, &self.facts, deployment)
    }

    /// The binary of each function that a hook calls, matched as [`check`](Self::check) matches them.
    ///
    /// The key is the name of the function, which for a function of a template without a `FunctionName` is the logical id; the
    /// value is the index of its binary in `binaries`. A function whose binary isn't known is left out.
    ///
    /// ```
    /// use cognito_triggers_wiring::{Binary, Source, Wiring};
    ///
    /// let arn = "arn:aws:lambda:eu-west-1:111122223333:function:sign-up-7Q2X:live";
    /// let pool = format!(r#"{{"UserPool": {{"Id": "eu-west-1_Abc", "LambdaConfig": {{"PreSignUp": "{arn}"}}}}}}"#);
    /// let wiring = Wiring::read([Source::new("pool.json", pool)])?;
    ///
    /// let binaries = [Binary::new("mail", ["custom_message"]), Binary::new("sign-up", ["pre_sign_up"]).run_by("sign-up-7Q2X")];
    /// assert_eq!(wiring.binary_of_each_function(&binaries).get("sign-up-7Q2X"), Some(&1));
    /// # Ok::<(), cognito_triggers_wiring::ReadError>(())
    /// ```
    pub fn binary_of_each_function(&self, binaries: &[Binary]) -> BTreeMap<String, usize> {
        Bindings::new(&self.facts, binaries).by_function_name(&self.facts)
    }

    /// The variables that templates set in the environment of each function that a hook calls, with the name of the function as
    /// [`binary_of_each_function`](Self::binary_of_each_function) has it.
    ///
    /// A value is known if it consists of literals and of parameters that have a default. It is `None` if the deployment decides
    /// about it. A value may be a secret: don't print it.
    ///
    /// ```
    /// use cognito_triggers_wiring::{Source, Wiring};
    ///
    /// let template = Source::new("template.yaml", "
    /// Parameters: {Domains: {Type: String, Default: example.com}}
    /// Resources:
    ///   People:
    ///     Type: AWS::Cognito::UserPool
    ///     Properties: {LambdaConfig: {PreSignUp: !GetAtt SignUp.Arn}}
    ///   SignUp:
    ///     Type: AWS::Lambda::Function
    ///     Properties: {Environment: {Variables: {DOMAINS: !Ref Domains, TABLE: !Ref Table}}}
    ///   Table: {Type: 'AWS::DynamoDB::Table'}
    /// ");
    /// let variables = Wiring::read([template])?.variables_of_each_function();
    /// assert_eq!(variables["SignUp"]["DOMAINS"].as_deref(), Some("example.com"));
    /// assert_eq!(variables["SignUp"]["TABLE"], None);
    /// # Ok::<(), cognito_triggers_wiring::ReadError>(())
    /// ```
    pub fn variables_of_each_function(&self) -> BTreeMap<String, BTreeMap<String, Option<String>>> {
        let hooks = self.facts.hooks();
        let functions = hooks.filter_map(|hook| self.facts.function(&hook.function));
        let with_name = functions.map(|function| {
            let name = function.name.as_ref().unwrap_or(&function.id.name);
            (name.clone(), function.variables.clone())
        });
        with_name.collect()
    }

    /// Checks the wiring against the routes of binaries. Without binaries, it finds only faults that concern every binary.
    pub fn check(&self, binaries: &[Binary]) -> Report {
        Report::new(&self.sources, rules::check(&self.facts, binaries))
    }
}
