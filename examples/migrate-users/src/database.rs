//! The old users in PostgreSQL.

use std::time::Duration;

use cognito_triggers::{Result, Secret};
use tokio::task::JoinSet;
use tokio_postgres::{
    Client, Config, Error, NoTls, Row,
    config::{Host, SslMode},
};

use crate::{
    directory::{Directory, Finding, OldUser},
    tls::Tls,
};

/// Finds a user. Change it to fit your tables, and keep the names of the columns. Who is disabled isn't found.
const FIND: &str = "select email, email_verified, name, password_hash, needs_reset from users \
                    where lower(email) = lower($1) and not disabled limit 2";

/// The cause isn't in it: a piece of a password may look like an option to the parser.
const UNREADABLE: &str = "DATABASE_URL can't be read: use postgres://USER:PASSWORD@HOST/DATABASE without \
                          sslmode=verify-full, sslrootcert and the like. DATABASE_CA decides how the server is checked";

/// The limit for opening a connection.
const CONNECT: Duration = Duration::from_millis(1000);

/// A database. Each migration opens a connection and closes it: a user migrates once, and an idle instance of the function holds none.
pub(crate) struct Database {
    config: Config,
    tls: Option<Tls>,
}

impl Database {
    /// Reads `postgres://USER:PASSWORD@HOST/DATABASE`. Another host than this one needs the authority of its certificate.
    ///
    /// # Errors
    /// Fails if the URL or the file can't be read, or passwords would cross a network in clear. No text has the URL.
    pub(crate) fn new(url: &str, authorities: Option<&str>) -> Result<Self, String> {
        let mut config: Config = url.parse().map_err(|_| UNREADABLE)?;
        let is_here = |host: &Host| match host {
            Host::Tcp(name) => name == "localhost" || name == "127.0.0.1",
            #[cfg(unix)]
            Host::Unix(_) => true,
        };
        if config.get_hosts().is_empty() || !config.get_hostaddrs().is_empty() {
            return Err("DATABASE_URL can't be read: it names no host, or a hostaddr".to_owned());
        }
        let tls = authorities.map(Tls::from_file).transpose()?;
        if tls.is_none() && !config.get_hosts().iter().all(is_here) {
            return Err(
                "DATABASE_CA isn't set: set it to the file with the authority of the database's certificate"
                    .to_owned(),
            );
        }
        // Not `prefer`, by which a server could talk the function out of TLS.
        config.ssl_mode(if tls.is_some() {
            SslMode::Require
        } else {
            SslMode::Disable
        });
        config.connect_timeout(CONNECT);
        config.application_name("migrate-users");
        Ok(Self { config, tls })
    }

    /// The connection runs beside the query, and its errors reach the query. It waits for the answer even after the client is dropped,
    /// so the set that it runs in aborts it.
    async fn connect(&self) -> Result<(Client, JoinSet<Result<(), Error>>), Error> {
        let mut running = JoinSet::new();
        let client = match &self.tls {
            Some(tls) => {
                let (client, connection) = self.config.connect(tls.clone()).await?;
                running.spawn(connection);
                client
            }
            None => {
                let (client, connection) = self.config.connect(NoTls).await?;
                running.spawn(connection);
                client
            }
        };
        Ok((client, running))
    }

    async fn user(&self, typed: &str) -> Result<Option<OldUser>> {
        // PostgreSQL's text has no NUL, so no user has one.
        if typed.contains('\0') {
            return Ok(None);
        }
        let (client, mut running) = self.connect().await?;
        let rows = client.query(FIND, &[&typed]).await?;
        // Says goodbye before the answer: Lambda may freeze the function after it.
        drop(client);
        running.join_next().await;
        match rows.as_slice() {
            [] => Ok(None),
            // lower() of PostgreSQL also makes letters of ASCII of some others, such as k of the Kelvin sign.
            [row] => Ok(Some(user(row)?).filter(|user| user.email.eq_ignore_ascii_case(typed))),
            _ => {
                Err("several users have this address: the table needs a unique index on lower(email)".into())
            }
        }
    }
}

impl Directory for Database {
    fn find<'a>(&'a self, typed: &'a str) -> Finding<'a> {
        Box::pin(self.user(typed))
    }
}

fn user(row: &Row) -> Result<OldUser, Error> {
    Ok(OldUser {
        email: row.try_get("email")?,
        email_verified: row.try_get("email_verified")?,
        name: row.try_get("name")?,
        // Null for a user who never had a password: no hash is right then.
        password_hash: Secret::new(
            row.try_get::<_, Option<String>>("password_hash")?
                .unwrap_or_default(),
        ),
        needs_reset: row.try_get("needs_reset")?,
    })
}
