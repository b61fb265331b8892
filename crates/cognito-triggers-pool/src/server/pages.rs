//! The page that the link of a sign-up message opens.

use std::sync::Arc;

use hyper::Request;
use hyper::body::Incoming;
use serde_json::{Map, Value};

use super::body::Answer;
use super::web::page_answer;
use crate::form::Form;
use crate::managed_login::{Reply, message_page};
use crate::operations;
use crate::service::Service;

/// Whether a request comes from the link, rather than from managed login, whose page has the same path.
pub(super) fn is_confirmation(request: &Request<Incoming>) -> bool {
    let query = Form::parse(request.uri().query().unwrap_or_default());
    request.uri().path() == "/confirmUser" && query.get("response_type").is_none()
}

/// Confirms the user whom the link names.
pub(super) async fn confirm_user(request: &Request<Incoming>, service: &Arc<Service>) -> Answer {
    let query = Form::parse(request.uri().query().unwrap_or_default());
    let members = [
        ("ClientId", "client_id"),
        ("Username", "user_name"),
        ("ConfirmationCode", "confirmation_code"),
    ];
    let input: Map<_, _> = members
        .into_iter()
        .filter_map(|(member, name)| Some((member.to_owned(), Value::String(query.get(name)?.to_owned()))))
        .collect();
    let (status, text) = match operations::confirm_by_link(service, Value::Object(input)).await {
        Ok(_) => (200, "Your registration has been confirmed!".to_owned()),
        Err(error) => (400, error.message().to_owned()),
    };
    page_answer(Reply::page(status, message_page("Confirmation", &text)))
}
