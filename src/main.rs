//! The command line.
#![deny(clippy::large_futures, reason = "as in the library")]

mod output;

use std::io::{self, Write};
#[cfg(feature = "simulator")]
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{ArgAction, Parser, Subcommand};
use jiff::civil::Date;
use label::case::table::TableKind;
use vigie::commands::agenda::{AgendaFormat, agenda};
use vigie::commands::draw::{Pool, draw_sample};
use vigie::commands::journal::{JournalFormat, journal};
use vigie::commands::template::{TableFormat, parse_kind, template};
use vigie::commands::{
    CommandOutcome, annex, backup, calendar, callback, check, conformance, default_config, explain, forget,
    form, import, init, mail, record, register, replay, run, sessions, token, webhook,
};
#[cfg(feature = "simulator")]
use vigie::commands::{demo, simulate};
use vigie::config::{self, ConfigError, Settings};
use vigie::documents::archive::ArchiveTask;
use vigie::tls;

#[derive(Parser)]
#[command(version, about = "Watches over the dossiers of the label « Services Publics + »")]
struct Cli {
    /// Configuration file; every key can also be set as VIGIE_SECTION__KEY
    #[arg(long, env = "VIGIE_CONFIG", global = true)]
    config: Option<PathBuf>,
    /// More logs; twice for even more
    #[arg(short, action = ArgAction::Count, global = true)]
    verbose: u8,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Three years of the label in a browser: no credentials, no file, no network
    #[cfg(feature = "simulator")]
    Demo {
        /// A pace that the page offers beside its own, in simulated time per second
        #[arg(long, default_value = "10d", value_parser = demo::parse_speed)]
        speed: i64,
        #[arg(long, default_value = "127.0.0.1:8080")]
        listen: SocketAddr,
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// The daemon
    Run {
        /// One full pass, until nothing is left to do now
        #[arg(long)]
        once: bool,
        /// Print the actions, touch nothing outside the store
        #[arg(long)]
        dry_run: bool,
    },
    /// Configuration, token, form, mail, store, clock: one line each
    Check {
        /// Ask the mail server about each of our own addresses, without sending anything
        #[arg(long)]
        mail: bool,
        /// Try whether the token may write, in a dossier that does not exist
        #[arg(long)]
        write: bool,
    },
    /// Mails: retry what was given up, send a test
    Mail {
        #[command(subcommand)]
        action: mail::MailAction,
    },
    /// Webhooks: send a signed test, retry what was given up
    Webhook {
        #[command(subcommand)]
        action: webhook::WebhookAction,
    },
    /// Copy the store into a new file, while the daemon runs (SQLite); for PostgreSQL, the command to run
    Backup { file: PathBuf },
    /// Read the live form and propose form.toml
    Form {
        /// The fields that an administrator should add to the démarche, as a page to follow
        #[arg(long)]
        create: bool,
    },
    /// Ask what is needed, try each answer, propose the form, write the files
    Init(Box<init::InitOptions>),
    /// Read spreadsheets exported from the platform (xlsx, ods, csv), without a token
    Import {
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// The columns of the export model to make on the platform, in order
    ExportModel,
    /// The judgement of a dossier's case today or, with --on, as it was said that day
    Explain {
        dossier: i64,
        #[arg(long)]
        json: bool,
        /// What was said on that day, from the record
        #[arg(long)]
        on: Option<Date>,
        /// With --on: also what this version says of the same facts, rule by rule
        #[arg(long, requires = "on")]
        again: bool,
        /// With --on: what was true that day as it is known now, and what was known then
        #[arg(long, requires = "on", conflicts_with = "again")]
        as_of: bool,
    },
    /// Erase the life of a dossier, when somebody asks for it: says what would go, and erases with --yes
    Forget {
        dossier: i64,
        #[arg(long)]
        yes: bool,
    },
    /// What was judged and done: verify the chain, export a case
    Record {
        #[command(subcommand)]
        action: record::Action,
    },
    /// Deadlines to come; with --on, what would be sent that day
    Agenda {
        #[arg(long)]
        until: Option<Date>,
        #[arg(long, conflicts_with = "until")]
        on: Option<Date>,
        #[arg(long, value_enum, default_value_t = AgendaFormat::Text)]
        format: AgendaFormat,
    },
    /// Who is signed in to the pages: list, revoke ID or ADDRESS
    Sessions {
        #[command(subcommand)]
        action: sessions::SessionsAction,
    },
    /// Calendar addresses for agendas: new ROLE, list, revoke ID
    Calendar {
        #[command(subcommand)]
        action: calendar::CalendarAction,
    },
    /// Tokens of programs that read the API: new ROLE, list, revoke ID
    Token {
        #[command(subcommand)]
        action: token::TokenAction,
    },
    /// The address that the platform calls when a dossier changes: new, close
    Callback {
        #[command(subcommand)]
        action: callback::CallbackAction,
    },
    /// What was read, written and told, to whom and why; on standard output, oldest first
    Journal {
        /// From this day on
        #[arg(long)]
        since: Option<Date>,
        #[arg(long)]
        dossier: Option<i64>,
        #[arg(long, value_enum, default_value_t = JournalFormat::Text)]
        format: JournalFormat,
    },
    /// The labels in force today or on another day, on standard output
    Register {
        #[arg(long, value_enum, default_value_t = register::RegisterFormat::Csv)]
        format: register::RegisterFormat,
        /// Without the numbers of dossiers
        #[arg(long)]
        public: bool,
        /// The labels of that day
        #[arg(long)]
        on: Option<Date>,
    },
    /// The annex of a central service's attestation: its labelled locals, with tier and year, as CSV
    Annex {
        /// A dossier of the central service
        dossier: i64,
        /// The labels of that day; of today otherwise
        #[arg(long)]
        on: Option<Date>,
    },
    /// Worked cases through the same rules as the daemon's; exit 1 on any mismatch
    Conformance {
        cases: PathBuf,
        #[arg(long)]
        json: bool,
    },
    /// A random draw of at least ⌈√n⌉ local services, which anyone can redo from its seed
    Draw {
        /// File with one identifier a line
        #[arg(long, conflicts_with = "n", required_unless_present = "n")]
        from: Option<PathBuf>,
        /// Number of local services, called 1 to n
        #[arg(long)]
        n: Option<u64>,
        #[arg(long)]
        seed: Option<String>,
    },
    /// Inspect one attachment from standard input, in a process without rights
    #[command(hide = true)]
    Inspect {
        /// Standard input is a zip: list its entries from this one on
        #[arg(long)]
        entries: Option<usize>,
        /// Standard input is a zip: write the bytes of this entry
        #[arg(long)]
        entry: Option<usize>,
    },
    /// Forget what was known of these dossiers, observe and judge them again
    Replay {
        #[arg(required = true)]
        dossiers: Vec<i64>,
    },
    /// A table of survey results or an audit grid ready to be filled in, which the daemon reads back
    Template {
        /// enquete-usagers, enquete-agents, grille-local or grille-central
        #[arg(value_parser = parse_kind)]
        kind: TableKind,
        /// By the name of the output, else xlsx
        #[arg(long, value_enum)]
        format: Option<TableFormat>,
        /// File to create; standard output otherwise
        #[arg(long)]
        output: Option<PathBuf>,
    },
    /// The simulator alone, to try a client or train staff
    #[cfg(feature = "simulator")]
    Simulate {
        #[arg(long, default_value = "127.0.0.1:8081")]
        listen: SocketAddr,
        #[arg(long, default_value = "petit")]
        scenario: String,
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// For the scenario « lot »
        #[arg(long, default_value_t = 200)]
        dossiers: u32,
    },
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    if let Command::Inspect { entries, entry } = cli.command {
        // Before the runtime and the logs: the child process needs neither.
        let task = match (entries, entry) {
            (Some(first), _) => Some(ArchiveTask::List { first }),
            (None, Some(rank)) => Some(ArchiveTask::Unpack { rank }),
            (None, None) => None,
        };
        let done = task.map_or_else(vigie::documents::child::run, vigie::documents::archive::run);
        return if done.is_ok() { ExitCode::SUCCESS } else { ExitCode::from(1) };
    }
    vigie::private::from_now_on();
    match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => {
            // Its questions are not mixed with log lines: what matters is in its answers.
            let quiet = matches!(cli.command, Command::Init(_));
            let exporting = output::begin(cli.verbose, quiet, runtime.handle());
            let code = runtime.block_on(start(cli));
            // On this thread, which drives nothing any more: the runtime still sends what is left.
            exporting.finish();
            code
        }
        Err(error) => {
            complain(&format!("vigie: the runtime cannot start: {error}"));
            ExitCode::from(1)
        }
    }
}

async fn start(cli: Cli) -> ExitCode {
    // Must come before the first use of reqwest or lettre, which look for the installed provider.
    vigie::tls::install_provider();
    match Box::pin(dispatch(cli)).await {
        Ok(CommandOutcome::Done) => ExitCode::SUCCESS,
        Ok(CommandOutcome::Failed) => ExitCode::from(1),
        Err(error) => {
            complain(&format!("vigie: {error:#}"));
            ExitCode::from(if error.is::<ConfigError>() { 2 } else { 1 })
        }
    }
}

async fn dispatch(cli: Cli) -> anyhow::Result<CommandOutcome> {
    let mut out = io::stdout();
    let out: &mut dyn Write = &mut out;
    let settings = || settings(cli.config.clone());
    match cli.command {
        #[cfg(feature = "simulator")]
        Command::Demo { speed, listen, seed } => demo::demo(listen, seed, speed, out).await,
        Command::Run { once: true, dry_run } => Box::pin(run::once(&settings()?, dry_run, out)).await,
        Command::Run { once: false, dry_run: true } => Box::pin(run::once(&settings()?, true, out)).await,
        Command::Run { once: false, dry_run: false } => run::forever(&settings()?).await,
        Command::Check { mail, write } => {
            check::check(&settings()?, check::Asked { each: mail, writes: write }, out).await
        }
        Command::Mail { action } => mail::mail(&settings()?, action, out).await,
        Command::Webhook { action } => webhook::webhook(&settings()?, action, out).await,
        Command::Backup { file } => backup::backup(&settings()?, &file, out).await,
        Command::Form { create } => form::form(&settings()?, create, out).await,
        Command::Init(options) => {
            let config = cli.config.unwrap_or_else(default_config);
            let token = std::env::var("VIGIE_DN__TOKEN").ok().filter(|token| !token.trim().is_empty());
            let mut answers = io::BufReader::new(io::stdin());
            init::init(&config, *options, token, &mut answers, &mut io::stdout()).await
        }
        Command::Import { files } => Box::pin(import::import(&settings()?, &files, out)).await,
        Command::ExportModel => import::export_model(&settings()?, out),
        Command::Explain { dossier, json, on, again, as_of } => {
            let asked = explain::ExplainQuery { json, on, again, as_of };
            explain::explain(&settings()?, dossier, asked, out).await
        }
        Command::Forget { dossier, yes } => forget::forget(&settings()?, dossier, yes, out).await,
        Command::Record { action } => record::record(&settings()?, action, out).await,
        Command::Annex { dossier, on } => annex::annex_of(&settings()?, dossier, on, out).await,
        Command::Agenda { until, on, format } => agenda(&settings()?, until, on, format, out).await,
        Command::Sessions { action } => sessions::sessions(&settings()?, action, out).await,
        Command::Calendar { action } => calendar::calendar(&settings()?, action, out).await,
        Command::Token { action } => token::token(&settings()?, action, out).await,
        Command::Callback { action } => callback::callback(&settings()?, action, out).await,
        Command::Journal { since, dossier, format } => {
            journal(&settings()?, since, dossier, format, out).await
        }
        Command::Register { format, public, on } => {
            register::register(&settings()?, format, public, on, (out, &mut io::stderr())).await
        }
        Command::Conformance { cases, json } => conformance::conformance(&settings()?, &cases, json, out),
        Command::Draw { from, n, seed } => {
            let pool = from.map(Pool::File).or(n.map(Pool::Count)).unwrap_or(Pool::Count(0));
            draw_sample(&pool, seed, out)
        }
        Command::Inspect { .. } => Ok(CommandOutcome::Done),
        Command::Replay { dossiers } => replay::replay(&settings()?, &dossiers, out).await,
        Command::Template { kind, format, output } => {
            template(&settings()?, kind, format, output.as_deref(), out)
        }
        #[cfg(feature = "simulator")]
        Command::Simulate { listen, scenario, seed, dossiers } => {
            simulate::simulate(listen, &scenario, seed, dossiers, out).await
        }
    }
}

/// Reads the settings. A file named by the user must exist; the default one may be absent when the environment holds
/// the required keys.
fn settings(path: Option<PathBuf>) -> Result<Settings, ConfigError> {
    let required = path.is_some();
    let settings = config::load(&path.unwrap_or_else(default_config), required, std::env::vars())?;
    if let Some(pem) = settings.authority()? {
        tls::trust(&pem).map_err(|why| ConfigError::new("network.ca_file", why.to_string()))?;
    }
    Ok(settings)
}

/// The last word of a command that failed. `eprintln!` would panic where it cannot be written.
fn complain(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}
