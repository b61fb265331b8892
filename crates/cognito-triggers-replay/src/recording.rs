//! Plays a recording of a local user pool again, and finds the first thing that other functions do differently.
//!
//! A [`Playback`] starts from what was served when the recording began, makes the recorded calls in order, and compares with each of
//! them the triggers, their events and answers, the messages, the answer of the call, and the claims of tokens.
//!
//! | not compared | why |
//! |---|---|
//! | dates, `iat`, `exp`, `auth_time` | the validity `exp - iat` is compared |
//! | ids that the pool makes, such as a `sub` | but it has to be the same id wherever the recording has the same one |
//! | secrets | but it has to be the same value wherever the recording has the same placeholder |
//! | what custom senders send | but it is reported if one fails |
//! | the duration of calls, and logs | |
//!
//! A recording has no secrets. The player takes them from earlier answers and messages of this run; passwords that a user chose are
//! made up, and SRP and secret hashes are computed with them. A call that needs anything else isn't made, and neither is one of a
//! page or an OAuth endpoint: [`Played::not_made`] says why, and such a call is never counted as the same.
//!
//! ```
//! use cognito_triggers_pool::{LocalPool, recording::Recording};
//! use cognito_triggers_replay::{Style, recording::Playback};
//! use serde_json::json;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let path = std::env::temp_dir().join(format!("playback-{}", std::process::id()));
//! let pool = LocalPool::builder().record(std::fs::File::create_new(&path)?).start().await?;
//! pool.call("SignUp", json!({ "ClientId": "localclient", "Username": "ana", "Password": "Passw0rd!" })).await?;
//!
//! let playback = Playback::new(Recording::parse(&std::fs::read_to_string(&path)?)?);
//! assert_eq!(playback.recording().calls().count(), 1);
//! // A function that looks at the password needs the right one.
//! let playback = playback.value("password-1", "Passw0rd!")?;
//! let pool = playback.builder().start().await?;
//! let played = playback.play(&pool).await;
//! assert_eq!((played.same, played.difference.is_none()), (1, true));
//! assert_eq!(Style::default().playback(&played), "1 call the same\n");
//! # std::fs::remove_file(&path)?;
//! # Ok(())
//! # }
//! ```

mod compare;
mod order;
mod passwords;
mod pieces;
mod player;
mod report;
mod request;
mod values;

pub use self::player::Playback;
pub use self::report::{Changed, FailedSender, Found, NotMade, Played};
