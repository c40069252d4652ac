//! Compiles the matcher to WebAssembly, so that the program can embed it. It builds this same package once more,
//! without its default features and with `abi`.
//!
//! A user of the library compiles nothing here. `FIXBOOK_CORE` can name a compiled file to use instead. The inner build
//! has its own target folder, so that it never waits for the lock of the outer build.

use std::env::{self, VarError};
use std::ffi::OsString;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

const TARGET: &str = "wasm32-unknown-unknown";
/// How every WebAssembly module begins.
const MAGIC: &[u8] = b"\0asm\x01\0\0\0";

type Result<T> = std::result::Result<T, String>;

fn main() -> ExitCode {
    for cause in [
        "src/build.rs",
        "src/lib.rs",
        "src/rules",
        "src/abi",
        "Cargo.toml",
        "Cargo.lock",
    ] {
        println!("cargo::rerun-if-changed={cause}");
    }
    println!("cargo::rerun-if-env-changed=FIXBOOK_CORE");
    let has = |feature: &str| env::var_os(format!("CARGO_FEATURE_{feature}")).is_some();
    if !has("CLI") || has("ABI") || env::var("TARGET").is_ok_and(|target| target == TARGET) {
        return ExitCode::SUCCESS;
    }
    match core().and_then(|core| embed(&core)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            println!("cargo::error={why}");
            ExitCode::FAILURE
        }
    }
}

/// The module: one that was named, or one that is compiled now.
fn core() -> Result<PathBuf> {
    match env::var("FIXBOOK_CORE") {
        Ok(path) => Ok(PathBuf::from(path)),
        Err(VarError::NotPresent) => compile(),
        Err(VarError::NotUnicode(_)) => Err("FIXBOOK_CORE is not a path in Unicode".to_owned()),
    }
}

/// Gives the program the path of a copy.
fn embed(core: &Path) -> Result<()> {
    let bytes = fs::read(core).map_err(|error| format!("cannot read {}: {error}", core.display()))?;
    if !bytes.starts_with(MAGIC) {
        return Err(format!("{} is not a WebAssembly module", core.display()));
    }
    println!("cargo::rerun-if-changed={}", core.display());
    let copy = folder("OUT_DIR")?.join("fixbook.wasm");
    fs::write(&copy, bytes).map_err(|error| format!("cannot write {}: {error}", copy.display()))?;
    println!("cargo::rustc-env=FIXBOOK_CORE_FILE={}", copy.display());
    Ok(())
}

fn compile() -> Result<PathBuf> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    if !has_target(&rustc)? {
        return Err(format!(
            "the matcher is also compiled to WebAssembly, and Rust's target for that is not installed: run \
             `rustup target add {TARGET}`, or name a module that is compiled already in FIXBOOK_CORE"
        ));
    }
    let profile = match env::var("PROFILE").as_deref() {
        Ok("release") => "core",
        _ => "core-dev",
    };
    let target_dir = target_dir()?;
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .args([
            "rustc",
            "--lib",
            "--crate-type",
            "cdylib",
            "--no-default-features",
            "--features",
            "abi",
        ])
        .args(["--target", TARGET, "--profile", profile, "--target-dir"])
        .arg(&target_dir)
        .arg("--manifest-path")
        .arg(folder("CARGO_MANIFEST_DIR")?.join("Cargo.toml"));
    // What the outer build was told is about the machine that it builds for, and the tools that watch it.
    for (name, _) in env::vars_os().filter(|(name, _)| is_of_the_outer_build(name)) {
        cargo.env_remove(name);
    }
    let done = cargo.output().map_err(|error| format!("cannot run cargo: {error}"))?;
    if !done.status.success() {
        // cargo shows what a build script that fails has written, as it stands.
        io::stderr()
            .write_all(&done.stderr)
            .map_err(|error| error.to_string())?;
        return Err("the matcher cannot be compiled to WebAssembly; what the compiler said stands below".to_owned());
    }
    Ok(target_dir.join(TARGET).join(profile).join("fixbook.wasm"))
}

fn has_target(rustc: &OsString) -> Result<bool> {
    let done = Command::new(rustc)
        .args(["--print", "target-libdir", "--target", TARGET])
        .output();
    let done = done.map_err(|error| format!("cannot run {}: {error}", rustc.display()))?;
    Ok(Path::new(String::from_utf8_lossy(&done.stdout).trim()).is_dir())
}

fn is_of_the_outer_build(name: &OsString) -> bool {
    let name = name.to_string_lossy();
    let exact = [
        "RUSTFLAGS",
        "RUSTDOCFLAGS",
        "RUSTC_WORKSPACE_WRAPPER",
        "CARGO_ENCODED_RUSTFLAGS",
        "CARGO_TARGET_DIR",
        "CARGO_BUILD_TARGET",
        "CARGO_BUILD_RUSTFLAGS",
        "CARGO_BUILD_TARGET_DIR",
        "CARGO_INCREMENTAL",
        "TARGET",
        "PROFILE",
        "OPT_LEVEL",
        "DEBUG",
    ];
    exact.contains(&&*name)
        || ["CARGO_FEATURE_", "CARGO_CFG_", "CARGO_PROFILE_", "CARGO_PKG_"]
            .iter()
            .any(|start| name.starts_with(start))
}

/// Below the folder that the outer build writes to, one for all of its profiles and targets: `target/core`.
fn target_dir() -> Result<PathBuf> {
    let out = folder("OUT_DIR")?;
    // target[/TRIPLE]/PROFILE/build/PACKAGE/out
    let mut target = out.ancestors().nth(4).ok_or("OUT_DIR is too short")?;
    if target.file_name() == env::var_os("TARGET").as_deref() {
        target = target.parent().ok_or("OUT_DIR is too short")?;
    }
    Ok(target.join("core"))
}

fn folder(name: &str) -> Result<PathBuf> {
    let path = env::var_os(name).ok_or_else(|| format!("cargo did not set {name}"))?;
    Ok(PathBuf::from(path))
}
