//! What is sent, as values: mails and their letters, messages, notices, annotations. May import `guide`, `case`, `life`
//! and `judge`. [`crate::wording`] makes the texts, and [`crate::plan`] says which are wanted.

mod action;
mod annotation;
mod letter;
mod mail;
mod mail_key;
mod message;
mod message_key;
mod notice;
mod notice_key;
mod platform;
mod recall;
mod rectification;

pub use action::Action;
pub use annotation::Annotation;
pub use letter::{
    About, Announced, CalendarEvent, Instead, Letter, Line, Page, Place, Section, audit_uid, deadline_uid,
};
pub use mail::Mail;
pub use mail_key::{BadMailKey, MailCode, MailKey, MailKeyFault};
pub use message::{Correction, Message};
pub use message_key::{BadMessageKey, MessageKey, MessageSubject};
pub use notice::{
    CorrectedDecision, Data, DeadlineData, FoundData, Notice, NoticeData, Notify, ToldFinding, replaced,
};
pub use notice_key::{BadNoticeKey, NoticeKey, NoticeKind, ReadSection, UnknownNoticeKind};
pub use platform::{Beginnings, Platform};
pub use recall::Recall;
pub use rectification::{LastTold, Rectification, is_single};
