//! Users of identity providers: which attributes they bring, who may sign up, and whose account they are linked to.
//!
//! | file | what it has |
//! |---|---|
//! | `inbound.rs` | the handler that maps a provider's attributes |
//! | `sign_up.rs` | the handler that decides on a sign-up, and links accounts |
//! | `providers.rs` | which provider vouches for which email addresses |
//! | `groups.rs` | which groups of which provider reach the pool |
//! | `lists.rs` | how the variables name values of providers |
//! | `directory.rs`, `cognito.rs`, `memory.rs` | the users of the pool: what is asked, by the AWS SDK, and in tests |

pub mod app;
pub mod cognito;
pub mod directory;
pub mod groups;
pub mod inbound;
pub mod lists;
pub mod memory;
pub mod providers;
pub mod sign_up;

pub use crate::app::App;

use cognito_triggers::{Router, router};

use crate::directory::Directory;

/// The router: the handler for each trigger.
pub fn triggers<D: Directory>() -> Router<App<D>> {
    router! {
        inbound_federation => inbound::map_attributes,
        pre_sign_up        => sign_up::decide,
    }
}
