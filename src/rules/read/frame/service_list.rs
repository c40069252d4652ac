//! Reads lists of Windows services: `Get-Service` as table, list or CSV, `sc query` and `sc qc`.
//!
//! Invariant: one record a service and output; `status` and `start_type` are spelled as `Get-Service` spells them,
//! whatever wrote the file.
//!
//! A table's columns stand where its line of dashes says. Text is aligned left and cut off with `...`; values such as
//! `StartType` are aligned right and may begin before their dashes. A name that is cut off is not a field: what it is
//! is unknown.
//!
//! Windows in other languages translates the titles of `sc` and all that services.msc says, but not the states of `sc`.

use crate::rules::read::frame::Record;
use crate::rules::read::frame::csv::{CsvRow, rows, separator};
use crate::rules::read::frame::lines::{Line, Lines};
use crate::rules::read::frame::list::blocks;
use crate::rules::read::frame::missing::Missing;
use crate::rules::read::frame::sink::Sink;

const NAME: &str = "name";
const DISPLAY_NAME: &str = "display_name";
const STATUS: &str = "status";
const START_TYPE: &str = "start_type";

/// Columns of a table that are looked at, and characters of its line of dashes.
const COLUMNS: usize = 64;
const WIDEST: usize = 4096;
/// The title of the start type in services.msc, by which its export is known.
const CONSOLE: [&str; 4] = ["Startup Type", "Starttyp", "Type de démarrage", "Tipo de inicio"];
/// Lines below the name of a service within which `sc` tells a state or a start type.
const NEAR: usize = 4;
/// Rows before the titles of a CSV, such as the command that made it.
const PREAMBLE: usize = 20;

pub(super) fn knows(head: &str) -> bool {
    let mut sink = Sink::new(None);
    frame(head, &mut sink);
    sink.records > 0
}

pub(super) fn frame<'t>(text: &'t str, sink: &mut Sink<'_, 't>) {
    // A form that finds nothing says nothing.
    for form in [console, list, csv] {
        if sink.records == 0 {
            form(text, sink);
        }
    }
}

/// The field of a property, column title or line of `sc`.
fn field(title: &str) -> Option<&'static str> {
    let title: String = title.chars().filter(|c| !matches!(c, ' ' | '_')).take(20).collect();
    Some(match title.to_ascii_lowercase().as_str() {
        "name" | "servicename" | "nom" | "nombre" => NAME,
        "displayname" => DISPLAY_NAME,
        "status" | "state" | "état" | "État" | "statut" | "estado" => STATUS,
        "starttype" | "startmode" | "startuptype" | "starttyp" | "typededémarrage" | "tipodeinicio" => START_TYPE,
        _ => return None,
    })
}

/// The fields of a row of titles. `Win32_Service` has both `State`, which counts, and `Status`; the export of
/// services.msc calls the display name `Name`.
fn titles<'a>(titles: impl Iterator<Item = &'a str> + Clone) -> Option<Vec<Option<&'static str>>> {
    let has = |wanted: &str| titles.clone().any(|title| title.eq_ignore_ascii_case(wanted));
    // A table of application pools has names and states as well.
    if has("Applications") {
        return None;
    }
    let (state, console) = (has("State"), CONSOLE.iter().any(|title| has(title)));
    let fields: Vec<_> = titles
        .map(|title| match field(title) {
            Some(STATUS) if state && !title.eq_ignore_ascii_case("State") => None,
            Some(NAME) if console => Some(DISPLAY_NAME),
            field => field,
        })
        .collect();
    let known = |wanted: &[&'static str]| fields.iter().flatten().any(|field| wanted.contains(field));
    (known(&[NAME, DISPLAY_NAME]) && known(&[STATUS, START_TYPE])).then_some(fields)
}

/// What a document says and what it cuts off.
#[derive(Default)]
struct ServiceFields {
    fields: Vec<&'static str>,
    cut: Vec<&'static str>,
    missing: Missing,
}

impl ServiceFields {
    fn field(&mut self, field: &'static str) {
        if !self.fields.contains(&field) {
            self.fields.push(field);
        }
    }

    fn set<'t>(&mut self, record: &mut Record<'t>, field: &'static str, value: &'t str) {
        let value = value.trim();
        if value.ends_with("...") || value.ends_with('…') {
            if !self.cut.contains(&field) {
                self.cut.push(field);
            }
            return;
        }
        match field {
            STATUS => record.set_first(field, status(value)),
            START_TYPE => record.set_first(field, start_type(value)),
            _ => record.set_first(field, value),
        }
    }

    fn finish(self, sink: &mut Sink<'_, '_>) {
        if sink.records == 0 {
            return;
        }
        sink.missing = self.missing;
        if !self.cut.is_empty() {
            sink.note("long names are cut off".to_owned());
        }
        let missing = |field: &&'static str| !self.fields.contains(field) || self.cut.contains(field);
        sink.absent = [NAME, DISPLAY_NAME, STATUS, START_TYPE]
            .into_iter()
            .filter(missing)
            .collect();
    }
}

fn status(value: &str) -> &str {
    let name = value.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start();
    let known = [
        "Stopped",
        "StartPending",
        "StopPending",
        "Running",
        "ContinuePending",
        "PausePending",
        "Paused",
    ];
    let plain: String = name.chars().filter(|c| !matches!(c, ' ' | '_')).take(20).collect();
    known
        .into_iter()
        .find(|k| k.eq_ignore_ascii_case(&plain))
        .unwrap_or(value)
}

fn start_type(value: &str) -> &str {
    let name = value.trim_start_matches(|c: char| c.is_ascii_digit()).trim();
    let plain: String = name.chars().filter(|c| !matches!(c, ' ' | '_')).take(40).collect();
    match plain.to_ascii_lowercase().as_str() {
        "auto" | "autostart" | "automatic" | "automatisch" | "automatique" | "automático" => "Automatic",
        "autostart(delayed)"
        | "automatic(delayedstart)"
        | "automaticdelayedstart"
        | "delayedautostart"
        | "automatisch(verzögerterstart)"
        | "automatique(débutdifféré)"
        | "automático(inicioretrasado)" => "Automatic (Delayed Start)",
        "demandstart" | "manual" | "manuell" | "manuel" => "Manual",
        "disabled" | "deaktiviert" | "désactivé" | "deshabilitado" => "Disabled",
        "bootstart" | "boot" => "Boot",
        "systemstart" | "system" => "System",
        _ => value,
    }
}

/// Tables and the output of `sc`, in any order in one text.
fn console<'t>(text: &'t str, sink: &mut Sink<'_, 't>) {
    let mut said = ServiceFields::default();
    let mut lines = Lines::new(text);
    let mut before: Option<Line<'_>> = None;
    while let Some(line) = lines.next() {
        if let Some((title, name)) = service(line, &lines) {
            sink.push(sc(text, line, (title, name), &mut lines, &mut said));
        } else if let Some(table) = before.and_then(|titles| ServiceTable::new(titles.text, line.text)) {
            table
                .columns
                .iter()
                .filter_map(|column| column.field)
                .for_each(|field| said.field(field));
            let more = table.more as u64;
            said.missing
                .add("column", more, line.number, "more than a table may have");
            let rows = lines.by_ref().take_while(|line| !line.is_blank());
            rows.for_each(|row| sink.push(table.row(row, &mut said)));
        }
        before = Some(line);
    }
    said.finish(sink);
}

/// The title and the name that `sc` begins a service with: in another language the title is known by what follows it.
fn service<'t>(line: Line<'t>, following: &Lines<'t>) -> Option<(&'t str, &'t str)> {
    let (title, name) = line.text.trim_start().split_once(':')?;
    let is_title = !title.is_empty() && title.chars().all(|c| c.is_uppercase() || c == '_');
    let tells = |line: Line<'t>| {
        line.text
            .split_once(':')
            .and_then(|(_, value)| of_value(value))
            .is_some()
    };
    let is_service = title == "SERVICE_NAME" || is_title && following.clone().take(NEAR).any(tells);
    is_service.then_some((title, name))
}

/// The field that a value of `sc` tells, such as `1  STOPPED`.
fn of_value(value: &str) -> Option<&'static str> {
    let (number, name) = value.trim().split_once(' ')?;
    let name = name.trim();
    let is_upper = |c: char| c.is_ascii_uppercase() || c == '_';
    let word = name.split(|c| !is_upper(c)).next().unwrap_or_default();
    if number.len() != 1 || !number.bytes().all(|b| b.is_ascii_digit()) || word.is_empty() {
        return None;
    }
    match (status(word) != word, start_type(word) != word) {
        (true, _) => Some(STATUS),
        (_, true) => Some(START_TYPE),
        _ => None,
    }
}

/// One service of `sc query` or `sc qc`, up to a blank line.
fn sc<'t>(
    text: &'t str,
    first: Line<'t>,
    (title, name): (&'t str, &'t str),
    lines: &mut Lines<'t>,
    said: &mut ServiceFields,
) -> Record<'t> {
    let mut record = Record::new(first.number, first.number, "");
    let mut end = first.end();
    said.field(NAME);
    record.set_first(NAME, name.trim());
    let mut ahead = lines.clone();
    while let Some(line) = ahead
        .next()
        .filter(|line| !line.is_blank() && !line.text.starts_with(title))
    {
        *lines = ahead.clone();
        (record.last_line, end) = (line.number, line.end());
        if let Some((title, value)) = line.text.split_once(':')
            && let Some(field) = of_value(value)
                .or_else(|| field(title.trim()))
                .filter(|&field| field != NAME)
        {
            said.field(field);
            said.set(&mut record, field, value);
        }
    }
    record.text = text[first.start..end].into();
    record
}

struct Column {
    /// Place of the dashes, in characters.
    start: usize,
    end: usize,
    field: Option<&'static str>,
}

struct ServiceTable {
    columns: Vec<Column>,
    /// Columns that are not looked at.
    more: usize,
}

impl ServiceTable {
    /// The table under these titles and dashes, if they are those of services.
    fn new(line: &str, dashes: &str) -> Option<ServiceTable> {
        let dashes = dashes.trim_end();
        if !dashes.contains('-') || dashes.len() > WIDEST || !dashes.bytes().all(|b| matches!(b, b'-' | b' ')) {
            return None;
        }
        let mut columns: Vec<Column> = Vec::new();
        for (at, _) in dashes.match_indices('-') {
            match columns.last_mut().filter(|column| column.end == at) {
                Some(column) => column.end = at + 1,
                None => columns.push(Column {
                    start: at,
                    end: at + 1,
                    field: None,
                }),
            }
        }
        let more = columns.len().saturating_sub(COLUMNS);
        columns.truncate(COLUMNS);
        let mut table = ServiceTable { columns, more };
        let fields = titles(table.cells(line).into_iter())?;
        table
            .columns
            .iter_mut()
            .zip(fields)
            .for_each(|(column, field)| column.field = field);
        Some(table)
    }

    fn row<'t>(&self, line: Line<'t>, said: &mut ServiceFields) -> Record<'t> {
        let mut record = Record::new(line.number, line.number, line.text);
        for (column, cell) in self.columns.iter().zip(self.cells(line.text)) {
            if let Some(field) = column.field {
                said.set(&mut record, field, cell);
            }
        }
        record
    }

    fn cells<'l>(&self, line: &'l str) -> Vec<&'l str> {
        let offsets: Vec<usize> = line.char_indices().map(|(at, _)| at).take(WIDEST + 1).collect();
        let byte = |at: usize| offsets.get(at).copied().unwrap_or(line.len());
        let is_blank = |at: usize| line[byte(at)..].chars().next().is_none_or(char::is_whitespace);
        let mut from = 0;
        let mut cells = Vec::with_capacity(self.columns.len());
        for (column, next) in self.columns.iter().zip(self.columns.iter().skip(1)) {
            // Where the next cell starts: at its dashes, or earlier when it is aligned right and longer than they.
            let cut = (column.end..next.start)
                .rev()
                .find(|&at| is_blank(at))
                .map_or(next.start, |at| at + 1);
            cells.push(line[byte(from)..byte(cut.max(from))].trim());
            from = cut;
        }
        cells.push(line[byte(from)..].trim());
        cells
    }
}

fn list<'t>(text: &'t str, sink: &mut Sink<'_, 't>) {
    let mut said = ServiceFields::default();
    for block in blocks(text) {
        let Some(fields) = titles(block.entries.iter().map(|(name, _)| *name)) else {
            continue;
        };
        let cut = u64::from(block.cut);
        said.missing
            .add("object", cut, block.first_line, "more properties than are read");
        let mut record = Record::new(block.first_line, block.last_line, block.text);
        for (field, (_, value)) in fields.iter().zip(&block.entries) {
            let Some(field) = *field else { continue };
            said.field(field);
            match field {
                STATUS => record.set_first(field, status(value).to_owned()),
                START_TYPE => record.set_first(field, start_type(value).to_owned()),
                _ => record.set_first(field, value.clone()),
            }
        }
        sink.push(record);
    }
    said.finish(sink);
}

fn csv<'t>(text: &'t str, sink: &mut Sink<'_, 't>) {
    let mut said = ServiceFields::default();
    let header = |line: Line<'_>| {
        let separator = separator(line.text)?;
        let titles = rows(line.text, separator).next()?.ok()?.cells;
        Some((
            line.end(),
            line.number,
            separator,
            self::titles(titles.iter().map(String::as_str))?,
            titles,
        ))
    };
    let Some((end, number, separator, fields, titles)) = Lines::new(text).take(PREAMBLE).find_map(header) else {
        return;
    };
    fields.iter().flatten().for_each(|field| said.field(field));
    // services.msc leaves the status of a stopped service blank.
    let is_console = |title: &String| CONSOLE.iter().any(|known| title.eq_ignore_ascii_case(known));
    let blank = titles.iter().any(is_console);
    for row in rows(&text[end..], separator) {
        // The first line of what follows the titles is the rest of the line of titles.
        let CsvRow {
            first_line,
            last_line,
            text,
            cells,
        } = match row {
            Ok(row) => row,
            Err(open) => {
                let line = number + open.line - 1;
                said.missing.add("line", open.lines, line, "a quote is not closed");
                continue;
            }
        };
        let mut record = Record::new(number + first_line - 1, number + last_line - 1, text);
        for (field, cell) in fields.iter().zip(cells) {
            match field {
                Some(STATUS) if blank && cell.is_empty() => record.set(STATUS, "Stopped"),
                Some(STATUS) => record.set_first(STATUS, status(&cell).to_owned()),
                Some(START_TYPE) => record.set_first(START_TYPE, start_type(&cell).to_owned()),
                Some(field) => record.set_first(field, cell),
                None => {}
            }
        }
        sink.push(record);
    }
    said.finish(sink);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::language::source::Format;
    use crate::rules::read::frame::tests::{cut, said};

    fn absent(text: &str) -> Vec<&'static str> {
        said(Format::ServiceList, text).0
    }

    /// Lines, then name, display name, status and start type of each record.
    fn seen(text: &str) -> Vec<(u64, [String; 4])> {
        let fields = [NAME, DISPLAY_NAME, STATUS, START_TYPE];
        let row = |r: &Record<'_>| (r.first_line, fields.map(|f| r.field(f).unwrap_or("?").to_owned()));
        cut(Format::ServiceList, text).iter().map(row).collect()
    }

    fn row(line: u64, fields: [&str; 4]) -> (u64, [String; 4]) {
        (line, fields.map(str::to_owned))
    }

    #[test]
    fn the_default_table_cuts_names_off_and_says_so() {
        let text = "\nStatus   Name               DisplayName\n------   ----               -----------\n\
                    Running  MSExchangeADTop... Microsoft Exchange Active Directory...\nStopped  W3SVC              \
                    World Wide Web Publishing Service\n\nPS C:\\>\n";
        assert_eq!(
            seen(text),
            [
                row(4, ["?", "?", "Running", "?"]),
                row(5, ["W3SVC", "World Wide Web Publishing Service", "Stopped", "?"]),
            ]
        );
        assert_eq!(absent(text), [NAME, DISPLAY_NAME, START_TYPE]);
        assert_eq!(
            said(Format::ServiceList, text).1.as_deref(),
            Some("long names are cut off")
        );
    }

    #[test]
    fn a_table_may_have_any_columns_aligned_to_either_side() {
        let text = "DisplayName                   StartType  Status\n-----------                   ---------  ------\n\
                    Microsoft Exchange Search     Automatic Running\nMicrosoft Exchange Transport   Disabled Stopped\n";
        assert_eq!(
            seen(text),
            [
                row(3, ["?", "Microsoft Exchange Search", "Running", "Automatic"]),
                row(4, ["?", "Microsoft Exchange Transport", "Stopped", "Disabled"]),
            ]
        );
        assert_eq!(absent(text), [NAME]);
    }

    #[test]
    fn win32_service_says_its_status_in_state() {
        let text = "Name  State   Status StartMode\n----  -----   ------ ---------\nW3SVC Stopped OK     Auto\n";
        assert_eq!(seen(text), [row(3, ["W3SVC", "?", "Stopped", "Automatic"])]);
    }

    #[test]
    fn lists_and_csv_are_read() {
        let list = "Name        : W3SVC\nDisplayName : World Wide Web\n              Publishing\nStatus      : Stopped\n\
                    StartType   : Manual\n\nName        : WAS\nStatus      : Running\n";
        assert_eq!(
            seen(list),
            [
                row(1, ["W3SVC", "World Wide Web Publishing", "Stopped", "Manual"]),
                row(7, ["WAS", "?", "Running", "?"])
            ]
        );
        let csv = "#TYPE Selected.System.ServiceProcess.ServiceController\n\"Name\",\"Status\",\"StartType\"\n\
                   \"W3SVC\",\"Stopped\",\"Disabled\"\n";
        assert_eq!(seen(csv), [row(3, ["W3SVC", "?", "Stopped", "Disabled"])]);
        assert_eq!(
            seen("Name;Status\nW3SVC;Running\n"),
            [row(2, ["W3SVC", "?", "Running", "?"])]
        );
        let console = "Name\tDescription\tStatus\tStartup Type\tLog On As\nPrint Spooler\t\t\tAutomatic\tx\n";
        assert_eq!(seen(console), [row(2, ["?", "Print Spooler", "Stopped", "Automatic"])]);
    }

    #[test]
    fn sc_query_and_sc_qc_give_a_record_each() {
        let text = "SERVICE_NAME: MSExchangeIS\nDISPLAY_NAME: Microsoft Exchange Information Store\n        TYPE               \
                    : 10  WIN32_OWN_PROCESS\n        STATE              : 1  STOPPED\n        WIN32_EXIT_CODE    : \
                    1077  (0x435)\n\n[SC] QueryServiceConfig SUCCESS\n\nSERVICE_NAME: MSExchangeIS\n        \
                    START_TYPE         : 2   AUTO_START  (DELAYED)\n        BINARY_PATH_NAME   : C:\\bin\\store.exe\n";
        assert_eq!(
            seen(text),
            [
                row(
                    1,
                    ["MSExchangeIS", "Microsoft Exchange Information Store", "Stopped", "?"]
                ),
                row(9, ["MSExchangeIS", "?", "?", "Automatic (Delayed Start)"]),
            ]
        );
        assert!(absent(text).is_empty());
        assert_eq!(cut(Format::ServiceList, text)[0].last_line, 5);
        assert_eq!(seen("SERVICE_NAME: x\n  START_TYPE : 4   DISABLED")[0].1[3], "Disabled");
        assert_eq!(
            seen("SERVICE_NAME: x\n  START_TYPE : 3   DEMAND_START")[0].1[3],
            "Manual"
        );
    }

    #[test]
    fn windows_in_another_language_is_read_by_what_it_does_not_translate() {
        let german = "DIENSTNAME: MSExchangeIS\n        TYP                : 10  WIN32_OWN_PROCESS\n        \
                      STATUS             : 1  STOPPED\n\nDIENSTNAME: W3SVC\n        STARTTYP : 4   DISABLED\n";
        assert_eq!(
            seen(german),
            [
                row(1, ["MSExchangeIS", "?", "Stopped", "?"]),
                row(5, ["W3SVC", "?", "?", "Disabled"])
            ]
        );
        assert!(!knows("HINWEIS: Der Dienst\n        STATUS : gut\n"));
        for console in [
            "Name\tBeschreibung\tStatus\tStarttyp\tAnmelden als\nSpooler\t\t\tDeaktiviert\tx\n",
            "Nom\tDescription\tÉtat\tType de démarrage\tx\nSpooler\t\t\tDésactivé\tx\n",
            "Nombre\tDescripción\tEstado\tTipo de inicio\tx\nSpooler\t\t\tDeshabilitado\tx\n",
        ] {
            assert_eq!(seen(console), [row(2, ["?", "Spooler", "Stopped", "Disabled"])]);
        }
    }

    #[test]
    fn a_quote_that_is_not_closed_hides_its_line_and_no_other() {
        let text = "Name,Status\nW3SVC,Running\nWAS,\"Stopped\nSpooler,Stopped\n";
        assert_eq!(
            seen(text),
            [
                row(2, ["W3SVC", "?", "Running", "?"]),
                row(4, ["Spooler", "?", "Stopped", "?"])
            ]
        );
        assert_eq!(
            said(Format::ServiceList, text).2,
            "missing: 1 line, in line 3 (a quote is not closed)"
        );
    }

    #[test]
    fn other_text_is_not_known() {
        for text in [
            "",
            "Setup\n-----\nfailed",
            "Name  Value\n----  -----\na b",
            "Name : x\n",
            "a,b\n1,2\n",
        ] {
            assert!(!knows(text), "{text}");
        }
        assert!(knows("SERVICE_NAME: W3SVC\n        STATE : 4  RUNNING"));
    }
}
