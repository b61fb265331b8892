//! The security review of sign-in, the OAuth endpoints and the pages. Each point is a test.
//!
//! | point | tests |
//! |---|---|
//! | redirect URIs are matched as a whole; no open redirect | `security::redirects`; rows `/oauth2/authorize` and `/logout` of `truth/oauth.json` |
//! | PKCE | `security::pkce`; rows FE-08 |
//! | `state` and `nonce` come back, and belong to one browser | `security::state`; `oidc` |
//! | session fixation | `managed_login::a_sign_in_makes_a_new_session`; `sessions` |
//! | no text becomes HTML or a header | `security::html`; `managed_login`, `federation` |
//! | one token isn't another | `security::tokens`; rows of `/oauth2/userInfo`; `managed_login::a_code_and_a_session_belong_to_one_pool` |
//! | `SECRET_HASH` | `security::secret_hash`; unit tests of `secret_hash.rs` |
//! | edge values of SRP | `security::srp`; rows SRP-15 and SRP-17; unit tests of `cognito-triggers-srp` |
//! | an unknown user takes as much work as a known one | `security::unknown_users` |
//! | requests of other sites, to pages, the API and `/_dev` | `security::cross_site`; `managed_login`, `hostile` |
//! | ID tokens of providers | unit tests of `federation/id_token.rs`; `security::providers` |

mod cross_site;
mod html;
mod pkce;
mod providers;
mod redirects;
mod secret_hash;
mod srp;
mod state;
mod tokens;
mod unknown_users;
