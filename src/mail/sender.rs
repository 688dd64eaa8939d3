//! In whose name a mail is written, and where its answers go: the same for all, or one for each certification body.

use std::collections::BTreeMap;
use std::sync::Arc;

use lettre::message::Mailbox;

use super::letterhead::Letterhead;
use label::wording::letterhead::ListOfReaders;

/// One who writes.
#[derive(Clone, Debug)]
pub(super) struct Sender {
    pub from: Mailbox,
    pub reply_to: Option<Mailbox>,
    pub letterhead: Arc<Letterhead>,
}

impl Sender {
    /// Where answers go.
    pub fn answers(&self) -> &Mailbox {
        self.reply_to.as_ref().unwrap_or(&self.from)
    }
}

/// Everyone who writes: the general one, and each body by its name.
#[derive(Clone, Debug)]
pub(super) struct Senders {
    pub general: Sender,
    bodies: Arc<BTreeMap<String, Sender>>,
}

impl Senders {
    pub fn alone(general: Sender) -> Senders {
        Senders { general, bodies: Arc::default() }
    }

    /// The server sends from one address, whoever writes: only the name before it is the body's.
    pub fn add(&mut self, body: &str, reply_to: Option<Mailbox>, letterhead: Letterhead) {
        let name = Some(letterhead.name.clone()).filter(|name| !name.is_empty());
        let from = Mailbox::new(name.or(self.general.from.name.clone()), self.general.from.email.clone());
        let reply_to = reply_to.or(self.general.reply_to.clone());
        let sender = Sender { from, reply_to, letterhead: Arc::new(letterhead) };
        Arc::make_mut(&mut self.bodies).insert(body.to_owned(), sender);
    }

    pub fn of(&self, body: Option<&str>) -> &Sender {
        body.and_then(|body| self.bodies.get(body)).unwrap_or(&self.general)
    }

    /// Where the configuration names the readers of that body.
    pub fn list(&self, body: Option<&str>) -> ListOfReaders {
        match body {
            _ if self.bodies.is_empty() => ListOfReaders::Organisme,
            Some(_) => ListOfReaders::Organismes,
            None => ListOfReaders::Ditp,
        }
    }
}
