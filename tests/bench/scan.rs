//! How long a scan takes inside the process, by size of the log and number of rules. `cargo bench --bench scan`.

#[path = "corpus.rs"]
mod corpus;

use std::io::Cursor;

use divan::Bencher;
use divan::counter::BytesCount;
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
