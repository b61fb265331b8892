//! The form that asks for a passkey.
//!
//! Only a script can reach an authenticator, so the pages with this form are the only ones that have one. It is always the same text, whose
//! hash is in the policy of the page: the options are data in an attribute, and no other script runs.

use serde_json::Value;

use super::browser::Browser;
use super::html::{Form, escape};
use crate::state::Step;
use crate::webauthn::is_origin_of;

/// The script of a form that asks for a passkey.
pub(crate) const SCRIPT: &str = r#"
const field = document.querySelector("[data-ceremony]");
field.form.addEventListener("submit", async (event) => {
  if (field.value) return;
  event.preventDefault();
  const problem = document.getElementById("problem");
  problem.hidden = true;
  try {
    const options = JSON.parse(field.dataset.options);
    const credential = field.dataset.ceremony === "create"
      ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
      : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
    field.value = JSON.stringify(credential);
    field.form.submit();
  } catch (error) {
    problem.textContent = `The browser has no passkey for this page: ${error.message}`;
    problem.hidden = false;
  }
});
"#;

/// What a form asks the authenticator for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ceremony {
    /// To make a passkey.
    Create,
    /// To sign with one.
    Get,
}

/// Ends a form whose button asks for a passkey. The field `credential` has the result.
pub(super) fn ask(form: Form, ceremony: Ceremony, options: &str, label: &str) -> String {
    let ceremony = match ceremony {
        Ceremony::Create => "create",
        Ceremony::Get => "get",
    };
    let options = escape(options);
    let field = format!(
        "<input type=\"hidden\" name=\"credential\" value=\"\" data-ceremony=\"{ceremony}\" data-options=\"{options}\">\n\
         <p id=\"problem\" class=\"error\" role=\"alert\" hidden></p>\n\
         <noscript><p class=\"error\">A passkey needs a browser that runs scripts.</p></noscript>\n"
    );
    form.raw(&field).submit(label) + "<script>" + SCRIPT + "</script>\n"
}

/// The RP ID of a step that asks for a passkey. `None` for any other step.
pub(super) fn party_of(step: &Step) -> Option<String> {
    let options = step.parameters.get("CREDENTIAL_REQUEST_OPTIONS")?.as_str()?;
    let options: Value = serde_json::from_str(options).ok()?;
    Some(options.get("rpId")?.as_str()?.to_owned())
}

/// Why the browser would refuse passkeys at this page. `None` if it wouldn't.
pub(super) fn elsewhere(browser: &Browser, party: &str) -> Option<String> {
    let address = browser.address();
    (!is_origin_of(party, address)).then(|| {
        format!(
            "The passkeys of this user pool belong to {party}, and this page is at {address}. Open it at a host of {party}, or \
             set another RelyingPartyId."
        )
    })
}
