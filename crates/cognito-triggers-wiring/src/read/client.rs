//! `AWS::Cognito::UserPoolClient`.

use super::{
    template::{Resource, Template},
    text::settled,
};
use crate::model::{Client, Facts, Setting, Spot, Text};

pub(super) fn read<'a>(template: &Template<'a>, resource: Resource<'a>, facts: &mut Facts) {
    let mut open_ended = false;
    let flows = match template.property(resource, "ExplicitAuthFlows") {
        None => Setting::Absent,
        Some(entry) => {
            let place = template.place(resource, entry, "Properties.ExplicitAuthFlows");
            let value = settled(&entry.value);
            let texts: Vec<Text> = value
                .into_iter()
                .flat_map(|node| node.one_or_many())
                .map(|node| template.text(node))
                .collect();
            open_ended = texts.iter().any(|text| text.later().is_some());
            Setting::Is(Spot {
                value: texts.iter().map(Text::to_string).collect(),
                place,
            })
        }
    };
    facts.clients.push(Client {
        pool: resource
            .property("UserPoolId")
            .map(|id| template.text(id))
            .unwrap_or_default(),
        source: template.index,
        place: template
            .source
            .place(resource.entry.at, format!("Resources.{}", resource.id)),
        flows,
        open_ended,
    });
}
