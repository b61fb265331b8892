//! A visit to a page, and what its form may do.

use std::sync::Arc;

use serde_json::{Value, json};

use super::Reply;
use super::browser::Browser;
use crate::error::ApiError;
use crate::oauth::authorize::AuthorizeRequest;
use crate::oauth::location::Location;
use crate::operations::{self, Caller};
use crate::secret_hash;
use crate::service::Service;

/// A visit to a page, whose authorization request is checked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Visit<'a> {
    pub(super) service: &'a Arc<Service>,
    pub(super) request: &'a AuthorizeRequest,
    pub(super) browser: &'a Browser,
}

impl Visit<'_> {
    /// A page with the cookie that its form needs.
    pub(super) fn page(&self, status: u16, html: String) -> Reply {
        Reply {
            cookies: self.browser.csrf_cookie().into_iter().collect(),
            ..Reply::page(status, html)
        }
    }

    /// Sends the browser to another page of the same sign-in, with the user name.
    pub(super) fn go_to(&self, path: &str, user_name: &str, notice: &str) -> Reply {
        let mut query = self.request.query.clone();
        for (name, value) in [("username", user_name), ("notice", notice)] {
            if !value.is_empty() {
                query = query.with(name, value);
            }
        }
        Location(query.appended_to(path, '?')).into()
    }

    /// Runs an operation of the API for the client of the page.
    ///
    /// # Errors
    /// Those of the operation.
    pub(super) async fn run(
        &self,
        operation: &'static str,
        user_name: &str,
        mut input: Value,
    ) -> Result<Value, ApiError> {
        let client = &self.request.client;
        if let Some(members) = input.as_object_mut() {
            members.insert("ClientId".to_owned(), json!(client.id));
            members.insert("Username".to_owned(), json!(user_name));
            if let Some(secret) = &client.secret {
                let hash = secret_hash::of(user_name, &client.id, secret);
                members.insert("SecretHash".to_owned(), json!(hash));
            }
        }
        operations::serve_json(self.service, operation, input, Caller::default()).await
    }
}
