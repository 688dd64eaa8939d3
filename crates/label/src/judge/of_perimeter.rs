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
