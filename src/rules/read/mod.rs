//! Bytes become hits: decode the text, recognise the source, cut records, ask each its questions, note what holds.

pub(in crate::rules) mod charset;
pub mod decode;
pub(in crate::rules) mod file_evidence;
pub mod file_report;
pub mod frame;
pub(in crate::rules) mod hit;
pub(in crate::rules) mod ledger;
pub(in crate::rules) mod parts;
pub(in crate::rules) mod pasted;
pub(in crate::rules) mod places;
pub(in crate::rules) mod reading;
pub(in crate::rules) mod recognise;
pub mod records;
pub(in crate::rules) mod restate;
pub(in crate::rules) mod rows;
pub(in crate::rules) mod signature;
pub(in crate::rules) mod stream;
pub(in crate::rules) mod unwrap;
pub(in crate::rules) mod view;
pub(in crate::rules) mod watch;
