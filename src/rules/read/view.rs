//! Shows a record to the checks: its fields by name, some of them read only when asked for.
//!
//! Invariant: asking never changes an answer; a field that is derived is read at most once.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::rules::ask::check::FieldSource;
use crate::rules::ask::program::Program;
use crate::rules::read::frame;

/// Groups of a header that form the record's time and are not fields.
const TIME: [&str; 8] = ["year", "month", "day", "hour", "minute", "second", "fraction", "ampm"];

/// One record and the program that reads it.
pub struct View<'a> {
    program: &'a Program,
    text: Cow<'a, str>,
    fields: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    /// Fields that this file leaves out: a record without one may have it in truth.
    absent: &'a [&'static str],
    /// The record stands in a pasted fragment: what its header would have told is not known.
    pasted: bool,
    derived: u64,
    /// True when a field that a pasted fragment lacks is assumed: for clauses, not for what the log says of itself.
    pub assumes: bool,
    /// Milliseconds since 1970 in the file's own clock.
    pub time: Option<i64>,
}

impl<'a> View<'a> {
    /// A record of a line-based format: the header's groups, and `message` with the lines that follow.
    pub fn cut(program: &'a Program, text: &'a str, pasted: bool) -> View<'a> {
        let text = text.trim_end_matches('\n');
        let mut view = View {
            program,
            text: Cow::Borrowed(text),
            fields: Vec::new(),
            absent: &[],
            pasted,
            derived: 0,
            assumes: true,
            time: None,
        };
        let line = text.split('\n').next().unwrap_or_default();
        let captures = program
            .header(line, pasted)
            .and_then(|header| Some((header, header.get().captures(line)?)));
        match captures {
            Some((header, captures)) => {
                let mut time = Stamp::default();
                for (name, group) in header.groups().iter().zip(captures.iter().skip(1)) {
                    let Some(group) = group else { continue };
                    if TIME.contains(&name.as_str()) {
                        time.set(name, group.as_str());
                    } else if name == "message" {
                        let message = text[group.start()..].trim_end();
                        // A level alone belongs to the text below it.
                        let message = if group.is_empty() {
                            message.trim_start()
                        } else {
                            message
                        };
                        view.fields.push((Cow::Borrowed("message"), Cow::Borrowed(message)));
                    } else {
                        view.fields.push((Cow::Borrowed(name), Cow::Borrowed(group.as_str())));
                    }
                }
                view.time = time.milliseconds();
            }
            // The tail of a record whose head is gone, or a line of a pasted fragment.
            None => view
                .fields
                .push((Cow::Borrowed("message"), Cow::Borrowed(text.trim_end()))),
        }
        view.split();
        view
    }

    /// A record of a format that is read whole.
    pub fn framed(program: &'a Program, record: frame::Record<'a>, absent: &'a [&'static str]) -> View<'a> {
        let mut view = View {
            program,
            text: record.text,
            fields: record.fields,
            absent,
            pasted: false,
            derived: 0,
            assumes: true,
            time: None,
        };
        view.split();
        view
    }

    /// The record's text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What the needles are looked for in: the text, and every field.
    pub fn haystacks(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&*self.text).chain(self.fields.iter().map(|(_, value)| &**value))
    }

    fn split(&mut self) {
        let program = self.program;
        for split in &program.source.split {
            let Some(at) = self.fields.iter().position(|(name, _)| *name == split.field.as_str()) else {
                continue;
            };
            let value = &self.fields[at].1;
            let rest = match value.strip_prefix(split.starts_with.as_str()) {
                Some(rest) => rest,
                // The begin of a fragment may be lost.
                None if self.pasted && value.contains(split.at.as_str()) => value,
                None => continue,
            };
            let (before, after) = match rest.find(split.at.as_str()) {
                Some(cut) => (rest[..cut].to_owned(), Some(rest[cut + split.at.len()..].to_owned())),
                None => (rest.to_owned(), None),
            };
            let after = after.map(|after| if self.pasted { self.whole(after) } else { after });
            self.fields.remove(at);
            self.fields.push((Cow::Borrowed(&split.before), Cow::Owned(before)));
            self.fields
                .extend(after.map(|after| (Cow::Borrowed(split.after.as_str()), Cow::Owned(after))));
        }
    }

    /// What a fragment says behind a quoted text: as one line up to the stack trace, where a window broke it, then as
    /// it is.
    fn whole(&self, text: String) -> String {
        let is_broken = |line: &&str| {
            let goes_on = self.program.pasted_lines.iter().any(|pattern| pattern.is_match(line));
            !line.trim().is_empty() && !line.starts_with("  ") && !goes_on
        };
        let lines: Vec<&str> = text.lines().collect();
        let broken = lines.iter().skip(1).take_while(|line| is_broken(line)).count();
        if broken == 0 {
            return text;
        }
        let whole: Vec<&str> = lines[..=broken].iter().map(|line| line.trim()).collect();
        format!("{}\n{text}", whole.join(" "))
    }

    /// Reads the derivations that give a field and were not read yet.
    fn derive(&mut self, name: &str) -> bool {
        let program = self.program;
        let mut added = false;
        for (index, (field, pattern)) in program.derive.iter().enumerate().take(64) {
            let bit = 1u64 << index;
            if self.derived & bit != 0 || !pattern.groups().iter().any(|group| group == name) {
                continue;
            }
            self.derived |= bit;
            let Some(value) = self.own(field).map(str::to_owned) else {
                continue;
            };
            let Some(captures) = pattern.get().captures(&value) else {
                continue;
            };
            for (name, group) in pattern.groups().iter().zip(captures.iter().skip(1)) {
                if let Some(group) = group {
                    self.fields
                        .push((Cow::Borrowed(name), Cow::Owned(group.as_str().to_owned())));
                    added = true;
                }
            }
        }
        added
    }

    /// All fields but `text`, derived ones too; of several of one name the first.
    pub fn into_fields(mut self) -> BTreeMap<String, String> {
        let program = self.program;
        for name in program.derive.iter().flat_map(|(_, pattern)| pattern.groups()) {
            if self.own(name).is_none() {
                self.derive(name);
            }
        }
        let fields = self.fields.into_iter().rev();
        fields
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect()
    }

    fn own(&self, name: &str) -> Option<&str> {
        if name == "text" {
            return Some(&self.text);
        }
        self.fields
            .iter()
            .find(|(field, _)| field == name)
            .map(|(_, value)| &**value)
    }
}

impl FieldSource for View<'_> {
    fn field(&mut self, name: &str) -> Option<Cow<'_, str>> {
        if self.own(name).is_none() {
            self.derive(name);
        }
        let assumed = || {
            let pasted = self
                .program
                .source
                .pasted
                .as_ref()
                .filter(|_| self.pasted && self.assumes)?;
            pasted.get(name).map(String::as_str)
        };
        self.own(name).or_else(assumed).map(Cow::Borrowed)
    }

    fn possible(&self, name: &str) -> bool {
        if self.absent.contains(&name) {
            return self.own(name).is_some();
        }
        if !self.pasted || self.own(name).is_some() {
            return true;
        }
        self.program.source.is_absent_when_not_pasted(name)
    }
}

/// The parts of a time stamp.
#[derive(Default)]
struct Stamp {
    parts: [Option<i64>; 7],
    afternoon: Option<bool>,
}

impl Stamp {
    fn set(&mut self, name: &str, value: &str) {
        if name == "ampm" {
            self.afternoon = Some(value.eq_ignore_ascii_case("pm"));
        } else if let Some(index) = TIME.iter().position(|part| *part == name) {
            self.parts[index] = value.parse().ok();
        }
    }

    /// Milliseconds since 1970; `fraction` counts milliseconds whatever its width. Hour to second default to 0, so that
    /// a clock without a date still measures distances.
    fn milliseconds(&self) -> Option<i64> {
        let [year, month, day, hour, minute, second, fraction] = self.parts;
        if year.is_none() && hour.is_none() {
            return None;
        }
        let mut hour = hour.unwrap_or(0);
        if let Some(afternoon) = self.afternoon {
            hour = hour % 12 + if afternoon { 12 } else { 0 };
        }
        let days = days_since_1970(year.unwrap_or(1970), month.unwrap_or(1), day.unwrap_or(1));
        let seconds = ((days * 24 + hour) * 60 + minute.unwrap_or(0)) * 60 + second.unwrap_or(0);
        Some(seconds * 1000 + fraction.unwrap_or(0))
    }
}

/// Days of the proleptic Gregorian calendar, after Howard Hinnant's "chrono-Compatible Low-Level Date Algorithms".
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}
