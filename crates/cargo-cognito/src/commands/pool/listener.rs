//! Where the pools listen, and why they can't start.

use std::net::{IpAddr, Ipv4Addr};

use cognito_triggers_pool::StartError;
use tokio::net::TcpListener;

use crate::error::CommandError;

/// Listens at an address. Port 0 stands for any free port.
///
/// # Errors
/// Fails if the port is taken, or the address isn't one of this machine.
pub(super) async fn listen(host: IpAddr, port: u16) -> Result<TcpListener, CommandError> {
    TcpListener::bind((host, port)).await.map_err(|error| {
        let hint = match error.kind() {
            std::io::ErrorKind::AddrInUse => "; choose another one with --port, or a free one with --port 0",
            _ => "",
        };
        format!("the pool can't listen at {host} port {port}: {error}{hint}").into()
    })
}

/// The URL at which functions reach the listener, such as `http://127.0.0.1:9229`. If it listens at all addresses, the URL
/// has the loopback address. With `--tls` the API still answers programs on this machine in plain HTTP, so that a function
/// needs to trust no certificate.
///
/// # Errors
/// Fails if the system doesn't report the address of the listener.
pub(super) fn endpoint(listener: &TcpListener) -> Result<String, CommandError> {
    let mut address = listener.local_addr()?;
    if address.ip().is_unspecified() {
        address.set_ip(Ipv4Addr::LOCALHOST.into());
    }
    Ok(format!("http://{address}"))
}

/// The error with its cause, which names the pool, app client or user that Cognito would refuse.
pub(super) fn start_error(error: StartError) -> CommandError {
    let cause = std::error::Error::source(&error).map_or_else(String::new, |cause| format!(": {cause}"));
    format!("{error}{cause}").into()
}
