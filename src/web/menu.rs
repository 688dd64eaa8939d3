//! What the menu of a page leads to: the parts that its viewer may open. The page does not know its viewer; the task in which
//! it is made does.

use std::future::Future;

use minijinja::{Value, context};

use super::access::{Access, Area, Viewer, may};

tokio::task_local! {
    static MENU: Menu;
}

/// The parts that a menu leads to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Menu {
    register: bool,
    situation: bool,
    cases: bool,
    labels: bool,
    internal: bool,
}

const ALL: Menu = Menu { register: true, situation: true, cases: true, labels: true, internal: true };

impl Menu {
    pub(super) fn of(viewer: &Viewer, access: &Access) -> Menu {
        let opens = |area| may(viewer, area, access);
        Menu {
            register: opens(Area::Register),
            situation: opens(Area::Situation),
            cases: opens(Area::Cases),
            labels: opens(Area::Labels),
            internal: opens(Area::Internal),
        }
    }

    /// That of the page that is being made; of somebody who may see everything where no page is.
    pub(super) fn now() -> Menu {
        MENU.try_with(|menu| *menu).unwrap_or(ALL)
    }

    pub(super) fn value(self) -> Value {
        let Menu { register, situation, .. } = self;
        context! { register, situation, cases => self.cases, labels => self.labels, internal => self.internal }
    }

    /// Makes a page with this menu.
    pub(super) async fn during<T>(self, page: impl Future<Output = T>) -> T {
        MENU.scope(self, page).await
    }
}
