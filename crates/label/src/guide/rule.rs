//! What the table of contents says of a rule.

use serde::Serialize;

/// How it is known whether a rule is respected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum RuleKind {
    /// The program computes it.
    Computed,
    /// A person enters it in the form.
    Entered,
    /// Nothing to enter or to compute.
    Informative,
    /// The program will compute it and does not yet.
    Planned,
}

/// Where a rule comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Basis {
    /// The text of the guide.
    Letter,
    /// A choice where the guide is silent: the question of `choices.rs`, or `A.X`, the conventions of computation.
    Choice(&'static str),
    /// The text of the guide, except for the named question.
    Both(&'static str),
}

/// A rule of the guide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// Id in the catalogue of rules.
    pub id: &'static str,
    /// The guide's section.
    pub section: &'static str,
    /// Whether the guide says it, or a reading of an open question does.
    pub basis: Basis,
    /// How it is known whether it is respected.
    pub kind: RuleKind,
    /// `file::function` inside this folder when computed, the form's key when entered, nothing otherwise.
    pub carried_by: &'static str,
    /// The rule in English, in one sentence.
    pub sentence: &'static str,
}
