//! The same two events in every form that Windows gives them.

use super::knows;
use crate::rules::language::source::Format;
use crate::rules::read::frame::Record;
use crate::rules::read::frame::tests::{cut, said};

fn absent(text: &str) -> Vec<&'static str> {
    said(Format::WindowsEvent, text).0
}

fn missing(text: &str) -> String {
    said(Format::WindowsEvent, text).2
}

fn get<'a>(record: &'a Record<'_>, field: &str) -> &'a str {
    record.field(field).unwrap_or("?")
}

/// Lines, provider, id, level and message of each record.
fn seen(text: &str) -> Vec<(u64, u64, String, String, String, String)> {
    assert!(knows(text), "known: {text}");
    let row = |r: &Record<'_>| {
        let [a, b, c, d] = ["provider", "event_id", "level", "message"].map(|f| get(r, f).to_owned());
        (r.first_line, r.last_line, a, b, c, d)
    };
    cut(Format::WindowsEvent, text).iter().map(row).collect()
}

fn row(lines: (u64, u64), rest: [&str; 4]) -> (u64, u64, String, String, String, String) {
    let [a, b, c, d] = rest.map(str::to_owned);
    (lines.0, lines.1, a, b, c, d)
}

const XML: &str = r#"<?xml version="1.0" encoding="utf-8" standalone="yes"?>
<Events><Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System>
<Provider Name="Microsoft-Windows-IIS-W3SVC-WP" Guid="{670080D9}" EventSourceName="IIS-W3SVC-WP"/>
<EventID Qualifiers="49152">2280</EventID><Level>2</Level><Task>0</Task><Keywords>0x80000000000000</Keywords>
<TimeCreated SystemTime="2026-11-20T10:00:00.000Z"/><Channel>Application</Channel><Computer>EX01.contoso.com</Computer>
<Security UserID="S-1-5-18"/></System>
<EventData><Data Name="ModuleDll">C:\bin\exppw.dll</Data><Data>a &amp; b</Data><Binary>7E000000</Binary></EventData>
<RenderingInfo Culture="en-US"><Message>The Module DLL C:\bin\exppw.dll failed to load.
The data is the error.</Message><Level>Error</Level><Keywords><Keyword>Classic</Keyword></Keywords></RenderingInfo></Event>
<Event><System><Provider Name="WAS"/><EventID>5002</EventID><Level>3</Level></System>
<UserData><Pool xmlns="x"><Name>MSExchangeOWAAppPool</Name></Pool></UserData></Event></Events>
"#;

#[test]
fn exported_xml() {
    let message = "The Module DLL C:\\bin\\exppw.dll failed to load.\nThe data is the error.";
    assert_eq!(
        seen(XML),
        [
            row((2, 9), ["Microsoft-Windows-IIS-W3SVC-WP", "2280", "Error", message]),
            row((10, 11), ["WAS", "5002", "Warning", "?"])
        ]
    );
    let records = cut(Format::WindowsEvent, XML);
    let first = &records[0];
    let fields = ["data", "keywords", "channel", "computer", "user", "time", "task"].map(|f| get(first, f));
    let wanted = [
        "C:\\bin\\exppw.dll\na & b",
        "Classic",
        "Application",
        "EX01.contoso.com",
        "S-1-5-18",
    ];
    assert_eq!(fields[..5], wanted);
    assert_eq!(fields[5..], ["2026-11-20T10:00:00.000Z", "0"]);
    assert_eq!(get(&records[1], "data"), "MSExchangeOWAAppPool");
    assert!(first.text.starts_with("<Event xmlns") && first.text.ends_with("</Event>"));
    assert_eq!(absent(XML), ["message"], "the second event is not rendered");
}

#[test]
fn xml_without_rendering_info_has_no_messages_and_a_cut_event_is_missing() {
    let text = "- <Event><System><Provider EventSourceName='WAS'/><EventID>5002</EventID></System></Event>\n\
                <Event>\n<System><EventID>1</EventID></System><EventData>";
    assert_eq!(seen(text), [row((1, 1), ["WAS", "5002", "?", "?"])]);
    assert_eq!(absent(text), ["message"]);
    assert_eq!(missing(text), "missing: 1 event, in line 2 (it is cut off)");
}

#[test]
fn an_event_with_a_fault_is_missing_and_those_behind_it_are_read() {
    let event = |id: u32| format!("<Event><System><Provider Name='p'/><EventID>{id}</EventID></System></Event>\n");
    let faults = [
        "<Event><System></Sys></Event>\n",
        "<Event><System><EventID>7</EventID>\n",
        "<Event a='><System/></Event>\n",
        "<Event><!-- <System/></Event>\n",
        "<Event><![CDATA[ <System/></Event>\n",
        "<Event><System><EventID>7</EventID></System>\n",
        "<System><EventID>7</EventID></System></Event>\n",
        "<Event><a><</a></Event>\n",
    ];
    let deep = ["<Event>", &"<a>".repeat(40), &"</a>".repeat(40), "</Event>\n"].concat();
    for fault in faults.into_iter().chain([&*deep]) {
        for root in [["<Events>", "</Events>"], ["", ""]] {
            let text = [
                root[0],
                &event(1),
                &event(2),
                fault,
                &event(3),
                fault,
                &event(4),
                root[1],
            ]
            .concat();
            let records = cut(Format::WindowsEvent, &text);
            let ids: Vec<_> = records.iter().map(|record| get(record, "event_id")).collect();
            assert_eq!(ids, ["1", "2", "3", "4"], "{fault}");
            let missing = missing(&text);
            assert!(
                missing.starts_with("missing: 2 events, the first in line 3 ("),
                "{fault} {missing}"
            );
        }
    }
}

#[test]
fn an_export_that_is_cut_anywhere_is_not_whole() {
    let end = XML.trim_end().len();
    for at in XML.find("<Provider").expect("an event")..end {
        assert!(!missing(&XML[..at]).is_empty(), "{at}");
    }
    assert_eq!(missing(XML), "");
}

#[test]
fn faults_without_end_are_read_in_time() {
    // Read up to the end for each event this would take minutes.
    for fault in [
        "<Event><!-- ",
        "<Event a='",
        "<Event><![CDATA[",
        "<Event>",
        "<Event><a>",
    ] {
        let text = ["<Event><System/></Event>", &fault.repeat(1_000_000 / fault.len())].concat();
        assert!(missing(&text).contains("event"), "{fault}");
    }
}

#[test]
fn what_is_no_event_in_the_other_forms_is_missing() {
    let rows = "Level,Date and Time,Source,Event ID,Task Category\nError,now,s,5,none,d\nError,now,s,x,none,d\n\
                Error,now,s,6,none,\"d\nError,now,s,7,none,d\n";
    assert_eq!(
        missing(rows),
        "missing: 1 row, in line 3 (it has no event id); 1 line, in line 4 (a quote is not closed)"
    );
    assert_eq!(cut(Format::WindowsEvent, rows).len(), 2);
    let list = "ProviderName : p\nId : 7\nMessage : m\n\nProviderName : p\nMessage : m\n";
    assert_eq!(missing(list), "missing: 1 event, in line 5 (it has no event id)");
    let copied = "Log Name: a\nSource: b\nEvent ID: 1\n\nLog Name: a\nSource: b\n";
    assert_eq!(missing(copied), "missing: 1 event, in line 5 (it has no event id)");
}

#[test]
fn text_copied_from_event_viewer_keeps_the_first_id() {
    let text = "Log Name:      Application\nSource:        ASP.NET 4.0.30319.0\nDate:          11/20/2026 10:00:00 AM\n\
                Event ID:      1309\nTask Category: Web Event\nLevel:         Warning\nKeywords:      Classic\n\
                User:          N/A\nComputer:      EX01.contoso.com\nDescription:\nEvent code: 3005 \n\n\
                Event ID: ec867e69a5fd\nSource: not this\n\nLog Name:      System\nSource:        WAS\nEvent ID:      \
                5002\nLevel:         Error\nDescription:\nDisabled.\nEvent Xml:\n<Event><System/>\n\
                <EventData><Data>Pool</Data></EventData>\n</Event>\n";
    let message = "Event code: 3005 \n\nEvent ID: ec867e69a5fd\nSource: not this";
    assert_eq!(
        seen(text),
        [
            row((1, 14), ["ASP.NET 4.0.30319.0", "1309", "Warning", message]),
            row((16, 25), ["WAS", "5002", "Error", "Disabled."])
        ]
    );
    let records = cut(Format::WindowsEvent, text);
    assert_eq!(get(&records[0], "channel"), "Application");
    assert_eq!(get(&records[0], "computer"), "EX01.contoso.com");
    assert_eq!(get(&records[1], "data"), "Pool");
    assert_eq!(absent(text), [] as [&str; 0]);
}

#[test]
fn text_as_documents_quote_it() {
    let text = "Source: MSExchangeTransport\nID: 1035\nLevel: Error\nMessage: Inbound authentication failed.\n\n\
                Source: MSExchange Common\nID: 4999\nMessage: Watson report.\n";
    assert_eq!(
        seen(text),
        [
            row(
                (1, 4),
                ["MSExchangeTransport", "1035", "Error", "Inbound authentication failed."]
            ),
            row((6, 8), ["MSExchange Common", "4999", "?", "Watson report."])
        ]
    );
    assert!(absent(text).contains(&"data"));
}

#[test]
fn save_as_csv_and_text_with_titles_of_any_language() {
    let events = "Error,11/20/2026 10:00:00 AM,WAS,5002,None,\"Pool is disabled.\nSecond line\"\n\
                  Warning,11/20/2026 9:00:00 AM,IIS-W3SVC-WP,2280,None,short\n";
    let wanted = [
        row((2, 3), ["WAS", "5002", "Error", "Pool is disabled.\nSecond line"]),
        row((4, 4), ["IIS-W3SVC-WP", "2280", "Warning", "short"]),
    ];
    let english = ["Level,Date and Time,Source,Event ID,Task Category\n", events].concat();
    assert_eq!(seen(&english), wanted);
    let german = ["Ebene,Datum und Uhrzeit,Quelle,Ereignis-ID,Aufgabenkategorie\n", events].concat();
    assert_eq!(seen(&german), wanted);
    assert_eq!(seen(&german.replace(',', "\t")), wanted);
    assert_eq!(absent(&german), ["channel", "computer", "user", "keywords", "data"]);
}

#[test]
fn exported_by_powershell() {
    let text = "#TYPE System.Diagnostics.Eventing.Reader.EventLogRecord\n\"Message\",\"Id\",\"Level\",\"ProviderName\",\
                \"LogName\",\"MachineName\",\"LevelDisplayName\"\n\"Pool is\ndisabled.\",\"5002\",\"3\",\"WAS\",\"System\",\
                \"EX01.contoso.com\",\"\"\n";
    assert_eq!(
        seen(text),
        [row((3, 4), ["WAS", "5002", "Warning", "Pool is\ndisabled."])]
    );
    assert_eq!(absent(text), ["time", "user", "task", "keywords", "data"]);
}

#[test]
fn printed_as_a_list() {
    let text = "\n\nTimeCreated  : 11/20/2026 10:00:00 AM\nProviderName : Microsoft-Windows-WAS\nId           : 5002\n\
                Message      : Application pool 'DefaultAppPool' is\n               being automatically disabled.\n\n\
                TimeCreated  : 11/20/2026 9:00:00 AM\nProviderName : WAS\nId           : 1\nMessage      : x\n";
    let message = "Application pool 'DefaultAppPool' is being automatically disabled.";
    assert_eq!(
        seen(text),
        [
            row((3, 7), ["Microsoft-Windows-WAS", "5002", "?", message]),
            row((9, 12), ["WAS", "1", "?", "x"])
        ]
    );
    assert_eq!(
        absent(text),
        ["level", "channel", "computer", "user", "task", "keywords", "data"]
    );
}

#[test]
fn other_text_is_not_known() {
    for text in [
        "",
        "Source: x\nok",
        "<Events/>",
        "a,b,c,d,e\n1,2,3,4,5\n",
        "Id : 5\nName : x\n",
        "ID: 5\nError",
    ] {
        assert!(!knows(text), "{text}");
    }
}
