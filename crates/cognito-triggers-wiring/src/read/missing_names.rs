//! Names that a template uses and doesn't have: of resources and parameters, conditions and mappings.
//!
//! | written | name of |
//! |---|---|
//! | `Ref`, `Fn::GetAtt`, `Fn::Sub` | a resource or parameter |
//! | `DependsOn` | a resource |
//! | `Fn::If`, `Condition` of a resource, output or condition, not of a property | a condition |
//! | `Fn::FindInMap` | a mapping |
//!
//! ```yaml
//! SourceArn: !GetAtt Users.Arn                           # `Users`, unless a resource or parameter is called so
//! Key: !Sub ['${Key}-${Stage}', {Stage: !Ref Stag}]      # `Key` and `Stag`; the second argument gives `Stage`
//! Text: !Sub 'echo ${!HOME}'                             # no name
//! Timeout: !If [IsLive, 5, 3]                            # `IsLive`, unless a condition is called so
//! ```
//!
//! They are looked for in `Resources`, SAM's `Globals`, `Conditions` and `Outputs`, at any depth. Names that SAM creates aren't
//! missing. In a template with macros or loops, no name is.

use cognito_triggers_model::json::{Json, Location, Member, path};

use super::{
    strings::variables,
    template::{Template, logical_id},
};
use crate::{
    facts::{Facts, MissingName, NameKind, Spanned},
    spelling::is_near,
};

/// The members of a resource in which CloudFormation looks for no names.
const PLAIN: [&str; 2] = ["Type", "Metadata"];

/// Notes each missing name, once at each location.
pub(super) fn read(template: &Template<'_>, facts: &mut Facts) {
    if template.has_macros {
        return;
    }
    let mut walk = Walk {
        template,
        facts,
        has_conditions: false,
    };
    for resource in &template.resources {
        let path = format!("Resources.{}", resource.id);
        for member in resource.member.value.members() {
            let path = path::key(&path, &member.key);
            match member.key.as_str() {
                "DependsOn" => {
                    for name in member.value.one_or_many() {
                        walk.resource(name, member.location, &path);
                    }
                }
                "Condition" => walk.condition(&member.value, member.location, &path),
                key if PLAIN.contains(&key) => {}
                _ => walk.value(&member.value, member.location, &path),
            }
        }
    }
    for section in ["Globals", "Conditions", "Outputs"] {
        walk.has_conditions = section != "Globals";
        let Some(section) = template.root.member(section) else {
            continue;
        };
        for member in section.value.members() {
            walk.member(member, &path::key(&section.key, &member.key));
        }
    }
}

/// A pass over the values of a template.
struct Walk<'w, 'a> {
    template: &'w Template<'a>,
    facts: &'w mut Facts,
    /// Whether a string called `Condition` is the name of one. Below the properties of a resource it is any text.
    has_conditions: bool,
}

impl Walk<'_, '_> {
    /// Looks for names in the value of a member.
    fn member(&mut self, member: &Member, path: &str) {
        if self.has_conditions && member.key == "Condition" && member.value.as_str().is_some() {
            return self.condition(&member.value, member.location, path);
        }
        self.value(&member.value, member.location, path);
    }

    /// Looks for names in a value and everything below it. `at` and `path` are the key or element that holds it.
    fn value(&mut self, json: &Json, at: Location, path: &str) {
        if let [member] = json.members()
            && self.function(&member.key, &member.value, at, path)
        {
            return;
        }
        for member in json.members() {
            self.member(member, &path::key(path, &member.key));
        }
        for (index, item) in json.items().iter().enumerate() {
            self.value(item, item.location, &path::item(path, index));
        }
    }

    /// Looks for names in the argument of an intrinsic function. Returns false if `name` isn't a function that takes names.
    fn function(&mut self, name: &str, argument: &Json, at: Location, path: &str) -> bool {
        match (name, argument.items()) {
            ("Ref", _) => self.name(argument, at, path),
            ("Condition", _) if self.has_conditions && argument.as_str().is_some() => {
                self.condition(argument, at, path);
            }
            ("Fn::GetAtt", [id, ..]) => self.name(id, at, path),
            ("Fn::GetAtt", []) => self.name(argument, at, path),
            ("Fn::Sub", [text, values]) => {
                self.variables(text, Some(values), at, path);
                values
                    .members()
                    .iter()
                    .for_each(|member| self.value(&member.value, at, path));
            }
            ("Fn::Sub", _) => self.variables(argument, None, at, path),
            ("Fn::If", [condition, branches @ ..]) => {
                self.condition(condition, at, path);
                branches.iter().for_each(|branch| self.value(branch, at, path));
            }
            ("Fn::FindInMap", [mapping, keys @ ..]) => {
                self.mapping(mapping, at, path);
                keys.iter().for_each(|key| self.value(key, at, path));
            }
            (name, _) if name.starts_with("Fn::") => self.argument(argument, at, path),
            _ => return false,
        }
        true
    }

    /// Looks for names in the argument of another function. What is found there is reported at the function.
    fn argument(&mut self, argument: &Json, at: Location, path: &str) {
        match argument.items() {
            [] => self.value(argument, at, path),
            items => items.iter().for_each(|item| self.argument(item, at, path)),
        }
    }

    /// The variables of `Fn::Sub`, apart from those that its second argument gives.
    fn variables(&mut self, text: &Json, values: Option<&Json>, at: Location, path: &str) {
        for name in variables(text.as_str().unwrap_or_default()) {
            let is_given = values.is_some_and(|values| values.get(name).is_some());
            if !is_given && !name.starts_with('!') && self.template.is_missing(name) {
                self.note(NameKind::Value, name, at, path);
            }
        }
    }

    /// The logical id in `Ref` or `Fn::GetAtt`, which may itself be chosen by a function.
    fn name(&mut self, id: &Json, at: Location, path: &str) {
        match id.as_scalar() {
            Some(name) if self.template.is_missing(name) => self.note(NameKind::Value, name, at, path),
            Some(_) => {}
            None => self.value(id, at, path),
        }
    }

    /// A resource that `DependsOn` names. It can't be a parameter.
    fn resource(&mut self, id: &Json, at: Location, path: &str) {
        let is_missing =
            |name: &&str| self.template.resource(name).is_none() && !self.template.may_be_made_by_sam(name);
        if let Some(name) = id.as_scalar().filter(is_missing) {
            self.note(NameKind::Resource, name, at, path);
        }
    }

    /// A condition by its name.
    fn condition(&mut self, name: &Json, at: Location, path: &str) {
        self.in_section(NameKind::Condition, name, at, path);
    }

    /// A mapping by its name, which may itself be chosen by a function.
    fn mapping(&mut self, name: &Json, at: Location, path: &str) {
        self.in_section(NameKind::Mapping, name, at, path);
    }

    /// A name that has to be a key of a section of the template.
    fn in_section(&mut self, kind: NameKind, name: &Json, at: Location, path: &str) {
        match name.as_scalar() {
            Some(name) => {
                if self.template.root.get_path(&[kind.section(), name]).is_none() {
                    self.note(kind, name, at, path);
                }
            }
            None => self.value(name, at, path),
        }
    }

    /// Notes a missing name, with a name of the template that is nearly the same.
    fn note(&mut self, kind: NameKind, name: &str, at: Location, path: &str) {
        let name = logical_id(name);
        let location = self
            .template
            .source
            .location(at, format!("{}{path}", self.template.path));
        let is_known = |noted: &Spanned<MissingName>| noted.value.name == name && noted.location == location;
        if self.facts.missing_names.iter().any(is_known) {
            return;
        }
        self.facts.missing_names.push(Spanned {
            value: MissingName {
                kind,
                name: name.to_owned(),
                near: self.near(kind, name),
            },
            location,
        });
    }

    /// A name of the template that was probably meant.
    fn near(&self, kind: NameKind, name: &str) -> Option<String> {
        let sections: &[&str] = match kind {
            NameKind::Value => &["Resources", "Parameters"],
            _ => &[kind.section()],
        };
        let sections = sections
            .iter()
            .filter_map(|section| self.template.root.get(section));
        let mut names = sections.flat_map(Json::members).map(|member| member.key.as_str());
        names.find(|known| is_near(known, name)).map(str::to_owned)
    }
}
