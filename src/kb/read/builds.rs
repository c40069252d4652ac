//! Reads `builds.yaml`: the builds of the products, and where they are from.
//!
//! Invariant: what comes out ascends and names no build twice; anything else is told.

use crate::code::{detection, keys};
use crate::kb::read::faults::Faults;
use crate::kb::read::fields::Fields;
use crate::kb::read::front_matter::is_day;
use crate::kb::read::node::Node;
use crate::kb::read::suggest::one_of;
use crate::rules::language::build::{Build, Builds};
use crate::rules::language::issue::{Product, Reference};
use crate::rules::language::version::Version;
use crate::text::Spanned;

/// The list; `products` is what the book lists when its list can be read.
pub(crate) fn builds(node: &Node, products: Option<&[Product]>, faults: &Faults) -> Option<Builds> {
    let fields = Fields::open(node, "the file", faults)?;
    let source = fields.node("source").and_then(|node| source(node, faults));
    fields.missing("source");
    let mut list: Vec<(Spanned<String>, Version, Build)> = Vec::new();
    for node in fields.list("builds") {
        let Some((number, build)) = build(node, products, faults) else {
            continue;
        };
        let Some(version) = Version::parse(&number.value) else {
            let message = format!("`{}` is not a build number", number.value);
            let fault = faults.fault(&detection::BAD_VERSION, number.span, message);
            faults.push(fault.help("write numbers joined by dots, such as `\"15.2.1118.7\"`"));
            continue;
        };
        if let Some((earlier, last, _)) = list.last() {
            if version == *last {
                let message = format!("the build `{}` is given twice", number.value);
                let fault = faults.fault(&keys::DUPLICATE_ID, number.span, message);
                faults.push(
                    fault
                        .also(faults.at(earlier.span), "given here first")
                        .help("remove one of the two"),
                );
            } else if version < *last {
                let message = format!("the build `{}` comes after a higher one", number.value);
                let fault = faults.fault(&keys::BUILD_ORDER, number.span, message);
                faults.push(fault.help("move it: the list is in ascending order"));
            }
        }
        list.push((number, version, build));
    }
    fields.finish();
    let (source, read) = source?;
    Some(Builds {
        source,
        read,
        list: list.into_iter().map(|(.., build)| build).collect(),
    })
}

fn source(node: &Node, faults: &Faults) -> Option<(Reference, String)> {
    let fields = Fields::open(node, "`source`", faults)?;
    let (title, url) = (fields.required_string("title"), fields.required_string("url"));
    let read = fields.required_string("read");
    fields.finish();
    let (title, url, read) = (title?, url?, read?);
    if !url.value.starts_with("https://") {
        let fault = faults.fault(
            &keys::NOT_HTTPS,
            url.span,
            format!("`{}` is not an `https` address", url.value),
        );
        faults.push(fault.help("link to the publisher's list with `https://`"));
    }
    is_day(&read, faults).then(|| {
        let source = Reference {
            title: title.value,
            url: url.value,
        };
        (source, read.value)
    })
}

fn build(node: &Node, products: Option<&[Product]>, faults: &Faults) -> Option<(Spanned<String>, Build)> {
    let fields = Fields::open(node, "a build", faults)?;
    let (number, product) = (fields.required_string("build"), fields.required_string("product"));
    let (name, date) = (fields.required_string("name"), fields.required_string("date"));
    let kb = fields.string("kb").map(|kb| kb.value);
    fields.finish();
    let (number, product, name, date) = (number?, product?, name?, date?);
    let known = || products.into_iter().flatten().map(|product| product.id.as_str());
    if products.is_some() && !known().any(|id| id == product.value) {
        let fault = faults.fault(
            &keys::UNKNOWN_VALUE,
            product.span,
            format!("there is no product `{}`", product.value),
        );
        faults.push(fault.maybe_help(one_of(&product.value, known())));
    }
    // A month is a day of it that is not known.
    let day = match date.value.len() {
        7 => Spanned::new(format!("{}-01", date.value), date.span),
        _ => date.clone(),
    };
    let build = Build {
        build: number.value.clone(),
        product: product.value,
        name: name.value,
        date: date.value,
        kb,
    };
    is_day(&day, faults).then_some((number, build))
}
