//! vigie watches over the dossiers of the label « Services Publics + ». It **observes** the form platform, **judges**
//! with pure functions of (facts, today, readings), and **acts**: annotations, mails, messages, webhooks. This page says
//! where each thing is.
//!
//! | module | what it is | may import |
//! |---|---|---|
//! | `crates/`[`label`] | all that is pure: the guide, the judgement of a case, the actions it calls for, the French texts | none of these |
//! | `crates/`[`simulator`] | a stand-in for the platform, for tests and the demo | none of these |
//! | `crates/traces` | sends spans to an OpenTelemetry collector; in a build with `otel` alone | none of these |
//! | [`dn`] | client of Démarche numérique, the platform: the only folder that calls its API | `label` |
//! | [`exports`] | the platform's spreadsheets, for those without a token: from cells to a dossier in the API's shape | `dn`'s form, `documents`, `label` |
//! | [`documents`] | attachments: reads untrusted bytes in a child process and returns facts | `label` |
//! | [`store`] | the database, SQLite or PostgreSQL: the only SQL | `label` |
//! | [`mail`] | sends mails by SMTP, or writes them into a folder or into memory | `label` |
//! | [`hooks`] | signed webhooks: one POST to one receiver | `label` |
//! | [`copies`] | copies of attachments, in a folder or an S3-compatible bucket | none of these |
//! | [`casebook`] | builds cases and reviews from stored facts, for the daemon, the pages and the commands | `store`, `label` |
//! | [`record`] | what was judged and done, in a chain, and shown again years later, or forgotten | `store`, `copies`, `label` |
//! | [`register`] | the labelled services and the statistics, as files | `store`, `label` |
//! | [`daemon`] | the passes: when, how often, in which order things are done | all of the above |
//! | [`web`] | read-only pages, who may see them, metrics | `casebook`, `register`, `store`, `label`, `mail`'s mailbox |
//! | [`commands`], [`config`] | what each command does; typed settings | everything |
//! | [`ics`] | calendar files, for mails, pages and commands | `label` |
//! | [`retry`] | every wait, lease, number of tries, time limit and batch size | nothing |
//! | [`tls`] | installs the provider of TLS and builds every HTTP client | none of these |
//! | [`network`] | who stands in the way of a request: proxy, name, certificate | `label` |
//! | [`private`] | files that only this account may read | none of these |
//! | [`activity`] | what the pass under way does now, for those who watch over it | none of these |
//! | [`clock`] | the only place that reads the time | none of these |
//!
//! # What happens to a dossier
//! 1. `daemon/poll.rs` asks `dn` for a page of what changed (`fetch.rs` asks for smaller pages when the platform refuses
//!    large ones, `fill.rs` reads a large démarche in slices the first time, `reconcile.rs` finds changes that cursors do
//!    not show). A dossier with the same hash as before is skipped; for the others `dn/translate.rs` makes
//!    [`label::case::facts::Facts`], and `store/pages.rs` saves them with the cursor in one transaction.
//!    `daemon/attachments/mod.rs` downloads files, and [`documents`] inspects them.
//! 2. `daemon/examine.rs` takes the dossiers that changed and, each morning or once the rules are others, every case that
//!    is not over. [`casebook`] assembles the [`label::case::Case`]; [`label::judge::review()`] judges it; [`label::plan::plan`] compares what should
//!    exist with what exists, and returns the missing actions; they go into `store/outbox.rs`, once for each key.
//! 3. `daemon/deliver.rs` claims the mails, `ready.rs` looks again whether each still holds, `bundle.rs` puts several in
//!    one; `annotate.rs` writes annotations (`dn/write.rs`), `messages.rs` what the candidate reads on the platform, at
//!    most once (`dn/messages.rs`), `hooks.rs` tells other programs, `monthly.rs` DITP its month. What was written is read
//!    back in the same pass, so that the next one finds nothing changed.
//!
//! # Where this differs from the plan we started with, and why
//! - **Annotations are not stored as payloads.** The outbox row says only that a dossier differs. The values are computed
//!   again when they are written, from the facts at that moment, so that no old value can be written.
//! - **[`casebook`]** was not planned: the daemon, the pages and `explain` each needed "facts → case → review", and `web`
//!   and `daemon` must not import each other.
//! - **`wording` is a folder** in place of one file: words, findings, letters, notices. Each file is short, and each
//!   sentence is in one place only.
//! - **Two operations, one selection.** `graphql/observe.graphql` asks for the three streams and the form in one request,
//!   for a démarche or for a group under the same alias, so that one set of generated types reads both.
//! - **A page and its dossiers have types written by hand**, all else has types generated by `graphql_client`. A dossier
//!   is kept as raw text until it is read, so that a malformed one does not fail the page and an unchanged one is only
//!   hashed (`dn/observe.rs`). It is then read in one pass (`dn/dossier.rs`), which the generated types cannot do.
//! - **The trailing window is a list, not a second reading**: the last numbers with their positions are part of the
//!   request that reads the streams, so that a pass without changes makes one request; only dossiers whose position
//!   changed are asked for by number.
//! - **The text of a mail is written when it is sent**, from the facts at that moment, under the key that the judgement
//!   gave it: a mail that is no longer wanted is cancelled, and a digest leaves out what was done since.
//! - **Two pools on SQLite** (`store/pools.rs`): one waits until each commit is on the disk, for the record of what was
//!   done. The other does not, for pages that were read: after a power cut their cursor is lost too, and they are read
//!   again.
//! - **A lease for the observer, a row with a number, and no lock of a session.** A pooler lends its sessions, so that a
//!   lock held by one would be another's. Each transaction of the observer compares the number (`store/replicas.rs`): one that
//!   was stopped, or cut off, saves nothing once another process observes. Commands that read (`replay`, `import`, a dry
//!   run) take no lease: two that read the same page save the same facts. Tasks are claimed one by one by all.
#![deny(
    clippy::large_futures,
    reason = "it stands in the frame of each caller, and a worker has two megabytes of stack"
)]

pub mod activity;
pub mod casebook;
pub mod clock;
pub mod commands;
pub mod config;
pub mod copies;
pub mod daemon;
pub mod dn;
pub mod documents;
pub mod exports;
pub mod hooks;
pub mod ics;
pub mod mail;
pub mod network;
pub mod private;
pub mod record;
pub mod register;
pub mod retry;
pub mod store;
pub mod tls;
pub mod web;
