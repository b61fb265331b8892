#![doc = include_str!("../README.md")]

mod item;
mod sdk_error;
mod seal;
mod settings;
mod store;

pub use seal::AnswerSeal;
pub use store::{DynamoStore, TABLE_VARIABLE};
