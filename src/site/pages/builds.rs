//! Draws the page of the builds: the number, the name, the day and the article of each.

use tera::Context;

use crate::rules::language::build::Build;
use crate::site::link::Link;
use crate::site::pages::Drawing;
use crate::site::views;

/// Where the page stands, from the root of the site.
pub(super) const PATH: &str = "builds.html";
/// Its heading.
pub(super) const TITLE: &str = "Builds";
/// What it is, for lists and for search engines.
pub(super) const DESCRIPTION: &str = "Which update a version number belongs to, and when it came.";

impl Drawing<'_> {
    pub(super) fn builds(&self, context: &mut Context) -> (String, &'static str) {
        let trail = [Link {
            href: "browse.html".to_owned(),
            text: "Browse".to_owned(),
        }];
        self.page(context, PATH, TITLE, DESCRIPTION, &trail);
        context.insert("products", &self.builds_by_product());
        context.insert("source", &self.book.builds.source);
        context.insert("read", &self.book.builds.read);
        (PATH.to_owned(), "builds.html")
    }

    /// The products in the order of the book, the newest build of each first.
    fn builds_by_product(&self) -> Vec<views::ProductBuilds> {
        let products = self.book.products.iter();
        let of = |id: &str| -> Vec<views::Build> {
            let builds = self.book.builds.list.iter().rev();
            builds.filter(|build| build.product == id).map(view).collect()
        };
        products
            .map(|product| views::ProductBuilds {
                title: product.title.clone(),
                builds: of(&product.id),
            })
            .filter(|product| !product.builds.is_empty())
            .collect()
    }
}

fn view(build: &Build) -> views::Build {
    views::Build {
        id: format!("build-{}", build.build.replace('.', "-")),
        number: build.build.clone(),
        name: build.name.clone(),
        date: build.date.clone(),
        article: build.kb.clone(),
    }
}
