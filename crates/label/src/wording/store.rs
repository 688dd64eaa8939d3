//! Why a base cannot be opened or used, and what to do, for whoever runs vigie.

/// What keeps a base from being opened or used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreFault {
    /// A folder stands where a file is expected.
    Folder,
    /// A file with something else in it, a device, or a damaged base.
    NoBase,
    /// A file of SQLite with the tables of another program.
    Foreign,
    /// A link to nothing.
    LeadsNowhere,
    /// The folder of the file is not there.
    NoFolder,
    /// This account may not make or write the file.
    NotAllowed,
    /// The disk is mounted read-only.
    ReadOnlyDisk,
    /// The disk is full.
    NoRoom,
    /// The file cannot be opened, for another reason.
    NotOpened,
    /// Another program holds the file for too long.
    Held,
    /// The file cannot be written, by this account or on its disk.
    NotWritable,
    /// The disk fails.
    BadDisk,
    /// Our own connections are all in use for too long.
    Busy,
    /// The user or the password is refused.
    User,
    /// The same, by a pooler.
    PoolerUser,
    /// The base does not exist on that server.
    NoSuchBase,
    /// The pooler knows no such base.
    PoolerNoBase,
    /// A standby, or a server that lets nothing be written.
    ReadOnlyServer,
    /// The server takes no more connections.
    Full,
    /// The pooler takes no more connections.
    PoolerFull,
    /// The user may not make tables.
    NoRight,
    /// The server is starting or stopping.
    Starting,
    /// The pooler reaches no server behind it.
    PoolerNoServer,
    /// The pooler stops, or lost its server.
    PoolerStops,
    /// The pooler refuses this parameter of a connection.
    PoolerParameter(String),
    /// Nothing listens there.
    Closed,
    /// The connection was closed.
    Cut,
    /// The server cannot be reached.
    Away,
    /// The address asks for TLS, and the server does not speak it.
    NoTls,
    /// TLS failed: the certificate, most often.
    Tls,
    /// No answer in time.
    Silence,
    /// Anything else, in the words of the engine.
    Other,
}

/// The cause and the remedy; `key` is the setting that names the base, `place` where it is, `said` the words of the engine or of
/// the system, where there are any.
#[must_use]
pub fn unopened(fault: &StoreFault, place: &str, key: &str, said: Option<&str>) -> String {
    let (why, remedy) = words(fault, key);
    let said = said.map(|said| format!(" ({said})")).unwrap_or_default();
    format!("{place} ({key}) {why}{said} : {remedy}")
}

fn words(fault: &StoreFault, key: &str) -> (String, String) {
    let correct = || format!("corrigez {key}");
    let (why, remedy) = match fault {
        StoreFault::PoolerParameter(parameter) => {
            return (
                format!("est un répartiteur qui refuse une connexion avec {parameter}"),
                format!("ajoutez « ignore_startup_parameters = {parameter} » à pgbouncer.ini"),
            );
        }
        StoreFault::NoTls => {
            return (
                format!("ne parle pas TLS, que {key} demande (sslmode)"),
                format!(
                    "activez-le sur le serveur (ssl = on dans postgresql.conf), ou ôtez sslmode de {key} si personne n’est entre les deux"
                ),
            );
        }
        StoreFault::Folder => ("est un dossier", "nommez-y un fichier, que vigie fera : vigie.db".to_owned()),
        StoreFault::NoBase => (
            "n’est pas une base SQLite, ou est abîmé",
            format!("restaurez une copie faite par « vigie backup », ou {}", correct()),
        ),
        StoreFault::Foreign => (
            "est la base d’un autre programme : ses tables ne sont pas celles de vigie",
            format!("nommez un autre fichier dans {key} : vigie le fera, et laisse celui-ci tel quel"),
        ),
        StoreFault::LeadsNowhere => ("est un lien qui ne mène nulle part", correct()),
        StoreFault::NoFolder => (
            "ne peut pas être fait : son dossier n’existe pas",
            format!("créez ce dossier, ou {}", correct()),
        ),
        StoreFault::NotAllowed | StoreFault::NotWritable => (
            "ne peut pas être écrit par ce compte",
            format!("donnez ce fichier et son dossier au compte qui exécute vigie, ou {}", correct()),
        ),
        StoreFault::ReadOnlyDisk => (
            "est sur un disque monté en lecture seule",
            "déplacez-le sur un autre disque, ou montez celui-ci en écriture".to_owned(),
        ),
        StoreFault::NoRoom => {
            ("n’a plus de place : le disque est plein", "libérez de la place sur ce disque".to_owned())
        }
        StoreFault::NotOpened => (
            "ne peut pas être ouvert",
            "vérifiez que c’est un fichier, et que ce compte peut écrire dans son dossier".to_owned(),
        ),
        StoreFault::Held => (
            "est tenu trop longtemps par un autre programme",
            "arrêtez ce qui le tient : une autre vigie, ou une copie en cours".to_owned(),
        ),
        StoreFault::BadDisk => (
            "est sur un disque en défaut",
            "lisez le journal du système (dmesg), et déplacez la base sur un disque sain".to_owned(),
        ),
        StoreFault::Busy => (
            "est trop longtemps occupé par vigie elle-même : aucune connexion ne s’est libérée à temps",
            "voyez la charge de cette machine et la vitesse de son disque".to_owned(),
        ),
        other => return of_a_server(other, key),
    };
    (why.to_owned(), remedy)
}

fn of_a_server(fault: &StoreFault, key: &str) -> (String, String) {
    let (why, remedy) = match fault {
        StoreFault::User => (
            "refuse l’utilisateur ou le mot de passe",
            format!("corrigez-les dans {key}, ou dans pg_hba.conf"),
        ),
        StoreFault::PoolerUser => (
            "refuse l’utilisateur ou le mot de passe",
            format!("corrigez-les dans {key}, ou dans pg_hba.conf ; derrière PgBouncer, dans son auth_file ou son auth_query"),
        ),
        StoreFault::NoSuchBase => ("n’existe pas", format!("créez-la (createdb), ou corrigez {key}")),
        StoreFault::PoolerNoBase => (
            "est un répartiteur qui n’a pas cette base",
            format!("nommez-la dans [databases] de pgbouncer.ini, ou corrigez {key}"),
        ),
        StoreFault::ReadOnlyServer => (
            "est en lecture seule : un serveur de secours, ou default_transaction_read_only",
            format!("nommez le serveur principal dans {key}, ou laissez cet utilisateur écrire"),
        ),
        StoreFault::Full => (
            "ne prend plus de connexion",
            "augmentez max_connections, ou lancez moins de répliques".to_owned(),
        ),
        StoreFault::PoolerFull => (
            "est un répartiteur qui ne prend plus de connexion",
            "augmentez max_client_conn dans pgbouncer.ini, ou lancez moins de répliques".to_owned(),
        ),
        StoreFault::NoRight => (
            "ne laisse pas cet utilisateur créer de table",
            "donnez-lui le droit de créer dans le schéma public".to_owned(),
        ),
        StoreFault::Starting => ("démarre ou s’arrête", "démarrez-le, ou attendez".to_owned()),
        StoreFault::PoolerNoServer => (
            "est un répartiteur qui n’atteint à temps aucun serveur",
            "démarrez PostgreSQL, vérifiez [databases] de pgbouncer.ini, et augmentez default_pool_size si toutes sont prises"
                .to_owned(),
        ),
        StoreFault::PoolerStops => {
            ("est un répartiteur qui s’arrête, ou a perdu son serveur", "démarrez-le, ou attendez".to_owned())
        }
        StoreFault::Closed => (
            "n’écoute pas",
            format!("démarrez-le, ou corrigez l’hôte et le port dans {key}"),
        ),
        StoreFault::Cut => (
            "a fermé la connexion",
            "voyez s’il a été arrêté ou redémarré, lui ou le répartiteur devant lui, et son journal".to_owned(),
        ),
        StoreFault::Away => (
            "ne peut pas être joint",
            format!("vérifiez l’hôte dans {key}, le serveur de noms et le pare-feu"),
        ),
        StoreFault::Tls => (
            "ne peut pas être joint en TLS",
            format!("ajoutez ?sslrootcert=FICHIER à {key}, ou vérifiez le certificat du serveur"),
        ),
        StoreFault::Silence => {
            ("ne répond pas à temps", format!("vérifiez l’hôte dans {key} et le pare-feu"))
        }
        _ => ("ne peut pas servir", format!("corrigez {key}")),
    };
    (why.to_owned(), remedy)
}

/// A server and its base.
#[must_use]
pub fn server(host: &str, port: u16, base: &str) -> String {
    format!("PostgreSQL à {host}:{port}, base {base}")
}
