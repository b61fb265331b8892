//! Reading a source into a document, whichever language it is written in.
//!
//! The document type is [`Json`], which knows the location of every value and key. JSON is parsed by the model, and YAML by
//! the module below.

mod yaml;

use cognito_triggers_model::json::Json;

use crate::source::{Language, ReadError, Source};

/// Reads JSON if the text begins with a brace, YAML otherwise.
///
/// The short forms of CloudFormation's functions (`!GetAtt A.B`) become the long ones (`{"Fn::GetAtt": "A.B"}`), so that
/// the other modules handle only one form. Repeated keys are kept.
pub(crate) fn read(source: &Source) -> Result<Json, ReadError> {
    match source.language() {
        Language::Yaml => yaml::read(source),
        Language::Json | Language::Terraform => {
            Json::parse_with_repeated_keys(source.text()).map_err(|error| {
                let at = (error.line, error.column);
                ReadError::new(source, Some(at), format!("not JSON: {}", error.problem))
            })
        }
    }
}
