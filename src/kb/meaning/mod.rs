//! Gives values their meaning: lowers rules, and checks captures and advice against them.

pub(in crate::kb) mod advice;
pub(in crate::kb) mod captures;
pub(in crate::kb) mod conditions;
pub(in crate::kb) mod detection;
pub(in crate::kb) mod draft;
pub(in crate::kb) mod ids;
pub(in crate::kb) mod known_fields;
pub(in crate::kb) mod nameable;
pub(in crate::kb) mod source;
