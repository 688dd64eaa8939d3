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
    Complete(Authority),
    Basic(PerimeterFault),
    /// Several sites, and none or several of them that plan for the others.
    MainSite {
        sites: usize,
        main: usize,
    },
    /// The sites of the audit's grid, and those of the dossier.
    SitesAudited {
        declared: usize,
        audited: usize,
    },
    /// The sites that the body says it visited, among those of the dossier: the others were not drawn.
    SitesVisited {
        declared: usize,
        visited: usize,
        left: Vec<String>,
    },
    /// What is written as a visited site, and is none of the dossier's.
    SitesUnknown(Vec<String>),
    /// The grid holds another number of sites than were visited.
    SitesOfTheGrid {
        visited: usize,
        audited: usize,
    },
    /// The report is sent, and the sites that were visited are not told.
    SitesNotTold {
        declared: usize,
    },
    /// Sites that an extension adds, and that its audit did not visit.
    AddedNotVisited(Vec<String>),
    /// The audit of an extension is outside every follow-up window and every renewal; `window` is the nearest one.
    ExtensionAtAnotherTime {
        audit: Date,
        window: Option<Window>,
    },
    NothingAdded,
    ExtensionNotAudited {
        decided: Date,
    },
}
