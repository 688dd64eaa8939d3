//! What is found about the perimeter of a label, as a value of a finding (§1.4, 5.2).

use jiff::civil::Date;
use serde::Serialize;

use crate::guide::follow_up::Window;
use crate::guide::perimeter::{Authority, PerimeterFault};

/// What is found about a perimeter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum OfPerimeter {
    /// R-0-c, of a local authority.
    PublicationNotAsked,
    /// R-1.4-d: the basic perimeter has what the guide asks of that kind of authority.
    Complete(Authority),
    /// R-1.4-d: what the basic perimeter lacks, or holds beyond the guide's list.
    Basic(PerimeterFault),
    /// Several sites, and none or several of them that plan for the others.
    MainSite {
        /// Sites of the dossier; at least 2.
        sites: usize,
        /// Those said to be the main site: 0, or 2 and more.
        main: usize,
    },
    /// The sites of the audit's grid, and those of the dossier.
    SitesAudited {
        /// Sites of the dossier.
        declared: usize,
        /// Sites of the grid.
        audited: usize,
    },
    /// The sites that the body says it visited, among those of the dossier: the others were not drawn.
    SitesVisited {
        /// Sites of the dossier.
        declared: usize,
        /// Those that the body names as visited.
        visited: usize,
        /// The names of the others.
        left: Vec<String>,
    },
    /// What is written as a visited site, and is none of the dossier's.
    SitesUnknown(Vec<String>),
    /// The grid holds another number of sites than were visited.
    SitesOfTheGrid {
        /// Sites that the body names as visited.
        visited: usize,
        /// Sites of the grid.
        audited: usize,
    },
    /// The report is sent, and the sites that were visited are not told.
    SitesNotTold {
        /// Sites of the dossier; at least 2.
        declared: usize,
    },
    /// Sites that an extension adds, and that its audit did not visit.
    AddedNotVisited(Vec<String>),
    /// The audit of an extension is outside every follow-up window and every renewal; `window` is the nearest one.
    ExtensionAtAnotherTime {
        /// The last day of the extension's audit.
        audit: Date,
        /// `None` when the label has no follow-up window.
        window: Option<Window>,
    },
    /// R-5.2-a: an extension whose sites and domains were all covered before.
    NothingAdded,
    /// R-5.2-b: an extension was decided in favour without an audit by that day.
    ExtensionNotAudited {
        /// The day of the decision.
        decided: Date,
    },
}
