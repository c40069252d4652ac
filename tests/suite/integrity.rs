//! The folder of a bundle as an attacker, a broken disk or a careless copy leaves it: everything but the very files that
//! were signed is refused, each by a code of its own.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use fixbook::rules::bundle::{self, Bundle, BundleError, MANIFEST, PublicKey, RULES, Release, SIGNATURE, SUMS, Trust};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::engine::{document, issue, rule, says};

type Folder = BTreeMap<String, Vec<u8>>;

/// Keys as a signer makes them. `None` where there is no openssl; in CI there must be one.
fn keys() -> Option<TempDir> {
    let dir = tempfile::tempdir().expect("a folder");
    let is_there = Command::new("openssl").arg("version").output().is_ok();
    if !is_there {
        assert!(
            std::env::var_os("CI").is_none_or(|ci| ci != "true"),
            "openssl is missing, which these tests sign with"
        );
        return None;
    }
    for (name, options) in [
        ("key", &["-algorithm", "ed25519"][..]),
        ("other", &["-algorithm", "ed25519"]),
        ("rsa", &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]),
        ("curve", &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]),
    ] {
        let (private, public) = (format!("{name}.pem"), format!("{name}.pub.pem"));
        openssl(dir.path(), &[&["genpkey", "-out", &private], options].concat());
        openssl(dir.path(), &["pkey", "-in", &private, "-pubout", "-out", &public]);
    }
    openssl(
        dir.path(),
        &[
            "pkey", "-in", "key.pem", "-pubout", "-outform", "DER", "-out", "key.der",
        ],
    );
    Some(dir)
}

fn openssl(dir: &Path, args: &[&str]) {
    let done = Command::new("openssl")
        .current_dir(dir)
        .args(args)
        .output()
        .expect("openssl runs");
    assert!(
        done.status.success(),
        "{args:?}: {}",
        String::from_utf8_lossy(&done.stderr)
    );
}

fn sign(keys: &Path, name: &str, manifest: &[u8]) -> Vec<u8> {
    std::fs::write(keys.join("manifest"), manifest).expect("a file");
    let key = format!("{name}.pem");
    openssl(
        keys,
        &[
            "pkeyutl",
            "-sign",
            "-rawin",
            "-inkey",
            &key,
            "-in",
            "manifest",
            "-out",
            "signature",
        ],
    );
    std::fs::read(keys.join("signature")).expect("a signature")
}

fn public(keys: &Path, name: &str) -> Result<PublicKey, BundleError> {
    PublicKey::read(&std::fs::read(keys.join(name)).expect("a key"))
}

fn bundle_of_version(version: &str) -> Bundle {
    let mut value = document(&[issue("x", rule(says("alpha")))]);
    value["version"] = json!(version);
    bundle::read(value.to_string().as_bytes()).expect("a valid bundle")
}

/// A release without its signature.
fn release(version: &str, serial: u64) -> Folder {
    let bundle = bundle_of_version(version);
    let rules = bundle::write(&bundle);
    let sums = bundle::write_sums(&[(RULES, &rules)]);
    let release = Release {
        serial: Some(serial),
        commit: Some("0".repeat(40)),
    };
    let manifest = bundle::write_manifest(&bundle, &release, &[(RULES, &rules), (SUMS, &sums)]);
    Folder::from([
        (MANIFEST.to_owned(), manifest),
        (RULES.to_owned(), rules),
        (SUMS.to_owned(), sums),
    ])
}

fn signed(keys: &Path, mut folder: Folder) -> Folder {
    let signature = sign(keys, "key", &folder[MANIFEST]);
    folder.insert(SIGNATURE.to_owned(), signature);
    folder
}

/// What a verifier says, who asks for serial 5 or later.
fn judge(key: &PublicKey, folder: &Folder) -> Result<(), &'static str> {
    let trust = Trust {
        key: Some(key.clone()),
        min_serial: Some(5),
    };
    let judged = bundle::verify(folder, &trust);
    judged.map(drop).map_err(|error| error.code())
}

/// What a verifier says, who has no key.
fn code(folder: &impl bundle::Folder, min_serial: Option<u64>) -> Result<(), &'static str> {
    let trust = Trust { key: None, min_serial };
    bundle::verify(folder, &trust).map(drop).map_err(|error| error.code())
}

#[test]
fn each_fault_of_a_folder_has_a_code_of_its_own() {
    let whole = release("1.0.0", 5);
    assert_eq!(code(&whole, None), Ok(()));
    assert_eq!(code(&whole, Some(5)), Ok(()));
    assert_eq!(code(&whole, Some(6)), Err("old-serial"));

    let changed = |change: &dyn Fn(&mut Folder)| {
        let mut folder = whole.clone();
        change(&mut folder);
        code(&folder, None)
    };
    let put = |folder: &mut Folder, path: &str, bytes: &[u8]| drop(folder.insert(path.to_owned(), bytes.to_vec()));
    assert_eq!(changed(&|f| drop(f.remove(SUMS))), Err("missing-file"));
    assert_eq!(changed(&|f| drop(f.remove(MANIFEST))), Err("missing-file"));
    assert_eq!(changed(&|f| put(f, "more.json", b"")), Err("extra-file"));
    assert_eq!(changed(&|f| put(f, "a/bundle.json", b"")), Err("extra-file"));
    assert_eq!(changed(&|f| put(f, "sha256sums", b"")), Err("misnamed-file"));
    assert_eq!(
        changed(&|f| {
            let rules = f.remove(RULES).expect("rules");
            put(f, "Bundle.json", &rules);
        }),
        Err("misnamed-file")
    );
    assert_eq!(
        changed(&|f| f.get_mut(RULES).expect("rules").push(b' ')),
        Err("wrong-size")
    );
    assert_eq!(
        changed(&|f| f.get_mut(RULES).expect("rules")[9] ^= 1),
        Err("wrong-content")
    );

    let manifest: Value = serde_json::from_slice(&whole[MANIFEST]).expect("JSON");
    let rewritten = |change: &dyn Fn(&mut Value)| {
        let mut value = manifest.clone();
        change(&mut value);
        changed(&|f| put(f, MANIFEST, value.to_string().as_bytes()))
    };
    for path in [
        "../bundle.json",
        "/bundle.json",
        "a\\b",
        "a//b",
        "con",
        "NUL.json",
        "com1.txt",
        "bundle.json.",
        "b c",
        "",
        ".x",
        "manifest.json",
        "Manifest.JSON",
        "manifest.json.sig",
        "BUNDLE.json",
        "a/b/c/d",
        "x:y",
        "\u{e9}",
    ] {
        let more = json!({"path": path, "size": 0, "sha256": ""});
        let judged = rewritten(&|m| m["files"].as_array_mut().expect("files").push(more.clone()));
        assert_eq!(judged, Err("bad-path"), "{path}");
    }
    assert_eq!(rewritten(&|m| m["version"] = json!("1.0.1")), Err("mixed"));
    assert_eq!(rewritten(&|m| m["name"] = json!("u")), Err("mixed"));
    assert_eq!(
        rewritten(&|m| m["schema"] = json!("fixbook-bundle")),
        Err("not-a-manifest")
    );
    assert_eq!(rewritten(&|m| m["colour"] = json!("blue")), Err("not-a-manifest"));
    assert_eq!(rewritten(&|m| m["serial"] = json!(-1)), Err("not-a-manifest"));
    assert_eq!(rewritten(&|m| m["format"] = json!("2.0")), Err("newer-format"));
    assert_eq!(rewritten(&|m| m["files"] = json!([])), Err("extra-file"));

    let text = manifest.to_string();
    let raw = |text: String| changed(&|f| put(f, MANIFEST, text.as_bytes()));
    assert_eq!(raw(text.replacen('{', "{\"serial\":9,", 1)), Err("duplicate-key"));
    assert_eq!(raw("[".repeat(1000)), Err("too-deep"));
    assert_eq!(raw(text[..text.len() / 2].to_owned()), Err("truncated"));
    assert_eq!(
        raw(format!("{text}{}", " ".repeat(bundle::MAX_MANIFEST))),
        Err("too-large")
    );
}

#[test]
fn a_release_without_a_serial_is_older_than_any() {
    let bundle = bundle_of_version("1.0.0");
    let rules = bundle::write(&bundle);
    let manifest = bundle::write_manifest(&bundle, &Release::default(), &[(RULES, &rules)]);
    let folder = Folder::from([(MANIFEST.to_owned(), manifest), (RULES.to_owned(), rules)]);
    assert_eq!(code(&folder, None), Ok(()));
    assert_eq!(code(&folder, Some(0)), Err("old-serial"));
}

#[test]
fn a_signature_is_that_of_one_key_over_one_manifest() {
    let Some(keys) = keys() else { return };
    let keys = keys.path();
    let key = public(keys, "key.pub.pem").expect("PEM");
    assert_eq!(public(keys, "key.der").expect("DER"), key);
    let folder = signed(keys, release("1.0.0", 5));
    assert_eq!(judge(&key, &folder), Ok(()));

    let other = public(keys, "other.pub.pem").expect("a key");
    assert_eq!(judge(&other, &folder), Err("wrong-signature"));
    let with = |signature: Vec<u8>| {
        let mut folder = folder.clone();
        folder.insert(SIGNATURE.to_owned(), signature);
        judge(&key, &folder)
    };
    let signature = &folder[SIGNATURE];
    assert_eq!(with(Vec::new()), Err("wrong-signature"));
    assert_eq!(with(signature[..63].to_vec()), Err("wrong-signature"));
    assert_eq!(with([signature.as_slice(), b"\n"].concat()), Err("wrong-signature"));
    assert_eq!(
        with(sign(keys, "key", &release("1.0.0", 6)[MANIFEST])),
        Err("wrong-signature")
    );
    // The same signature with the order of the group added to its second half, which only a strict check refuses.
    assert_eq!(with(malleable(signature)), Err("wrong-signature"));
    let mut unsigned = folder.clone();
    unsigned.remove(SIGNATURE);
    assert_eq!(judge(&key, &unsigned), Err("not-signed"));

    // What was signed once stays signed: only the serial tells that it is old.
    assert_eq!(judge(&key, &signed(keys, release("0.9.0", 4))), Err("old-serial"));
    let mut mixed = signed(keys, release("1.0.1", 6));
    mixed.insert(RULES.to_owned(), folder[RULES].clone());
    assert_eq!(judge(&key, &mixed), Err("wrong-content"));

    assert_eq!(public(keys, "curve.pub.pem").expect_err("EC").code(), "bad-key");
    assert_eq!(public(keys, "rsa.pub.pem").expect_err("RSA").code(), "bad-key");
    assert_eq!(public(keys, "key.pem").expect_err("private").code(), "bad-key");
    for bad in [
        &b""[..],
        b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
        b"\x30\x03\x02\x01\x00",
        // The neutral element, for which anybody can sign.
        &[
            b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00\x01".as_slice(),
            &[0; 31],
        ]
        .concat(),
    ] {
        assert_eq!(PublicKey::read(bad).expect_err("no key").code(), "bad-key");
    }
}

/// The other number of 256 bits that counts as the same.
fn malleable(signature: &[u8]) -> Vec<u8> {
    const ORDER: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let mut out = signature.to_vec();
    let mut carry = 0;
    for (byte, order) in out[32..].iter_mut().zip(ORDER) {
        let sum = u16::from(*byte) + u16::from(order) + carry;
        *byte = sum as u8;
        carry = sum >> 8;
    }
    out
}

/// A folder that counts what is read of it.
struct Watched {
    files: Folder,
    read: RefCell<Vec<(String, usize)>>,
}

impl bundle::Folder for Watched {
    fn paths(&self) -> std::io::Result<Vec<String>> {
        self.files.paths()
    }

    fn read(&self, path: &str, most: usize) -> std::io::Result<Vec<u8>> {
        self.read.borrow_mut().push((path.to_owned(), most));
        self.files.read(path, most)
    }
}

#[test]
fn nothing_is_read_before_it_is_named_and_signed_nor_more_than_was_said() {
    let watched = |files: &Folder| Watched {
        files: files.clone(),
        read: RefCell::default(),
    };
    let mut folder = release("1.0.0", 5);
    let whole = watched(&folder);
    assert_eq!(code(&whole, None), Ok(()));
    let read = whole.read.into_inner();
    let names: Vec<&str> = read.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(names, [MANIFEST, SUMS, RULES]);
    assert!(
        read.iter().all(|(_, most)| *most <= bundle::MAX_MANIFEST + 1),
        "{read:?}"
    );

    folder.insert("huge".to_owned(), Vec::new());
    let more = watched(&folder);
    assert_eq!(code(&more, None), Err("extra-file"));
    assert_eq!(more.read.into_inner().len(), 1, "only the manifest");

    let Some(keys) = keys() else { return };
    let unsigned = watched(&folder);
    let trust = Trust {
        key: Some(public(keys.path(), "key.pub.pem").expect("a key")),
        min_serial: None,
    };
    assert_eq!(
        bundle::verify(&unsigned, &trust).expect_err("unsigned").code(),
        "not-signed"
    );
    assert_eq!(unsigned.read.into_inner().len(), 1, "only the manifest");
}

/// Numbers that are the same in every run (xorshift64*).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % below
    }

    fn pick(&mut self, folder: &Folder) -> String {
        let at = self.roll(folder.len());
        folder.keys().nth(at).expect("within").clone()
    }
}

fn mutate(dice: &mut Dice, folder: &mut Folder, other: &Folder) {
    let path = dice.pick(folder);
    let mut bytes = folder[&path].clone();
    let at = dice.roll(bytes.len());
    match dice.roll(10) {
        0 | 1 => bytes[at] ^= 1 << dice.roll(8),
        2 => bytes.truncate(at),
        3 => bytes.insert(at, dice.roll(256) as u8),
        4 => drop(bytes.remove(at)),
        5 => bytes = other.get(&path).cloned().unwrap_or_default(),
        6 => bytes.extend_from_slice(&folder[&dice.pick(folder)]),
        7 => {
            folder.remove(&path);
            let name = match dice.roll(3) {
                0 => path.to_ascii_uppercase(),
                1 => format!("{path}~"),
                _ => dice.pick(other),
            };
            folder.insert(name, bytes);
            return;
        }
        8 => drop(folder.insert(format!("{}{path}", ["x", "a/", ".", "_"][dice.roll(4)]), bytes.clone())),
        _ => return drop(folder.remove(&path)),
    }
    folder.insert(path, bytes);
}

#[test]
fn two_thousand_mutations_of_a_folder_are_all_refused() {
    let Some(keys) = keys() else { return };
    let key = public(keys.path(), "key.pub.pem").expect("a key");
    let folder = signed(keys.path(), release("1.0.0", 5));
    let other = signed(keys.path(), release("1.0.1", 6));
    let mut dice = Dice(0x5EED);
    let mut codes: BTreeMap<&str, usize> = BTreeMap::new();
    let mut refused = 0;
    while refused < 2000 {
        let mut mutant = folder.clone();
        for _ in 0..=dice.roll(3) {
            if !mutant.is_empty() && mutant.values().all(|bytes| !bytes.is_empty()) {
                mutate(&mut dice, &mut mutant, &other);
            }
        }
        if mutant == folder {
            continue;
        }
        let code = judge(&key, &mutant).expect_err("a mutant was accepted");
        *codes.entry(code).or_default() += 1;
        refused += 1;
    }
    assert!(codes.len() > 5, "{codes:?}");
}
