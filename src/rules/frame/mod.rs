//! Cutting text into records.
use crate::rules::source::Format;
use std::borrow::Cow;
/// r
pub struct Record<'t> {
    pub first_line: u64,
    pub last_line: u64,
    pub text: Cow<'t, str>,
    pub fields: Vec<(Cow<'t, str>, Cow<'t, str>)>,
}
/// f
pub struct Framed<'t> {
    pub records: Vec<Record<'t>>,
    pub absent: Vec<&'static str>,
    pub note: Option<String>,
}
/// f
pub fn frame(_f: Format, _t: &str) -> Framed<'_> {
    Framed {
        records: vec![],
        absent: vec![],
        note: None,
    }
}
/// k
pub fn knows(_f: Format, _t: &str) -> bool {
    false
}
