//! What a host can rely on, whatever it hands over.

use crate::abi::host::{Buffer, Host};
use crate::rules::Matcher;
use crate::rules::bundle::{self, MANIFEST, RULES, Release};
use crate::rules::report::document;

const NONE: Buffer = Buffer(0, 0);

/// A bundle that finds every line that says so.
fn rules() -> Vec<u8> {
    let pattern = serde_json::to_value(crate::rules::language::pattern::Pattern::parse("^log:").expect("a pattern"));
    let bundle = serde_json::json!({
        "schema": "fixbook-bundle", "format": "1.0", "name": "t", "version": "1", "products": [], "shells": [],
        "sources": [{"id": "log", "title": "l", "collect": "l", "format": "lines", "content": [pattern.expect("JSON")]}],
        "issues": [{
            "id": "x", "kind": "issue", "title": "x", "category": "c", "severity": "high", "confidence": "high",
            "status": "stable", "risk": "low", "applies_to": [], "summary": [{"text": "It is so."}],
            "detection": {"rule": {"clause": {"source": "log", "where": [
                {"field": "message", "test": {"contains_any": ["it is so"]}}]}}},
            "fix": [{"step": {"number": 1, "text": [{"text": "Mend it."}]}}], "verify": [], "references": [],
            "url": "x.html"
        }]
    });
    bundle.to_string().into_bytes()
}

/// A host that writes behind an address, as one of WebAssembly does.
struct Guest(Host);

impl Guest {
    fn lend(&mut self, bytes: &[u8]) -> Buffer {
        let at = self.0.lend(bytes);
        Buffer(at, bytes.len())
    }

    fn call<T: Into<usize>>(&mut self, does: impl FnOnce(&mut Host) -> Result<T, crate::abi::fault::Fault>) -> usize {
        self.0.run_call(does)
    }

    fn matcher(&mut self) -> u32 {
        let bundle = self.lend(&rules());
        self.call(|host| host.load(bundle)) as u32
    }

    /// The code of a call that failed.
    fn code<T: Into<usize>>(&mut self, does: impl FnOnce(&mut Host) -> Result<T, crate::abi::fault::Fault>) -> String {
        assert_eq!(self.0.run_call(does), 0);
        let answer: serde_json::Value = serde_json::from_str(self.0.answer()).expect("JSON");
        assert!(answer["message"].as_str().is_some_and(|message| !message.is_empty()));
        answer["code"].as_str().expect("a code").to_owned()
    }
}

fn guest() -> Guest {
    Guest(Host::default())
}

#[test]
fn a_report_is_the_document_that_the_program_prints() {
    let mut guest = guest();
    let matcher = guest.matcher();
    assert!(guest.0.answer().contains(&bundle::sha256(&rules())));
    let scan = guest.call(|host| host.scan(matcher)) as u32;
    let (path, fault) = (guest.lend(b"b.log"), guest.lend("weg \u{202E}".as_bytes()));
    let parts = [guest.lend(b"log: one\nlog: it "), guest.lend(b"is so\n")];
    assert_eq!(guest.call(|host| host.file(scan, path)), 1);
    for part in parts {
        assert_eq!(guest.call(|host| host.push(scan, part)), 1);
    }
    assert_eq!(guest.call(|host| host.end(scan, fault)), 1);
    assert_eq!(guest.call(|host| host.report(scan)), 1);

    let matcher = Matcher::new(bundle::read(&rules()).expect("a bundle"));
    let mut reading = matcher.begin("b.log".to_owned());
    reading.push(b"log: one\nlog: it is so\n");
    let report = matcher.decide(vec![reading.end(Some("weg \u{202E}"))]);
    assert_eq!(report.findings.len(), 1);
    assert_eq!(guest.0.answer(), document::json(&report).expect("JSON"));
    assert_eq!(guest.code(|host| host.report(scan)), "bad-handle");
}

#[test]
fn a_matcher_scans_again_and_outlives_its_handle_in_a_scan() {
    let mut guest = guest();
    let matcher = guest.matcher();
    let scans = [(); 2].map(|()| guest.call(|host| host.scan(matcher)) as u32);
    assert_eq!(guest.call(|host| host.drop(matcher)), 1);
    assert_eq!(guest.code(|host| host.scan(matcher)), "bad-handle");
    let reports = scans.map(|scan| {
        assert_eq!(guest.call(|host| host.report(scan)), 1);
        guest.0.answer().to_owned()
    });
    assert_eq!(reports[0], reports[1]);
}

#[test]
fn what_cannot_change_the_report_is_not_wanted() {
    let mut guest = guest();
    let matcher = guest.matcher();
    let scan = guest.call(|host| host.scan(matcher)) as u32;
    let block = guest.lend(&[7; 128 << 10]);
    guest.call(|host| host.file(scan, NONE));
    assert_eq!(guest.call(|host| host.push(scan, block)), 2);
}

#[test]
fn a_length_or_an_address_that_was_not_given_out_is_refused() {
    let mut guest = guest();
    let matcher = guest.matcher();
    let scan = guest.call(|host| host.scan(matcher)) as u32;
    guest.call(|host| host.file(scan, NONE));
    let Buffer(at, len) = guest.lend(b"log: it is so\n");
    for (at, len) in [
        (at, len + 1),
        (at, usize::MAX),
        (at + len, 1),
        (at.wrapping_sub(1), 2),
        (0, 1),
        (usize::MAX, 2),
        (8, usize::MAX),
    ] {
        assert_eq!(
            guest.code(|host| host.push(scan, Buffer(at, len))),
            "bad-buffer",
            "{at} {len}"
        );
        assert_eq!(guest.code(|host| host.free(at, len)), "bad-buffer", "{at} {len}");
    }
    assert_eq!(guest.call(|host| host.push(scan, Buffer(at + 5, len - 5))), 1);
    assert_eq!(guest.call(|host| host.free(at, len)), 1);
    assert_eq!(guest.code(|host| host.push(scan, Buffer(at, len))), "bad-buffer");
    assert_eq!(guest.code(|host| host.free(at, len)), "bad-buffer");
}

#[test]
fn memory_that_is_not_there_is_0_and_says_so() {
    let mut guest = guest();
    assert_eq!(guest.code(|host| host.allocate(usize::MAX)), "no-memory");
    let (empty, other) = (guest.call(|host| host.allocate(0)), guest.call(|host| host.allocate(0)));
    assert!(empty != 0 && other != 0 && empty != other);
    assert_eq!(guest.call(|host| host.free(empty, 0)), 1);
}

#[test]
fn lending_leaves_the_answer_as_it_is() {
    let mut guest = guest();
    guest.code(|host| host.scan(99));
    let answer = guest.0.answer().to_owned();
    let at = guest.call(|host| host.allocate(3));
    guest.call(|host| host.free(at, 3));
    assert_eq!(guest.0.answer(), answer);
}

#[test]
fn every_misuse_has_a_code() {
    let mut guest = guest();
    let matcher = guest.matcher();
    let folder = guest.call(Host::folder) as u32;
    let scan = guest.call(|host| host.scan(matcher)) as u32;
    let (bad, number) = (guest.lend(b"\xff"), guest.lend(b"-1"));
    let (cut, newer) = (guest.lend(b"{\"schema\":"), guest.lend(&newer(&rules())));
    for handle in [0, 99, u32::MAX, scan, folder] {
        assert_eq!(guest.code(|host| host.scan(handle)), "bad-handle");
    }
    assert_eq!(guest.code(|host| host.file(matcher, NONE)), "bad-handle");
    assert_eq!(guest.code(|host| host.folder_open(scan, NONE, NONE)), "bad-handle");
    assert_eq!(guest.code(|host| host.drop(99)), "bad-handle");
    assert_eq!(guest.code(|host| host.file(scan, bad)), "bad-utf8");
    assert_eq!(guest.code(|host| host.push(scan, NONE)), "bad-order");
    assert_eq!(guest.code(|host| host.end(scan, NONE)), "bad-order");
    guest.call(|host| host.file(scan, NONE));
    assert_eq!(guest.code(|host| host.file(scan, NONE)), "bad-order");
    assert_eq!(guest.code(|host| host.report(scan)), "bad-order");
    assert_eq!(guest.code(|host| host.load(NONE)), "truncated");
    assert_eq!(guest.code(|host| host.load(cut)), "truncated");
    assert_eq!(guest.code(|host| host.load(newer)), "newer-format");
    assert_eq!(guest.code(|host| host.folder_open(folder, NONE, number)), "bad-number");
    assert_eq!(guest.code(|host| host.folder_open(folder, NONE, NONE)), "missing-file");
    assert_eq!(guest.code(|host| host.folder_file(folder, bad, NONE)), "bad-utf8");
}

fn newer(bundle: &[u8]) -> Vec<u8> {
    let mut value: serde_json::Value = serde_json::from_slice(bundle).expect("JSON");
    value["format"] = "99.0".into();
    value.to_string().into_bytes()
}

#[test]
fn a_folder_is_opened_once_it_is_what_its_manifest_says() {
    let release = Release {
        serial: Some(7),
        commit: None,
    };
    let bundle = bundle::read(&rules()).expect("a bundle");
    let manifest = bundle::write_manifest(&bundle, &release, &[(RULES, &rules())]);
    let open = |rules: &[u8], serial: &[u8], key: &[u8]| {
        let mut guest = guest();
        let folder = guest.call(Host::folder) as u32;
        for (name, bytes) in [(RULES, rules), (MANIFEST, &manifest)] {
            let (name, bytes) = (guest.lend(name.as_bytes()), guest.lend(bytes));
            assert_eq!(guest.call(|host| host.folder_file(folder, name, bytes)), 1);
            assert_eq!(guest.code(|host| host.folder_file(folder, name, bytes)), "bad-path");
        }
        let (serial, key) = (guest.lend(serial), guest.lend(key));
        match guest.call(|host| host.folder_open(folder, key, serial)) {
            0 => guest.code(|host| host.folder_open(folder, key, serial)),
            matcher => guest.call(|host| host.scan(matcher as u32)).to_string(),
        }
    };
    assert!(open(&rules(), b"", b"").parse::<u32>().is_ok());
    assert!(open(&rules(), b"7", b"").parse::<u32>().is_ok());
    assert_eq!(open(&rules(), b"8", b""), "old-serial");
    assert_eq!(open(&rules(), b"", b"no key"), "bad-key");
    assert_eq!(open(&newer(&rules()), b"", b""), "wrong-size");
}
