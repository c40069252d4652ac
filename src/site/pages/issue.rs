//! Draws the page of an issue or a guide, and the pages of its earlier ids.
//!
//! Invariant: the sections stand in the order in which they are needed, which is not that of the file.

use std::collections::BTreeMap;

use tera::Context;

use crate::kb::{Heading, Page};
use crate::rules::language::issue::Kind;
use crate::site::link::Link;
use crate::site::pages::{Drawing, root_of};
use crate::site::titles::folded;
use crate::site::views;
use crate::site::{feeds, markdown, recognise, words};

impl Drawing<'_> {
    pub(super) fn issue(&self, context: &mut Context, page: &Page) -> (String, &'static str) {
        let issue = &page.issue;
        let root = root_of(&issue.url);
        let category = self
            .book
            .categories
            .iter()
            .find(|category| category.id == issue.category);
        let trail: Vec<Link> = category
            .map(|category| Link {
                href: format!("{root}category/{}.html", category.id),
                text: category.title.clone(),
            })
            .into_iter()
            .collect();
        let summary = issue.summary.fill(&BTreeMap::new());
        self.page(context, &issue.url, &issue.title, &summary, &trail);
        context.insert("issue", &self.issue_view(page, &root));
        (issue.url.clone(), "issue.html")
    }

    pub(super) fn alias(&self, context: &mut Context, page: &Page, alias: &str) -> (String, &'static str) {
        let folder = page.issue.url.rsplit_once('/').map_or("", |(folder, _)| folder);
        let path = if folder.is_empty() {
            format!("{alias}.html")
        } else {
            format!("{folder}/{alias}.html")
        };
        self.page(context, &path, &page.issue.title, "", &[]);
        let target = page.issue.url.rsplit('/').next().unwrap_or(&page.issue.url);
        context.insert("target", target);
        (path, "redirect.html")
    }

    fn issue_view(&self, page: &Page, root: &str) -> views::Issue {
        let issue = &page.issue;
        let looked_for = recognise::looked_for(issue);
        let section = |heading: Heading, anchor: &str| {
            let place = markdown::Place {
                book: self.book,
                root,
                anchor: Some(anchor),
                looked_for: &looked_for,
            };
            let section = page.sections.iter().find(|section| section.heading == heading);
            section
                .map(|section| markdown::render(&section.markdown, &place))
                .unwrap_or_default()
        };
        let symptom = section(Heading::Symptom, "symptom");
        // The first screen must reach the fix: what is needed to say "this is it" stays, the rest folds away.
        let lead = symptom
            .iter()
            .position(|piece| piece.is_lines)
            .map_or(1, |at| at + 1)
            .min(symptom.len());
        let whole = |heading, anchor| markdown::join(&section(heading, anchor));
        let named = |kind: &str, ids: &[String]| -> Vec<Link> {
            let kind = self.kinds.iter().find(|k| k.id == kind);
            let listings = kind.into_iter().flat_map(|kind| &kind.listings);
            listings
                .filter(|listing| ids.iter().any(|id| listing.path.ends_with(&format!("/{id}.html"))))
                .map(|listing| Link {
                    href: format!("{root}{}", listing.path),
                    text: listing.title.clone(),
                })
                .collect()
        };
        let mut products = named("product", &issue.applies_to);
        let titles = products.iter().map(|link| link.text.as_str()).collect();
        let titles: Vec<String> = folded(titles).into_iter().map(str::to_owned).collect();
        for (link, title) in products.iter_mut().zip(titles) {
            link.text = title;
        }
        let codes = self
            .facts
            .get(issue.id.as_str())
            .into_iter()
            .flat_map(|facts| &facts.codes);
        let fill = |address: &Option<String>, what: &str, with: &str| address.as_ref().map(|a| a.replace(what, with));
        let file = issue
            .url
            .rsplit('/')
            .next()
            .unwrap_or(&issue.url)
            .trim_end_matches(".html");
        let superseded_by = page.meta.superseded_by.as_deref().and_then(|id| self.book.page(id));
        views::Issue {
            id: issue.id.clone(),
            is_guide: issue.kind == Kind::Guide,
            severity: words::severity(issue.severity),
            risk: words::risk(issue.risk),
            downtime: page.meta.downtime.map(words::downtime),
            state: words::state(issue.status),
            superseded_by: superseded_by.map(|page| Link {
                href: format!("{root}{}", page.issue.url),
                text: page.issue.title.clone(),
            }),
            products,
            phase: named("phase", page.meta.phase.as_slice()).into_iter().next(),
            tags: named("tag", &page.meta.tags),
            codes: codes
                .map(|code| Link {
                    href: format!("{root}codes.html#{}", code.anchor()),
                    text: code.spellings().swap_remove(0),
                })
                .collect(),
            aliases: issue.aliases.clone(),
            symptom: markdown::join(&symptom[..lead]),
            symptom_more: markdown::join(&symptom[lead..]),
            fix: whole(Heading::Fix, "fix"),
            verify: whole(Heading::Verify, "verify"),
            rollback: whole(Heading::Rollback, "rollback"),
            not_this: whole(Heading::NotThis, "not-this"),
            cause: whole(Heading::Cause, "why"),
            references: issue
                .references
                .iter()
                .filter(|reference| reference.url.starts_with("https://"))
                .map(|reference| Link {
                    href: reference.url.clone(),
                    text: reference.title.clone(),
                })
                .collect(),
            proof: self.proofs.get(issue.id.as_str()).cloned().unwrap_or_default(),
            recognised: recognise::recognised(self.book, issue, root),
            changes: feeds::changes(page)
                .map(|(day, what)| views::Change {
                    day: day.to_owned(),
                    what,
                })
                .collect(),
            last_verified: page.meta.last_verified.clone(),
            edit: fill(&self.book.config.site.edit_url, "{path}", &page.path),
            report: fill(&self.book.config.site.report_url, "{id}", &issue.id),
            text: format!("{file}.txt"),
            json: format!("{file}.json"),
        }
    }
}
