//! Pagination.
//!
//! Pages are stable under changes: a page begins after the last key of the previous page. If that item is deleted between
//! two pages, no other item is skipped.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use crate::call::Input;
use crate::error::ApiError;

/// The page that a call requests.
///
/// A token holds the last key of the previous page and the other members of its call, which must stay the same.
#[derive(Debug)]
pub(super) struct Page {
    /// The maximum number of items on the page.
    limit: usize,
    /// The name of the member that carries the token: `NextToken` or `PaginationToken`.
    token_member: &'static str,
    /// `None` for the first page.
    after: Option<String>,
    /// The members that must be the same on every page, such as the filter.
    call: Map<String, Value>,
}

impl Page {
    /// Reads the members of a call. A limit of 0 counts as missing.
    ///
    /// `most` is the maximum number of items that Cognito puts on a page. A larger limit counts as `most`.
    ///
    /// # Errors
    /// `InvalidParameterException` if the token can't be read, or comes from a call with other members.
    pub(super) fn read(
        input: &Input,
        limit_member: &str,
        token_member: &'static str,
        most: usize,
    ) -> Result<Self, ApiError> {
        let limit = input
            .integer(limit_member)
            .and_then(|limit| usize::try_from(limit).ok());
        let limit = limit.filter(|limit| *limit > 0).unwrap_or(most).min(most);
        let mut call = input.members().clone();
        call.remove(token_member);
        call.remove(limit_member);
        // The next page may be requested with a newer token.
        call.remove("AccessToken");
        let invalid = || ApiError::invalid_parameter(format!("Invalid {token_member}."));
        let after = match input.get_string(token_member) {
            None => None,
            Some(token) => {
                let json = URL_SAFE_NO_PAD.decode(token).ok();
                let content: Value = json
                    .and_then(|json| serde_json::from_slice(&json).ok())
                    .ok_or_else(invalid)?;
                if content.get("call").and_then(Value::as_object) != Some(&call) {
                    return Err(invalid());
                }
                let after = content.get("after").and_then(Value::as_str).ok_or_else(invalid)?;
                Some(after.to_owned())
            }
        };
        Ok(Self {
            limit,
            token_member,
            after,
            call,
        })
    }

    /// The last key of the previous page.
    ///
    /// `None` for the first page.
    pub(super) fn after(&self) -> Option<&str> {
        self.after.as_deref()
    }

    /// The answer with one page of the items after [`after`](Self::after), each with its key.
    ///
    /// `member` is the name of the list. The answer has a token only if more items follow.
    pub(super) fn answer<'a>(&self, member: &str, items: impl Iterator<Item = (&'a str, Value)>) -> Value {
        let mut items = items.peekable();
        let mut page = Vec::new();
        let mut last = None;
        while page.len() < self.limit
            && let Some((key, item)) = items.next()
        {
            page.push(item);
            last = Some(key);
        }
        let mut answer = Map::from_iter([(member.to_owned(), Value::Array(page))]);
        if let (Some(last), Some(_)) = (last, items.peek()) {
            let content = json!({ "after": last, "call": self.call });
            let token = URL_SAFE_NO_PAD.encode(content.to_string());
            answer.insert(self.token_member.to_owned(), Value::String(token));
        }
        Value::Object(answer)
    }
}

/// The items after a key. `items` is sorted by key.
pub(super) fn behind<'a>(
    items: impl Iterator<Item = (&'a str, Value)>,
    after: Option<&str>,
) -> impl Iterator<Item = (&'a str, Value)> {
    items.skip_while(move |(key, _)| after.is_some_and(|after| *key <= after))
}
