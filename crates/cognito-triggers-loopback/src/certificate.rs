//! Certificates for a server on this machine, with which it speaks HTTPS.
//!
//! [`Certificate::for_this_machine`] makes an authority, signs one certificate with it, and forgets the authority's key. A
//! client that trusts the authority trusts this one certificate and nothing else, ever.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    sync::Arc,
    time::{Duration, SystemTime},
};

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::STANDARD};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, date_time_ymd,
};
use tokio_rustls::rustls::{
    Error, RootCertStore, ServerConfig,
    client::{WebPkiServerVerifier, danger::ServerCertVerifier},
    crypto::aws_lc_rs::default_provider,
    pki_types::{
        CertificateDer, PrivateKeyDer, ServerName, UnixTime,
        pem::{self, PemObject},
    },
    sign::{CertifiedKey, SingleCertAndKey},
};
use zeroize::Zeroizing;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How long a new certificate is valid. Browsers refuse public certificates that are valid longer than 398 days.
const VALIDITY: Duration = Duration::from_secs(397 * 24 * 60 * 60);

/// The names that every certificate made here has, in addition to the loopback addresses.
const NAMES: [&str; 2] = ["localhost", "host.docker.internal"];

/// A certificate with its private key, ready for [`server::Builder::tls`](crate::server::Builder::tls). Clones share it.
///
/// ```
/// use cognito_triggers_loopback::certificate::Certificate;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let certificate = Certificate::for_this_machine(["pool.test", "192.168.1.5"])?;
/// assert!(certificate.authority_pem().unwrap().starts_with("-----BEGIN CERTIFICATE-----\n"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Certificate(Arc<Parts>);

struct Parts {
    /// `None` if the certificate was read and its authority isn't known.
    authority: Option<String>,
    chain: String,
    key: Zeroizing<String>,
    public_key_sha256: String,
    config: Arc<ServerConfig>,
}

impl Certificate {
    /// Makes a certificate for `localhost`, 127.0.0.1, ::1, `host.docker.internal`, and the `names`: host names and IP
    /// addresses.
    ///
    /// It is valid for 397 days. The private key of its authority isn't kept.
    ///
    /// # Errors
    /// Fails if a name can't be in a certificate, or if the system has no source of randomness.
    pub fn for_this_machine<I>(names: I) -> Result<Self, CertificateError>
    where
        I: IntoIterator<Item: Into<String>>,
    {
        let loopback = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
        let mut all: Vec<String> = NAMES.map(str::to_owned).to_vec();
        all.extend(loopback.map(|address| address.to_string()));
        for name in names {
            let name = name.into();
            if !all.contains(&name) {
                all.push(name);
            }
        }
        let authority_key = KeyPair::generate().map_err(Problem::Make)?;
        let authority = authority_params()?;
        let authority_certificate = authority.self_signed(&authority_key).map_err(Problem::Make)?;
        let issuer = Issuer::from_params(&authority, &authority_key);
        let key = KeyPair::generate().map_err(Problem::Make)?;
        let certificate = server_params(all)?
            .signed_by(&key, &issuer)
            .map_err(Problem::Make)?;
        let key = Zeroizing::new(key.serialize_pem());
        Self::from_pem(&certificate.pem(), &key, Some(&authority_certificate.pem()))
    }

    /// Reads a certificate that exists: the chain with the server's certificate first, its private key, and the authority
    /// that clients have to trust if you know it. All are PEM.
    ///
    /// # Errors
    /// Fails if there is no certificate or no key, or the key is that of another certificate.
    pub fn from_pem(chain: &str, key: &str, authority: Option<&str>) -> Result<Self, CertificateError> {
        let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(chain.as_bytes()).collect();
        let certificates = certificates.map_err(Problem::ReadChain)?;
        if certificates.is_empty() {
            return Err(Problem::ReadChain(pem::Error::NoItemsFound).into());
        }
        let private = PrivateKeyDer::from_pem_slice(key.as_bytes()).map_err(Problem::ReadKey)?;
        let provider = Arc::new(default_provider());
        let certified =
            CertifiedKey::from_der(certificates, private, &provider).map_err(Problem::Unusable)?;
        let public_key = certified.key.public_key();
        let public_key = public_key.ok_or_else(|| Error::General("the key has no public key".to_owned()));
        let public_key = public_key.map_err(Problem::Unusable)?;
        let public_key_sha256 = STANDARD.encode(digest(&SHA256, public_key.as_ref()));
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(Problem::Unusable)?
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(SingleCertAndKey::from(certified)));
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self(Arc::new(Parts {
            authority: authority.map(str::to_owned),
            chain: chain.to_owned(),
            key: Zeroizing::new(key.to_owned()),
            public_key_sha256,
            config: Arc::new(config),
        })))
    }

    /// Checks that a client that trusts the authority accepts the server under each of the names now. Nothing is checked if the
    /// authority isn't known.
    ///
    /// # Errors
    /// Fails if the certificate has expired, isn't for one of the names, or has another authority.
    pub fn check<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Result<(), CertificateError> {
        let Some(authority) = self.authority_pem() else {
            return Ok(());
        };
        let authority = CertificateDer::from_pem_slice(authority.as_bytes()).map_err(Problem::ReadChain)?;
        let mut roots = RootCertStore::empty();
        roots.add(authority).map_err(Problem::Unusable)?;
        let verifier =
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::new(default_provider()))
                .build()
                .map_err(|error| Problem::Unusable(Error::General(error.to_string())))?;
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(self.0.chain.as_bytes()).collect();
        let chain = chain.map_err(Problem::ReadChain)?;
        let Some((server, intermediates)) = chain.split_first() else {
            return Ok(());
        };
        for name in names {
            let refused = |error| Problem::Refused(name.to_owned(), error);
            let server_name =
                ServerName::try_from(name).map_err(|error| refused(Error::General(error.to_string())))?;
            verifier
                .verify_server_cert(server, intermediates, &server_name, &[], UnixTime::now())
                .map_err(refused)?;
        }
        Ok(())
    }

    /// The certificate that clients have to trust, in PEM. `None` if the certificate was read without it.
    #[must_use]
    pub fn authority_pem(&self) -> Option<&str> {
        self.0.authority.as_deref()
    }

    /// The server's certificate and those between it and the authority, in PEM.
    #[must_use]
    pub fn chain_pem(&self) -> &str {
        &self.0.chain
    }

    /// The private key of the server, in PEM. Whoever has it can pose as the server.
    #[must_use]
    pub fn key_pem(&self) -> &str {
        &self.0.key
    }

    /// The SHA-256 digest of the public key in Base64, by which Chromium accepts a certificate without an authority:
    /// `--ignore-certificate-errors-spki-list=DIGEST`.
    #[must_use]
    pub fn public_key_sha256(&self) -> &str {
        &self.0.public_key_sha256
    }

    /// The settings of the TLS server.
    pub(crate) fn config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.0.config)
    }
}

/// The keys are left out.
impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate")
            .field("public_key_sha256", &self.0.public_key_sha256)
            .finish_non_exhaustive()
    }
}

/// The authority: it signs servers only, and no other authority.
fn authority_params() -> Result<CertificateParams, CertificateError> {
    let mut params = params(Vec::new(), "local user pool: authority for this machine")?;
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    Ok(params)
}

/// The certificate of the server.
fn server_params(names: Vec<String>) -> Result<CertificateParams, CertificateError> {
    let mut params = params(names, "local user pool")?;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    // Strict verifiers, such as Python's, want to see which key of the authority has signed it.
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}

/// What both certificates have. They are valid since yesterday, so that a clock that is behind accepts them.
fn params(names: Vec<String>, common_name: &str) -> Result<CertificateParams, CertificateError> {
    let mut params = CertificateParams::new(names).map_err(Problem::Make)?;
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, common_name);
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let epoch = date_time_ymd(1970, 1, 1);
    params.not_before = epoch + now.unwrap_or_default().saturating_sub(DAY);
    params.not_after = params.not_before + VALIDITY;
    Ok(params)
}

/// Why a [`Certificate`] can't be made or read.
#[derive(Debug)]
pub struct CertificateError(Problem);

#[derive(Debug)]
enum Problem {
    Make(rcgen::Error),
    ReadChain(pem::Error),
    ReadKey(pem::Error),
    Unusable(Error),
    /// The name under which a client refuses the certificate.
    Refused(String, Error),
}

impl From<Problem> for CertificateError {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl fmt::Display for CertificateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Problem::Make(error) => write!(f, "a certificate can't be made: {error}"),
            Problem::ReadChain(error) => write!(f, "no certificate in PEM can be read: {error}"),
            Problem::ReadKey(error) => write!(f, "no private key in PEM can be read: {error}"),
            Problem::Unusable(error) => {
                write!(f, "the certificate and its key can't be used together: {error}")
            }
            Problem::Refused(name, error) => write!(f, "clients refuse the certificate of {name}: {error}"),
        }
    }
}

impl std::error::Error for CertificateError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn made() -> Certificate {
        Certificate::for_this_machine(["pool.test", "localhost", "10.0.0.1"]).unwrap()
    }

    #[test]
    fn a_certificate_is_read_as_it_was_written() {
        let one = made();
        let read = Certificate::from_pem(one.chain_pem(), one.key_pem(), None).unwrap();
        assert_eq!(read.public_key_sha256(), one.public_key_sha256());
        assert_eq!(one.public_key_sha256().len(), 44);
        assert!(read.authority_pem().is_none() && one.authority_pem().is_some());
    }

    #[test]
    fn each_certificate_has_keys_of_its_own() {
        let (one, other) = (made(), made());
        assert_ne!(one.public_key_sha256(), other.public_key_sha256());
        assert_ne!(one.authority_pem(), other.authority_pem());
        let mixed = Certificate::from_pem(one.chain_pem(), other.key_pem(), None).unwrap_err();
        assert!(mixed.to_string().contains("can't be used together"), "{mixed}");
    }

    #[test]
    fn what_is_no_certificate_is_named() {
        let one = made();
        for (chain, key, problem) in [
            ("", one.key_pem(), "no certificate in PEM"),
            (one.key_pem(), one.key_pem(), "no certificate in PEM"),
            (one.chain_pem(), "", "no private key in PEM"),
            (one.chain_pem(), one.chain_pem(), "no private key in PEM"),
        ] {
            let error = Certificate::from_pem(chain, key, None).unwrap_err();
            assert!(error.to_string().starts_with(problem), "{error}");
        }
        let error = Certificate::for_this_machine(["pöol.test"]).unwrap_err();
        assert!(
            error.to_string().starts_with("a certificate can't be made"),
            "{error}"
        );
    }

    #[test]
    fn names_and_the_authority_are_checked() {
        let one = made();
        assert!(
            one.check(["localhost", "127.0.0.1", "::1", "pool.test", "10.0.0.1"])
                .is_ok()
        );
        let error = one.check(["localhost", "shop.test"]).unwrap_err().to_string();
        assert!(
            error.starts_with("clients refuse the certificate of shop.test: "),
            "{error}"
        );
        let read = |authority| Certificate::from_pem(one.chain_pem(), one.key_pem(), authority).unwrap();
        let other = made();
        assert!(read(other.authority_pem()).check(["localhost"]).is_err());
        assert!(read(None).check(["shop.test"]).is_ok());
    }

    #[test]
    fn debug_output_has_no_key() {
        let one = made();
        let printed = format!("{one:?}");
        let secret = one.key_pem().lines().nth(1).unwrap();
        assert!(
            !printed.contains(secret) && printed.contains(one.public_key_sha256()),
            "{printed}"
        );
    }
}
