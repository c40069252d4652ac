//! Reads the front matter of a page as it was written.
//!
//! Invariant: every value that a lint can point at has its place. A key that is missing was told of and has the value
//! that harms least, so that the rest of the page is judged too.

use crate::code::{keys, page as code};
use crate::kb::page::{Change, Downtime};
use crate::kb::read::faults::Faults;
use crate::kb::read::fields::{Fields, check_id, is_id};
use crate::kb::read::node::Node;
use crate::rules::language::issue::{Confidence, Kind, Risk, Severity, Status};
use crate::text::{Span, Spanned};

const KINDS: [(&str, Kind); 2] = [("issue", Kind::Issue), ("guide", Kind::Guide)];
pub(crate) const SEVERITIES: [(&str, Severity); 5] = [
    ("critical", Severity::Critical),
    ("high", Severity::High),
    ("medium", Severity::Medium),
    ("low", Severity::Low),
    ("info", Severity::Info),
];
pub(crate) const CONFIDENCES: [(&str, Confidence); 3] = [
    ("high", Confidence::High),
    ("medium", Confidence::Medium),
    ("low", Confidence::Low),
];
const STATUSES: [(&str, Status); 3] = [
    ("draft", Status::Draft),
    ("stable", Status::Stable),
    ("deprecated", Status::Deprecated),
];
const RISKS: [(&str, Risk); 3] = [("low", Risk::Low), ("medium", Risk::Medium), ("high", Risk::High)];

const DOWNTIMES: [(&str, Downtime); 4] = [
    ("none", Downtime::None),
    ("services", Downtime::Services),
    ("setup", Downtime::Setup),
    ("restart", Downtime::Restart),
];

/// The keys of a page.
#[derive(Debug, Clone)]
pub(crate) struct FrontMatter {
    pub title: Spanned<String>,
    pub kind: Kind,
    pub severity: Severity,
    pub confidence: Confidence,
    pub status: Spanned<Status>,
    pub superseded_by: Option<Spanned<String>>,
    pub applies_to: Vec<Spanned<String>>,
    pub risk: Spanned<Risk>,
    pub downtime: Option<Spanned<Downtime>>,
    pub phase: Option<Spanned<String>>,
    pub tags: Vec<Spanned<String>>,
    pub aliases: Vec<Spanned<String>>,
    pub supersedes: Vec<Spanned<String>>,
    pub overlaps: Vec<Spanned<String>>,
    pub codes: Vec<Spanned<String>>,
    pub summary: Spanned<String>,
    pub detection: Option<Spanned<Node>>,
    pub references: Vec<(String, Spanned<String>)>,
    pub changes: Vec<Change>,
    pub last_verified: Option<Spanned<String>>,
    pub allow: Vec<Allow>,
    /// The first key, for what concerns the page as a whole.
    pub head: Span,
}

/// A fault that the page may have, and why.
#[derive(Debug, Clone)]
pub(crate) struct Allow {
    pub code: Spanned<String>,
}

/// Reads the keys.
pub(crate) fn read(node: &Node, faults: &Faults) -> Option<FrontMatter> {
    let fields = Fields::open(node, "a page's front matter", faults)?;
    let kind = fields.choice("kind", &KINDS).map(|kind| kind.value).unwrap_or_default();
    let severity = fields.choice("severity", &SEVERITIES).map(|severity| severity.value);
    let confidence = fields
        .choice("confidence", &CONFIDENCES)
        .map(|confidence| confidence.value);
    let risk = fields.choice("risk", &RISKS);
    if kind == Kind::Issue {
        for name in ["severity", "confidence", "risk"] {
            fields.missing(name);
        }
    }
    let nowhere = Span::new(node.span.start, node.span.start);
    let empty = || Spanned::new(String::new(), nowhere);
    let applies_to = fields.strings("applies_to");
    fields.missing("applies_to");
    let detection = fields
        .entry("detection")
        .map(|(key, node)| Spanned::new(node.clone(), key.span));
    let front = FrontMatter {
        title: fields.required_string("title").unwrap_or_else(empty),
        kind,
        severity: severity.unwrap_or(Severity::Info),
        confidence: confidence.unwrap_or(Confidence::High),
        status: fields
            .choice("status", &STATUSES)
            .unwrap_or(Spanned::new(Status::Stable, nowhere)),
        superseded_by: fields.string("superseded_by"),
        applies_to,
        risk: risk.unwrap_or(Spanned::new(Risk::Low, nowhere)),
        downtime: fields.choice("downtime", &DOWNTIMES),
        phase: fields.string("phase"),
        tags: ids(&fields, "tags"),
        aliases: ids(&fields, "aliases"),
        supersedes: fields.strings("supersedes"),
        overlaps: fields.strings("overlaps"),
        codes: fields.strings("codes"),
        summary: fields.required_string("summary").unwrap_or_else(empty),
        detection,
        references: fields
            .list("references")
            .iter()
            .filter_map(|node| reference(node, faults))
            .collect(),
        changes: fields
            .list("changes")
            .iter()
            .filter_map(|node| change(node, faults))
            .collect(),
        last_verified: fields.string("last_verified").filter(|day| is_day(day, faults)),
        allow: fields
            .list("allow")
            .iter()
            .filter_map(|node| allow(node, faults))
            .collect(),
        head: Span::new(
            node.span.start,
            faults
                .text()
                .line_span(faults.text().line_col(node.span.start).line)
                .end,
        ),
    };
    fields.finish();
    Some(front)
}

fn ids(fields: &Fields<'_>, name: &'static str) -> Vec<Spanned<String>> {
    let found = fields.strings(name);
    found.iter().for_each(|id| check_id(id, fields.faults));
    found.into_iter().filter(|id| is_id(&id.value)).collect()
}

fn reference(node: &Node, faults: &Faults) -> Option<(String, Spanned<String>)> {
    let fields = Fields::open(node, "a reference", faults)?;
    let (title, url) = (fields.required_string("title"), fields.required_string("url"));
    fields.finish();
    let (title, url) = (title?, url?);
    if !url.value.starts_with("https://") {
        let fault = faults.fault(
            &keys::NOT_HTTPS,
            url.span,
            format!("`{}` is not an https address", url.value),
        );
        faults.push(fault.help("begin it with `https://`"));
    }
    Some((title.value, url))
}

fn allow(node: &Node, faults: &Faults) -> Option<Allow> {
    let fields = Fields::open(node, "an `allow`", faults)?;
    let (code, reason) = (fields.required_string("code"), fields.required_string("reason"));
    fields.finish();
    if let Some(reason) = reason.filter(|reason| reason.value.trim().is_empty()) {
        let fault = faults.fault(&code::ALLOW_WITHOUT_REASON, reason.span, "the reason is empty");
        faults.push(fault.help("say why the page is right as it is"));
    }
    Some(Allow { code: code? })
}

fn change(node: &Node, faults: &Faults) -> Option<Change> {
    let fields = Fields::open(node, "a change", faults)?;
    let (day, what) = (fields.required_string("day"), fields.required_string("what"));
    fields.finish();
    let day = day.filter(|day| is_day(day, faults))?;
    Some(Change {
        day: day.value,
        what: what?.value,
    })
}

/// Whether a text is a day; when it is not, that is told.
fn is_day(date: &Spanned<String>, faults: &Faults) -> bool {
    let is_day = date.value.parse::<Day>().is_ok();
    if !is_day {
        let message = format!("`{}` is not a day", date.value);
        let fault = faults.fault(&keys::BAD_DATE, date.span, message);
        faults.push(fault.help("write year, month and day: `\"2026-11-20\"`"));
    }
    is_day
}

/// A day of the calendar; only whether it is one matters here.
struct Day;

impl std::str::FromStr for Day {
    type Err = ();

    fn from_str(text: &str) -> Result<Day, ()> {
        let is_shaped = text.len() == 10
            && text.bytes().enumerate().all(|(at, b)| {
                if matches!(at, 4 | 7) {
                    b == b'-'
                } else {
                    b.is_ascii_digit()
                }
            });
        if !is_shaped {
            return Err(());
        }
        let number = |part: &str| part.parse::<u32>().map_err(|_| ());
        let (year, month, day) = (number(&text[..4])?, number(&text[5..7])?, number(&text[8..])?);
        let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = match month {
            2 if is_leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return Err(()),
        };
        if (1..=days).contains(&day) { Ok(Day) } else { Err(()) }
    }
}
