//! The words of the API, one sentence each: the document for programs and the page for people are both made of them.

/// What the API is.
pub const ABOUT: &str = "Ce que montrent les pages de vigie, pour un autre programme : en lecture seule, avec les mêmes droits. Chaque demande porte un jeton (« vigie token new ROLE ») ; une session ouverte sur les pages convient aussi. Les listes se lisent page par page : « next » d’une réponse est le paramètre « after » de la suivante, jusqu’à null. Les refus sont des application/problem+json (RFC 9457). Les adresses /api/v1 ne changent que par ajout de champs et de paramètres.";

/// Description of the token scheme in the OpenAPI document.
pub const TOKEN: &str = "Jeton donné par « vigie token new », dans l’en-tête « Authorization: Bearer … ».";

/// An address of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation {
    /// The title of the address in the OpenAPI document, in a few French words.
    pub summary: &'static str,
    /// What it answers with, in French sentences.
    pub description: &'static str,
    /// Who may read it.
    pub readers: &'static str,
}

const CASES: &str = "organisme, lecture ; la DITP où plusieurs organismes partagent vigie";
const INTERNAL: &str = "organisme seul sur l’installation ; la DITP où plusieurs la partagent";
const ALL: &str = "organisme, ditp, lecture";

/// Each address.
#[must_use]
pub fn operation(path: &str) -> Option<Operation> {
    let (summary, description, readers) = match path {
        "/api/v1/services" => (
            "Les services",
            "Tous les services dont un dossier a été lu, quel que soit leur état : la liste de la page Services. Par nom, ou par prochaine échéance avec vue=echeance.",
            CASES,
        ),
        "/api/v1/cases" => (
            "Les cas et leur label",
            "Chaque cas (un service et tous ses dossiers) avec son label tel qu’il est aujourd’hui. Par nom.",
            CASES,
        ),
        "/api/v1/cases/{id}" => (
            "Un cas entier",
            "Le cas d’un dossier, par le numéro de l’un d’eux : son label jour par jour, ses dossiers, ses constats, ses échéances, jugés aujourd’hui.",
            CASES,
        ),
        "/api/v1/findings" => (
            "Les constats",
            "Ce que vigie constate dans les dossiers, tels que chaque cas a été jugé en dernier, cas par cas et par nom. « limit » compte les cas, une page peut donc tenir plus de constats, ou aucun avec « niveau ».",
            CASES,
        ),
        "/api/v1/deadlines" => (
            "Les échéances ouvertes",
            "Ce qui est en retard ou à venir, par jour : la page Travail. vue=retard, semaine ou ensuite n’en donne qu’une partie.",
            CASES,
        ),
        "/api/v1/mails" => (
            "Les courriels aux services et à la DITP",
            "Les courriels qui partiront dans les quatorze jours, ou avec « etat » ceux qui attendent, sont partis, ont été arrêtés, abandonnés ou refusés par une adresse, le plus récent en premier. Le destinataire est dit par son rôle, sans adresse.",
            CASES,
        ),
        "/api/v1/journal" => {
            ("Le journal", "Ce qui a été lu, écrit et envoyé, du plus récent au plus ancien.", INTERNAL)
        }
        "/api/v1/register" => (
            "Le registre un jour donné",
            "Les labels en vigueur aujourd’hui, ou le jour « au », avec les colonnes et les mots de /registre.json. Sans jeton aussi, où le registre est public ; le numéro de dossier n’est donné qu’à l’organisme et à la DITP.",
            "organisme, ditp, lecture ; tous, où le registre est public",
        ),
        "/api/v1/statistics" => (
            "Les statistiques",
            "Labels en vigueur, candidatures, audits et décisions par année, type et organisme, délais médians : aujourd’hui, ou le jour « au ».",
            ALL,
        ),
        "/api/v1/health" => (
            "L’état du travail",
            "De quand date la lecture, ce qui attend, ce qui a échoué : la page Santé.",
            INTERNAL,
        ),
        _ => return None,
    };
    Some(Operation { summary, description, readers })
}

/// Each parameter.
#[must_use]
pub fn parameter(name: &str) -> Option<&'static str> {
    Some(match name {
        "id" => "Numéro d’un dossier du cas.",
        "texte" => "Une partie du nom, un SIRET ou SIREN, un numéro de dossier, le domaine du contact.",
        "etape" => "Où en est le cas.",
        "organisme" => {
            "Nom exact de l’organisme de certification. Un jeton d’organisme voit les siens, quel que soit ce nom."
        }
        "type" => "Type de service.",
        "palier" => "Palier du label.",
        "qui" => "Ce que ce lecteur doit faire : les cas qui ont une échéance ouverte à lui.",
        "obligation" => "Les cas qui ont une échéance ouverte de ce code, « O-nn ».",
        "constat" => "Les cas où quelque chose est à regarder d’après cette règle, par son identifiant.",
        "du" => "Premier jour de ces échéances.",
        "departement" => "Département, comme le dossier l’écrit.",
        "auditeur" => "Qui fait l’audit, comme le dossier l’écrit, accents et majuscules à part.",
        "vue" => "Une partie de la liste, ou un autre ordre.",
        "niveau" => "Les constats de ce niveau seulement.",
        "etat" => "a_venir si rien n’est dit ; en_attente, parti, arrete, abandonne, refuse.",
        "quoi" => "Les lignes de cette sorte seulement, comme « quoi » d’une ligne l’écrit.",
        "dossier" => "Les lignes de ce dossier seulement.",
        "au" => {
            "Dernier jour de ces échéances ; au registre et aux statistiques, le jour demandé, aujourd’hui si rien n’est dit."
        }
        "version" => "publique : sans les numéros de dossier, pour un jeton qui les verrait.",
        "liste" => "termines : les labels retirés ou expirés, pour l’organisme et la DITP.",
        "after" => "« next » de la page précédente.",
        "limit" => "Lignes d’une page, au plus.",
        _ => return None,
    })
}

/// Each kind of answer, and of part of one.
#[must_use]
pub fn schema(name: &str) -> Option<&'static str> {
    Some(match name {
        "Service" => "Un service, quel que soit l’état de ses dossiers.",
        "Cas" => "Un cas, comme il a été jugé en dernier.",
        "CasEntier" => "Un cas jugé aujourd’hui.",
        "LabelStanding" => "Le label tel qu’il est un jour donné ; les mots sont ceux du registre.",
        "Changement" => "Le label à partir d’un jour, jusqu’au changement suivant.",
        "Dossier" => "Un dossier déposé sur la plateforme.",
        "Constat" => "Ce que vigie constate dans un dossier.",
        "Echeance" => "Une obligation datée.",
        "Courriel" => "Un courriel à un service ou à la DITP.",
        "Ligne" => "Une ligne du journal.",
        "LigneRegistre" => "Une ligne du registre : les colonnes de /registre.json.",
        "Statistiques" => "Tous les comptes d’un jour.",
        "Compte" => "Les comptes d’une année, d’un type de service et d’un organisme.",
        "EnVigueur" => "Les labels en vigueur d’un type et d’un palier.",
        "Delai" => "Le délai médian du dépôt à la décision, par année de décision.",
        "Sante" => "L’état du travail.",
        "Nombre" => "Combien, par sorte.",
        "Taches" => "Les tâches d’une sorte dans un état.",
        "Problem" => "Pourquoi une demande est refusée (RFC 9457).",
        name if name.starts_with("Page_") => "Une page d’une liste.",
        _ => return None,
    })
}

/// Each field; the same name means the same in every answer, but where it says otherwise.
#[must_use]
pub fn field(schema: &str, name: &str) -> Option<&'static str> {
    Some(match (schema, name) {
        ("LigneRegistre", "type") => "Type de service, en toutes lettres.",
        ("LigneRegistre", "palier") => "Bronze, Argent, Or : celui de la dernière décision en vigueur.",
        ("LigneRegistre", "dossier") => "Numéro du dossier ; absent de la version publique.",
        ("Taches", "etat") => "pending, given_up ou undeliverable.",
        ("Echeance", "etat") => "a_venir, en_retard, passee, faite.",
        ("Courriel", "etat") => "Celui qui a été demandé.",
        ("Courriel", "texte") => "Le texte, un paragraphe par élément.",
        ("Courriel", "regle") => "La règle dont il découle, par son identifiant.",
        ("Changement", "le") => "Le premier jour.",
        ("Changement" | "Cas" | "CasEntier", "label") => "Le label ; null avant la première attribution.",
        ("Service" | "Cas", "constats") => "Nombre de constats à regarder.",
        ("Nombre" | "Taches", "quoi") => "La sorte.",
        ("Problem", "type") => "Toujours about:blank : « status » dit la sorte.",
        ("Cas", "dossier") | ("Service", "dossier") => "Numéro du dossier qui compte aujourd’hui.",
        _ => return common(name).or_else(|| of_counts(name)),
    })
}

fn common(name: &str) -> Option<&'static str> {
    Some(match name {
        "items" => "Les lignes de cette page.",
        "next" => "À donner dans « after » pour la page suivante ; null quand c’est la dernière.",
        "cas" => "Numéro du cas : celui de son premier dossier.",
        "dossier" => "Numéro du dossier sur la plateforme.",
        "nom" => "Nom du service, comme son dossier l’écrit.",
        "siret" => "Établissement du service.",
        "type" => {
            "Type de service : local_independant, local_rattache, central ; null si le dossier ne le dit pas."
        }
        "type_libelle" => "Type de service, en toutes lettres.",
        "departement" => "Département du service.",
        "organisme" => "Organisme de certification.",
        "sites" => "Sites que le label couvre, ou demandés avant toute décision.",
        "central" => "Pour un local rattaché, nom de son service central.",
        "identifiant" => "Ce qui identifie la ligne d’un jour à l’autre, sans numéro de dossier.",
        "central_dossier" => {
            "Pour un local rattaché, dossier de son service central ; null pour un jeton d’un seul de plusieurs organismes."
        }
        "etape" => {
            "Où en est le cas, par le mot du filtre « etape » ; null si cela regarde un autre organisme."
        }
        "palier" => "bronze, argent, or ; null s’il n’est pas écrit ou si aucun label n’est en vigueur.",
        "palier_calcule" => "Palier que les notes de ce dossier permettent.",
        "dernier_jour" => "Dernier jour du label si rien n’est fait.",
        "prochaine_echeance" => "Ce qui est à faire ensuite.",
        "prochaine_echeance_le" => "Son jour.",
        "en_retard" => "Une échéance est dépassée.",
        "constats" => "Les constats, tous niveaux.",
        "echeances" => "Les échéances, passées et faites comprises, par jour.",
        "dossiers" => "Les dossiers, du plus récent au plus ancien.",
        "histoire" => "Chaque changement du label, passé ou à venir ; vide si le cas est partiel.",
        "jour" => "Le jour jugé ou compté.",
        "partiel" => "Vrai si des dossiers du cas sont à un autre organisme, et donc absents.",
        "change_le" => "Dernier jour où le jugement a changé.",
        "adresse" => "Page du dossier pour l’instructeur ; null s’il a quitté la plateforme.",
        "statut" => "actif, suspendu, retiré, expiré.",
        "statut_depuis" => "Premier jour de ce statut.",
        "date_decision" => "Jour de la décision qui a ouvert la période, tel qu’il est écrit.",
        "date_notification" => "Jour de sa notification, tel qu’il est écrit.",
        "debut_periode" => "Premier jour de la période.",
        "date_fin" => "Dernier jour où le label vaut.",
        "suspension_debut" => "Premier jour de la suspension en cours.",
        "suspension_delai" => "Délai fixé pour la levée.",
        "suspension_fin_max" => "Dernier jour de la suspension.",
        "retrait_le" => "Jour d’effet du retrait décidé, même à venir.",
        "renouvele_le" => "Premier jour de la période suivante, si le renouvellement est décidé.",
        "demande" => "Ce que le dossier demande.",
        "depose_le" => "Jour du dépôt.",
        "etat_plateforme" => "État du dossier sur la plateforme.",
        "disparu" => "Le dossier n’est plus sur la plateforme.",
        "niveau" => {
            "ko (non conforme), missing (manquant), to_check (à vérifier), unknown (non vérifié), ok."
        }
        "regle" => "Règle du catalogue ; null si c’est la plateforme qui le dit.",
        "section" => "Paragraphe du guide.",
        "qui" => "Qui doit agir : candidat, organisme, ditp, central.",
        "champ" => "Le champ du formulaire dont il s’agit, par sa clé dans form.toml.",
        "code" => "Obligation du catalogue (O-nn).",
        "occurrence" => "Laquelle de plusieurs semblables, à partir de 0.",
        "titre" => "Ce qui est à faire.",
        "ouvre_le" => "Premier jour de la fenêtre, s’il y en a une.",
        "le" => "Le jour de l’échéance.",
        "jour_ouvre" => "Le même, reporté au jour ouvré suivant où le guide le permet.",
        "cle" => "Ce qui identifie le courriel.",
        "destinataire" => "candidat, ditp ou central.",
        "part_le" => "Jour du départ ; null s’il attend ou a été arrêté.",
        "parti_le" => "Jour où il est parti ; null s’il ne l’est pas.",
        "objet" => "Objet du courriel.",
        "pourquoi" => "La règle et le paragraphe du guide.",
        "id" => "Ce qui identifie la ligne.",
        "moment" => "L’instant, en temps universel.",
        "quoi" => "La sorte de ligne.",
        "texte" => "En toutes lettres.",
        "title" => "Le refus, en quelques mots.",
        "status" => "Le code HTTP.",
        "detail" => "Ce qui ne va pas, et comment y remédier.",
        "parametre" => "Le paramètre en cause, s’il y en a un.",
        _ => return None,
    })
}

fn of_counts(name: &str) -> Option<&'static str> {
    Some(match name {
        "annee" => "L’année.",
        "candidatures" => "Premières demandes et renouvellements déposés dans l’année.",
        "audits" => "Visites de l’année, suivis compris.",
        "labellises" => "Labels attribués dans l’année.",
        "refuses" => "Demandes refusées dans l’année.",
        "bronze" | "argent" | "or" => "Labels attribués à ce palier.",
        "plans_a_temps" => "Plans d’audit transmis à temps.",
        "plans_en_retard" => "Plans d’audit transmis en retard.",
        "rapports_a_temps" => "Rapports transmis à temps.",
        "rapports_en_retard" => "Rapports transmis en retard.",
        "labels" => "Labels en vigueur, suspendus compris.",
        "suspendus" => "Ceux qui sont suspendus.",
        "en_vigueur" => "Les labels en vigueur ce jour-là, par type et palier.",
        "comptes" => "Les comptes par année, type et organisme.",
        "delais_medians" => "Les délais médians par année de décision.",
        "jours" => "Jours, à la demi-journée, avec un point.",
        "version" => "La version de vigie.",
        "lecture" => "De quand date ce qui est montré, en toutes lettres.",
        "derniere_lecture" => "Fin de la dernière lecture complète.",
        "erreur" => "Pourquoi la lecture échoue, s’il y a lieu.",
        "a_juger" => "Dossiers à juger.",
        "mis_de_cote" => "Dossiers que vigie ne peut pas lire.",
        "illisibles" => "Lignes de la base que vigie ne peut pas lire.",
        "a_redemander" => "Dossiers à redemander un par un, par raison.",
        "taches" => "Tâches qui attendent ou ont échoué.",
        "courriels_perdus" => "Courriels abandonnés ou refusés, par destinataire.",
        "jetons_plateforme" => "Derniers jours des jetons de la plateforme.",
        "nombre" => "Combien.",
        _ => return None,
    })
}

/// Each answer, by its status.
#[must_use]
pub fn response(status: &str) -> &'static str {
    match status {
        "200" => "Ce qui est demandé.",
        "304" => "Ce que le programme tient déjà (If-None-Match).",
        "400" => "Un paramètre est inconnu, écrit deux fois, ou sa valeur ne convient pas.",
        "401" => "Le jeton manque, ou n’ouvre rien.",
        "403" => "Le rôle ne donne pas accès à cette adresse.",
        "404" => "Aucun cas de ce numéro, pour ce jeton.",
        "406" => "Le programme ne lit pas le JSON.",
        "429" => "Trop de demandes en une minute.",
        _ => "Les données ne peuvent pas être lues pour l’instant.",
    }
}

/// Each header of an answer.
#[must_use]
pub fn header(name: &str) -> &'static str {
    match name {
        "ETag" => "À redonner dans If-None-Match : la réponse est 304 tant que rien n’a changé.",
        "Link" => "L’adresse de la page suivante, rel=\"next\", s’il y en a une.",
        _ => "Secondes à attendre.",
    }
}
