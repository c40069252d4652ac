//! Defines three-valued logic: a clause about a file that was not given is neither true nor false.
//!
//! Invariant: this is Kleene's strong logic; the order of the values makes `min` its "and" and `max` its "or". More
//! evidence can turn `Unknown` into `True` or `False`, and never `True` into `False` or back.

/// The truth of a condition, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Truth {
    /// It does not hold.
    False,
    /// The evidence does not decide.
    Unknown,
    /// It holds.
    True,
}

impl Truth {
    /// Both hold.
    pub fn and(self, other: Truth) -> Truth {
        self.min(other)
    }
}

impl std::ops::Not for Truth {
    type Output = Truth;

    fn not(self) -> Truth {
        match self {
            Truth::True => Truth::False,
            Truth::Unknown => Truth::Unknown,
            Truth::False => Truth::True,
        }
    }
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Truth {
        if holds { Truth::True } else { Truth::False }
    }
}

#[cfg(test)]
mod tests {
    use super::Truth::{self, False, True, Unknown};
    use proptest::prelude::*;

    fn any() -> impl Strategy<Value = Truth> {
        prop_oneof![Just(False), Just(Unknown), Just(True)]
    }

    /// The values that are possible once everything is known.
    fn outcomes(value: Truth) -> Vec<bool> {
        match value {
            True => vec![true],
            False => vec![false],
            Unknown => vec![false, true],
        }
    }

    fn from_outcomes(outcomes: Vec<bool>) -> Truth {
        match (outcomes.contains(&true), outcomes.contains(&false)) {
            (true, true) => Unknown,
            (holds, _) => holds.into(),
        }
    }

    proptest! {
        /// The tables are exactly "what must come out whatever the unknown turns out to be".
        #[test]
        fn a_connective_knows_what_every_completion_agrees_on(a in any(), b in any()) {
            let pairs: Vec<(bool, bool)> =
                outcomes(a).into_iter().flat_map(|x| outcomes(b).into_iter().map(move |y| (x, y))).collect();
            assert_eq!(a.and(b), from_outcomes(pairs.iter().map(|(x, y)| *x && *y).collect()));
            assert_eq!(a.max(b), from_outcomes(pairs.iter().map(|(x, y)| *x || *y).collect()));
            assert_eq!(!a, from_outcomes(outcomes(a).into_iter().map(|x| !x).collect()));
        }
    }
}
