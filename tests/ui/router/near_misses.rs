//! Names that are nearly those of routes, and one that isn't near any.

use cognito_triggers::{Router, pass_through, router};

fn triggers() -> Router<()> {
    router! {
        presignup => |_, _| async { Ok(Default::default()) },
        custom_sms => |_, _| async { Ok(Default::default()) },
        define_auth_challange_response => |_, _| async { Ok(Default::default()) },
        otherwise => pass_through,
        sign_in => |_, _| async { Ok(Default::default()) },
    }
}

fn main() {
    let _: Router<()> = triggers();
}
