//! `fixbook review`: what people must look at again.

use anyhow::Context as _;
use fixbook::kb::review::{self, ChangedLink, LinkChange, StalePage};
use fixbook::rules::report::document;
use serde::Serialize;

use crate::args::{Review, ReviewFormat};
use crate::output::{self, Answer};
use crate::terminal::{self, CARE, FAINT, GOOD, PLAIN, STRONG, Sheet, counted, visible};
use crate::{book, today};

/// What is to be looked at.
#[derive(Serialize)]
struct Work {
    /// Pages verified before this day, or never.
    before: String,
    stale: Vec<StalePage>,
    /// Absent when no answers were given.
    #[serde(skip_serializing_if = "Option::is_none")]
    links: Option<Vec<ChangedLink>>,
}

/// Prints the pages that nobody has verified for long, and the links that moved.
pub fn run(args: &Review) -> anyhow::Result<Answer> {
    let Some((_, _, book)) = book::open(&args.book)?.if_valid() else {
        return Ok(Answer::Something);
    };
    if args.addresses {
        let list: String = review::addresses(&book)
            .iter()
            .map(|address| format!("{}\n", address.url))
            .collect();
        output::document(&list)?;
        return Ok(Answer::Nothing);
    }
    let before = today::before(args.older_than);
    let links = match &args.answers {
        None => None,
        Some(path) => {
            let name = terminal::path(path);
            let text = std::fs::read_to_string(path).with_context(|| format!("cannot read `{name}`"))?;
            Some(review::changed_links(&book, &text).with_context(|| format!("cannot use `{name}`"))?)
        }
    };
    let work = Work {
        stale: review::stale(&book, &before),
        before,
        links,
    };
    match args.format {
        ReviewFormat::Human => output::print(&work.human())?,
        ReviewFormat::Json => output::document(&document::json(&work).context("the list is not JSON")?)?,
    }
    let is_done = work.stale.is_empty() && work.links.as_ref().is_none_or(Vec::is_empty);
    Ok(if is_done { Answer::Nothing } else { Answer::Something })
}

impl Work {
    fn human(&self) -> String {
        let mut sheet = Sheet::new(terminal::width());
        let count = counted(self.stale.len(), "page");
        let style = if self.stale.is_empty() { GOOD } else { CARE };
        sheet.paragraph(0, "", style, &format!("{count} not verified since {}.", self.before));
        for stale in &self.stale {
            let day = stale.last_verified.as_deref().unwrap_or("never     ");
            sheet.line(2, &[(FAINT, day), (PLAIN, &format!("  {}", stale.page))]);
        }
        if let Some(links) = &self.links {
            sheet.gap();
            let style = if links.is_empty() { GOOD } else { CARE };
            let count = counted(links.len(), "link");
            sheet.paragraph(0, "", style, &format!("{count} not where the pages say."));
            links.iter().for_each(|link| link_lines(&mut sheet, link));
        }
        sheet.into_text()
    }
}

fn link_lines(sheet: &mut Sheet, link: &ChangedLink) {
    let what = match &link.change {
        LinkChange::Moved { to } => format!("moved to {}", visible(to)),
        LinkChange::Refused { status } => format!("status {status}"),
        LinkChange::Unanswered => "no answer".to_owned(),
        LinkChange::NotAsked => "not asked".to_owned(),
        _ => "changed".to_owned(),
    };
    sheet.line(2, &[(STRONG, &visible(&link.address.url))]);
    sheet.line(4, &[(CARE, &what)]);
    sheet.line(4, &[(FAINT, &link.address.pages.join(", "))]);
}
