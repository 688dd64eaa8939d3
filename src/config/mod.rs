//! Typed settings. An error names the key, the reason, and an example; it never quotes a line of the file, which may
//! hold a secret.

mod bodies;
mod documents;
mod error;
mod files;
mod letterhead;
mod load;
mod network;
mod node;
mod oidc;
mod reading;
mod record;
mod roles;
mod secrets;
mod sections;
mod site;
mod validate;
mod web;

pub use error::ConfigError;
pub use load::load;
pub use reading::bytes as read_bytes;
pub use sections::*;

#[cfg(test)]
mod tests {
    use std::path::Path;

    use label::guide::calendar::Zone;

    use secrecy::ExposeSecret;

    use super::*;
    use crate::documents::tables::layout::Layouts;
    use label::Choices;

    fn read(text: &str, variables: &[(&str, &str)]) -> Result<Settings, ConfigError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vigie.toml");
        std::fs::write(&path, text).unwrap();
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        load(&path, true, variables)
    }

    #[test]
    fn the_shipped_file_is_true() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/vigie.toml");
        let settings = load(&path, true, std::iter::empty()).unwrap();
        settings.validate().unwrap();
        assert!(settings.form_map(&settings.dn.all()[0]).unwrap().champs.len() > 30);
        assert_eq!(settings.choices().unwrap(), Choices::default());
        assert!(settings.beside(&settings.documents.tables).exists());
        assert_eq!(settings.tables().unwrap(), Layouts::default());
        let (shipped, default) = (settings.schedule, Schedule::default());
        assert_eq!((shipped.poll, shipped.morning), (default.poll, default.morning));
    }

    #[test]
    fn a_layout_that_was_named_must_be_there_and_be_usable() {
        assert_eq!(read("", &[]).unwrap().tables().unwrap(), Layouts::default());
        let named = read("", &[("VIGIE_DOCUMENTS__TABLES", "autre.toml")]).unwrap();
        assert!(named.tables().unwrap_err().to_string().contains("documents.tables"));
        let folder = tempfile::tempdir().unwrap();
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/tables.toml");
        let text = std::fs::read_to_string(shipped).unwrap();
        std::fs::write(
            folder.path().join("tables.toml"),
            text.replacen("engagement = 1,", "engagement = 12,", 1),
        )
        .unwrap();
        let settings = Settings { folder: folder.path().to_owned(), ..Settings::default() };
        let said = settings.tables().unwrap_err().to_string();
        assert!(said.contains("tables.toml: enquete-usagers.questions"), "{said}");
    }

    #[test]
    fn the_environment_wins_and_is_typed() {
        let settings = read(
            "[dn]\ndemarche = 1",
            &[
                ("VIGIE_DN__TOKEN", "123"),
                ("VIGIE_DN__DEMARCHE", "77"),
                ("VIGIE_RECIPIENTS__DITP", "a@b.example, c@d.example"),
            ],
        );
        let settings = settings.unwrap();
        assert_eq!(settings.dn.demarche, Some(77));
        assert_eq!(settings.token(&settings.dn.all()[0]).unwrap().0.expose_secret(), "123");
        assert_eq!(settings.recipients.ditp.len(), 2);
    }

    #[test]
    fn a_file_that_holds_a_secret_is_known_by_it() {
        let holds = |text: &str| read(text, &[("VIGIE_DN__TOKEN", "123")]).unwrap().secret_file.is_some();
        assert!(holds("[dn]\ntoken = \"x\"") && holds("[store]\nurl = \"postgres://vigie:x@base/vigie\""));
        assert!(holds("[mail]\nsmtp = \"smtps://moi@b.example:secret@smtp.example:465\""));
        assert!(holds("[[webhooks]]\nurl = \"https://crochet.example/T0/B1\""));
        assert!(!holds("[dn]\ntoken_file = \"jeton\"\n[mail]\nsmtp = \"smtp://moi@smtp.example\""));
    }

    #[test]
    fn an_error_names_its_place_and_shows_no_secret() {
        let said = |text: &str, variables: &[(&str, &str)]| read(text, variables).unwrap_err().to_string();
        assert!(said("[dn]\ndemrche = 1", &[]).contains("demrche"));
        assert!(said("[act]\nmail = \"oui\"", &[]).contains("act.mail"));
        assert!(said("[dn]\ntoken_expires = \"demain\"", &[]).contains("dn.token_expires"));
        assert!(said("[guide]\nextra_holidays = [\"jamais\"]", &[]).contains("guide.extra_holidays"));
        assert!(said("[guide]\nextra_holidays = [\"2027-03-10 ailleurs\"]", &[]).contains("mayotte"));
        let text = "[guide]\nextra_holidays = [2027-03-10, \"2027-05-17\", \"2027-03-11 mayotte\", \"2027-12-27 alsace_moselle\"]";
        let days = read(text, &[]).unwrap().guide.extra_holidays;
        let zones: Vec<_> = days.iter().map(|off| (off.day.day(), off.zone.map(Zone::key))).collect();
        let expected = [(10, None), (17, None), (11, Some("mayotte")), (27, Some("alsace-moselle"))];
        assert_eq!(zones, expected);
        let variable = [("VIGIE_GUIDE__EXTRA_HOLIDAYS", "2027-03-10 mayotte, 2027-05-17")];
        let days = read("", &variable).unwrap().guide.extra_holidays;
        assert_eq!(days.iter().map(|off| off.zone.is_some()).collect::<Vec<_>>(), [true, false]);
        assert!(said("", &[("VIGIE_DN__DEMARCHE", "abc")]).contains("VIGIE_DN__DEMARCHE"));
        let syntax = said("[dn]\ntoken = \"secret-abc\ndemarche = 1", &[]);
        assert!(syntax.contains("line 2") && !syntax.contains("secret-abc"), "{syntax}");
    }
}
