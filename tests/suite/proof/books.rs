//! Books small enough to be understood at a glance.

use fixbook::files::Tree;
use fixbook::kb::verify::{self, Case, TestReport};
use fixbook::kb::{self, Book};

/// A book in memory: two sources of lines, which begin with `app: ` and `service: `, and a page a rule.
#[derive(Clone)]
pub struct SmallBook {
    pub tree: Tree,
}

impl SmallBook {
    /// A book without pages.
    pub fn empty() -> SmallBook {
        let mut book = SmallBook { tree: Tree::default() };
        book.put("book.toml", "[book]\ntitle = \"Small\"\n");
        book.put("kb/products.yaml", "- {id: app, title: App}\n");
        for name in ["app", "service"] {
            let what = format!("id: {name}-log\ntitle: A log\ncollect: Beside the program.\nformat: lines\n");
            let how = format!("files: [\"*.log\"]\ncontent: [\"^{name}: \"]\n");
            book.put(&format!("kb/sources/{name}-log.yaml"), &(what + &how));
        }
        book
    }

    /// A book of one issue with a match case, a clean case and a good log.
    pub fn if_valid() -> SmallBook {
        let mut book = SmallBook::empty();
        book.page(
            "disk-full",
            "{source: app-log, where: {text: {regex: \"^app: disk (?<drive>[^ \\\\n]) is full\"}}}",
        );
        book.put(
            "tests/fixtures/disk-full/match-basic.log",
            "app: start\napp: disk C is full\napp: end\n",
        );
        book.put(
            "tests/fixtures/disk-full/clean-roomy.log",
            "app: start\napp: disk C is not full\n",
        );
        book.put("tests/fixtures/_good/quiet.log", "app: start\napp: end\n");
        book
    }

    /// Puts a file in place.
    pub fn put(&mut self, path: &str, text: &str) {
        self.tree.insert(path, text);
    }

    /// Adds a page with a detection, written as YAML.
    pub fn page(&mut self, id: &str, detection: &str) {
        let front = format!(
            "title: \"The trouble of {id}\"\nseverity: high\nconfidence: high\napplies_to: [app]\nrisk: low\n\
             summary: \"Something is wrong.\"\ndetection: {detection}\n\
             references: [{{title: \"Manual\", url: \"https://example.com/\"}}]\nlast_verified: \"2026-11-20\"\n"
        );
        let body = "## Symptom\n\nIt fails.\n\n## Cause\n\nSomething.\n\n## Fix\n\n1. Mend it.\n\n## Verify\n\n1. Look at `app.log`.\n";
        self.put(&format!("kb/app/{id}.md"), &format!("---\n{front}---\n\n{body}"));
    }

    /// Adds a line to the front matter of a page.
    pub fn front_matter(&mut self, id: &str, line: &str) {
        self.edit(id, |page| page.replacen("---\n", &format!("---\n{line}\n"), 1));
    }

    /// Adds an example to the symptom of a page.
    pub fn example(&mut self, id: &str, info: &str, text: &str) {
        self.edit(id, |page| {
            page.replacen("## Cause", &format!("```{info}\n{text}\n```\n\n## Cause"), 1)
        });
    }

    /// The book, which has no errors.
    pub fn load(&self) -> Book {
        let (book, diagnostics) = kb::load(&self.tree);
        assert!(!diagnostics.has_errors(), "{}", diagnostics.to_plain());
        book.expect("a book without errors is there")
    }

    /// The loaded book of one issue `x`, and its cases, each given by a name and a text.
    pub fn proving(detection: &str, logs: &[(&str, &str)]) -> (Book, Vec<Case>) {
        let mut book = SmallBook::empty();
        book.page("x", detection);
        for (name, text) in logs {
            book.put(&format!("tests/fixtures/x/{name}.log"), text);
        }
        let loaded = book.load();
        let (cases, _) = verify::cases(&loaded, &book.tree);
        (loaded, cases)
    }

    /// What `fixbook test` finds out.
    pub fn test(&self) -> TestReport {
        verify::test(&self.load(), &self.tree)
    }

    /// What `fixbook test --accept` does.
    pub fn accept(&mut self, report: &TestReport) {
        for (path, bytes) in report.accept(&self.tree) {
            match bytes {
                Some(bytes) => self.tree.insert(path, bytes),
                None => _ = self.tree.0.remove(&path),
            }
        }
    }

    /// Changes the text of a page.
    pub fn edit(&mut self, id: &str, change: impl Fn(&str) -> String) {
        self.edit_file(&format!("kb/app/{id}.md"), change);
    }

    /// Changes the text of a file.
    pub fn edit_file(&mut self, path: &str, change: impl Fn(&str) -> String) {
        let text = String::from_utf8_lossy(self.tree.get(path).expect("the file is there")).into_owned();
        self.put(path, &change(&text));
    }
}
