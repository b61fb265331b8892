//! `AWS::Cognito::UserPoolClient`: its pool, and the authentication flows that it allows.
//!
//! ```yaml
//! UserPoolClient:
//!   Type: AWS::Cognito::UserPoolClient
//!   Properties:
//!     UserPoolId: !Ref UserPool
//!     ExplicitAuthFlows: [ALLOW_USER_SRP_AUTH, ALLOW_CUSTOM_AUTH]
//! ```

use super::{
    intrinsics::resolve,
    template::{Resource, Template},
};
use crate::{
    facts::{Client, Facts, Setting, Spanned},
    template_string::TemplateString,
};

/// Reads an app client.
pub(super) fn read<'a>(template: &Template<'a>, resource: Resource<'a>, facts: &mut Facts) {
    let mut has_unresolved_flow = false;
    let member = template.property(resource, "ExplicitAuthFlows");
    let flows = match member.and_then(|member| Some((member, resolve(&member.value)?))) {
        None => Setting::Absent,
        Some((member, value)) => {
            let flows = template.strings(value);
            has_unresolved_flow = flows.iter().any(|flow| flow.unresolved().is_some());
            Setting::Is(Spanned {
                value: flows.iter().map(TemplateString::to_string).collect(),
                location: template.location(resource, member, "Properties.ExplicitAuthFlows"),
            })
        }
    };
    let pool = resource.property("UserPoolId").map(|id| template.string(id));
    facts.clients.push(Client {
        pool: pool.unwrap_or_default(),
        source: template.index,
        location: template.location_of(resource),
        flows,
        has_unresolved_flow,
    });
}
