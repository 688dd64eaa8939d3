//! vigie watches over the dossiers of the label « Services Publics + »: it **observes** the form platform, **judges**
//! with pure functions of (facts, today, readings), and **acts** on what follows. This page is the map.
//!
//! | module | what it is | may name |
//! |---|---|---|
//! | `crates/`[`label`] | all that is pure: the guide, a case under it, what follows, the French that says it | nothing of ours |
//! | `crates/`[`simulator`] | a small Démarche numérique, for tests and the demo | nothing of ours |
//! | [`dn`] | Démarche numérique, the platform: the only folder that speaks its API | `label`'s types |
//! | [`documents`] | attachments: hostile bytes become facts, in a child process | `label`'s types |
//! | [`store`] | what is remembered, on SQLite or PostgreSQL: the only SQL | `label`'s types |
//! | [`mail`] | letters leave by SMTP, into a folder, into memory | `label`'s types |
//! | [`hooks`] | signed webhooks: one POST to one receiver | `label`'s types |
//! | [`copies`] | copies of attachments, in a folder or an S3-compatible bucket | nothing of ours |
//! | [`casebook`] | from stored facts to reviews, for all who show or use them | `store`, `label` |
//! | [`register`] | the labelled services and the statistics, as files | `casebook`, `store`, `label` |
//! | [`daemon`] | when, how often, in which order | all of the above |
//! | [`web`] | read-only pages, who may see them, metrics | `casebook`, `register`, `store`, `label`, `mail`'s mailbox |
//! | [`commands`], [`config`] | what each command does; typed settings | everything |
//! | [`folding`] | text without accents and capitals, to compare and sort by | nothing |
//! | [`tls`] | the provider of TLS, and where every HTTP client begins | nothing |
//! | [`clock`] | the only place that asks the time | |
//!
//! # The walk of a dossier
//! 1. `daemon/poll.rs` asks `dn` for a page of what changed (`fetch.rs` makes it smaller when it must, `fill.rs` reads a
//!    large démarche in slices at first contact, `reconcile.rs` finds what no cursor shows); a dossier whose text is the
//!    one already known costs a hash, of any other `dn/translate.rs` makes [`label::case::facts::Facts`]; `store/pages.rs`
//!    saves them with the cursor in one transaction. `daemon/attachments.rs` has files fetched and [`documents`] open them.
//! 2. `daemon/examine.rs` takes what changed, and each morning every living case; [`casebook`] assembles the
//!    [`label::case::Case`]; [`label::judge::review()`] judges it; [`label::plan::plan`] says what should be minus what is;
//!    the actions go into `store/outbox.rs`, once for their key.
//! 3. `daemon/deliver.rs` claims the mails, `ready.rs` looks again whether each still holds, `bundle.rs` puts several in
//!    one; `annotate.rs` writes annotations (`dn/write.rs`), `messages.rs` what the candidate reads on the platform, at
//!    most once (`dn/messages.rs`), `hooks.rs` tells other programs, `monthly.rs` DITP its month. What was written is read
//!    back in the same pass, so that the next one finds nothing changed.
//!
//! # Where this differs from the plan we started with, and why
//! - **Annotations are not stored as payloads.** The outbox row says only that a dossier differs; what to write is
//!   worked out again when it is written, from the facts as they then stand. A queue of stale values cannot exist.
//! - **[`casebook`]** was not planned: the daemon, the pages and `explain` each needed "facts → case → review", and the
//!   fence between `web` and `daemon` is worth keeping.
//! - **`wording` is a room** in place of one file: words, findings, letters, notices. Each is read in one
//!   sitting; a sentence is still in one place only.
//! - **Two operations, one selection.** `graphql/observe.graphql` asks for the three streams and the form in one request,
//!   for a démarche or for a group under the same alias, so that one set of generated types reads both.
//! - **A page and its dossiers are typed by hand**, all else by `graphql_client`: each dossier stays raw text until its
//!   turn, so that one bad dossier costs itself and a known one costs a hash (`dn/observe.rs`), and is then read in one
//!   pass (`dn/dossier.rs`), which the generated types cannot do.
//! - **The trailing window is a list, not a second reading**: numbers and places ride in the same request as the
//!   streams, so that a quiet pass still costs one, and only what stands elsewhere is asked for by number.
//! - **A mail is written when it leaves**, from the facts as they then stand, under the key that the judgement gave it:
//!   what is no longer wanted is cancelled, and a digest says nothing that has been done since.
//! - **Two pools on SQLite** (`store/pools.rs`): what was done is on the disk before anything else happens; a page that was
//!   read is saved with the cursor after it and may be read again after a power cut, so that it need not wait for one.
//! - **No lease around a pass.** Two replicas that read the same page save the same facts; tasks are claimed one by one.

pub mod casebook;
pub mod clock;
pub mod commands;
pub mod config;
pub mod copies;
pub mod daemon;
pub mod dn;
pub mod documents;
pub mod folding;
pub mod hooks;
pub mod mail;
pub mod register;
pub mod store;
pub mod tls;
pub mod web;
