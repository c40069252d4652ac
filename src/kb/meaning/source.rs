//! Reads `kb/sources/*.yaml`: the definition of a log source.
//!
//! Invariant: a source that is read is complete: its patterns are portable, its conditions are lowered, and each field
//! name is used once.

use std::collections::BTreeMap;

use crate::code::{keys, source as code};
use crate::kb::meaning::conditions::{self, regex};
use crate::kb::meaning::known_fields::KnownFields;
use crate::kb::page::Phase;
use crate::kb::read::faults::Faults;
use crate::kb::read::fields::{Fields, check_id, list, strings, wrong_type};
use crate::kb::read::node::{Node, Value};
use crate::kb::read::suggest::one_of;
use crate::rules::language::build::Builds;
use crate::rules::language::pattern::Pattern;
use crate::rules::language::source::{Blocks, Condition, Derive, Fact, Format, Restate, RunPhase, Runs, Source, Split};
use crate::rules::language::template::Template;
use crate::text::Spanned;

const FORMATS: [(&str, Format); 7] = [
    ("records", Format::Records),
    ("lines", Format::Lines),
    ("paragraphs", Format::Paragraphs),
    ("windows-event", Format::WindowsEvent),
    ("registry", Format::Registry),
    ("xml", Format::Xml),
    ("service-list", Format::ServiceList),
];

/// A source and what rules may ask of it. `stem` is the name of the file without its extension, `phases` what the book
/// lists when its list can be read.
pub(crate) fn read(
    node: &Node,
    stem: &str,
    phases: Option<&[Phase]>,
    faults: &Faults,
) -> Option<(Source, KnownFields)> {
    let fields = Fields::open(node, "a source", faults)?;
    let id = fields.required_string("id");
    if let Some(id) = &id {
        check_id(id, faults);
        if id.value != stem {
            let message = format!("the source `{}` is in a file with another name", id.value);
            let fault = faults.fault(&code::ID_DIFFERS_FROM_FILE, id.span, message);
            faults.push(fault.help(format!("rename the file to `{}.yaml`", id.value)));
        }
    }
    let title = fields.required_string("title");
    let collect = fields.required_string("collect");
    let format = fields.required_choice("format", &FORMATS);
    let format_value = format.map_or(Format::Lines, |format| format.value);
    let mut source = Source {
        id: stem.to_owned(),
        requires: Vec::new(),
        title: title.map(|title| title.value).unwrap_or_default(),
        collect: collect
            .map(|collect| collect.value.trim().to_owned())
            .unwrap_or_default(),
        format: format_value,
        files: file_globs(&fields),
        content: patterns(&fields, "content"),
        headers: patterns(&fields, "headers"),
        pasted_headers: patterns(&fields, "pasted_headers"),
        pasted_lines: patterns(&fields, "pasted_lines"),
        restate: fields
            .list("restate")
            .iter()
            .filter_map(|node| restate(node, faults))
            .collect(),
        split: fields
            .list("split")
            .iter()
            .filter_map(|node| split(node, faults))
            .collect(),
        derive: derives(&fields, "derive"),
        runs: None,
        blocks: None,
        pasted: pasted(&fields),
    };
    header_rules(&fields, &source, format.is_some());
    source.blocks = fields.node("blocks").and_then(|node| blocks(node, faults));
    let known = match format {
        Some(_) => KnownFields::new(&source),
        None => KnownFields::of_unknown_source(),
    };
    source.runs = fields.node("runs").and_then(|node| runs(node, &known, phases, faults));
    if let (Some(blocks), Some(node)) = (&mut source.blocks, fields.node("blocks")) {
        blocks.opens = conditions_of(node, "opens", &known, faults);
        blocks.announces = conditions_of(node, "announces", &known, faults);
        blocks.closes = conditions_of(node, "closes", &known, faults);
        blocks.dismisses = conditions_of(node, "dismisses", &known, faults);
    }
    unknown_fields(&fields, &source, &known);
    fields.finish();
    Some((source, known))
}

/// Format `records` needs headers; the other formats find their records themselves.
fn header_rules(fields: &Fields<'_>, source: &Source, is_certain: bool) {
    if !is_certain {
        return;
    }
    let is_records = source.format == Format::Records;
    let name = if is_records { "format" } else { "headers" };
    if is_records && source.headers.is_empty() && !fields.has("headers") {
        let message = "format `records` needs `headers`";
        fields.faults.push(
            fields
                .faults
                .fault(&code::HEADERS_OF_RECORDS, fields.key_span(name), message)
                .help("use `headers` only with the format `records`"),
        );
    }
    if !is_records && !source.headers.is_empty() {
        let message = "only format `records` has `headers`";
        fields.faults.push(
            fields
                .faults
                .fault(&code::HEADERS_OF_RECORDS, fields.key_span(name), message)
                .help("use `headers` only with the format `records`"),
        );
    }
}

fn file_globs(fields: &Fields<'_>) -> Vec<String> {
    let globs = fields.strings("files");
    for glob in globs.iter().filter(|glob| glob.value.contains(['/', '\\', '?', '['])) {
        let message = format!("`{}` is not a file name with `*`", glob.value);
        let fault = fields.faults.fault(&code::BAD_FILE_PATTERN, glob.span, message);
        fields
            .faults
            .push(fault.help("name the file without its folder; `*` matches any number of characters"));
    }
    globs.into_iter().map(|glob| glob.value).collect()
}

fn patterns(fields: &Fields<'_>, name: &'static str) -> Vec<Pattern> {
    let read = |source: &Spanned<String>| regex(source, fields.faults).map(|placed| placed.pattern);
    fields.strings(name).iter().filter_map(read).collect()
}

fn split(node: &Node, faults: &Faults) -> Option<Split> {
    let fields = Fields::open(node, "a split", faults)?;
    let part = |name| fields.required_string(name).map(|text| text.value);
    let (field, starts_with, at) = (part("field"), part("starts_with"), part("at"));
    let (before, after) = (part("before"), part("after"));
    fields.finish();
    Some(Split {
        field: field?,
        starts_with: starts_with?,
        at: at?,
        before: before?,
        after: after?,
    })
}

fn restate(node: &Node, faults: &Faults) -> Option<Restate> {
    let fields = Fields::open(node, "a restatement", faults)?;
    let (source, says) = (fields.required_string("regex"), fields.required_string("says"));
    fields.finish();
    let (placed, says) = (regex(&source?, faults)?, says?);
    let template = Template::parse(&says.value).ok().filter(|says| {
        let groups = placed.pattern.groups();
        says.names()
            .all(|(name, _)| name == "above" || groups.iter().any(|group| group == name))
    });
    if template.is_none() {
        let message = "the text uses a value that the pattern does not capture";
        let fault = faults.fault(&code::PATTERN_WITHOUT_GROUPS, says.span, message);
        faults.push(fault.help("write `{{above}}` or `{{name}}` for a group of `regex`"));
    }
    Some(Restate {
        regex: placed.pattern,
        says: template?,
    })
}

fn derives(fields: &Fields<'_>, name: &'static str) -> Vec<Derive> {
    fields
        .list(name)
        .iter()
        .filter_map(|node| derive(node, fields.faults))
        .collect()
}

fn derive(node: &Node, faults: &Faults) -> Option<Derive> {
    let fields = Fields::open(node, "a derived field", faults)?;
    let (field, source) = (fields.required_string("field"), fields.required_string("regex"));
    fields.finish();
    let placed = regex(&source?, faults)?;
    if placed.pattern.groups().is_empty() {
        let fault = faults.fault(
            &code::PATTERN_WITHOUT_GROUPS,
            placed.span(),
            "the pattern names no group",
        );
        faults.push(fault.help("add a named group: `(?<name>…)`"));
    }
    Some(Derive {
        field: field?.value,
        regex: placed.pattern,
    })
}

fn runs(node: &Node, known: &KnownFields, listed: Option<&[Phase]>, faults: &Faults) -> Option<Runs> {
    let fields = Fields::open(node, "`runs`", faults)?;
    fields.node("starts");
    fields.missing("starts");
    let facts = fields
        .list("facts")
        .iter()
        .filter_map(|node| derive(node, faults).map(|fact| (node, fact)));
    let facts = facts.map(|(node, fact)| {
        check_fields(node.get("field"), known, faults);
        Fact {
            field: fact.field,
            regex: fact.regex,
        }
    });
    let runs = Runs {
        starts: conditions(&fields, "starts", known),
        ends: conditions(&fields, "ends", known),
        success: conditions(&fields, "success", known),
        failure: conditions(&fields, "failure", known),
        facts: facts.collect(),
        phases: phases(&fields, known, listed),
        always_started: fields.bool("always_started").unwrap_or_default(),
        short: fields.integer("short").map_or(0, |short| short.value),
    };
    fields.finish();
    Some(runs)
}

/// `phases: {ID: [CONDITION]}`, in the order of the book's list.
fn phases(fields: &Fields<'_>, known: &KnownFields, listed: Option<&[Phase]>) -> Vec<RunPhase> {
    let Some(node) = fields.node("phases") else {
        return Vec::new();
    };
    let Value::Map(entries) = &node.value else {
        wrong_type(
            fields.faults,
            node,
            "phases",
            "a mapping of phases to the records that begin them",
        );
        return Vec::new();
    };
    let mut begins: BTreeMap<&str, Vec<Condition>> = BTreeMap::new();
    for (id, node) in entries {
        let names = || listed.into_iter().flatten().map(|phase| phase.id.as_str());
        if listed.is_some() && !names().any(|name| name == id.value) {
            let message = format!("there is no phase `{}`", id.value);
            let fault = fields.faults.fault(&keys::UNKNOWN_VALUE, id.span, message);
            fields.faults.push(fault.maybe_help(one_of(&id.value, names())));
        }
        let conditions = list(node, "phases", fields.faults).iter();
        let conditions = conditions.map(|node| condition(node, "phases", known, fields.faults));
        begins.insert(&id.value, conditions.collect());
    }
    let phase = |phase: &Phase| {
        Some(RunPhase {
            id: phase.id.clone(),
            title: phase.title.clone(),
            begins: begins.remove(phase.id.as_str())?,
        })
    };
    listed.into_iter().flatten().filter_map(phase).collect()
}

/// The conditions of blocks are read after the fields that blocks give, because every condition is checked against all
/// fields.
fn blocks(node: &Node, faults: &Faults) -> Option<Blocks> {
    let fields = Fields::open(node, "`blocks`", faults)?;
    fields.has("announces");
    fields.has("closes");
    fields.has("dismisses");
    fields.node("opens");
    fields.missing("opens");
    let blocks = Blocks {
        gives: derives(&fields, "gives"),
        ..Blocks::default()
    };
    fields.finish();
    Some(blocks)
}

fn conditions_of(node: &Node, name: &'static str, known: &KnownFields, faults: &Faults) -> Vec<Condition> {
    Fields::open(node, "`blocks`", faults)
        .map(|fields| conditions(&fields, name, known))
        .unwrap_or_default()
}

fn conditions(fields: &Fields<'_>, name: &'static str, known: &KnownFields) -> Vec<Condition> {
    let read = |node: &Node| condition(node, name, known, fields.faults);
    fields.list(name).iter().map(read).collect()
}

fn condition(node: &Node, name: &'static str, known: &KnownFields, faults: &Faults) -> Condition {
    let read = conditions::read(node, name, &Builds::default(), faults);
    for field in &read.fields {
        check_field(field, known, faults);
    }
    Condition { select: read.tests }
}

fn pasted(fields: &Fields<'_>) -> Option<BTreeMap<String, String>> {
    let node = fields.node("pasted")?;
    let assumed = Fields::open(node, "`pasted`", fields.faults)?;
    let Value::Map(entries) = &node.value else { return None };
    drop(assumed);
    let read = |(key, value): &(Spanned<String>, Node)| match &value.value {
        Value::Text(text) | Value::Plain(text) => Some((key.value.clone(), text.clone())),
        _ => {
            strings(value, "pasted", fields.faults);
            None
        }
    };
    Some(entries.iter().filter_map(read).collect())
}

/// Checks the fields from which others are derived, and names that are given twice.
fn unknown_fields(fields: &Fields<'_>, source: &Source, known: &KnownFields) {
    for name in ["split", "derive"] {
        for node in fields.list(name) {
            check_fields(node.get("field"), known, fields.faults);
        }
    }
    let headers = source
        .headers
        .iter()
        .chain(&source.pasted_headers)
        .flat_map(|pattern| pattern.groups());
    let of_header: Vec<&String> = headers.collect();
    let mut derived: Vec<&String> = Vec::new();
    for (node, derive) in fields.list("derive").iter().zip(&source.derive) {
        for group in derive.regex.groups() {
            let message = if of_header.contains(&group) {
                format!("the field `{group}` is both a header's group and derived")
            } else if derived.contains(&group) {
                format!("the field `{group}` is derived twice")
            } else {
                continue;
            };
            let span = node.get("regex").map_or(node.span, |node| node.span);
            let fault = fields.faults.fault(&code::FIELD_CLASH, span, message);
            fields.faults.push(fault.help("give the derived field another name"));
        }
        derived.extend(derive.regex.groups());
    }
}

fn check_fields(node: Option<&Node>, known: &KnownFields, faults: &Faults) {
    if let Some(Node {
        value: Value::Text(name),
        span,
    }) = node
    {
        check_field(&Spanned::new(name.clone(), *span), known, faults);
    }
}

fn check_field(field: &Spanned<String>, known: &KnownFields, faults: &Faults) {
    if !known.has(&field.value) {
        let message = format!("the source has no field `{}`", field.value);
        let fault = faults.fault(&crate::code::detection::UNKNOWN_FIELD, field.span, message);
        faults.push(fault.maybe_help(one_of(&field.value, known.names())));
    }
}
