//! The certificate of `--tls`: made for this run, or kept in the folder of `--tls-dir`.
//!
//! | file | what it has |
//! |---|---|
//! | `ca.pem` | the authority, which clients trust; in a folder of its own for this run without `--tls-dir` |
//! | `cert.pem`, `key.pem` | the certificate and its private key; only with `--tls-dir` |
//!
//! Files that are written are readable for their owner only. Those that another tool has made are used as they are.
//!
//! The command after `--` is told by its environment which authority to trust:
//!
//! | variable | names |
//! |---|---|
//! | `AWS_CA_BUNDLE` | `ca.pem`, or a file with what the shell's variable names and `ca.pem` |
//! | `NODE_EXTRA_CA_CERTS` | the same for Node |
//! | `COGNITO_CA_FILE` | `ca.pem` |
//!
//! `SSL_CERT_FILE` isn't set, because it replaces the authorities of the system for all that the command runs.

use std::{
    env, fmt, fs,
    io::{self, Write},
    net::IpAddr,
    path::{Path, PathBuf},
    process,
    time::SystemTime,
};

use cognito_triggers_pool::{Certificate, CertificateError};
use serde_json::{Value, json};

use crate::{args, error::CommandError};

/// Variables that name a file of trusted authorities. The AWS SDKs trust only what the first one names.
const TRUST: [&str; 2] = ["AWS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"];

/// The variable for the command that names the authority alone.
const CA_FILE: &str = "COGNITO_CA_FILE";

/// The certificate, and where clients find its authority.
pub(super) struct Tls {
    pub(super) certificate: Certificate,
    /// `None` if the certificate was made by another tool, and its authority isn't beside it.
    authority: Option<PathBuf>,
    /// The files of this run.
    folder: Folder,
}

impl Tls {
    /// Makes the certificate, or reads the one in the folder of `--tls-dir`. `None` without `--tls`.
    ///
    /// # Errors
    /// Fails if the folder can't be read or written, has only one of `cert.pem` and `key.pem`, or its certificate has expired
    /// or lacks a name.
    pub(super) fn open(args: &args::Pool, host: IpAddr) -> Result<Option<Self>, CommandError> {
        if !args.tls {
            return Ok(None);
        }
        let mut names = args.allow_host.clone();
        // Clients know a server that listens at all addresses by other ones.
        if !host.is_unspecified() {
            names.push(host.to_string());
        }
        let folder = Folder::create()?;
        let (certificate, authority) = match &args.tls_dir {
            Some(kept) => {
                // A command may read the file from another folder.
                let kept = std::path::absolute(kept)?;
                let certificate = keep(&kept, &names)?;
                let authority = certificate.authority_pem().map(|_| kept.join("ca.pem"));
                (certificate, authority)
            }
            None => {
                let certificate = Certificate::for_this_machine(names)?;
                let authority = folder.0.join("ca.pem");
                write(&authority, certificate.authority_pem().unwrap_or_default())?;
                (certificate, Some(authority))
            }
        };
        Ok(Some(Self {
            certificate,
            authority,
            folder,
        }))
    }

    /// The variables by which a command trusts the authority. One that names a file already gets a file with both.
    ///
    /// # Errors
    /// Fails if such a file can't be read, or the one with both can't be written.
    pub(super) fn environment(&self) -> Result<Vec<(&'static str, PathBuf)>, CommandError> {
        let Some(authority) = &self.authority else {
            return Ok(Vec::new());
        };
        let mut variables = vec![(CA_FILE, authority.clone())];
        for name in TRUST {
            let before = env::var_os(name).filter(|path| !path.is_empty());
            let path = match before {
                None => authority.clone(),
                Some(before) => {
                    let before = fs::read_to_string(&before)
                        .map_err(|error| format!("{name} names {}: {error}", before.display()))?;
                    let both = self.folder.0.join(format!("{}.pem", name.to_ascii_lowercase()));
                    let added = self.certificate.authority_pem().unwrap_or_default();
                    write(&both, &format!("{}\n{added}", before.trim_end()))?;
                    both
                }
            };
            variables.push((name, path));
        }
        Ok(variables)
    }

    /// What a program needs to trust the server: `caFile`, which is null if the authority isn't known, and
    /// `publicKeySha256`, the digest of the public key in Base64.
    pub(super) fn to_json(&self) -> Value {
        json!({
            "caFile": self.authority.as_ref().map(|path| path.display().to_string()),
            "publicKeySha256": self.certificate.public_key_sha256(),
        })
    }
}

/// The lines below the endpoint.
impl fmt::Display for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.authority {
            Some(path) => {
                let path = path.display();
                writeln!(
                    f,
                    "  clients trust it with AWS_CA_BUNDLE={path} (AWS CLI, boto3, Go), NODE_EXTRA_CA_CERTS (Node) or \
                     SSL_CERT_FILE (Rust)"
                )?;
            }
            None => writeln!(
                f,
                "  clients have to trust the authority of cert.pem, which isn't in the folder as ca.pem"
            )?,
        }
        let digest = self.certificate.public_key_sha256();
        writeln!(
            f,
            "  Chromium with --ignore-certificate-errors-spki-list={digest}"
        )
    }
}

/// Reads the certificate in a folder, or makes one and writes it there.
///
/// # Errors
/// As for [`Tls::open`].
fn keep(folder: &Path, names: &[String]) -> Result<Certificate, CommandError> {
    let path = |name: &str| folder.join(name);
    let files = ["ca.pem", "cert.pem", "key.pem"].map(|name| read(&path(name)));
    match files {
        [Ok(authority), Ok(Some(chain)), Ok(Some(key))] => {
            let named = |error: CertificateError| {
                format!(
                    "{}: {error}; remove ca.pem, cert.pem and key.pem to get a new certificate",
                    folder.display()
                )
            };
            let certificate = Certificate::from_pem(&chain, &key, authority.as_deref()).map_err(named)?;
            let wanted = ["localhost", "127.0.0.1"]
                .into_iter()
                .chain(names.iter().map(String::as_str));
            certificate.check(wanted).map_err(named)?;
            Ok(certificate)
        }
        [Ok(None), Ok(None), Ok(None)] => {
            let certificate = Certificate::for_this_machine(names)?;
            let made = create_folder(folder, true);
            made.map_err(|error| format!("{}: {error}", folder.display()))?;
            write(&path("key.pem"), certificate.key_pem())?;
            write(&path("cert.pem"), certificate.chain_pem())?;
            write(&path("ca.pem"), certificate.authority_pem().unwrap_or_default())?;
            Ok(certificate)
        }
        [Err(error), ..] | [_, Err(error), _] | [.., Err(error)] => Err(error),
        _ => Err(format!(
            "{} needs both cert.pem and key.pem, or none of ca.pem, cert.pem and key.pem to get them made",
            folder.display()
        )
        .into()),
    }
}

/// Reads a file. `None` if it doesn't exist.
///
/// # Errors
/// Fails with the path if the file can't be read or isn't text.
fn read(path: &Path) -> Result<Option<String>, CommandError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("{}: {error}", path.display()).into()),
    }
}

/// Writes a new file that only its owner can read.
///
/// # Errors
/// Fails with the path if the file exists, so that no key is replaced, or can't be written.
fn write(path: &Path, text: &str) -> Result<(), CommandError> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options
        .open(path)
        .and_then(|mut file| file.write_all(text.as_bytes()));
    Ok(written.map_err(|error| format!("{}: {error}", path.display()))?)
}

/// Creates a folder that only its owner can enter. With parents, it may exist already, and its permissions stay.
///
/// # Errors
/// Fails if it can't be created.
fn create_folder(path: &Path, with_parents: bool) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(with_parents);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// A folder for the files of this run, which is removed at the end.
struct Folder(PathBuf);

impl Folder {
    /// Creates the folder. It is new: a folder or link that is there already is an error.
    fn create() -> Result<Self, CommandError> {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let now = now.unwrap_or_default().as_nanos();
        let path = env::temp_dir().join(format!("cargo-cognito-{}-{now}", process::id()));
        create_folder(&path, false).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What can't be removed has no secret.
        let _ = fs::remove_dir_all(&self.0);
    }
}
