//! How long a scan takes inside the process, by size of the log and number of rules. `cargo bench --bench scan`.

#[path = "corpus.rs"]
mod corpus;

use std::io::Cursor;
use std::path::Path;

use divan::Bencher;
use divan::counter::BytesCount;
use fixbook::kb;
use fixbook::rules::bundle;
use fixbook::rules::{Input, Matcher};

fn main() {
    divan::main();
}

#[divan::bench(args = [40, 100, 1000], sample_count = 10)]
fn lines_of_6_mb(bencher: Bencher, rules: usize) {
    let log = corpus::log(6_300_000);
    let matcher = Matcher::new(corpus::bundle_of_lines(&corpus::patterns(rules)));
    bencher
        .counter(BytesCount::new(log.len()))
        .with_inputs(|| log.clone())
        .bench_values(|log| {
            matcher.scan(vec![Input {
                path: "a.log".to_owned(),
                reader: Box::new(Cursor::new(log)),
            }])
        });
}

#[divan::bench(args = [40, 1000], sample_count = 10)]
fn compiling(bencher: Bencher, rules: usize) {
    let bundle = corpus::bundle_of_lines(&corpus::patterns(rules));
    bencher.with_inputs(|| bundle.clone()).bench_values(Matcher::new);
}

/// What every scan begins with: the document of the shipped book, read and checked.
#[divan::bench(sample_count = 100)]
fn reading_the_shipped_bundle(bencher: Bencher) {
    let document = shipped();
    bencher.bench(|| bundle::read(&document).expect("a valid bundle"));
}

/// What it goes on with.
#[divan::bench(sample_count = 100)]
fn compiling_the_shipped_bundle(bencher: Bencher) {
    let document = shipped();
    bencher
        .with_inputs(|| bundle::read(&document).expect("a valid bundle"))
        .bench_values(Matcher::new);
}

/// The bundle of the book in this repository, as it is published.
fn shipped() -> Vec<u8> {
    let (tree, _) = kb::open(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the repository");
    bundle::write(&kb::load(&tree).0.expect("a book").bundle())
}
