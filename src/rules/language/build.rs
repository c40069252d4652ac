//! Names a version by the builds of products that a book lists.
//!
//! Invariant: the list ascends and has each build once. The checks of the book make sure of it.

use serde::{Deserialize, Serialize};

use crate::rules::language::issue::Reference;
use crate::rules::language::version::Version;

/// The builds that a book lists, with their source.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Builds {
    /// The publisher's list.
    pub source: Reference,
    /// The day on which it was read.
    pub read: String,
    /// Ascending.
    pub list: Vec<Build>,
}

/// A build of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "kb", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Build {
    /// Its number, such as `15.2.1544.4`.
    pub build: String,
    /// Id of its product.
    pub product: String,
    /// Name for people: product and update.
    pub name: String,
    /// The day or the month of its release.
    pub date: String,
    /// Number of the article about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kb: Option<String>,
}

impl Builds {
    /// The build with the number in a text; `15.02.1544.004` is `15.2.1544.4`.
    pub fn of_number(&self, text: &str) -> Option<&Build> {
        let version = Version::parse(text).filter(|version| version.parts().len() > 2)?;
        let at = self
            .list
            .binary_search_by(|build| Version::parse(&build.build).cmp(&Some(version.clone())));
        at.ok().map(|at| &self.list[at])
    }

    /// The build with a name, in upper or lower case.
    pub fn of_name(&self, text: &str) -> Option<&Build> {
        self.list.iter().find(|build| build.name.eq_ignore_ascii_case(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_is_found_by_its_number_in_either_form_and_by_its_name() {
        let build = |build: &str, name: &str| Build {
            build: build.to_owned(),
            product: "mail".to_owned(),
            name: name.to_owned(),
            date: "2024-02".to_owned(),
            kb: None,
        };
        let builds = Builds {
            list: vec![
                build("15.1.2507.6", "Mail 1 CU23"),
                build("15.2.1544.4", "Mail 2 CU14"),
                build("15.2.1544.11", "Mail 2 CU14 HU"),
            ],
            ..Builds::default()
        };
        let name = |text| builds.of_number(text).map(|build| build.name.as_str());
        assert_eq!(name("15.2.1544.4"), Some("Mail 2 CU14"));
        assert_eq!(name("15.02.1544.011"), Some("Mail 2 CU14 HU"));
        assert_eq!(["15.2.1544.5", "15.2", "x", ""].map(name), [None; 4]);
        assert_eq!(
            builds.of_name("mail 1 cu23").map(|build| build.build.as_str()),
            Some("15.1.2507.6")
        );
    }
}
