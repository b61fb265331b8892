//! Messages against the decryptor, without any KMS.

mod damage;
mod known_answers;
mod rows;
